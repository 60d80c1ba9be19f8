//! Finds Savings Plans and reservations that ended in the last 30 days, and says what their end costs since.
//!
//! **Why it costs.** A commitment is not renewed by itself. From the hour of its end on, what it covered is charged at
//! on-demand rates, and the next invoice is the first to say so.
//!
//! **What we do.** Compare what the commitment cost a month, its unused part included, with what the bill charges since
//! then for such use without a commitment, at most for as much as it covered in the last billing month that the bill covers
//! whole. The difference is an increase that is paid already. It is no saving, and no sum of savings holds it. Where the use
//! is gone, or another commitment covers it, nothing is reported.
//!
//! **What could go wrong.** Use of the same kind that was there before without a commitment cannot be told from what the
//! end left: the increase is an upper bound. A renewal of the same size keeps paying for waste that is still to be removed:
//! remove it first, then buy for what remains. Plans for SageMaker and databases cannot be judged by usage types.
//!
//! **Where others err.** They list what has expired, also what nobody used any more.
//!
//! # 한국어
//!
//! 최근 30일 안에 끝난 Savings Plan과 예약을 찾아, 그 뒤 얼마를 더 내고 있는지 알려 줍니다.
//!
//! **비용이 드는 이유.** 약정은 저절로 갱신되지 않습니다. 끝나는 시각부터 약정이 덮던 사용량이 온디맨드 요금으로 청구되고, 다음
//! 청구서가 나와야 알게 됩니다.
//!
//! **제안하는 조치.** 쓰이지 않은 몫까지 포함한 한 달 약정 비용과, 종료 후 청구서에 약정 없이 나온 같은 종류의 사용량 비용을
//! 비교합니다. 뒤의 값은 온전히 담긴 마지막 달에 약정이 덮었던 만큼까지만 셉니다. 그 차이가 이미 늘어난 비용입니다. 절감액이
//! 아니므로 절감액 합계에 넣지 않습니다. 사용량이 없어졌거나 다른 약정이 덮고 있으면 알리지 않습니다.
//!
//! **주의할 점.** 전부터 약정 없이 쓰던 같은 종류의 사용량은 종료로 생긴 것과 구분할 수 없으므로, 증가액은 상한입니다. 같은 규모로
//! 갱신하면 아직 걷어 내지 않은 낭비까지 계속 사게 됩니다. 낭비를 먼저 없애고 남은 만큼만 구매하세요. SageMaker와 데이터베이스용
//! 플랜은 사용 유형으로 판단할 수 없습니다.
//!
//! **다른 도구와 다른 점.** 만료된 것을 모두 나열해, 더는 아무도 쓰지 않던 약정까지 알리는 도구가 있습니다.

use trimtab_model::recommendation::ActionType;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::StaticText;

use crate::check::{Check, Facts, Judgement, Need};
use crate::commitment::{Commitment, ENDED_DAYS, MIN_DAYS_SINCE, judge_ended};
use crate::verdict::judge_each;

/// The check.
pub static CHECK: Check = Check {
    id: "commitment-ended",
    title: StaticText {
        en: "Savings Plan or reservation that ended lately",
        ko: "최근에 끝난 Savings Plan 또는 예약",
    },
    kind: ResourceKind::SavingsPlan,
    action_type: ActionType::Reconfigure,
    needs: &[
        Need::Kind(ResourceKind::SavingsPlan),
        Need::Kind(ResourceKind::ReservedInstances),
        Need::Kind(ResourceKind::ReservedDbInstance),
        Need::Kind(ResourceKind::ReservedCacheNode),
        Need::Kind(ResourceKind::ReservedRedshiftNode),
        Need::Kind(ResourceKind::ReservedSearchInstance),
        Need::Kind(ResourceKind::ReservedMemoryDbNode),
        Need::Billing,
    ],
    thresholds: &[ENDED_DAYS, MIN_DAYS_SINCE],
    judge: |check, facts| {
        let snapshot = facts.snapshot;
        [
            each(check, facts, &snapshot.savings_plans),
            each(check, facts, &snapshot.reserved_instances),
            each(check, facts, &snapshot.reserved_db_instances),
            each(check, facts, &snapshot.reserved_cache_nodes),
            each(check, facts, &snapshot.reserved_redshift_nodes),
            each(check, facts, &snapshot.reserved_search_instances),
            each(check, facts, &snapshot.reserved_memory_db_nodes),
        ]
        .concat()
    },
};

fn each<K: Commitment>(check: &Check, facts: &Facts<'_>, all: &[Resource<K>]) -> Vec<Judgement> {
    judge_each(check, facts, K::KIND, all, judge_ended)
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use trimtab_model::focus::CommitmentDiscountStatus;
    use trimtab_model::recommendation::Onset;

    use super::CHECK;
    use crate::scene::{Scene, check, in_days, scene, september};

    const PLAN: &str = "arn:aws:savingsplans::111122223333:savingsplan/sp-1";

    /// A plan that cost 432 dollars in 720 hours for use of 720 dollars, and ended so many days
    /// ago.
    fn ended(days: i64) -> Scene {
        scene()
            .savings_plan(|plan| {
                plan.kind.end = Some(in_days(-days));
                plan.kind.state = Some("retired".into());
            })
            .commitment(september(PLAN, "360", "720", "72"))
    }

    /// The same, with so much charged without a commitment in the 30 days of the bill.
    fn used(days: i64, usd: &str) -> Scene {
        ended(days).meter("BoxUsage:m5.large", "7500", Some(usd))
    }

    #[test]
    fn fires_with_what_the_use_costs_more_since() {
        check(&CHECK, used(15, "360"), "increase 292.00 from 2026-10-16");
        // Use that was there before is not taken for that of the plan.
        check(&CHECK, used(15, "5000"), "increase 292.00 from 2026-10-16");
    }

    #[test]
    fn passes_what_runs_and_what_was_given_back() {
        check(&CHECK, scene().savings_plan(|_| {}), "pass not-ended");
        let returned = scene().savings_plan(|plan| {
            plan.kind.state = Some("returned".into());
            plan.kind.end = Some(in_days(-3));
        });
        check(&CHECK, returned, "pass not-ended");
    }

    #[test]
    fn passes_where_the_use_is_gone_or_covered_otherwise() {
        check(&CHECK, used(15, "200"), "pass costs-no-more");
        let mut covered = used(15, "360");
        covered.charges.meters[0].commitment_discount_status = Some(CommitmentDiscountStatus::Used);
        check(&CHECK, covered, "pass costs-no-more");
    }

    #[test]
    fn just_under_the_threshold_of_days_it_is_told() {
        check(&CHECK, used(30, "720"), "pass ended-long-ago");
        check(&CHECK, used(29, "720"), "increase 292.00 from 2026-10-02");
    }

    #[test]
    fn unknown_without_a_bill_after_the_end_or_usage_types() {
        check(&CHECK, used(1, "360"), "unknown bill-ends-before");
        check(&CHECK, ended(15), "unknown use-since-unknown");
        let plan = scene().savings_plan(|plan| plan.kind.end = Some(in_days(-15)));
        check(&CHECK, plan, "unknown bill-missing");
        let mut database = used(15, "360");
        database.snapshot.savings_plans[0].kind.savings_plan_type = Some("Database".into());
        check(&CHECK, database, "unknown use-since-unknown");
    }

    #[test]
    fn a_reservation_is_judged_by_the_use_of_its_family() {
        let arn = "arn:aws:rds:us-east-1:111122223333:ri:ri-db";
        let ended = |usage_type: &str| {
            scene()
                .reserved_db_instance(|bought| {
                    bought.kind.start_time = Some(in_days(-365 - 15));
                    bought.kind.state = Some("retired".into());
                })
                .commitment(september(arn, "360", "720", "72"))
                .meter(usage_type, "7500", Some("360"))
        };
        let fires = "increase 292.00 from 2026-10-16";
        check(&CHECK, ended("InstanceUsage:db.m5.xlarge"), fires);
        check(&CHECK, ended("InstanceUsage:db.r5.large"), "pass costs-no-more");
    }

    #[test]
    fn it_is_past_and_in_no_total() {
        let scene = used(15, "360");
        let analysis = crate::analyze_with(&[&CHECK], &scene.facts());
        assert_eq!(analysis.increases[0].increase.onset, Onset::Past);
        let savings = analysis.totals.values().map(|total| total.high.amount).sum::<Decimal>();
        assert_eq!(savings, Decimal::ZERO);
    }
}
