//! Finds DynamoDB tables with provisioned capacity that nobody reads or writes.
//!
//! **Why it costs.** Provisioned capacity is charged by the hour whether it is used or not, for the
//! table and for each of its indexes.
//!
//! **What we do.** Switch the table to on-demand: capacity costs nothing any more while nobody asks,
//! the data stays, and the table answers as before when somebody does. That is why we do not
//! propose to delete it, though a person may. Nobody means: no unit read or written on the table
//! or any index in two weeks.
//!
//! **What could go wrong.** If a load comes back, on-demand may cost more per request than well
//! used capacity. Capacity that is reserved is paid all the same. Tables of a global table are
//! left alone. The price of a capacity-hour is the bill's own; without it we say *unknown*.
//!
//! **Where others err.** They look at the table and forget its indexes, or take a metric that
//! nobody collected for silence. DynamoDB sends no sample while nothing is consumed, so a gap
//! counts as silence only where the provisioned capacity was measured all the time, and a missing
//! metric only where another table has it.
//!
//! # 한국어
//!
//! 아무도 읽거나 쓰지 않는데 용량을 프로비저닝한 DynamoDB 테이블을 찾습니다.
//!
//! **비용이 드는 이유.** 프로비저닝한 용량은 사용 여부와 관계없이 테이블과 인덱스마다 시간당 과금됩니다.
//!
//! **제안하는 조치.** 온디맨드로 전환합니다. 요청이 없는 동안에는 용량 요금이 없고 데이터는 그대로이며, 요청이 오면 전과 같이 응답합니다.
//! 그래서 삭제는 제안하지 않으며, 삭제 여부는 사람이 결정하면 됩니다. 2주 동안 테이블과 모든 인덱스에서 읽기와 쓰기가 전혀 없을 때만
//! 해당합니다.
//!
//! **주의할 점.** 부하가 다시 생기면 온디맨드 요금이 잘 활용한 프로비저닝 용량보다 비쌀 수 있습니다. 예약 용량 비용은 그대로 나갑니다. 글로벌
//! 테이블은 추천하지 않습니다. 용량 단가는 청구서 값을 쓰며, 없으면 알 수 없다고 답합니다.
//!
//! **다른 도구와 다른 점.** 다른 도구는 인덱스를 빠뜨리거나 수집하지 않은 지표를 사용량 없음으로 봅니다. DynamoDB는 사용이 없으면 지표를
//! 보내지 않으므로, 프로비저닝 용량 지표가 끊김 없이 있을 때만 빈 구간을 사용 없음으로 보고, 지표가 아예 없을 때는 다른 테이블에 그 지표가
//! 있어야만 그렇게 봅니다.

use trimtab_model::action::{Action, Configuration};
use trimtab_model::evidence::{Evidence, Figure};
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::dynamo_table::{BillingMode, DynamoTable};
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need, days_between};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS};
use crate::pricing::Tariff;
use crate::saving::deletion;
use crate::table::consumed::{
    LEVEL, NAMESPACE, PROVISIONED_READ, PROVISIONED_WRITE, READ, WRITE, consumption, names,
};
use crate::table::cost::{CAPACITY, capacity, sum};
use crate::verdict::{Proposal, exempt, judge_each, pass, risk};

/// The check.
pub static CHECK: Check = Check {
    id: "dynamodb-table-idle",
    title: StaticText {
        en: "DynamoDB table with capacity that nobody uses",
        ko: "아무도 사용하지 않는데 용량을 프로비저닝한 DynamoDB 테이블",
    },
    kind: ResourceKind::DynamoTable,
    action_type: ActionType::Rightsize,
    needs: &[
        Need::Kind(ResourceKind::DynamoTable),
        Need::Metric(NAMESPACE, READ, &[Statistic::Sum]),
        Need::Metric(NAMESPACE, WRITE, &[Statistic::Sum]),
        Need::OptionalMetric(NAMESPACE, PROVISIONED_READ, LEVEL),
        Need::OptionalMetric(NAMESPACE, PROVISIONED_WRITE, LEVEL),
        Need::OptionalBilling,
    ],
    thresholds: &[MIN_DAYS, MIN_COVERAGE_PERCENT],
    judge: |check, facts| {
        let kind = ResourceKind::DynamoTable;
        judge_each(check, facts, kind, &facts.snapshot.dynamo_tables, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    table: &Resource<DynamoTable>,
) -> Result<Verdict, Unknown> {
    let kind = &table.kind;
    if kind.billing_mode == BillingMode::PayPerRequest {
        return Ok(pass(
            "on-demand",
            "It is on demand: capacity costs nothing while nobody asks.",
            "온디맨드 테이블이라 요청이 없으면 용량 요금이 없습니다.",
        ));
    }
    if kind.replica_count > 0 {
        return Ok(exempt(
            "global-table",
            "It is part of a global table, whose replicas are set together.",
            "글로벌 테이블에 속해 있어 복제본과 함께 설정해야 합니다.",
        ));
    }
    let min_days = check.threshold_f64(facts, MIN_DAYS.name);
    let age = kind.creation_date_time.map(|created| days_between(created, facts.now));
    if let Some(age) = age.filter(|age| f64::from(*age) < min_days) {
        return Ok(pass(
            "too-young",
            format!("The table is {age} days old and may not be in use yet."),
            format!("생성된 지 {age}일이라 아직 사용 전일 수 있습니다."),
        ));
    }
    let all = consumption(check, facts, table)?;
    let flows = || all.iter().flat_map(|one| [&one.read, &one.write]);
    let units: f64 = flows().map(|flow| flow.units).sum();
    if units > 0.0 {
        return Ok(pass(
            "in-use",
            format!("{units:.0} units were consumed."),
            format!("{units:.0} 단위를 사용했습니다."),
        ));
    }
    let days = flows().map(|flow| flow.days).fold(f64::MAX, f64::min);
    let provisioned = sum(all.iter().map(|one| one.provisioned));
    let reference = table.reference(ResourceKind::DynamoTable);
    let list = capacity(&Tariff::of(facts, table), kind, provisioned);
    let savings = deletion(facts, &reference, &names(table, None), CAPACITY, list)?;
    Ok(Proposal {
        action: Action::Configure {
            from: Configuration::TableThroughput {
                table: kind.throughput,
                indexes: kind.indexes.clone(),
            },
            to: Configuration::TableOnDemand,
        },
        finding: Finding::Idle,
        reason_codes: vec![ReasonCode::Idle],
        reason: Reason::new(
            "idle",
            format!("Nothing was read or written in {days:.0} days, indexes included."),
            format!("{days:.0}일 동안 인덱스를 포함해 읽기와 쓰기가 전혀 없었습니다."),
        ),
        savings,
        performance_risk: risk(table.environment, 0),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: vec![
                Figure::number("read_capacity", "Read capacity, indexes included", "읽기 용량(인덱스 포함)", provisioned.read_capacity_units as f64, "RCU"),
                Figure::number("write_capacity", "Write capacity, indexes included", "쓰기 용량(인덱스 포함)", provisioned.write_capacity_units as f64, "WCU"),
                Figure::number("consumed_units", "Units consumed", "사용한 단위", 0.0, "").against(0.0),
            ],
            coverage: flows().flat_map(|flow| flow.coverage.clone()).collect(),
            notes: vec![Text::new(
                "Storage is charged on. Where nobody needs the data, a person may delete the table after a backup.",
                "스토리지는 계속 과금됩니다. 데이터가 필요 없다면 백업 후 테이블을 삭제할 수 있습니다.",
            )],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;
    use trimtab_model::resource::dynamo_table::{BillingMode, TableIndex, Throughput};

    use super::CHECK;
    use crate::scene::{Scene, check, flat, scene};

    fn priced() -> Scene {
        scene().price("dynamodb/rcu_hour", "0.00013").price("dynamodb/wcu_hour", "0.00065")
    }

    fn consumed(mut scene: Scene, id: &str, reads: f64, days: i64) -> Scene {
        for (metric, value) in
            [("ConsumedReadCapacityUnits", reads), ("ConsumedWriteCapacityUnits", 0.0)]
        {
            scene = scene.metric(id, "AWS/DynamoDB", metric, Statistic::Sum, flat(value, days));
        }
        scene
    }

    fn watched(mut scene: Scene, id: &str, days: i64) -> Scene {
        for metric in ["ProvisionedReadCapacityUnits", "ProvisionedWriteCapacityUnits"] {
            scene = scene.metric(id, "AWS/DynamoDB", metric, Statistic::Maximum, flat(100.0, days));
        }
        scene
    }

    #[test]
    fn a_table_that_nobody_uses_fires() {
        // 100 RCU and 100 WCU for 730 hours.
        let scene = consumed(priced().dynamo_table(|_| ()), "scores", 0.0, 14);
        check(&CHECK, scene, "recommend 35.59 / 56.94 / 56.94");
    }

    #[test]
    fn a_table_in_use_passes() {
        let scene = consumed(priced().dynamo_table(|_| ()), "scores", 1.0, 14);
        check(&CHECK, scene, "pass in-use");
        let on_demand = scene_with(|mode| *mode = BillingMode::PayPerRequest);
        check(&CHECK, on_demand, "pass on-demand");
    }

    fn scene_with(change: impl Fn(&mut BillingMode)) -> Scene {
        scene().dynamo_table(|table| change(&mut table.kind.billing_mode))
    }

    #[test]
    fn just_under_two_weeks_nothing_is_proven() {
        let scene = consumed(priced().dynamo_table(|_| ()), "scores", 0.0, 13);
        check(&CHECK, scene, "unknown window-too-short");
    }

    #[test]
    fn a_silent_metric_is_unknown_unless_another_table_shows_that_it_was_read() {
        let silent = watched(priced().dynamo_table(|_| ()), "scores", 14);
        check(&CHECK, silent.clone(), "unknown metric-missing");
        let read = consumed(silent, "another", 5.0, 14);
        check(&CHECK, read, "recommend 35.59 / 56.94 / 56.94");
    }

    #[test]
    fn an_index_in_use_counts() {
        let index = TableIndex {
            index_name: "by-day".into(),
            throughput: Throughput { read_capacity_units: 5, write_capacity_units: 5 },
            index_size_bytes: None,
        };
        let scene = priced().dynamo_table(|table| table.kind.indexes = vec![index]);
        let scene = consumed(consumed(scene, "scores", 0.0, 14), "scores/index/by-day", 2.0, 14);
        check(&CHECK, scene, "pass in-use");
    }
}
