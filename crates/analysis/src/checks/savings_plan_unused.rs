//! Finds Savings Plans that are paid for in hours in which too little runs under them.
//!
//! **Why it costs.** A Savings Plan is a price for every hour of its term, used or not, and what one hour leaves cannot
//! be used in the next.
//!
//! **What we do.** The unused part comes from the bill: the effective cost that covered nothing in the last billing
//! month that the bill covers whole. From 5 % of the cost on, bring usage under it: of other accounts where discounts
//! are shared, of the services that a Compute plan covers, of the family and region that an EC2 Instance plan is bound
//! to.
//!
//! **What it saves.** Nothing until usage moves, since the commitment is paid either way: the unused cost of the month
//! is the upper bound, and counts as nothing in the sums.
//!
//! **What could go wrong.** AWS takes a plan back only within 7 days of its purchase, in the same calendar month, and if
//! it is of at most 100 USD per hour; later nobody does. Starting resources only to fill a plan costs more than it
//! saves. A plan that is idle at night may still pay by day: compare what it saves there before the next one is bought
//! smaller.
//!
//! # 한국어
//!
//! 덮을 사용량이 모자라 비용만 나가는 시간이 있는 Savings Plan을 찾습니다.
//!
//! **비용이 드는 이유.** Savings Plan은 사용 여부와 관계없이 기간 내내 시간마다 비용이 나가며, 한 시간에 남은 몫을 다음
//! 시간에 쓸 수 없습니다.
//!
//! **제안하는 조치.** 쓰이지 않은 비용은 청구서에서 가져옵니다. 청구서에 온전히 담긴 마지막 달에서 아무 사용량도 덮지
//! 못한 실효 비용입니다. 그 비율이 5% 이상이면 이 약정이 덮을 수 있는 사용량을 옮겨 옵니다. 할인을 공유하는 다른 계정,
//! Compute 플랜이 덮는 다른 서비스, EC2 Instance 플랜에 지정된 인스턴스 패밀리와 리전의 사용량이 대상입니다.
//!
//! **절감액.** 약정 비용은 어차피 나가므로 사용량을 옮기기 전에는 절감액이 없습니다. 그달에 쓰이지 않은 비용이 절감액의
//! 상한이며, 합계에는 0으로 넣습니다.
//!
//! **주의할 점.** AWS는 시간당 약정이 100 USD 이하인 플랜만, 구매 후 7일 이내이면서 같은 달일 때 반품을 받습니다. 그
//! 뒤에는 되돌릴 수 없습니다. 플랜을 채우려고 자원을 새로 켜면 오히려 비용이 늘어납니다. 밤에 남는 플랜도 낮에는 이득일
//! 수 있으니, 다음 약정을 줄이기 전에 낮의 절감액과 비교하세요.

use trimtab_model::recommendation::{ActionType, Unknown, Verdict};
use trimtab_model::resource::savings_plan::SavingsPlan;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::commitment::{MIN_RUN_DAYS, MIN_UNUSED_PERCENT, Outlet, judge_unused};
use crate::verdict::judge_each;

/// The check.
pub static CHECK: Check = Check {
    id: "savings-plan-unused",
    title: StaticText {
        en: "Savings Plan that is paid for in hours that nothing uses",
        ko: "쓰이지 않는 시간에도 비용이 나가는 Savings Plan",
    },
    kind: ResourceKind::SavingsPlan,
    action_type: ActionType::Reconfigure,
    needs: &[Need::Kind(ResourceKind::SavingsPlan), Need::Billing],
    thresholds: &[MIN_UNUSED_PERCENT, MIN_RUN_DAYS],
    judge: |check, facts| {
        let bought = &facts.snapshot.savings_plans;
        judge_each(check, facts, ResourceKind::SavingsPlan, bought, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    bought: &Resource<SavingsPlan>,
) -> Result<Verdict, Unknown> {
    judge_unused(check, facts, bought, |seen| {
        Outlet::moved_usage(
            seen.unused,
            Text::new(
                "The rates of the plan name all usage that it covers; discount sharing decides which accounts may use it.",
                "플랜의 요율 목록에서 덮을 수 있는 사용량을 모두 확인할 수 있습니다. 어느 계정이 쓸 수 있는지는 할인 공유 설정이 정합니다.",
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, scene, september};

    /// A purchase on a bill that uses so much of it and leaves so much, in dollars a month of 720 hours.
    fn bought(used: &str, unused: &str) -> Scene {
        scene().savings_plan(|_| {}).commitment(september(BILL_ID, used, "900", unused))
    }

    const BILL_ID: &str = "arn:aws:savingsplans::111122223333:savingsplan/sp-1";

    #[test]
    fn fires_on_what_the_bill_charges_for_nothing() {
        check(&CHECK, bought("360", "72"), "recommend 0.00 / 0.00 / 73.00");
    }

    #[test]
    fn passes_what_is_used() {
        check(&CHECK, bought("432", "0"), "pass used");
    }

    #[test]
    fn just_under_the_threshold_is_used() {
        check(&CHECK, bought("95.01", "4.99"), "pass used");
        check(&CHECK, bought("95", "5"), "recommend 0.00 / 0.00 / 5.07");
    }

    #[test]
    fn unknown_without_its_month_on_the_bill() {
        check(&CHECK, scene().savings_plan(|_| {}), "unknown bill-missing");
        let mut scene = bought("360", "72");
        scene.charges.commitments[0].unused = None;
        check(&CHECK, scene, "unknown unused-not-on-bill");
    }

    #[test]
    fn a_plan_that_ends_this_month_is_left_to_end() {
        let mut scene = bought("360", "72");
        scene.snapshot.savings_plans[0].kind.end = Some(crate::scene::in_days(29));
        check(&CHECK, scene, "pass ends-soon");
    }

    #[test]
    fn a_plan_of_the_month_s_last_days_is_too_young() {
        let mut scene = bought("100", "72");
        scene.snapshot.savings_plans[0].kind.start = Some(crate::scene::days_ago(43));
        check(&CHECK, scene, "pass too-young");
    }

    #[test]
    fn a_month_that_goes_on_is_not_enough() {
        let mut scene = bought("360", "72");
        scene.charges.commitments[0].state = trimtab_model::commitment::BillState::Part;
        check(&CHECK, scene, "unknown bill-month-not-whole");
    }

    #[test]
    fn a_plan_of_another_payer_is_unknown() {
        let mut scene = bought("360", "72");
        scene.charges.commitments[0].commitment_discount_id =
            "arn:aws:savingsplans::111122223333:savingsplan/sp-2".into();
        check(&CHECK, scene, "unknown commitment-not-on-bill");
    }
}
