//! Finds Savings Plans and reservations that end soon, and says what their end will cost.
//!
//! **Why it costs.** A commitment is not renewed by itself. From the hour of its end on, what it covered is charged at
//! on-demand rates, and nobody is asked.
//!
//! **What we do.** From 60 days before the end on, compare what the bill charges for the commitment, its unused part
//! included, with what the same usage costs at on-demand rates: both from the last billing month that the bill covers
//! whole. The difference is a coming increase. It is no saving, and no sum of savings holds it. A commitment whose
//! renewal is queued already, and one whose end costs nothing more, pass.
//!
//! **What could go wrong.** A renewal of the same size keeps paying for waste that is still to be removed: remove it
//! first, then buy for what remains. Usage that moves or shrinks until the end changes the figure, and another
//! commitment with room may take over a part. An on-demand cost without negotiated discounts is too high for those who
//! have them.
//!
//! **Where others err.** They warn by the date alone, also of commitments that nobody uses any more.
//!
//! # 한국어
//!
//! 곧 끝나는 Savings Plan과 예약을 찾아, 끝난 뒤 늘어날 비용을 알려 줍니다.
//!
//! **비용이 드는 이유.** 약정은 저절로 갱신되지 않습니다. 끝나는 시각부터 약정이 덮던 사용량이 아무 확인 없이 온디맨드
//! 요금으로 청구됩니다.
//!
//! **제안하는 조치.** 종료 60일 전부터, 쓰이지 않은 몫까지 포함한 약정 비용과 같은 사용량의 온디맨드 비용을 비교합니다.
//! 두 값 모두 청구서에 온전히 담긴 마지막 달의 것입니다. 그 차이가 앞으로 늘어날 비용입니다. 절감액이 아니므로 절감액
//! 합계에 넣지 않습니다. 갱신 구매가 이미 예약된 약정과, 끝나도 비용이 늘지 않는 약정은 통과합니다.
//!
//! **주의할 점.** 같은 규모로 갱신하면 아직 걷어 내지 않은 낭비까지 계속 사게 됩니다. 낭비를 먼저 없애고 남은 사용량에
//! 맞춰 구매하세요. 종료 전에 사용량이 옮겨지거나 줄면 금액이 달라지며, 여유가 있는 다른 약정이 일부를 덮을 수 있습니다.
//! 협상 할인이 빠진 온디맨드 비용은 그런 할인을 받는 고객에게는 실제보다 높습니다.
//!
//! **다른 도구와 다른 점.** 날짜만 보고 알리는 도구가 많아, 더는 아무도 쓰지 않는 약정까지 알림이 옵니다.

use trimtab_model::recommendation::ActionType;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::StaticText;

use crate::check::{Check, Facts, Judgement, Need};
use crate::commitment::{Commitment, EXPIRING_DAYS, judge_expiring};
use crate::verdict::judge_each;

/// The check.
pub static CHECK: Check = Check {
    id: "commitment-expiring",
    title: StaticText {
        en: "Savings Plan or reservation that ends soon",
        ko: "곧 끝나는 Savings Plan 또는 예약",
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
    thresholds: &[EXPIRING_DAYS],
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
    judge_each(check, facts, K::KIND, all, |check, facts, resource| {
        judge_expiring(check, facts, all, resource)
    })
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use trimtab_model::money::Money;

    use super::CHECK;
    use crate::scene::{Scene, check, in_days, scene, september};

    const PLAN: &str = "arn:aws:savingsplans::111122223333:savingsplan/sp-1";

    /// A plan that costs 432 dollars in 720 hours, 72 of them for nothing, and ends in so many days.
    fn ending(days: i64, on_demand: &str) -> Scene {
        scene()
            .savings_plan(|plan| plan.kind.end = Some(in_days(days)))
            .commitment(september(PLAN, "360", on_demand, "72"))
    }

    #[test]
    fn fires_with_what_the_usage_costs_more_at_on_demand_rates() {
        check(&CHECK, ending(45, "720"), "increase 292.00 from 2026-12-15");
    }

    #[test]
    fn passes_what_runs_for_long_and_what_has_ended() {
        check(&CHECK, ending(90, "720"), "pass runs-on");
        check(&CHECK, ending(-1, "720"), "pass ended");
    }

    #[test]
    fn just_under_the_threshold_of_days_it_is_told() {
        check(&CHECK, ending(60, "720"), "pass runs-on");
        check(&CHECK, ending(59, "720"), "increase 292.00 from 2026-12-29");
    }

    #[test]
    fn unknown_without_an_on_demand_cost_on_the_bill() {
        let mut scene = ending(45, "720");
        scene.charges.commitments[0].on_demand = None;
        check(&CHECK, scene, "unknown on-demand-cost-missing");
        let plan = scene_without_bill();
        check(&CHECK, plan, "unknown bill-missing");
    }

    fn scene_without_bill() -> Scene {
        scene().savings_plan(|plan| plan.kind.end = Some(in_days(45)))
    }

    #[test]
    fn covered_usage_that_seems_to_cost_nothing_tells_nothing() {
        let mut scene = ending(45, "720");
        scene.charges.commitments[0].used = Some(Money::usd(Decimal::ZERO));
        check(&CHECK, scene, "unknown effective-cost-zero");
    }

    #[test]
    fn a_plan_that_covers_too_little_may_end() {
        check(&CHECK, ending(45, "400"), "pass costs-no-more");
    }

    #[test]
    fn a_queued_renewal_settles_it() {
        let renewed = |commitment: &str, days: i64| {
            ending(45, "720").savings_plan(|plan| {
                plan.id = "sp-2".into();
                plan.kind.state = Some("queued".into());
                plan.kind.start = Some(in_days(days));
                plan.kind.hourly_commitment = commitment.parse().ok();
            })
        };
        check(&CHECK, renewed("1.00", 45), "pass renewal-queued");
        check(&CHECK, renewed("0.50", 45), "increase 292.00 from 2026-12-15");
        check(&CHECK, renewed("1.00", 50), "increase 292.00 from 2026-12-15");
    }

    #[test]
    fn every_kind_of_reservation_is_judged() {
        let scene = scene()
            .reserved_instances(|_| {})
            .reserved_db_instance(|_| {})
            .reserved_cache_node(|_| {})
            .reserved_redshift_node(|_| {})
            .reserved_search_instance(|_| {})
            .reserved_memory_db_node(|_| {});
        let judgements = (CHECK.judge)(&CHECK, &scene.facts());
        let ids: Vec<&str> = judgements.iter().map(|one| one.resource.id.as_str()).collect();
        let all = ["ri-1", "ri-db", "ri-cache", "ri-redshift", "ri-search", "ri-memorydb"];
        assert_eq!(ids, all);
    }

    #[test]
    fn an_increase_is_in_no_total() {
        let scene = ending(45, "720");
        let analysis = crate::analyze_with(&[&CHECK], &scene.facts());
        assert!(analysis.items.is_empty());
        assert_eq!(analysis.increases.len(), 1);
        let savings = analysis.totals.values().map(|total| total.high.amount).sum::<Decimal>();
        assert_eq!(savings, Decimal::ZERO);
    }
}
