//! The traffic of a resource goes away with the resource: it is not saved a second time.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use trimtab_model::charge::{Charges, ResourceCharge};
use trimtab_model::focus::ChargeCategory;
use trimtab_model::id::ResourceId;
use trimtab_model::money::exact_sum;
use trimtab_model::recommendation::Recommendation;
use trimtab_model::resource::ResourceKind;
use trimtab_model::text::Text;

use super::cap::Names;
use super::overlap::{members, removes};
use crate::pricing::usage_name;

/// Takes out of every finding about data transfer what a removal that stands saves of it.
pub(super) fn leave_to_removals(
    items: &mut [Recommendation],
    names: &Names,
    charges: &Charges,
    factor: Decimal,
) {
    let less: Vec<Decimal> =
        items.iter().map(|item| removed_with(item, items, names, charges, factor)).collect();
    for (item, less) in items.iter_mut().zip(less) {
        if less <= Decimal::ZERO {
            continue;
        }
        let estimate = &mut item.estimated_monthly_savings;
        let high = estimate.high.amount.saturating_sub(less).max(Decimal::ZERO);
        estimate.high.amount = high;
        estimate.likely.amount = estimate.likely.amount.min(high);
        estimate.low.amount = estimate.low.amount.min(high);
        item.evidence.notes.push(Text::new(
            "What goes away with the resources that other recommendations remove is not counted.",
            "다른 추천으로 없어지는 자원의 전송 비용은 절감액에서 뺐습니다.",
        ));
    }
}

/// Returns what a month of the finding's usage type costs for the resources that others remove.
fn removed_with(
    item: &Recommendation,
    items: &[Recommendation],
    names: &Names,
    charges: &Charges,
    factor: Decimal,
) -> Decimal {
    let place = &item.resource;
    if place.kind != ResourceKind::DataTransfer {
        return Decimal::ZERO;
    }
    let gone: BTreeSet<ResourceId> = items
        .iter()
        .filter(|other| {
            removes(&other.action)
                && other.resource.account == place.account
                && other.resource.region == place.region
        })
        .flat_map(|other| {
            let taken = members(&other.action).into_iter().flat_map(|(_, members)| members);
            names.all(&other.resource).into_iter().chain(taken)
        })
        .collect();
    let currency = item.estimated_monthly_savings.currency();
    let counts = |charge: &&ResourceCharge| {
        charge.charge_category == ChargeCategory::Usage
            && charge.cost.effective.currency == currency
            && charge.account.as_ref().is_none_or(|account| *account == place.account)
            && charge.region.as_ref().is_none_or(|region| *region == place.region)
            && charge.usage_type.as_deref().map(usage_name) == Some(place.id.as_str())
    };
    gone.iter()
        .flat_map(|id| charges.of_resource(id))
        .filter(counts)
        .try_fold(Decimal::ZERO, |sum, charge| exact_sum(sum, charge.cost.effective.amount))
        .and_then(|sum| sum.checked_mul(factor))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use crate::scene::{Scene, scene};

    const USAGE: &str = "DataTransfer-Regional-Bytes";

    /// What the finding about traffic saves at most, beside an address that is released.
    fn high(scene: &Scene) -> Decimal {
        let analysis = crate::analyze(&scene.facts());
        let items = &analysis.items;
        let item = items.iter().find(|item| item.check.as_str() == "data-transfer-inter-az");
        item.expect("found").estimated_monthly_savings.high.rounded().amount
    }

    #[test]
    fn the_traffic_of_a_removed_resource_is_not_saved_twice() {
        let crossing = || {
            scene().account_cost("1000").meter(USAGE, "30000", Some("300")).bill(
                "eipalloc-1",
                USAGE,
                "1000",
                "100",
            )
        };
        assert_eq!(high(&crossing()), Decimal::new(30_417, 2));
        let removed = crossing().address(|_| {});
        assert_eq!(high(&removed), Decimal::new(20_278, 2));
    }
}
