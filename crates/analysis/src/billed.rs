//! What the bill proves about the use of a resource.
//!
//! Several services write no metric while nothing happens, so an absent series proves
//! nothing. A bill does: where it charges the hours of a resource and not one unit of what
//! passes through it, nothing passed in those days.

use rust_decimal::Decimal;

use trimtab_model::charge::ResourceCharge;
use trimtab_model::id::ResourceId;
use trimtab_model::money::Currency;
use trimtab_model::price::{Price, PriceBasis};
use trimtab_model::recommendation::CostComponent;
use trimtab_model::resource::ResourceRef;

use crate::check::Facts;
use crate::saving::{Commitment, Meter, charges_of};

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
        let usd = charged.checked_mul(self.factor)?.checked_div(quantity)?.round_dp(12);
        let price = Price {
            usd,
            unit: "unit".to_owned(),
            basis: PriceBasis::Bill,
            source: "bill".to_owned(),
            as_of: None,
        };
        (usd > Decimal::ZERO).then(|| CostComponent { name: (*name).to_owned(), quantity, price })
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
    let Some(usage_type) = charge.usage_type.as_deref() else { return false };
    usage_types.iter().any(|name| {
        usage_type.strip_suffix(name).is_some_and(|region| region.is_empty() || is_region(region))
    })
}

/// Returns whether the text is a billing code of a region with its dash, such as `APN2-`.
fn is_region(text: &str) -> bool {
    text.strip_suffix('-').is_some_and(|code| {
        code.len() <= 8 && code.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
    })
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
