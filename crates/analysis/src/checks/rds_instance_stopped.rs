//! Finds stopped RDS DB instances that nobody used while they ran.
//!
//! **Why it costs.** A stopped DB instance pays for its storage, its provisioned IOPS and its
//! backups all the same. RDS starts it again after seven days, and then the hours are charged
//! too until somebody stops it once more.
//!
//! **What we do.** Start it once more, take a final snapshot and delete it. This is never done
//! without a person. Being stopped is no proof by itself: we look at the hours in which it ran
//! within the window, a day of them at least, and one connection in any of them leaves it alone.
//!
//! **What could go wrong.** A restore gives a new instance that reads slowly at first. The start
//! needs a free machine of its class. A database that is switched on once a quarter looks the
//! same as one that was forgotten.
//!
//! **Where others err.** They report every stopped instance, those on a night and weekend
//! schedule included, and count the price of hours that are not charged.
//!
//! # 한국어
//!
//! 중지된 RDS DB 인스턴스 중 실행된 동안에도 아무도 사용하지 않은 것을 찾습니다.
//!
//! **비용이 드는 이유.** 중지된 DB 인스턴스도 스토리지와 프로비저닝 IOPS, 백업 비용은 그대로 과금됩니다. RDS는 7일이 지나면
//! 인스턴스를 다시 시작하며, 누군가 다시 중지할 때까지 시간당 요금도 붙습니다.
//!
//! **제안하는 조치.** 한 번 시작해 최종 스냅샷을 남긴 뒤 삭제합니다. 사람의 확인 없이는 실행하지 않습니다. 중지 상태만으로는
//! 판단하지 않고 관측 기간 중 실행된 시간을 최소 하루치 봅니다. 그때 연결이 한 번이라도 있었다면 추천하지 않습니다.
//!
//! **주의할 점.** 복원하면 새 인스턴스가 되며 처음에는 읽기가 느립니다. 시작하려면 해당 클래스의 여유 용량이 필요합니다. 분기에
//! 한 번 켜는 데이터베이스는 잊힌 데이터베이스와 구분되지 않습니다.
//!
//! **다른 도구와 다른 점.** 다른 도구는 야간과 주말 일정에 따라 중지한 인스턴스까지 모두 보고하고, 과금되지 않는 시간 요금까지
//! 절감액에 넣습니다.

use trimtab_model::action::{Action, Removal};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::database::names;
use crate::database::storage::{DB_STORAGE, known, less_final_snapshot, storage_now};
use crate::observation::{MIN_DAYS, Observation, missing};
use crate::pricing::Tariff;
use crate::saving::deletion;
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

const CONNECTIONS: &[Statistic] = &[Statistic::Maximum];

/// The check.
pub static CHECK: Check = Check {
    id: "rds-instance-stopped",
    title: StaticText {
        en: "Stopped RDS DB instance whose storage is paid for",
        ko: "중지되었지만 스토리지 비용이 나가는 RDS DB 인스턴스",
    },
    kind: ResourceKind::DbInstance,
    action_type: ActionType::Delete,
    needs: &[
        Need::Kind(ResourceKind::DbInstance),
        Need::Metric("AWS/RDS", "DatabaseConnections", CONNECTIONS),
        Need::OptionalBilling,
    ],
    thresholds: &[
        MIN_DAYS,
        Threshold {
            name: "min_running_hours",
            default: "24",
            unit: "hours",
            text: StaticText {
                en: "Fewest hours it must have run within the window: who uses it shows only then.",
                ko: "기간 중 실행되었어야 하는 최소 시간입니다. 사용 여부는 실행 중에만 드러납니다.",
            },
        },
    ],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::DbInstance, &facts.snapshot.db_instances, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, db: &Resource<DbInstance>) -> Result<Verdict, Unknown> {
    if db.kind.db_instance_status != "stopped" {
        return Ok(pass(
            "not-stopped",
            format!("The DB instance is {}.", db.kind.db_instance_status),
            format!("DB 인스턴스 상태가 {}입니다.", db.kind.db_instance_status),
        ));
    }
    if db.kind.db_cluster_identifier.is_some() {
        return Ok(exempt(
            "cluster-member",
            "It is stopped with its cluster, which has the storage.",
            "클러스터와 함께 중지되었으며, 스토리지는 클러스터에 속합니다.",
        ));
    }
    let names = names::of_instance(db);
    let (namespace, metric) = ("AWS/RDS", "DatabaseConnections");
    let Some(seen) = Observation::find(facts, db, &names, namespace, metric, CONNECTIONS) else {
        return Err(missing(namespace, metric, CONNECTIONS));
    };
    if seen.profile.max > 0.0 {
        return Ok(pass(
            "in-use",
            "Somebody connected while it ran: it is stopped on purpose.",
            "실행된 동안 접속이 있었으므로 의도적으로 중지한 것으로 보입니다.",
        ));
    }
    let (days, min_days) = (seen.days(), check.threshold_f64(facts, MIN_DAYS.name));
    if days < min_days {
        return Err(unknown(
            "window-too-short",
            format!("{metric} covers {days:.0} days; {min_days:.0} are needed."),
            format!("{metric} 지표가 {days:.0}일치뿐입니다. {min_days:.0}일치가 필요합니다."),
            &["metrics:AWS/RDS:DatabaseConnections"],
        ));
    }
    let hours = seen.profile.hours_observed();
    let min_hours = check.threshold_f64(facts, "min_running_hours");
    if hours < min_hours {
        return Err(unknown(
            "ran-too-short",
            format!("It ran {hours:.0} hours within the window; {min_hours:.0} are needed."),
            format!("기간 중 {hours:.0}시간만 실행되었습니다. {min_hours:.0}시간이 필요합니다."),
            &["metrics:AWS/RDS:DatabaseConnections"],
        ));
    }
    let tariff = Tariff::of(facts, db);
    let (_, size_gib) = known(&db.kind)?;
    let reference = db.reference(ResourceKind::DbInstance);
    let savings = deletion(facts, &reference, &names, DB_STORAGE, storage_now(&tariff, &db.kind))?;
    let (savings, kept) = less_final_snapshot(savings, &tariff, size_gib)?;
    Ok(Proposal {
        action: Action::Remove {
            removal: Removal::StoppedDbInstance {
                db_instance_class: db.kind.db_instance_class.clone(),
            },
        },
        finding: Finding::Unused,
        reason_codes: vec![ReasonCode::Stopped],
        reason: Reason::new(
            "stopped",
            format!("It is stopped, and nobody connected in the {hours:.0} hours it ran within {days:.0} days."),
            format!("중지된 상태이고, 최근 {days:.0}일 중 실행된 {hours:.0}시간 동안 접속이 없었습니다."),
        ),
        savings,
        performance_risk: risk(db.environment, 1),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "A restore from the final snapshot is a new instance: its monitoring and settings must be made again.",
            "최종 스냅샷에서 복원하면 새 인스턴스가 되어 모니터링과 설정을 다시 해야 합니다.",
        )),
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: vec![
                Figure::number("hours_running", "Hours it ran", "실행된 시간", hours.round(), "hours"),
                Figure::number("connections_max", "Most connections at once", "최대 동시 연결 수", 0.0, "").against(0.0),
                Figure::number("size_gib", "Storage", "스토리지", f64::from(size_gib), "GiB"),
            ],
            coverage: vec![seen.coverage()],
            signals_not_seen: vec![UnseenSignal {
                name: "schedule".to_owned(),
                text: Text::new(
                    "Whether a schedule stops it and a person starts it now and then.",
                    "일정에 따라 중지하고 가끔 사람이 켜서 쓰는지 알 수 없습니다.",
                ),
            }],
            notes: vec![kept],
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;
    use trimtab_model::money::Currency;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, recommended, scene};

    fn stopped(connections: f64, days: i64) -> Scene {
        scene().db_instance(|db| db.kind.db_instance_status = "stopped".into()).metric(
            "db",
            "AWS/RDS",
            "DatabaseConnections",
            Statistic::Maximum,
            flat(connections, days),
        )
    }

    #[test]
    fn a_stopped_database_that_nobody_used_fires() {
        // 100 GiB of gp2 at 0.115; the final snapshot at 0.095 may stay for ever.
        let scene = stopped(0.0, 14).price("rds/backup_over_free", "0.095");
        check(&CHECK, scene, "recommend 2.00 / 11.50 / 11.50");
        check(&CHECK, stopped(0.0, 14), "recommend 0.00 / 11.50 / 11.50");
    }

    #[test]
    fn a_database_that_runs_passes_and_so_does_one_used_between_stops() {
        check(&CHECK, scene().db_instance(|_| ()), "pass not-stopped");
        check(&CHECK, stopped(3.0, 14), "pass in-use");
    }

    #[test]
    fn just_under_the_days_needed_nothing_is_proven() {
        check(&CHECK, stopped(0.0, 13), "unknown window-too-short");
    }

    #[test]
    fn just_under_a_day_of_running_nothing_is_proven() {
        let ran = |hours: u64| {
            let mut profile = flat(0.0, 14);
            profile.covered_seconds = hours * 3600;
            scene().db_instance(|db| db.kind.db_instance_status = "stopped".into()).metric(
                "db",
                "AWS/RDS",
                "DatabaseConnections",
                Statistic::Maximum,
                profile,
            )
        };
        check(&CHECK, ran(23), "unknown ran-too-short");
        assert!(recommended(&CHECK, &ran(24)).reason.text.en.contains("24 hours"));
    }

    #[test]
    fn without_metrics_or_a_price_it_is_unknown() {
        let scene = scene().db_instance(|db| db.kind.db_instance_status = "stopped".into());
        check(&CHECK, scene, "unknown metric-missing");
        let unpriced = stopped(0.0, 14).without_price("rds/storage_gp2_single_az");
        check(&CHECK, unpriced, "unknown price-missing");
    }

    #[test]
    fn a_snapshot_in_dollars_is_not_taken_off_a_bill_in_won() {
        let mut scene = stopped(0.0, 14).price("rds/backup_over_free", "0.095").bill(
            "db",
            "RDS:GP2-Storage",
            "100",
            "14400",
        );
        scene.charges.resources[0].cost.effective.currency = Currency::KRW;
        // 14,600 a month, of which the snapshot may take 9.50 / 11.50.
        check(&CHECK, scene, "recommend 2539.00 / 14600.00 / 14600.00");
    }

    #[test]
    fn the_hours_on_the_bill_are_not_saved() {
        let scene = stopped(0.0, 14).bill("db", "InstanceUsage:db.m5.large", "24", "4.10").bill(
            "db",
            "RDS:GP2-Storage",
            "100",
            "11.50",
        );
        check(&CHECK, scene, "recommend 0.00 / 11.66 / 11.66");
    }
}
