//! Finds DynamoDB tables with much more provisioned capacity than they consume.
//!
//! **Why it costs.** Provisioned capacity is charged by the hour whether it is used or not, for the
//! table and for each of its indexes.
//!
//! **What we do.** Lower the capacity of the table and of each index, reads and writes apart, to the
//! highest consumption of any interval in two weeks at the target utilisation, and never raise it.
//! The saving is units times the bill's own rate of a capacity-hour.
//!
//! **What could go wrong.** A peak of seconds hides in the mean of five minutes: DynamoDB lends five
//! minutes of unused capacity for it, but a hot key can be throttled all the same. A capacity that
//! moved within the window is moved by Auto Scaling and left alone. Where Auto Scaling holds a table
//! at its minimum, we lower the minimum in place of the capacity, and *low* is zero, because its
//! policy decides the rest. Capacity can be lowered only a few times a day.
//!
//! **Where others err.** They recommend Auto Scaling to every table without it, read no consumption,
//! and forget the indexes.
//!
//! # 한국어
//!
//! 사용량보다 훨씬 많은 용량을 프로비저닝한 DynamoDB 테이블을 찾습니다.
//!
//! **비용이 드는 이유.** 프로비저닝한 용량은 사용 여부와 관계없이 테이블과 인덱스마다 시간당 과금됩니다.
//!
//! **제안하는 조치.** 테이블과 각 인덱스의 읽기와 쓰기 용량을 2주간 가장 높았던 구간의 사용량을 목표 사용률로 나눈 값까지 낮춥니다. 늘리는
//! 일은 없습니다. 절감액은 줄어든 단위에 청구서의 용량 단가를 곱한 값입니다.
//!
//! **주의할 점.** 5분 평균에는 몇 초짜리 피크가 드러나지 않습니다. DynamoDB는 쓰지 않은 5분치 용량을 빌려 주지만 특정 키에 몰리면 제한될
//! 수 있습니다. 관측 기간에 용량이 바뀌었다면 Auto Scaling이 조정하는 것으로 보고 추천하지 않습니다. Auto Scaling이 최솟값으로 유지하고
//! 있는 테이블은 용량 대신 그 최솟값을 낮추며, 나머지는 정책이 정하므로 *최소*는 0입니다. 용량은 하루에 몇 번만 낮출 수 있습니다.
//!
//! **다른 도구와 다른 점.** 다른 도구는 사용량을 보지 않고 모든 테이블에 Auto Scaling을 권하며 인덱스를 빠뜨립니다.

use rust_decimal::Decimal;

use trimtab_model::action::{Action, Configuration};
use trimtab_model::evidence::{Evidence, Figure};
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::dynamo_table::{BillingMode, DynamoTable, TableIndex, Throughput};
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText};

use crate::check::{Check, Facts, Need};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS};
use crate::pricing::Tariff;
use crate::saving::{estimate_of, narrowed};
use crate::table::consumed::{
    Consumption, Flow, LEVEL, NAMESPACE, PROVISIONED_READ, PROVISIONED_WRITE, READ, WRITE,
    consumption, names, require_short_samples,
};
use crate::table::cost::{CAPACITY, capacity, sum};
use crate::table::mover::Mover;
use crate::verdict::{Proposal, exempt, judge_each, pass, risk};

/// The check.
pub static CHECK: Check = Check {
    id: "dynamodb-table-overprovisioned",
    title: StaticText {
        en: "DynamoDB table with more capacity than it consumes",
        ko: "사용량보다 많은 용량을 프로비저닝한 DynamoDB 테이블",
    },
    kind: ResourceKind::DynamoTable,
    action_type: ActionType::Rightsize,
    needs: &[
        Need::Kind(ResourceKind::DynamoTable),
        Need::Kind(ResourceKind::ScalableTarget),
        Need::Metric(NAMESPACE, READ, &[Statistic::Sum]),
        Need::Metric(NAMESPACE, WRITE, &[Statistic::Sum]),
        Need::OptionalMetric(NAMESPACE, PROVISIONED_READ, LEVEL),
        Need::OptionalMetric(NAMESPACE, PROVISIONED_WRITE, LEVEL),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "target_utilization_percent",
            default: "70",
            unit: "%",
            text: StaticText {
                en: "Share of the new capacity that the highest interval may use: what Auto Scaling aims at by default.",
                ko: "가장 높은 구간이 새 용량에서 쓸 수 있는 비율입니다. Auto Scaling의 기본 목표와 같습니다.",
            },
        },
        MIN_DAYS,
        MIN_COVERAGE_PERCENT,
    ],
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
            "It is on demand and has no capacity to lower.",
            "온디맨드 테이블이라 낮출 용량이 없습니다.",
        ));
    }
    if kind.replica_count > 0 {
        return Ok(exempt(
            "global-table",
            "It is part of a global table, whose replicas are set together.",
            "글로벌 테이블에 속해 있어 복제본과 함께 설정해야 합니다.",
        ));
    }
    let mover = Mover::of(facts, table);
    if let Some(verdict) = mover.verdict()? {
        return Ok(verdict);
    }
    let all = consumption(check, facts, table)?;
    let flows = || all.iter().flat_map(|one| [&one.read, &one.write]);
    if flows().any(|flow| flow.moves) {
        return Ok(exempt(
            "capacity-moves",
            "Its capacity changed within the window: Auto Scaling, or somebody, adjusts it.",
            "관측 기간에 용량이 바뀌었으므로 Auto Scaling이나 사람이 조정하고 있습니다.",
        ));
    }
    if flows().all(|flow| flow.units <= 0.0) {
        return Ok(pass(
            "idle",
            "Nothing is consumed at all, which another check reports.",
            "사용량이 전혀 없으며, 이는 다른 점검에서 보고합니다.",
        ));
    }
    let share = check.threshold_f64(facts, "target_utilization_percent") / 100.0;
    let targets: Vec<(&Consumption, Throughput)> =
        all.iter().map(|one| (one, mover.allowed(one, target(one, share)))).collect();
    let now = sum(all.iter().map(|one| one.provisioned));
    let after = sum(targets.iter().map(|(_, target)| *target));
    if after == now {
        return Ok(pass(
            "optimized",
            "Its highest consumption needs the capacity that it has.",
            "최대 사용량에 현재 용량이 필요합니다.",
        ));
    }
    require_short_samples(&all)?;
    let tariff = Tariff::of(facts, table);
    let reference = table.reference(ResourceKind::DynamoTable);
    let savings = estimate_of(
        facts,
        &reference,
        &names(table, None),
        CAPACITY,
        capacity(&tariff, kind, now)?,
        capacity(&tariff, kind, after)?,
    )?;
    let days = flows().map(|flow| flow.days).fold(f64::MAX, f64::min);
    let minima = mover.minima(&targets);
    // Its policy decides how far a table goes down to a lower minimum.
    let savings = match minima {
        Some(_) => narrowed(savings, Decimal::ZERO, Decimal::ONE)?,
        None => savings,
    };
    let setting =
        |value: &dyn Fn(&Consumption, Throughput) -> Throughput| Configuration::TableThroughput {
            table: targets.first().map_or(kind.throughput, |(one, target)| value(one, *target)),
            indexes: targets
                .iter()
                .filter(|(one, target)| *target != one.provisioned)
                .filter_map(|(one, target)| {
                    Some(TableIndex {
                        index_name: one.index.clone()?,
                        throughput: value(one, *target),
                        index_size_bytes: None,
                    })
                })
                .collect(),
        };
    let (from, to) = minima
        .unwrap_or_else(|| (setting(&|one, _| one.provisioned), setting(&|_, target| target)));
    Ok(Proposal {
        action: Action::Configure { from, to },
        finding: Finding::Overprovisioned,
        reason_codes: vec![ReasonCode::ThroughputOverprovisioned],
        reason: Reason::new(
            "capacity-unused",
            format!("Of {} RCU and {} WCU, {} and {} suffice for the highest interval of {days:.0} days.", now.read_capacity_units, now.write_capacity_units, after.read_capacity_units, after.write_capacity_units),
            format!("{days:.0}일 중 가장 높은 구간에도 {} RCU 중 {}, {} WCU 중 {}로 충분합니다.", now.read_capacity_units, after.read_capacity_units, now.write_capacity_units, after.write_capacity_units),
        ),
        savings,
        performance_risk: risk(table.environment, 1),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: figures(&all),
            coverage: flows().flat_map(|flow| flow.coverage.clone()).collect(),
            signals_not_seen: mover.unseen().into_iter().collect(),
            notes: Vec::new(),
        },
    }
    .into_verdict(check, reference))
}

/// Returns the capacity at which the highest interval uses `share`, never more than now.
fn target(one: &Consumption, share: f64) -> Throughput {
    let units = |flow: &Flow, now: u64| {
        let needed = (flow.peak_per_second / share).ceil().max(1.0);
        if needed < now as f64 { needed as u64 } else { now }
    };
    Throughput {
        read_capacity_units: units(&one.read, one.provisioned.read_capacity_units),
        write_capacity_units: units(&one.write, one.provisioned.write_capacity_units),
    }
}

fn figures(all: &[Consumption]) -> Vec<Figure> {
    let highest = |of: fn(&Consumption) -> &Flow| {
        let peak: f64 = all.iter().map(|one| of(one).peak_per_second).sum();
        (peak * 100.0).round() / 100.0
    };
    let now = sum(all.iter().map(|one| one.provisioned));
    vec![
        Figure::number(
            "read_max",
            "Reads a second, highest interval",
            "초당 읽기 최댓값",
            highest(|one| &one.read),
            "RCU",
        )
        .against(now.read_capacity_units as f64),
        Figure::number(
            "write_max",
            "Writes a second, highest interval",
            "초당 쓰기 최댓값",
            highest(|one| &one.write),
            "WCU",
        )
        .against(now.write_capacity_units as f64),
    ]
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, recommended, scene};

    /// A table of 100 RCU and 100 WCU that consumes so many a second.
    fn table(reads: f64, writes: f64) -> Scene {
        let mut scene = scene()
            .price("dynamodb/rcu_hour", "0.00013")
            .price("dynamodb/wcu_hour", "0.00065")
            .dynamo_table(|_| ());
        for (metric, value) in
            [("ConsumedReadCapacityUnits", reads), ("ConsumedWriteCapacityUnits", writes)]
        {
            let sums = flat(value * 300.0, 14);
            scene = scene.metric("scores", "AWS/DynamoDB", metric, Statistic::Sum, sums);
        }
        scene
    }

    #[test]
    fn capacity_that_is_not_used_fires() {
        // 80 RCU and 90 WCU less, for 730 hours.
        check(&CHECK, table(14.0, 7.0), "recommend 31.44 / 50.30 / 50.30");
    }

    #[test]
    fn capacity_that_is_used_passes() {
        check(&CHECK, table(70.0, 70.0), "pass optimized");
        check(&CHECK, table(0.0, 0.0), "pass idle");
    }

    #[test]
    fn just_under_the_target_one_unit_is_saved_and_at_it_none() {
        check(&CHECK, table(69.3, 70.0), "recommend 0.06 / 0.09 / 0.09");
        check(&CHECK, table(69.4, 70.0), "pass optimized");
    }

    #[test]
    fn without_metrics_or_a_price_it_is_unknown() {
        check(&CHECK, scene().dynamo_table(|_| ()), "unknown metric-missing");
        check(&CHECK, table(14.0, 7.0).without_price("dynamodb/wcu_hour"), "unknown price-missing");
    }

    #[test]
    fn samples_of_an_hour_hide_the_peaks_so_it_is_unknown() {
        let hourly = |reads: f64| {
            let mut series = flat(reads * 3600.0, 14);
            series.period_seconds = 3600;
            let metric = "ConsumedReadCapacityUnits";
            table(14.0, 70.0).metric("scores", "AWS/DynamoDB", metric, Statistic::Sum, series)
        };
        check(&CHECK, hourly(14.0), "unknown samples-too-long");
        check(&CHECK, hourly(70.0), "pass optimized");
    }

    /// The table with a target for its reads at this minimum.
    fn scaled(min_capacity: u32) -> Scene {
        table(14.0, 7.0).scalable_target(|target| {
            target.id = "table/scores dynamodb:table:ReadCapacityUnits".into();
            target.kind.service_namespace = "dynamodb".into();
            target.kind.resource_id = "table/scores".into();
            target.kind.scalable_dimension = "dynamodb:table:ReadCapacityUnits".into();
            (target.kind.min_capacity, target.kind.max_capacity) = (min_capacity, 200);
        })
    }

    #[test]
    fn where_auto_scaling_holds_a_table_up_its_minimum_is_lowered() {
        // 80 RCU less: its writes are moved by nobody and stay, for the table is not set by hand.
        check(&CHECK, scaled(100), "recommend 0.00 / 7.59 / 7.59");
        let recommendation = recommended(&CHECK, &scaled(100));
        let commands = recommendation.action.commands(&recommendation.resource);
        assert_eq!((commands.apply.len(), commands.undo.len()), (1, 1));
        assert!(commands.apply[0].contains("--min-capacity 20 --max-capacity 200"), "{commands:?}");
        assert!(commands.undo[0].contains("--min-capacity 100 --max-capacity 200"), "{commands:?}");
    }

    #[test]
    fn what_auto_scaling_holds_otherwise_is_left_to_it() {
        // Above its minimum the load decides.
        check(&CHECK, scaled(10), "pass optimized");
        let mut scene = scaled(100);
        scene.snapshot.scalable_targets[0].kind.policies = Some(Vec::new());
        check(&CHECK, scene.clone(), "exempt auto-scaled");
        scene.snapshot.scalable_targets[0].kind.policies = None;
        check(&CHECK, scene, "unknown policies-unknown");
    }

    #[test]
    fn a_capacity_that_moves_is_left_to_auto_scaling() {
        let mut level = flat(100.0, 14);
        level.min = 20.0;
        let metric = "ProvisionedReadCapacityUnits";
        let scene =
            table(14.0, 7.0).metric("scores", "AWS/DynamoDB", metric, Statistic::Maximum, level);
        check(&CHECK, scene, "exempt capacity-moves");
    }
}
