//! Finds RDS DB instances to which nobody connects.
//!
//! **Why it costs.** A DB instance is charged by the hour and for its storage, twice with a
//! standby, whether anybody connects or not.
//!
//! **What we do.** Take a final snapshot and delete it. Stopping it instead is no lasting
//! answer: RDS starts a stopped instance again after seven days, and its storage is charged
//! all the time. This is never done without a person. The lowest saving counts the snapshot at
//! full size for ever.
//!
//! **What could go wrong.** A restore gives a new instance that reads slowly at first. A
//! report may run once a quarter. RDS Proxy and pools keep connections open, so idle
//! databases behind them are *not* found here; a connection that lives between two samples
//! is caught because we read the Maximum.
//!
//! **Where others err.** Seven days miss the weekly and monthly jobs; the mean of the
//! connections hides a nightly one. Replicas and members of a cluster are not judged alone:
//! which of them is the writer, and who depends on it, a listing does not say.
//!
//! # 한국어
//!
//! 아무도 접속하지 않는 RDS DB 인스턴스를 찾습니다.
//!
//! **비용이 드는 이유.** DB 인스턴스는 접속하는 사람이 있든 없든 시간당 요금과 스토리지 요금이
//! 부과되며, 대기 인스턴스가 있으면 두 배입니다.
//!
//! **제안하는 조치.** 최종 스냅샷을 만들고 삭제합니다. 중지는 오래가는 방법이 아닙니다. RDS는 중지된
//! 인스턴스를 7일 뒤에 다시 시작하고, 스토리지 요금은 계속 부과됩니다. 이 조치는 반드시 사람이 확인하고
//! 진행해야 합니다. 최소 절감액은 스냅샷을 전체 크기로 계속 보관하는 경우의 값입니다.
//!
//! **주의할 점.** 복원하면 새 인스턴스가 만들어지고 처음에는 읽기가 느립니다. 분기에 한 번 도는
//! 보고서가 있을 수 있습니다. RDS Proxy와 커넥션 풀은 연결을 열어 두므로 그 뒤에 있는 유휴
//! 데이터베이스는 여기에서 찾지 *못합니다*. 두 표본 사이에만 있었던 짧은 연결은 Maximum을 읽으므로
//! 놓치지 않습니다.
//!
//! **다른 도구와 다른 점.** 7일치만 보면 주간 작업과 월간 작업을 놓치고, 연결 수의 평균은 야간 작업을
//! 감춥니다. 읽기 전용 복제본과 클러스터 멤버는 따로 떼어 판단하지 않습니다. 어느 것이 쓰기
//! 인스턴스인지, 누가 그것에 의존하는지는 목록에 나오지 않기 때문입니다.

use trimtab_model::action::Action;
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, CostComponent, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo,
    Unknown, Verdict,
};
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text, counted};

use crate::check::{Check, Facts, Need};
use crate::database::storage::{less_final_snapshot, less_kept};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation};
use crate::pricing::{Tariff, copies};
use crate::saving::{EVERYTHING_WITH_HOURS, deletion};
use crate::verdict::{Proposal, exempt, judge_each, pass, risk};

/// The check.
pub static CHECK: Check = Check {
    id: "rds-instance-idle",
    title: StaticText {
        en: "RDS DB instance to which nobody connects",
        ko: "아무도 접속하지 않는 RDS DB 인스턴스",
    },
    kind: ResourceKind::DbInstance,
    action_type: ActionType::Delete,
    needs: &[
        Need::Kind(ResourceKind::DbInstance),
        Need::Metric("AWS/RDS", "DatabaseConnections", &[Statistic::Maximum]),
        Need::Metric("AWS/RDS", "CPUUtilization", &[Statistic::Maximum, Statistic::Average]),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "max_cpu_percent",
            default: "10",
            unit: "%",
            text: StaticText {
                en: "CPU at the 99th percentile must stay below this; backups and checks of RDS itself peak above it.",
                ko: "CPU 사용률의 99 백분위가 이 값보다 낮아야 합니다. RDS 자체의 백업과 점검은 그보다 높을 수 있습니다.",
            },
        },
        MIN_DAYS,
        MIN_COVERAGE_PERCENT,
    ],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::DbInstance, &facts.snapshot.db_instances, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, db: &Resource<DbInstance>) -> Result<Verdict, Unknown> {
    if db.kind.db_instance_status != "available" {
        return Ok(pass(
            "not-available",
            format!("The DB instance is {}.", db.kind.db_instance_status),
            format!("DB 인스턴스 상태가 {}입니다.", db.kind.db_instance_status),
        ));
    }
    if db.kind.db_cluster_identifier.is_some() {
        return Ok(exempt(
            "cluster-member",
            "A member of a cluster is not judged alone: the listing does not say which one writes.",
            "클러스터 멤버는 단독으로 판단하지 않습니다. 목록만으로는 쓰기 인스턴스를 구분할 수 없습니다.",
        ));
    }
    if db.kind.read_replica_source.is_some() || !db.kind.read_replicas.is_empty() {
        return Ok(exempt(
            "replication",
            "It replicates from or to another DB instance.",
            "다른 DB 인스턴스와 복제 관계에 있습니다.",
        ));
    }
    let names = names(db);
    let connections_seen = Observation::find_highest(
        facts,
        db,
        &names,
        "AWS/RDS",
        "DatabaseConnections",
        &[Statistic::Maximum],
    );
    if let Some(seen) = connections_seen.filter(|seen| seen.profile.max > 0.0) {
        return Ok(pass(
            "in-use",
            format!(
                "Up to {} at once.",
                counted(format_args!("{:.0}", seen.profile.max), "connection")
            ),
            format!("동시에 {:.0}개의 연결이 열린 적이 있습니다.", seen.profile.max),
        ));
    }
    let connections = Observation::complete(
        check,
        facts,
        db,
        &names,
        "AWS/RDS",
        "DatabaseConnections",
        &[Statistic::Maximum],
    )?;
    let cpu = Observation::complete(
        check,
        facts,
        db,
        &names,
        "AWS/RDS",
        "CPUUtilization",
        &[Statistic::Maximum, Statistic::Average],
    )?;
    let max_cpu = check.threshold_f64(facts, "max_cpu_percent");
    if cpu.profile.p99 >= max_cpu {
        return Ok(pass(
            "cpu-in-use",
            format!(
                "Nobody connects, but CPU is at {:.1} %: something runs inside.",
                cpu.profile.p99
            ),
            format!(
                "접속은 없지만 CPU 사용률이 {:.1}%로, 내부에서 작업이 돌고 있습니다.",
                cpu.profile.p99
            ),
        ));
    }
    let days = connections.days().min(cpu.days());
    let reference = db.reference(ResourceKind::DbInstance);
    let (list, unpriced) = cost_of(facts, db);
    let savings = deletion(facts, &reference, &names, EVERYTHING_WITH_HOURS, list)?;
    let (savings, kept) = match db.kind.allocated_storage_gib {
        Some(size) => less_final_snapshot(savings, &Tariff::of(facts, db), size)?,
        None => less_kept(savings, None)?,
    };
    let notes = std::iter::once(kept).chain(unpriced).collect();
    Ok(Proposal {
        action: Action::DeleteDbInstance { db_instance_class: db.kind.db_instance_class.clone() },
        finding: Finding::Idle,
        reason_codes: vec![ReasonCode::Idle],
        reason: Reason::new(
            "idle",
            format!("Nobody connected in {}, and CPU stayed below {max_cpu} %.", counted(format_args!("{days:.0}"), "day")),
            format!("{days:.0}일 동안 접속이 한 번도 없었고 CPU는 {max_cpu}% 미만이었습니다."),
        ),
        savings,
        performance_risk: risk(db.environment, 2),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "A restore from the final snapshot is a new instance: its monitoring and settings must be made again, and it reads slowly at first.",
            "최종 스냅샷에서 복원하면 새 인스턴스가 되어 모니터링과 설정을 다시 해야 하고, 처음에는 읽기가 느립니다.",
        )),
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: vec![
                Figure::number("connections_max", "Most connections at once", "최대 동시 연결 수", 0.0, "").against(0.0),
                Figure::number("cpu_p99", "CPU, 99th percentile", "CPU 99 백분위", cpu.profile.p99, "%").against(max_cpu),
            ],
            coverage: vec![connections.coverage(), cpu.coverage()],
            signals_not_seen: vec![UnseenSignal {
                name: "purpose".to_owned(),
                text: Text::new(
                    "Whether it is kept for a report or an audit that comes less often than the window.",
                    "관측 기간보다 드물게 실행되는 보고서나 감사용 DB인지 알 수 없습니다.",
                ),
            }],
            notes,
        },
    }
    .into_verdict(check, reference))
}

/// Returns the names that metrics and bills use: the identifier and the ARN.
fn names(db: &Resource<DbInstance>) -> Vec<ResourceId> {
    let arn = db.kind.db_instance_arn.as_deref().map(ResourceId::new);
    std::iter::once(db.id.clone()).chain(arn).collect()
}

/// Returns hours and storage, and a note where the storage has no price here.
fn cost_of(
    facts: &Facts<'_>,
    db: &Resource<DbInstance>,
) -> (Result<Vec<CostComponent>, Unknown>, Option<Text>) {
    let tariff = Tariff::of(facts, db);
    let hours = match tariff.db_instance_hours(&db.kind) {
        Ok(hours) => hours,
        Err(nothing) => return (Err(nothing), None),
    };
    let storage = db.kind.storage_type.as_deref().zip(db.kind.allocated_storage_gib).and_then(
        |(kind, size)| {
            let quantity = rust_decimal::Decimal::from(size) * copies(&db.kind);
            tariff
                .meter(
                    &format!("{kind} storage"),
                    quantity,
                    &format!("rds/storage_{kind}_single_az"),
                )
                .ok()
        },
    );
    match storage {
        Some(storage) => (Ok(vec![hours, storage]), None),
        None => (
            Ok(vec![hours]),
            Some(Text::new(
                "The storage has no price here and is left out, unless the bill names the DB instance.",
                "이 리전의 스토리지 가격이 없어, 청구서에 이 DB가 없으면 스토리지 비용은 제외됩니다.",
            )),
        ),
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, scene};

    fn database(connections: f64, cpu: f64, days: i64) -> Scene {
        scene()
            .db_instance(|_| ())
            .db_class("db.m5.large", "0.171")
            .price("rds/backup_over_free", "0.095")
            .metric(
                "db",
                "AWS/RDS",
                "DatabaseConnections",
                Statistic::Maximum,
                flat(connections, days),
            )
            .metric("db", "AWS/RDS", "CPUUtilization", Statistic::Maximum, flat(cpu, days))
    }

    #[test]
    fn a_database_without_connections_fires() {
        // 124.83 USD of hours and 11.50 USD of storage; a final snapshot of 100 GiB costs 9.50.
        check(&CHECK, database(0.0, 4.0, 14), "recommend 75.71 / 136.33 / 136.33");
    }

    #[test]
    fn a_database_with_one_connection_passes() {
        check(&CHECK, database(1.0, 4.0, 14), "pass in-use");
    }

    #[test]
    fn a_database_just_under_the_threshold_of_cpu_fires_and_at_it_passes() {
        check(&CHECK, database(0.0, 9.99, 14), "recommend 75.71 / 136.33 / 136.33");
        check(&CHECK, database(0.0, 10.0, 14), "pass cpu-in-use");
    }

    #[test]
    fn a_database_without_connection_metrics_is_unknown() {
        check(&CHECK, scene().db_instance(|_| ()), "unknown metric-missing");
        check(&CHECK, database(0.0, 4.0, 13), "unknown window-too-short");
    }

    #[test]
    fn without_a_price_of_the_snapshot_that_is_kept_low_is_nothing() {
        let scene = database(0.0, 4.0, 14).without_price("rds/backup_over_free");
        check(&CHECK, scene, "recommend 0.00 / 136.33 / 136.33");
    }

    #[test]
    fn a_standby_doubles_what_is_saved() {
        let mut scene = database(0.0, 4.0, 14);
        scene.snapshot.db_instances[0].kind.multi_az = Some(true);
        check(&CHECK, scene, "recommend 160.91 / 272.66 / 272.66");
    }

    #[test]
    fn a_replica_and_a_cluster_member_are_exempt() {
        let replica = scene().db_instance(|db| db.kind.read_replica_source = Some("main".into()));
        check(&CHECK, replica, "exempt replication");
        let member = scene().db_instance(|db| db.kind.db_cluster_identifier = Some("game".into()));
        check(&CHECK, member, "exempt cluster-member");
    }
}
