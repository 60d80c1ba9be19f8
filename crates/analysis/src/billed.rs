//! What the bill proves about the use of a resource.
//!
//! Several services write no metric while nothing happens, so an absent series proves
//! nothing. A bill does: where it charges the hours of a resource and not one unit of what
//! passes through it, nothing passed in those days.

use rust_decimal::Decimal;

use trimtab_model::charge::ResourceCharge;
use trimtab_model::focus::ChargeCategory;
use trimtab_model::id::ResourceId;
use trimtab_model::money::Currency;
use trimtab_model::price::{Price, PriceBasis};
use trimtab_model::recommendation::{CostComponent, Unknown};
use trimtab_model::resource::ResourceRef;

use crate::check::Facts;
use crate::pricing::usage_name;
use crate::saving::{Commitment, Meter, charges_of};
use crate::verdict::unknown;

/// Picks every usage charge, covered or not.
const ALL: Meter = Meter { charges: |_| true, commitment: Commitment::Impossible };

/// The usage charges of one resource.
#[derive(Debug, Clone)]
pub struct Billed<'a> {
    charges: Vec<&'a ResourceCharge>,
    factor: Decimal,
    /// Days that the bill covers.
    pub days: Decimal,
}

impl<'a> Billed<'a> {
    /// Finds the charges of a resource under any of its names; absent where there is no bill,
    /// where it does not name the resource, or where it lacks the usage type of a charge.
    pub fn find(facts: &Facts<'a>, resource: &ResourceRef, names: &[ResourceId]) -> Option<Self> {
        let window = facts.charges.window?;
        let factor = facts.charges.monthly_factor()?;
        let charges = charges_of(facts, Some(resource), names, ALL);
        let told = !charges.is_empty() && charges.iter().all(|charge| charge.usage_type.is_some());
        told.then(|| Self { charges, factor, days: window.hours() / Decimal::from(24) })
    }

    /// Returns the quantity of a usage type a month, zero where the bill has none of it.
    ///
    /// Absent where a charge has no quantity.
    pub fn quantity(&self, usage_types: &[&str]) -> Option<Decimal> {
        self.charges
            .iter()
            .filter(|charge| is_usage(charge, usage_types))
            .try_fold(Decimal::ZERO, |sum, charge| sum.checked_add(charge.pricing_quantity?))?
            .checked_mul(self.factor)
    }

    /// Returns whether the bill has any of the usage types.
    pub fn has(&self, usage_types: &[&str]) -> bool {
        self.charges.iter().any(|charge| is_usage(charge, usage_types))
    }

    /// Returns a usage type as quantity times the bill's own rate; absent where the bill has
    /// none of it, or is not in dollars.
    pub fn rated(&self, usage_types: &[&str]) -> Option<CostComponent> {
        let name = usage_types.first()?;
        let quantity = self.quantity(usage_types).filter(|quantity| !quantity.is_zero())?;
        let charged = self
            .charges
            .iter()
            .filter(|charge| is_usage(charge, usage_types))
            .filter(|charge| charge.cost.effective.currency == Currency::USD)
            .try_fold(Decimal::ZERO, |sum, one| sum.checked_add(one.cost.effective.amount))?;
        let price = rate(charged.checked_mul(self.factor)?.checked_div(quantity)?);
        let is_charged = price.usd > Decimal::ZERO;
        is_charged.then(|| CostComponent { name: (*name).to_owned(), quantity, price })
    }

    /// Returns the quantity of `moved` a month, if the bill charges `held` and so covers the
    /// resource for at least `min_days`.
    pub fn moved(&self, held: &[&str], moved: &[&str], min_days: f64) -> Option<Decimal> {
        use rust_decimal::prelude::FromPrimitive;
        let enough = Decimal::from_f64(min_days).is_some_and(|min| self.days >= min);
        if enough && self.has(held) { self.quantity(moved) } else { None }
    }
}

/// Returns whether the charge's usage type is one of these, whatever region stands before it.
pub fn is_usage(charge: &ResourceCharge, usage_types: &[&str]) -> bool {
    let usage_type = charge.usage_type.as_deref().map(usage_name);
    usage_type.is_some_and(|usage_type| usage_types.contains(&usage_type))
}

/// Returns a month of the charges of a resource that `counts` picks, as one quantity times its
/// average rate. Absent where the bill has none, or none in dollars.
pub fn part(
    facts: &Facts<'_>,
    resource: &ResourceRef,
    names: &[ResourceId],
    label: &str,
    counts: impl Fn(&ResourceCharge) -> bool,
) -> Option<CostComponent> {
    let factor = facts.charges.monthly_factor()?;
    let mut names: Vec<&ResourceId> = names.iter().collect();
    names.sort();
    names.dedup();
    let (mut quantity, mut effective) = (Decimal::ZERO, Decimal::ZERO);
    for charge in names.into_iter().flat_map(|name| facts.charges.of_resource(name)) {
        let ours = charge.charge_category == ChargeCategory::Usage
            && charge.cost.effective.currency == Currency::USD
            && charge.account.as_ref().is_none_or(|account| *account == resource.account)
            && charge.region.as_ref().is_none_or(|region| *region == resource.region)
            && counts(charge);
        if ours {
            quantity = quantity.checked_add(charge.pricing_quantity?)?;
            effective = effective.checked_add(charge.cost.effective.amount)?;
        }
    }
    if quantity <= Decimal::ZERO || effective <= Decimal::ZERO {
        return None;
    }
    Some(CostComponent {
        name: label.to_owned(),
        quantity: quantity.checked_mul(factor)?.round_dp(6),
        price: rate(effective.checked_div(quantity)?),
    })
}

/// Makes sure that the bill covers so many days.
///
/// # Errors
/// Returns `Unknown` if there is no bill, or a shorter one.
pub fn require_days(facts: &Facts<'_>, min_days: Decimal) -> Result<(), Unknown> {
    let days = facts.charges.window.map_or(Decimal::ZERO, |window| {
        window.hours().checked_div(Decimal::from(24)).unwrap_or_default()
    });
    if days >= min_days {
        return Ok(());
    }
    let (days, min_days) = (days.round_dp(1).normalize(), min_days.normalize());
    Err(unknown(
        "bill-too-short",
        format!("The bill covers {days} days; {min_days} are needed to compare what is paid."),
        format!("청구서가 {days}일치뿐입니다. 비용을 비교하려면 {min_days}일치가 필요합니다."),
        &["billing"],
    ))
}

/// Returns a price of one unit that the bill tells.
fn rate(usd: Decimal) -> Price {
    Price {
        usd: usd.round_dp(12),
        unit: "unit".to_owned(),
        basis: PriceBasis::Bill,
        source: "bill".to_owned(),
        as_of: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::scene;

    #[test]
    fn a_usage_type_is_told_from_a_longer_one() {
        let scene = scene().bill("vpce-1", "APN2-VpcEndpoint-GWLBE-Bytes", "3", "0.01");
        let charge = &scene.charges.resources[0];
        assert!(is_usage(charge, &["VpcEndpoint-GWLBE-Bytes"]));
        assert!(!is_usage(charge, &["Bytes"]));
        let scene = scene.bill("b", "APN2-TimedStorage-ByteHrs", "3", "0.01");
        assert!(is_usage(&scene.charges.resources[0], &["TimedStorage-ByteHrs"]));
    }

    #[test]
    fn hours_without_bytes_prove_that_nothing_passed() {
        let scene = scene().bill("vpce-1", "VpcEndpoint-Hours", "720", "7.2");
        let billed = Billed::find(&scene.facts(), &scene.reference("vpce-1"), &["vpce-1".into()]);
        let moved = |min_days| {
            billed.as_ref().and_then(|billed| {
                billed.moved(&["VpcEndpoint-Hours"], &["VpcEndpoint-Bytes"], min_days)
            })
        };
        assert_eq!(moved(14.0), Some(Decimal::ZERO));
        assert_eq!(moved(31.0), None);
    }
}
