//! Finds RDS DB instances outside production that pay for a standby.
//!
//! **Why it costs.** Multi-AZ runs a second machine with a second copy of the storage in another
//! zone, and costs twice as much. It shortens an outage to a minute or two, which matters where
//! players are, and seldom where developers are.
//!
//! **What we do.** Take the standby away in the maintenance window, where a tag names the
//! environment as development or staging. Without such a tag we say *unknown*, never more.
//!
//! **What could go wrong.** A failure of the zone then means a restore. Backups of a single
//! instance pause its storage for seconds. A staging system that rehearses failovers needs its
//! standby: tag it `trimtab:ignore`. The way back takes a snapshot and slows storage for a while.
//!
//! **Where others err.** They take names with `dev` in them for an environment.
//!
//! # 한국어
//!
//! 운영 환경이 아닌데 대기 인스턴스 비용을 내는 RDS DB 인스턴스를 찾습니다.
//!
//! **비용이 드는 이유.** Multi-AZ는 다른 가용 영역에 두 번째 서버와 스토리지 사본을 두므로 비용이 두 배입니다. 장애 시간을 1~2분으로
//! 줄여 주지만, 이는 사용자가 있는 곳에서 중요하고 개발 환경에서는 필요한 경우가 드뭅니다.
//!
//! **제안하는 조치.** 태그로 개발 또는 스테이징 환경임이 확인될 때 유지 관리 기간에 대기 인스턴스를 제거합니다. 태그가 없으면
//! 알 수 없다고만 답합니다.
//!
//! **주의할 점.** 가용 영역에 장애가 나면 복원해야 합니다. 단일 인스턴스의 백업은 스토리지를 몇 초간 멈춥니다. 장애 조치를 연습하는
//! 스테이징이라면 `trimtab:ignore` 태그를 붙이세요. 되돌릴 때는 스냅샷을 만들며 한동안 스토리지가 느려집니다.
//!
//! **다른 도구와 다른 점.** 다른 도구는 이름에 `dev`가 들어 있으면 개발 환경으로 간주합니다.

use trimtab_model::action::{Action, Configuration, Standby};
use trimtab_model::charge::ResourceCharge;
use trimtab_model::environment::Environment;
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::recommendation::{
    ActionType, CostComponent, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::database::names;
use crate::database::storage::{DB_STORAGE, storage_now};
use crate::pricing::Tariff;
use crate::saving::{Commitment, DB_INSTANCE_HOURS, Meter, estimate_of};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// Picks hours and storage: the standby has both.
const HOURS_AND_STORAGE: Meter =
    Meter { charges: is_hour_or_storage, commitment: Commitment::Possible };

fn is_hour_or_storage(charge: &ResourceCharge) -> bool {
    (DB_INSTANCE_HOURS.charges)(charge) || (DB_STORAGE.charges)(charge)
}

/// The check.
pub static CHECK: Check = Check {
    id: "rds-instance-multi-az-nonproduction",
    title: StaticText {
        en: "RDS DB instance outside production with a standby",
        ko: "운영 환경이 아닌데 대기 인스턴스를 둔 RDS DB 인스턴스",
    },
    kind: ResourceKind::DbInstance,
    action_type: ActionType::ScaleIn,
    needs: &[Need::Kind(ResourceKind::DbInstance), Need::OptionalBilling],
    thresholds: &[],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::DbInstance, &facts.snapshot.db_instances, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, db: &Resource<DbInstance>) -> Result<Verdict, Unknown> {
    match db.kind.multi_az {
        Some(true) if db.kind.db_cluster_identifier.is_none() => {}
        Some(_) => {
            return Ok(pass(
                "single-az",
                "It has no standby of its own.",
                "자체 대기 인스턴스가 없습니다.",
            ));
        }
        None => {
            return Err(unknown(
                "standby-unknown",
                "The listing does not say whether it has a standby.",
                "목록에 대기 인스턴스 여부가 없습니다.",
                &["inventory:describe-db-instances"],
            ));
        }
    }
    match db.environment {
        Environment::Dev | Environment::Staging => {}
        Environment::Prod => {
            return Ok(pass(
                "production",
                "A standby belongs to production.",
                "운영 환경에서는 대기 인스턴스가 필요합니다.",
            ));
        }
        Environment::Unknown => {
            return Err(unknown(
                "environment-unknown",
                "No tag says whether it serves production.",
                "운영 환경인지 알려 주는 태그가 없습니다.",
                &["tags:environment"],
            ));
        }
    }
    if db.kind.db_instance_status != "available" || db.kind.has_pending_modifications {
        return Ok(pass(
            "changing",
            "It is not available, or another modification is pending.",
            "사용 가능한 상태가 아니거나 대기 중인 변경 사항이 있습니다.",
        ));
    }
    let alone = DbInstance { multi_az: Some(false), ..db.kind.clone() };
    let reference = db.reference(ResourceKind::DbInstance);
    let savings = estimate_of(
        facts,
        &reference,
        &names::of_instance(db),
        HOURS_AND_STORAGE,
        cost(facts, db, &db.kind)?,
        cost(facts, db, &alone)?,
    )?;
    Ok(Proposal {
        action: Action::Configure {
            from: Configuration::DbStandby(Standby::AnotherZone),
            to: Configuration::DbStandby(Standby::None),
        },
        finding: Finding::Overprovisioned,
        reason_codes: vec![ReasonCode::StandbyOutsideProduction],
        reason: Reason::new(
            "standby-outside-production",
            format!("Its environment is {}, and a standby doubles its price.", db.environment),
            format!("환경이 {}인데 대기 인스턴스 때문에 비용이 두 배입니다.", db.environment),
        ),
        savings,
        performance_risk: risk(db.environment, 1),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: Evidence {
            figures: vec![Figure::word(
                "environment",
                "Environment",
                "환경",
                db.environment.as_str(),
            )],
            signals_not_seen: vec![UnseenSignal {
                name: "failover_drills".to_owned(),
                text: Text::new(
                    "Whether failovers are rehearsed here before production.",
                    "운영 반영 전에 여기서 장애 조치를 연습하는지 알 수 없습니다.",
                ),
            }],
            notes: vec![Text::new(
                "Multi-AZ is taken at twice the Single-AZ price; the two differ by under 0.8 %.",
                "Multi-AZ 가격은 단일 AZ의 2배로 계산했습니다. 실제와의 차이는 0.8% 미만입니다.",
            )],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

/// Returns hours, and storage where it has a price here.
fn cost(
    facts: &Facts<'_>,
    db: &Resource<DbInstance>,
    kind: &DbInstance,
) -> Result<Vec<CostComponent>, Unknown> {
    let tariff = Tariff::of(facts, db);
    let mut formula = vec![tariff.db_instance_hours(kind)?];
    // Without a price both sides lack it, and the bill's own storage is halved all the same.
    formula.extend(storage_now(&tariff, kind).into_iter().flatten());
    Ok(formula)
}

#[cfg(test)]
mod tests {
    use trimtab_model::environment::Environment;

    use super::CHECK;
    use crate::scene::{Scene, check, scene};

    fn database(environment: Environment) -> Scene {
        scene().db_class("db.m5.large", "0.171").db_instance(|db| {
            db.kind.multi_az = Some(true);
            db.environment = environment;
        })
    }

    #[test]
    fn a_standby_in_development_fires() {
        // Half of 249.66 USD of hours and 23 USD of storage.
        check(&CHECK, database(Environment::Dev), "recommend 85.21 / 136.33 / 136.33");
    }

    #[test]
    fn production_passes() {
        check(&CHECK, database(Environment::Prod), "pass production");
    }

    #[test]
    fn just_under_two_copies_passes() {
        check(&CHECK, scene().db_instance(|_| ()), "pass single-az");
    }

    #[test]
    fn without_a_tag_it_is_unknown() {
        check(&CHECK, database(Environment::Unknown), "unknown environment-unknown");
    }

    #[test]
    fn the_bill_is_halved_with_its_storage() {
        let scene = database(Environment::Staging)
            .bill("db", "Multi-AZUsage:db.m5.large", "720", "200.00")
            .bill("db", "RDS:Multi-AZ-GP2-Storage", "100", "23.00");
        check(&CHECK, scene, "recommend 113.05 / 113.05 / 113.05");
    }
}
