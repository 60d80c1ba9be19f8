//! Finds Reserved Instances of EC2 that are paid for in hours in which no instance matches them.
//!
//! **Why it costs.** A reservation is charged for every hour of its term, whether an instance matches it or not.
//!
//! **What we do.** The unused part comes from the bill: the effective cost that covered nothing in the last billing
//! month that the bill covers whole. From 5 % of the cost on, we propose the way that the purchase allows. A reservation
//! of one zone is widened to its region, where it covers every zone and, for Linux on shared hardware, other sizes of
//! its family. A convertible one is exchanged for types that run uncovered, of equal or higher value and in the same
//! region. For any other, usage is moved under it.
//!
//! **What it saves.** What runs at on-demand rates in the region, according to the bill, is what a change can cover: of
//! the same family for a wider scope, of any for an exchange. The likely saving is the smaller one of that and the
//! unused cost. Where nothing is sure to find cover, the unused cost is the upper bound and counts as nothing in the
//! sums.
//!
//! **What could go wrong.** A reservation of a region reserves no capacity: one that is kept for a failover or a launch
//! stays in its zone. An exchange cannot be taken back, and may ask for a payment. Standard reservations can be sold on
//! AWS's Marketplace, once they are 30 days old and while a month of them is left; a seller needs a bank account in the
//! United States.
//!
//! # 한국어
//!
//! EC2 예약 인스턴스 가운데 해당하는 인스턴스가 없어 비용만 나가는 예약을 찾습니다.
//!
//! **비용이 드는 이유.** 예약은 해당하는 인스턴스가 있든 없든 기간 내내 시간마다 비용이 나갑니다.
//!
//! **제안하는 조치.** 쓰이지 않은 비용은 청구서에서 가져옵니다. 청구서에 온전히 담긴 마지막 달에서 아무 사용량도 덮지
//! 못한 실효 비용입니다. 그 비율이 5% 이상이면 예약 종류에 맞는 방법을 제안합니다. 가용 영역 범위의 예약은 리전 범위로
//! 넓힙니다. 그러면 모든 가용 영역에 적용되고, 공유 테넌시의 Linux라면 같은 패밀리의 다른 크기에도 적용됩니다. 컨버터블
//! 예약은 같은 리전에서 예약 없이 실행 중인 유형으로, 가치가 같거나 더 큰 예약으로 교환합니다. 그 밖의 예약에는 사용량을
//! 옮겨 옵니다.
//!
//! **절감액.** 변경으로 덮을 수 있는 양은 청구서에서 그 리전의 온디맨드 요금으로 실행된 사용량입니다. 범위를 넓힐 때는
//! 같은 패밀리, 교환할 때는 모든 유형이 대상입니다. 이 금액과 쓰이지 않은 비용 중 작은 쪽이 예상 절감액입니다. 덮을
//! 사용량이 확실하지 않으면 쓰이지 않은 비용을 상한으로만 표시하고, 합계에는 0으로 넣습니다.
//!
//! **주의할 점.** 리전 범위의 예약은 용량을 확보해 주지 않으므로, 장애 대비나 출시용으로 둔 예약은 가용 영역 범위로 남겨
//! 두세요. 교환은 되돌릴 수 없고 추가 결제가 필요할 수 있습니다. 표준 예약은 구매 후 30일이 지나고 기간이 한 달 이상
//! 남았을 때 AWS Marketplace에서 팔 수 있지만, 판매자에게 미국 은행 계좌가 있어야 합니다.

use rust_decimal::Decimal;

use trimtab_model::action::CommitmentUse;
use trimtab_model::charge::ResourceCharge;
use trimtab_model::focus::{ChargeCategory, PricingCategory};
use trimtab_model::money::{Money, exact_sum};
use trimtab_model::recommendation::{ActionType, ImplementationEffort, Undo, Unknown, Verdict};
use trimtab_model::resource::reserved_instances::ReservedInstances;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::commitment::{MIN_RUN_DAYS, MIN_UNUSED_PERCENT, Outlet, Utilization, judge_unused};
use crate::saving::AMOUNT_DECIMALS;
use crate::verdict::judge_each;

/// The check.
pub static CHECK: Check = Check {
    id: "ec2-reservation-unused",
    title: StaticText {
        en: "Reserved Instances that are paid for in hours that nothing uses",
        ko: "쓰이지 않는 시간에도 비용이 나가는 예약 인스턴스",
    },
    kind: ResourceKind::ReservedInstances,
    action_type: ActionType::Reconfigure,
    needs: &[Need::Kind(ResourceKind::ReservedInstances), Need::Billing],
    thresholds: &[MIN_UNUSED_PERCENT, MIN_RUN_DAYS],
    judge: |check, facts| {
        let bought = &facts.snapshot.reserved_instances;
        judge_each(check, facts, ResourceKind::ReservedInstances, bought, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    bought: &Resource<ReservedInstances>,
) -> Result<Verdict, Unknown> {
    judge_unused(check, facts, bought, |seen| outlet(facts, bought, seen))
}

fn outlet(facts: &Facts<'_>, bought: &Resource<ReservedInstances>, seen: &Utilization) -> Outlet {
    let kind = &bought.kind;
    let is_zonal = kind.scope.as_deref() == Some("Availability Zone");
    if is_zonal {
        let family = family(kind.instance_type.as_str());
        return Outlet {
            by: CommitmentUse::RegionalScope {
                instance_count: kind.instance_count,
                availability_zone: kind.availability_zone.clone(),
            },
            likely: uncovered(facts, bought, seen, |instance_type| {
                self::family(instance_type) == family
            }),
            effort: ImplementationEffort::VeryLow,
            undo: Undo::Exact,
            note: Text::new(
                "It belongs to one zone, whose capacity it reserves; with a regional scope it covers every zone of the region and reserves none.",
                "한 가용 영역의 용량을 확보하는 예약입니다. 리전 범위로 바꾸면 리전의 모든 가용 영역에 적용되지만 용량은 확보하지 않습니다.",
            ),
        };
    }
    if kind.offering_class.as_deref() == Some("convertible") {
        return Outlet {
            by: CommitmentUse::Exchange,
            likely: uncovered(facts, bought, seen, |_| true),
            effort: ImplementationEffort::Medium,
            undo: Undo::Impossible(Text::new(
                "an exchange is final, though what it gives can be exchanged again",
                "교환은 취소할 수 없지만, 교환으로 받은 예약은 다시 교환할 수 있습니다",
            )),
            note: Text::new(
                "It is convertible: AWS exchanges it for another one of equal or higher value in the same region. Fetch the quote before accepting it.",
                "컨버터블 예약이므로 같은 리전에서 가치가 같거나 더 큰 예약으로 교환할 수 있습니다. 수락하기 전에 견적을 확인하세요.",
            ),
        };
    }
    Outlet::moved_usage(
        seen.unused,
        Text::new(
            "It is a standard reservation of a region: it cannot be exchanged. Its size can be changed within the family for Linux, and AWS's Marketplace may find a buyer.",
            "리전 범위의 표준 예약이라 교환할 수 없습니다. Linux라면 같은 패밀리 안에서 크기를 바꿀 수 있고, AWS Marketplace에서 살 사람을 찾을 수도 있습니다.",
        ),
    )
}

/// Returns what the instances of the region that `counts` picks cost a month at on-demand
/// rates, in the currency of the commitment; nothing where the bill does not tell.
fn uncovered(
    facts: &Facts<'_>,
    bought: &Resource<ReservedInstances>,
    seen: &Utilization,
    counts: impl Fn(&str) -> bool,
) -> Money {
    let currency = seen.unused.currency;
    let is_counted = |charge: &&ResourceCharge| {
        charge.charge_category == ChargeCategory::Usage
            && charge.cost.effective.currency == currency
            && charge.commitment_discount_status.is_none()
            && charge.pricing_category.is_none_or(|category| category == PricingCategory::Standard)
            && charge.region.as_ref() == Some(&bought.region)
            && charge.usage_type.as_deref().and_then(on_demand_type).is_some_and(&counts)
    };
    let sum = facts
        .charges
        .resources
        .iter()
        .filter(is_counted)
        .try_fold(Decimal::ZERO, |sum, charge| exact_sum(sum, charge.cost.effective.amount));
    sum.zip(facts.charges.monthly_factor())
        .and_then(|(sum, factor)| Money::new(sum, currency).times(factor).ok())
        .map_or(Money::zero(currency), |amount| amount.cut(AMOUNT_DECIMALS))
}

/// Returns the instance type of `APN2-BoxUsage:m5.large`; nothing for other usage.
fn on_demand_type(usage_type: &str) -> Option<&str> {
    let (usage, instance_type) = usage_type.split_once(':')?;
    usage.ends_with("BoxUsage").then_some(instance_type)
}

fn family(instance_type: &str) -> &str {
    instance_type.split('.').next().unwrap_or(instance_type)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, recommended, scene, september};

    const BILL_ID: &str = "arn:aws:ec2:us-east-1:111122223333:reserved-instances/ri-1";

    /// A purchase on a bill that uses so much of it and leaves so much, in dollars a month of 720 hours.
    fn bought(used: &str, unused: &str) -> Scene {
        scene().reserved_instances(|_| {}).commitment(september(BILL_ID, used, "900", unused))
    }

    fn zonal(used: &str, unused: &str) -> Scene {
        let mut scene = bought(used, unused);
        let kind = &mut scene.snapshot.reserved_instances[0].kind;
        kind.scope = Some("Availability Zone".into());
        kind.availability_zone = Some("us-east-1a".into());
        scene
    }

    fn convertible() -> Scene {
        let mut scene = bought("360", "72");
        scene.snapshot.reserved_instances[0].kind.offering_class = Some("convertible".into());
        scene
    }

    #[test]
    fn fires_on_what_the_bill_charges_for_nothing() {
        check(&CHECK, bought("360", "72"), "recommend 0.00 / 0.00 / 73.00");
    }

    #[test]
    fn a_wider_scope_covers_what_runs_of_the_family() {
        let scene = zonal("360", "72").bill("i-1", "BoxUsage:m5.xlarge", "720", "36");
        check(&CHECK, scene, "recommend 0.00 / 36.50 / 73.00");
        let scene = zonal("360", "72").bill("i-1", "BoxUsage:c5.xlarge", "720", "36");
        check(&CHECK, scene, "recommend 0.00 / 0.00 / 73.00");
    }

    #[test]
    fn a_wider_scope_and_its_inverse_are_commands() {
        let scene = zonal("360", "72");
        let recommendation = recommended(&CHECK, &scene);
        let commands = recommendation.action.commands(&recommendation.resource);
        let expected = "aws ec2 modify-reserved-instances --reserved-instances-ids ri-1 --target-configurations Scope=Region,InstanceCount=4 --region us-east-1";
        assert_eq!(commands.apply, [expected]);
        assert!(commands.undo[0].contains("AvailabilityZone=us-east-1a,InstanceCount=4"));
    }

    #[test]
    fn an_exchange_covers_what_runs_and_never_more_than_is_unused() {
        let scene = convertible().bill("i-1", "BoxUsage:c5.xlarge", "720", "36");
        check(&CHECK, scene, "recommend 0.00 / 36.50 / 73.00");
        let scene = convertible().bill("i-1", "BoxUsage:c5.xlarge", "720", "360");
        check(&CHECK, scene, "recommend 0.00 / 73.00 / 73.00");
        let scene = convertible().committed("i-1", "BoxUsage:c5.xlarge", "720", "360");
        check(&CHECK, scene, "recommend 0.00 / 0.00 / 73.00");
        let scene = convertible().bill("i-1", "SpotUsage:c5.xlarge", "720", "360");
        check(&CHECK, scene, "recommend 0.00 / 0.00 / 73.00");
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
        check(&CHECK, scene().reserved_instances(|_| {}), "unknown bill-missing");
        let mut scene = bought("360", "72");
        scene.charges.commitments.clear();
        check(&CHECK, scene, "unknown bill-without-commitments");
    }

    #[test]
    fn one_that_was_modified_away_passes() {
        let mut scene = bought("360", "72");
        scene.snapshot.reserved_instances[0].kind.state = Some("retired".into());
        check(&CHECK, scene, "pass not-active");
    }
}
