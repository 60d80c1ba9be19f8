//! Finds reserved nodes of MemoryDB that are paid for in hours in which nothing matches them.
//!
//! **Why it costs.** A reservation is charged for every hour of its term, whether something matches it or not.
//!
//! **What we do.** The unused part comes from the bill: the effective cost that covered nothing in the last billing
//! month that the bill covers whole. From 5 % of the cost on, move usage under it: nodes of the reserved type in its
//! region.
//!
//! **What it saves.** Nothing until usage moves, since the commitment is paid either way: the unused cost of the month
//! is the upper bound, and counts as nothing in the sums.
//!
//! **What could go wrong.** This reservation cannot be cancelled or sold: a change of the running resources is the only
//! way, and it must be worth its own work and risk. A reservation that waits for a resource of the coming months is not
//! wasted.
//!
//! # 한국어
//!
//! MemoryDB 예약 노드 가운데 해당하는 사용량이 없어 비용만 나가는 예약을 찾습니다.
//!
//! **비용이 드는 이유.** 예약은 해당하는 자원이 있든 없든 기간 내내 시간마다 비용이 나갑니다.
//!
//! **제안하는 조치.** 쓰이지 않은 비용은 청구서에서 가져옵니다. 청구서에 온전히 담긴 마지막 달에서 아무 사용량도 덮지
//! 못한 실효 비용입니다. 그 비율이 5% 이상이면 예약에 맞는 사용량을 옮겨 옵니다. 리전과 노드 유형이 예약과 같은 노드가
//! 대상입니다.
//!
//! **절감액.** 약정 비용은 어차피 나가므로 사용량을 옮기기 전에는 절감액이 없습니다. 그달에 쓰이지 않은 비용이 절감액의
//! 상한이며, 합계에는 0으로 넣습니다.
//!
//! **주의할 점.** 이 예약은 취소하거나 팔 수 없습니다. 실행 중인 자원을 바꾸는 방법뿐이며, 그만한 수고와 위험을 감수할
//! 가치가 있어야 합니다. 앞으로 몇 달 안에 쓸 자원을 위한 예약은 낭비가 아닙니다.

use trimtab_model::recommendation::{ActionType, Unknown, Verdict};
use trimtab_model::resource::reserved_memory_db_node::ReservedMemoryDbNode;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::commitment::{MIN_RUN_DAYS, MIN_UNUSED_PERCENT, Outlet, judge_unused};
use crate::verdict::judge_each;

/// The check.
pub static CHECK: Check = Check {
    id: "memorydb-reservation-unused",
    title: StaticText {
        en: "Reserved MemoryDB nodes that are paid for in hours that nothing uses",
        ko: "쓰이지 않는 시간에도 비용이 나가는 예약 MemoryDB 노드",
    },
    kind: ResourceKind::ReservedMemoryDbNode,
    action_type: ActionType::Reconfigure,
    needs: &[Need::Kind(ResourceKind::ReservedMemoryDbNode), Need::Billing],
    thresholds: &[MIN_UNUSED_PERCENT, MIN_RUN_DAYS],
    judge: |check, facts| {
        let bought = &facts.snapshot.reserved_memory_db_nodes;
        judge_each(check, facts, ResourceKind::ReservedMemoryDbNode, bought, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    bought: &Resource<ReservedMemoryDbNode>,
) -> Result<Verdict, Unknown> {
    judge_unused(check, facts, bought, |seen| {
        Outlet::moved_usage(
            seen.unused,
            Text::new(
                "A reservation covers what has its type, engine and region, in every account that shares discounts with its buyer.",
                "예약은 유형, 엔진, 리전이 같은 사용량을 덮으며, 구매한 계정과 할인을 공유하는 모든 계정에 적용됩니다.",
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
        scene().reserved_memory_db_node(|_| {}).commitment(september(BILL_ID, used, "900", unused))
    }

    const BILL_ID: &str = "arn:aws:memorydb:us-east-1:111122223333:reservednode/ri-memorydb";

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
        check(&CHECK, scene().reserved_memory_db_node(|_| {}), "unknown bill-missing");
        let mut scene = bought("360", "72");
        scene.charges.commitments[0].unused = None;
        check(&CHECK, scene, "unknown unused-not-on-bill");
    }
}
