//! Finds RDS DB instances of an older generation whose successor of the same size costs less.
//!
//! **Why it costs.** AWS prices new generations at or below the old ones, and they do more per
//! vCPU. Nobody moves a database by itself.
//!
//! **What we do.** Change to the cheapest newer class of the same series, size and architecture,
//! with no less memory or processors, in the maintenance window. Where the newer one costs the
//! same, as m6i and m5 do, there is nothing to save, and we say so.
//!
//! **What could go wrong.** The change interrupts the database. A very old engine version may not
//! be offered on the new class. A reservation of the old family does not follow.
//!
//! **Where others err.** They name the next generation without looking at its price, or at
//! whether the region sells it.
//!
//! # 한국어
//!
//! 같은 크기의 후속 세대가 더 저렴한데도 이전 세대를 쓰는 RDS DB 인스턴스를 찾습니다.
//!
//! **비용이 드는 이유.** 새 세대의 가격은 이전 세대와 같거나 낮고 vCPU당 성능은 더 좋습니다. 하지만 데이터베이스는 저절로 옮겨지지
//! 않습니다.
//!
//! **제안하는 조치.** 시리즈와 크기, 아키텍처가 같고 메모리와 프로세서가 줄지 않는 최신 클래스 중 가장 저렴한 것으로 유지 관리 기간에
//! 변경합니다. m6i와 m5처럼 가격이 같으면 절감액이 없다고 답합니다.
//!
//! **주의할 점.** 변경하는 동안 데이터베이스가 중단됩니다. 아주 오래된 엔진 버전은 새 클래스에서 제공되지 않을 수 있습니다. 이전
//! 패밀리의 예약은 따라오지 않습니다.
//!
//! **다른 도구와 다른 점.** 다른 도구는 가격이나 리전별 제공 여부를 보지 않고 다음 세대를 제시합니다.

use trimtab_model::action::Action;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText};

use crate::check::{Check, Facts, Need};
use crate::database::names;
use crate::database::successor::{Processor, evidence, find, unchangeable};
use crate::saving::{DB_INSTANCE_HOURS, estimate_of};
use crate::verdict::{Proposal, judge_each, pass, risk};

/// The check.
pub static CHECK: Check = Check {
    id: "rds-instance-previous-generation",
    title: StaticText {
        en: "RDS DB instance of an older generation that costs more",
        ko: "더 비싼 이전 세대의 RDS DB 인스턴스",
    },
    kind: ResourceKind::DbInstance,
    action_type: ActionType::Upgrade,
    needs: &[
        Need::Kind(ResourceKind::DbInstance),
        Need::Kind(ResourceKind::OrderableDbInstanceOption),
        Need::Kind(ResourceKind::PendingMaintenanceAction),
        Need::OptionalBilling,
    ],
    thresholds: &[],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::DbInstance, &facts.snapshot.db_instances, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, db: &Resource<DbInstance>) -> Result<Verdict, Unknown> {
    if let Some(verdict) = unchangeable(&db.kind) {
        return Ok(verdict);
    }
    let found = find(facts, db, Processor::Same)?;
    let Some((newer, cost_after)) = found.newer else {
        return Ok(pass(
            "latest-generation",
            "No newer class of the same size is offered here.",
            "이 리전에는 같은 크기의 더 새로운 클래스가 없습니다.",
        ));
    };
    let (from, to) = (&db.kind.db_instance_class, &newer.facts.db_instance_class);
    let reference = db.reference(ResourceKind::DbInstance);
    let savings = estimate_of(
        facts,
        &reference,
        &names::of_instance(db),
        DB_INSTANCE_HOURS,
        vec![found.cost_now],
        vec![cost_after],
    )?;
    Ok(Proposal {
        action: Action::ModifyDbInstanceClass { from: from.clone(), to: to.clone() },
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::NewGenerationDBInstanceClassAvailable],
        reason: Reason::new(
            "newer-class-cheaper",
            format!("{to} offers what {from} does, for less."),
            format!("{to} 클래스는 {from} 클래스와 같은 사양을 더 저렴하게 제공합니다."),
        ),
        savings,
        performance_risk: risk(db.environment, 1),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::Needed,
        undo: Undo::Exact,
        evidence: evidence(facts, db, &found.current, &newer),
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, scene};

    fn old(class: &str) -> Scene {
        scene()
            .db_class_facts("db.m4.large", 2, 8, "0.175")
            .db_class_facts("db.m5.large", 2, 8, "0.171")
            .db_class_facts("db.m6i.large", 2, 8, "0.171")
            .db_class_facts("db.m6g.large", 2, 8, "0.152")
            .db_instance(|db| db.kind.db_instance_class = class.into())
    }

    #[test]
    fn an_older_class_fires() {
        // 0.004 USD for 730 hours, to x86: Arm is another check.
        check(&CHECK, old("db.m4.large"), "recommend 1.82 / 2.92 / 2.92");
    }

    #[test]
    fn the_latest_class_passes() {
        check(&CHECK, old("db.m6i.large"), "pass latest-generation");
    }

    #[test]
    fn just_under_a_saving_there_is_none() {
        check(&CHECK, old("db.m5.large"), "pass no-saving");
    }

    #[test]
    fn a_class_without_a_price_is_unknown() {
        check(&CHECK, scene().db_instance(|_| ()), "unknown class-not-in-catalogue");
    }

    #[test]
    fn pending_changes_are_left_alone() {
        let mut scene = old("db.m4.large");
        scene.snapshot.db_instances[0].kind.has_pending_modifications = true;
        check(&CHECK, scene, "exempt pending-modifications");
    }
}
