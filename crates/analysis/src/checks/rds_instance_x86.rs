//! Finds RDS DB instances on x86 whose engine runs on Graviton for less.
//!
//! **Why it costs.** MySQL, MariaDB, PostgreSQL and Aurora run on Arm without a change to any
//! client, and AWS sells the same size for less there.
//!
//! **What we do.** Change to the cheapest Graviton class of the same series and size, of the same
//! generation or a later one, in the maintenance window. Oracle and SQL Server do not run on Arm
//! and never match, because no such class has a price for them.
//!
//! **What could go wrong.** The change interrupts the database. RDS offers Graviton from MySQL
//! 8.0.17, MariaDB 10.4.13 and PostgreSQL 12.3 on: an older version must be upgraded first.
//! Native extensions that a team built itself must exist for Arm. Run it in staging first.
//!
//! **Where others err.** They promise a fixed share; we take the difference of the two prices in
//! this region.
//!
//! # 한국어
//!
//! 엔진이 Graviton에서 더 저렴하게 실행되는데도 x86을 쓰는 RDS DB 인스턴스를 찾습니다.
//!
//! **비용이 드는 이유.** MySQL, MariaDB, PostgreSQL, Aurora는 클라이언트를 바꾸지 않아도 Arm에서 실행되며, 같은 크기의 가격이 더
//! 낮습니다.
//!
//! **제안하는 조치.** 시리즈와 크기가 같고 세대가 같거나 더 새로운 Graviton 클래스 중 가장 저렴한 것으로 유지 관리 기간에 변경합니다.
//! Oracle과 SQL Server는 Arm에서 실행되지 않아 해당 가격이 없으므로 추천하지 않습니다.
//!
//! **주의할 점.** 변경하는 동안 데이터베이스가 중단됩니다. RDS의 Graviton은 MySQL 8.0.17, MariaDB 10.4.13, PostgreSQL 12.3부터
//! 제공되므로 더 낮은 버전은 먼저 업그레이드해야 합니다. 직접 빌드한 확장 모듈은 Arm용이 있어야 합니다. 스테이징에서 먼저 확인하세요.
//!
//! **다른 도구와 다른 점.** 다른 도구는 고정 비율의 절감을 약속합니다. 여기서는 이 리전의 두 가격 차이로 계산합니다.

use trimtab_model::action::Action;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::database::names;
use crate::database::successor::{Processor, evidence, find, unchangeable};
use crate::saving::{DB_INSTANCE_HOURS, estimate_of};
use crate::verdict::{Proposal, judge_each, pass, risk};

/// The check.
pub static CHECK: Check = Check {
    id: "rds-instance-x86",
    title: StaticText {
        en: "RDS DB instance on x86 where Graviton costs less",
        ko: "Graviton이 더 저렴한데 x86을 쓰는 RDS DB 인스턴스",
    },
    kind: ResourceKind::DbInstance,
    action_type: ActionType::MigrateToGraviton,
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
    let found = find(facts, db, Processor::Arm)?;
    let Some((newer, cost_after)) = found.newer else {
        return Ok(pass(
            "no-graviton-class",
            "It runs on Arm already, or its engine has no Graviton class of this size here.",
            "이미 Arm이거나, 이 리전에 같은 크기의 Graviton 클래스가 없는 엔진입니다.",
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
    let mut evidence = evidence(facts, db, &found.current, &newer);
    evidence.notes.push(Text::new(
        "Graviton starts with MySQL 8.0.17, MariaDB 10.4.13 and PostgreSQL 12.3; an older version is upgraded first.",
        "Graviton은 MySQL 8.0.17, MariaDB 10.4.13, PostgreSQL 12.3부터 제공됩니다. 더 낮은 버전은 먼저 업그레이드해야 합니다.",
    ));
    Ok(Proposal {
        action: Action::ModifyDbInstanceClass { from: from.clone(), to: to.clone() },
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::GravitonAvailable],
        reason: Reason::new(
            "graviton-cheaper",
            format!("{to} runs the same engine for less than {from}."),
            format!("{to} 클래스는 같은 엔진을 {from} 클래스보다 저렴하게 실행합니다."),
        ),
        savings,
        performance_risk: risk(db.environment, 1),
        effort: ImplementationEffort::Medium,
        restart_needed: Restart::Needed,
        undo: Undo::Exact,
        evidence,
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, scene};

    fn on(class: &str) -> Scene {
        scene()
            .db_class_facts("db.m5.large", 2, 8, "0.171")
            .db_class_facts("db.m6g.large", 2, 8, "0.152")
            .db_class_facts("db.m6g.xlarge", 4, 16, "0.10")
            .db_class_facts("db.m7i.large", 2, 8, "0.14")
            .db_instance(|db| db.kind.db_instance_class = class.into())
    }

    #[test]
    fn a_database_on_x86_fires() {
        // 0.019 USD for 730 hours; the other size does not count.
        check(&CHECK, on("db.m5.large"), "recommend 8.67 / 13.87 / 13.87");
    }

    #[test]
    fn a_database_on_arm_passes() {
        check(&CHECK, on("db.m6g.large"), "pass no-graviton-class");
    }

    #[test]
    fn just_under_its_own_generation_no_class_is_proposed() {
        check(&CHECK, on("db.m7i.large"), "pass no-graviton-class");
    }

    #[test]
    fn a_class_without_a_price_is_unknown() {
        check(&CHECK, scene().db_instance(|_| ()), "unknown class-not-in-catalogue");
    }

    #[test]
    fn hours_on_the_bill_shrink_in_proportion() {
        let scene = on("db.m5.large").bill("db", "InstanceUsage:db.m5.large", "720", "61.56");
        // 61.56 x 730/720 x 0.019/0.171.
        check(&CHECK, scene, "recommend 6.94 / 6.94 / 6.94");
    }
}
