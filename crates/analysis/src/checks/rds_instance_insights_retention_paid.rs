//! Finds RDS DB instances that keep Performance Insights longer than is free.
//!
//! **Why it costs.** Seven days of Performance Insights are free. A longer history is charged by
//! the vCPU and month, the standby's vCPUs too.
//!
//! **What we do.** Set the retention to 7 days. The saving is what the bill charges for the
//! history of this DB instance; without a bill we say *unknown*, since the price depends on the
//! months that are kept and AWS moves this history to Database Insights.
//!
//! **What could go wrong.** What is older than 7 days is deleted and does not come back; a
//! comparison with last month's load is then no longer possible. The advanced mode of
//! Database Insights needs its long history and has a price of its own: such a DB instance is
//! left alone.
//!
//! **Where others err.** They report the setting without what it costs, in the advanced mode as
//! well, where it cannot be lowered.
//!
//! # 한국어
//!
//! Performance Insights를 무료 기간보다 오래 보관하는 RDS DB 인스턴스를 찾습니다.
//!
//! **비용이 드는 이유.** Performance Insights는 7일까지 무료로 보관됩니다. 더 오래 보관하면 대기 인스턴스를
//! 포함해 vCPU 수에 따라 월 단위로 과금됩니다.
//!
//! **제안하는 조치.** 보관 기간을 7일로 설정합니다. 절감액은 청구서에 나온 이 DB 인스턴스의 보관 비용입니다.
//! 보관 개월 수에 따라 단가가 다르고 AWS가 이 기능을 Database Insights로 옮기고 있어, 청구서가 없으면 알 수
//! 없다고 답합니다.
//!
//! **주의할 점.** 7일보다 오래된 기록은 삭제되어 되돌릴 수 없고, 지난달 부하와 비교할 수 없게 됩니다. Database
//! Insights의 고급 모드는 긴 보관 기간이 필요하고 요금 체계도 다르므로 그런 DB 인스턴스는 제외합니다.
//!
//! **다른 도구와 다른 점.** 다른 도구는 비용 없이 설정만 보고하고, 줄일 수 없는 고급 모드까지 낭비로 보고합니다.

use trimtab_model::action::{Action, Configuration};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, PerformanceRisk, ReasonCode, Restart, Threshold,
    Undo, Unknown, Verdict,
};
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::database::names;
use crate::pricing::usage_name;
use crate::saving::{Commitment, Meter, deletion};
use crate::verdict::{Proposal, exempt, judge_each, pass, unknown};

/// The days that are kept without charge.
const FREE_DAYS: u32 = 7;

/// Picks the charge for long-term retention.
const RETENTION: Meter = Meter {
    charges: |charge| {
        charge.usage_type.as_deref().is_some_and(|usage| usage_name(usage).starts_with("PI_LTR"))
    },
    commitment: Commitment::Impossible,
};

/// The check.
pub static CHECK: Check = Check {
    id: "rds-instance-insights-retention-paid",
    title: StaticText {
        en: "RDS DB instance that keeps Performance Insights longer than is free",
        ko: "Performance Insights를 무료 기간보다 오래 보관하는 RDS DB 인스턴스",
    },
    kind: ResourceKind::DbInstance,
    action_type: ActionType::Reconfigure,
    needs: &[Need::Kind(ResourceKind::DbInstance), Need::OptionalBilling],
    thresholds: &[Threshold {
        name: "max_days",
        default: "7",
        unit: "days",
        text: StaticText {
            en: "Days that may be kept: AWS keeps so many without charge.",
            ko: "보관해도 되는 일수입니다. AWS는 이 기간까지 무료로 보관합니다.",
        },
    }],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::DbInstance, &facts.snapshot.db_instances, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, db: &Resource<DbInstance>) -> Result<Verdict, Unknown> {
    let kind = &db.kind;
    if kind.performance_insights_enabled == Some(false) {
        return Ok(pass(
            "insights-off",
            "Performance Insights is off.",
            "Performance Insights가 꺼져 있습니다.",
        ));
    }
    let Some(days) = kind.performance_insights_retention_days else {
        return Err(unknown(
            "retention-unknown",
            "The listing does not say how long Performance Insights is kept.",
            "목록에 Performance Insights 보관 기간이 없습니다.",
            &["inventory:describe-db-instances"],
        ));
    };
    let max_days = check.threshold_f64(facts, "max_days");
    if f64::from(days) <= max_days {
        return Ok(pass(
            "kept-for-free",
            format!("It keeps {days} days of Performance Insights."),
            format!("Performance Insights 보관 기간이 {days}일입니다."),
        ));
    }
    if kind.database_insights_mode.as_deref() == Some("advanced") {
        return Ok(exempt(
            "advanced-mode",
            "The advanced mode of Database Insights needs its long history.",
            "Database Insights 고급 모드에는 긴 보관 기간이 필요합니다.",
        ));
    }
    let reference = db.reference(ResourceKind::DbInstance);
    let unpriced = unknown(
        "price-missing",
        "Long retention has no list price here, and the bill does not charge it to this DB instance.",
        "장기 보관의 정가가 없고, 청구서에도 이 DB 인스턴스의 보관 비용이 없습니다.",
        &["billing"],
    );
    let savings = deletion(facts, &reference, &names::of_instance(db), RETENTION, Err(unpriced))?;
    Ok(Proposal {
        action: Action::Configure {
            from: Configuration::DbInsightsRetention(days),
            to: Configuration::DbInsightsRetention(FREE_DAYS),
        },
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::PaidRetention],
        reason: Reason::new(
            "paid-retention",
            format!("It keeps {days} days of Performance Insights, of which {FREE_DAYS} are free."),
            format!("Performance Insights를 {days}일 보관하며, 무료로 보관되는 기간은 {FREE_DAYS}일입니다."),
        ),
        savings,
        performance_risk: PerformanceRisk::VERY_LOW,
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            format!("The retention can be raised again; what was older than {FREE_DAYS} days is lost."),
            format!("보관 기간은 다시 늘릴 수 있지만 {FREE_DAYS}일이 지난 기록은 사라집니다."),
        )),
        evidence: Evidence {
            figures: vec![
                Figure::number("retention_days", "Retention", "보관 기간", f64::from(days), "days")
                    .against(max_days),
            ],
            signals_not_seen: vec![UnseenSignal {
                name: "history_use".to_owned(),
                text: Text::new(
                    "Whether anybody looks at load that is older than a week.",
                    "일주일이 지난 부하 기록을 실제로 살펴보는 사람이 있는지 알 수 없습니다.",
                ),
            }],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, scene};

    fn kept(days: u32) -> Scene {
        scene()
            .db_instance(|db| {
                db.kind.performance_insights_enabled = Some(true);
                db.kind.performance_insights_retention_days = Some(days);
            })
            .bill("db", "USE1-PI_LTR:Provisioned", "2", "3.00")
            .bill("db", "USE1-InstanceUsage:db.m5.large", "720", "123.12")
    }

    #[test]
    fn a_long_retention_on_the_bill_fires() {
        // 3.00 USD in 30 days; the hours stay.
        check(&CHECK, kept(731), "recommend 3.04 / 3.04 / 3.04");
    }

    #[test]
    fn a_database_without_insights_passes() {
        check(&CHECK, scene().db_instance(|_| ()), "pass insights-off");
    }

    #[test]
    fn just_under_the_free_days_passes() {
        check(&CHECK, kept(7), "pass kept-for-free");
        check(&CHECK, kept(31), "recommend 3.04 / 3.04 / 3.04");
    }

    #[test]
    fn without_a_bill_it_is_unknown() {
        let mut scene = kept(31);
        scene.charges = Default::default();
        check(&CHECK, scene, "unknown price-missing");
        let unsaid = scene_without_retention();
        check(&CHECK, unsaid, "unknown retention-unknown");
    }

    fn scene_without_retention() -> Scene {
        scene().db_instance(|db| db.kind.performance_insights_enabled = Some(true))
    }

    #[test]
    fn the_advanced_mode_is_left_alone() {
        let mut scene = kept(465);
        scene.snapshot.db_instances[0].kind.database_insights_mode = Some("advanced".into());
        check(&CHECK, scene, "exempt advanced-mode");
    }
}
