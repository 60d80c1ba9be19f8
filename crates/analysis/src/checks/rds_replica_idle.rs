//! Finds RDS read replicas from which nobody reads.
//!
//! **Why it costs.** A read replica is a whole DB instance with its own storage, charged like its
//! source. Replicas are made for a report, a migration or a peak, and stay.
//!
//! **What we do.** Delete the replica after a person agreed. Its source keeps all data, and the
//! replica can be made again. Replication itself opens no client connection, so one connection in
//! two weeks means that somebody reads.
//!
//! **What could go wrong.** A replica may stand by for a disaster: nobody connects until it
//! happens. Replicas with a standby of their own, with replicas of their own, or of a source in
//! another region look like that and are left alone. A new replica has another endpoint address.
//!
//! **Where others err.** They look at the CPU, which replication keeps busy.
//!
//! # 한국어
//!
//! 아무도 읽지 않는 RDS 읽기 복제본을 찾습니다.
//!
//! **비용이 드는 이유.** 읽기 복제본은 자체 스토리지를 갖춘 온전한 DB 인스턴스이므로 원본과 똑같이 과금됩니다. 보고서나 마이그레이션,
//! 일시적인 부하 때문에 만든 뒤 그대로 남는 경우가 많습니다.
//!
//! **제안하는 조치.** 사람이 동의하면 복제본을 삭제합니다. 데이터는 모두 원본에 있고 복제본은 다시 만들 수 있습니다. 복제 자체는
//! 클라이언트 연결을 열지 않으므로, 2주 동안 연결이 한 번이라도 있으면 누군가 읽는 것으로 봅니다.
//!
//! **주의할 점.** 재해에 대비한 복제본에는 실제로 재해가 나기 전까지 아무도 접속하지 않습니다. 자체 대기 인스턴스가 있거나, 하위
//! 복제본이 있거나, 원본이 다른 리전에 있으면 그런 용도로 보고 추천하지 않습니다. 새로 만든 복제본은 엔드포인트 주소가 다릅니다.
//!
//! **다른 도구와 다른 점.** 다른 도구는 복제만으로도 높게 나오는 CPU 사용률을 기준으로 판단합니다.

use trimtab_model::action::{Action, Removal};
use trimtab_model::evidence::{Evidence, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, CostComponent, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::database::names;
use crate::database::storage::storage_now;
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS};
use crate::pricing::Tariff;
use crate::quiet::{Signal, Use, watch};
use crate::saving::{EVERYTHING_WITH_HOURS, deletion};
use crate::verdict::{Proposal, exempt, judge_each, pass, risk};

const CONNECTIONS: Signal = Signal::any(
    "AWS/RDS",
    "DatabaseConnections",
    &[Statistic::Maximum],
    ("Most connections at once", "최대 동시 연결 수"),
);

/// The check.
pub static CHECK: Check = Check {
    id: "rds-replica-idle",
    title: StaticText {
        en: "RDS read replica from which nobody reads",
        ko: "아무도 읽지 않는 RDS 읽기 복제본",
    },
    kind: ResourceKind::DbInstance,
    action_type: ActionType::Delete,
    needs: &[
        Need::Kind(ResourceKind::DbInstance),
        Need::Metric("AWS/RDS", "DatabaseConnections", &[Statistic::Maximum]),
        Need::OptionalBilling,
    ],
    thresholds: &[MIN_DAYS, MIN_COVERAGE_PERCENT],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::DbInstance, &facts.snapshot.db_instances, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, db: &Resource<DbInstance>) -> Result<Verdict, Unknown> {
    let Some(source) = db.kind.read_replica_source.as_ref() else {
        return Ok(pass("not-a-replica", "It is no read replica.", "읽기 복제본이 아닙니다."));
    };
    if db.kind.db_instance_status != "available" {
        return Ok(pass(
            "not-available",
            format!("The DB instance is {}.", db.kind.db_instance_status),
            format!("DB 인스턴스 상태가 {}입니다.", db.kind.db_instance_status),
        ));
    }
    let elsewhere = source.as_str().starts_with("arn:")
        && !source.as_str().contains(&format!(":rds:{}:{}:", db.region, db.account));
    let stands_by =
        elsewhere || db.kind.multi_az == Some(true) || !db.kind.read_replicas.is_empty();
    if stands_by {
        return Ok(exempt(
            "stands-by",
            "Its source is elsewhere, or it has a standby or replicas of its own: it looks like a provision for disaster.",
            "원본이 다른 곳에 있거나 자체 대기 인스턴스 또는 하위 복제본이 있어 재해 대비용으로 보입니다.",
        ));
    }
    let names = names::of_instance(db);
    let quiet = match watch(check, facts, db, std::slice::from_ref(&names), &[CONNECTIONS])? {
        Use::Seen(verdict) => return Ok(verdict),
        Use::Quiet(quiet) => quiet,
    };
    let days = quiet.days;
    let reference = db.reference(ResourceKind::DbInstance);
    let savings = deletion(facts, &reference, &names, EVERYTHING_WITH_HOURS, list_cost(facts, db))?;
    Ok(Proposal {
        action: Action::Remove {
            removal: Removal::ReadReplica {
                source: source.clone(),
                db_instance_class: db.kind.db_instance_class.clone(),
            },
        },
        finding: Finding::Idle,
        reason_codes: vec![ReasonCode::Idle],
        reason: Reason::new(
            "idle",
            format!("Nobody connected to the replica in {days:.0} days."),
            format!("{days:.0}일 동안 복제본에 접속이 없었습니다."),
        ),
        savings,
        performance_risk: risk(db.environment, 1),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "A new replica can be made of the source; it takes hours to fill, and its address may differ.",
            "원본에서 복제본을 다시 만들 수 있지만 채우는 데 몇 시간이 걸리고 주소가 달라질 수 있습니다.",
        )),
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: quiet.figures,
            coverage: quiet.coverage,
            signals_not_seen: vec![UnseenSignal {
                name: "purpose".to_owned(),
                text: Text::new(
                    "Whether it is kept to be promoted when its source fails.",
                    "원본에 장애가 났을 때 승격하려고 두는 복제본인지 알 수 없습니다.",
                ),
            }],
            notes: Vec::new(),
        },
    }
    .into_verdict(check, reference))
}

/// Returns hours, and storage where it has a price.
fn list_cost(facts: &Facts<'_>, db: &Resource<DbInstance>) -> Result<Vec<CostComponent>, Unknown> {
    let tariff = Tariff::of(facts, db);
    let mut formula = vec![tariff.db_instance_hours(&db.kind)?];
    formula.extend(storage_now(&tariff, &db.kind).into_iter().flatten());
    Ok(formula)
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, scene};

    fn replica(connections: f64, days: i64) -> Scene {
        scene()
            .db_class("db.m5.large", "0.171")
            .db_instance(|db| db.kind.read_replica_source = Some("main".into()))
            .metric(
                "db",
                "AWS/RDS",
                "DatabaseConnections",
                Statistic::Maximum,
                flat(connections, days),
            )
    }

    #[test]
    fn a_replica_without_readers_fires() {
        check(&CHECK, replica(0.0, 14), "recommend 85.21 / 136.33 / 136.33");
    }

    #[test]
    fn a_replica_that_is_read_passes() {
        check(&CHECK, replica(1.0, 14), "pass in-use");
        check(&CHECK, scene().db_instance(|_| ()), "pass not-a-replica");
    }

    #[test]
    fn just_under_two_weeks_nothing_is_proven() {
        check(&CHECK, replica(0.0, 13), "unknown window-too-short");
    }

    #[test]
    fn without_metrics_it_is_unknown() {
        let scene = scene().db_instance(|db| db.kind.read_replica_source = Some("main".into()));
        check(&CHECK, scene, "unknown metric-missing");
    }

    #[test]
    fn a_replica_of_another_region_stands_by_for_a_disaster() {
        let source = "arn:aws:rds:eu-west-1:111122223333:db:main";
        let scene = scene().db_instance(|db| db.kind.read_replica_source = Some(source.into()));
        check(&CHECK, scene, "exempt stands-by");
    }
}
