//! The difference of a cost, taken apart into usage and price.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use trimtab_model::money::{Currency, Money};

/// What one usage type cost over some days, and how much of it was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageMeter {
    /// `ServiceName`, where the bill has it.
    pub service: Option<String>,
    /// `SubAccountId`, where the bill has it.
    pub account: Option<String>,
    /// AWS's usage type, where the bill has it.
    pub usage_type: Option<String>,
    /// What `quantity` counts, where the bill has it.
    pub unit: Option<String>,
    /// `PricingQuantity`; absent where a charge has none.
    pub quantity: Option<Decimal>,
    /// What it cost.
    pub cost: Money,
}

/// The meters of the days of a week that are compared, and of the same days a week earlier.
#[derive(Debug, Clone, Copy)]
pub struct WeekMeters<'a> {
    /// Those of the week before.
    pub before: &'a [UsageMeter],
    /// Those of the week.
    pub after: &'a [UsageMeter],
}

/// The difference of a cost, taken apart: together both are the difference, to the last digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Split {
    /// More or less of the same, at the price that it had; what is new and what is gone too.
    pub usage: Money,
    /// The same at another price for a unit.
    pub price: Money,
}

/// A meter: quantities of two units are never added.
type Key<'a> = (Option<&'a str>, Option<&'a str>, Option<&'a str>);

#[derive(Debug, Clone, Copy)]
struct Sum {
    quantity: Option<Decimal>,
    cost: Decimal,
}

/// Takes a change of cost apart by the meters of both times, as the bridge between two months does;
/// absent where a meter that both have has no quantity, or where they do not add up to the change.
pub fn split<'a>(
    before: impl Iterator<Item = &'a UsageMeter>,
    after: impl Iterator<Item = &'a UsageMeter>,
    change: Money,
) -> Option<Split> {
    let currency = change.currency;
    let (before, after) = (sums(before, currency)?, sums(after, currency)?);
    let keys: BTreeSet<&Key<'_>> = before.keys().chain(after.keys()).collect();
    let (mut usage, mut whole) = (Decimal::ZERO, Decimal::ZERO);
    for key in keys {
        let (old, new) = (before.get(key), after.get(key));
        let cost = |sum: Option<&Sum>| sum.map_or(Decimal::ZERO, |sum| sum.cost);
        let moved = cost(new).checked_sub(cost(old))?;
        let more = match (old, new) {
            (Some(old), Some(new)) if !moved.is_zero() => {
                let (was, is) = (old.quantity?, new.quantity?);
                // A price per unit of nothing is none.
                if was.is_zero() {
                    return None;
                }
                old.cost.checked_mul(is.checked_div(was)?.checked_sub(Decimal::ONE)?)?
            }
            _ => moved,
        };
        usage = usage.checked_add(more)?;
        whole = whole.checked_add(moved)?;
    }
    // Quotients are rounded, the sums of the bill are not: what is not usage is price, to the last digit.
    let price = change.amount.checked_sub(usage)?;
    (whole == change.amount)
        .then_some(Split { usage: Money::new(usage, currency), price: Money::new(price, currency) })
}

fn sums<'a>(
    meters: impl Iterator<Item = &'a UsageMeter>,
    currency: Currency,
) -> Option<BTreeMap<Key<'a>, Sum>> {
    let mut sums: BTreeMap<Key<'a>, Sum> = BTreeMap::new();
    for meter in meters.filter(|meter| meter.cost.currency == currency) {
        let key = (meter.account.as_deref(), meter.usage_type.as_deref(), meter.unit.as_deref());
        let nothing = Sum { quantity: Some(Decimal::ZERO), cost: Decimal::ZERO };
        let sum = sums.entry(key).or_insert(nothing);
        sum.cost = sum.cost.checked_add(meter.cost.amount)?;
        let both = sum.quantity.zip(meter.quantity);
        sum.quantity = both.and_then(|(left, right)| left.checked_add(right));
    }
    Some(sums)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meter(usage_type: &str, quantity: Option<i64>, cost: i64) -> UsageMeter {
        UsageMeter {
            service: Some("EC2".into()),
            account: Some("1".into()),
            usage_type: Some(usage_type.into()),
            unit: Some("Hrs".into()),
            quantity: quantity.map(Decimal::from),
            cost: Money::usd(cost.into()),
        }
    }

    fn check(before: &[UsageMeter], after: &[UsageMeter], expected: Option<(i64, i64)>) {
        let sum = |all: &[UsageMeter]| all.iter().map(|one| one.cost.amount).sum::<Decimal>();
        let change = Money::usd(sum(after) - sum(before));
        let found = split(before.iter(), after.iter(), change);
        let usd = |amount: i64| Money::usd(amount.into());
        let expected =
            expected.map(|(usage, price)| Split { usage: usd(usage), price: usd(price) });
        assert_eq!(found, expected);
    }

    #[test]
    fn more_of_the_same_is_usage_and_another_price_for_a_unit_is_price() {
        check(&[meter("a", Some(10), 100)], &[meter("a", Some(15), 150)], Some((50, 0)));
        check(&[meter("a", Some(10), 100)], &[meter("a", Some(10), 80)], Some((0, -20)));
        check(&[meter("a", Some(10), 100)], &[meter("a", Some(20), 150)], Some((100, -50)));
    }

    #[test]
    fn what_is_new_and_what_is_gone_is_usage() {
        check(&[meter("a", None, 100)], &[meter("b", None, 30)], Some((-70, 0)));
    }

    #[test]
    fn without_a_quantity_it_is_not_known_and_what_did_not_move_needs_none() {
        check(&[meter("a", None, 100)], &[meter("a", Some(1), 150)], None);
        check(&[meter("a", Some(0), 100)], &[meter("a", Some(1), 150)], None);
        let still = meter("tax", None, 7);
        check(
            &[still.clone(), meter("a", Some(1), 1)],
            &[still, meter("a", Some(2), 2)],
            Some((1, 0)),
        );
    }

    #[test]
    fn meters_that_do_not_add_up_to_the_change_explain_nothing() {
        let (before, after) = ([meter("a", Some(1), 1)], [meter("a", Some(2), 2)]);
        assert_eq!(split(before.iter(), after.iter(), Money::usd(5.into())), None);
    }
}
