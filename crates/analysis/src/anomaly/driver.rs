//! What within a service made the difference.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use trimtab_model::document::Days;
use trimtab_model::money::Money;

use super::baseline::Baseline;
use super::detect::{Anomaly, Direction};

/// A part of a service, and by how much it differed from what is usual on the days of an anomaly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Driver {
    /// A usage type, or a resource.
    pub key: String,
    /// The difference on all of the days.
    pub difference: Money,
}

/// Returns the `most` parts that differed most in the direction of the anomaly, the largest first.
///
/// `parts` is what each part cost by day, in the currency of the anomaly. That a part moved with its service is
/// all that is said: why it moved is not known from a bill.
pub fn drivers(
    parts: &BTreeMap<String, BTreeMap<Date, Decimal>>,
    covered: Days,
    anomaly: &Anomaly,
    most: usize,
) -> Vec<Driver> {
    let difference = |amounts: &BTreeMap<Date, Decimal>| {
        anomaly.days.iter().try_fold(Decimal::ZERO, |sum, day| {
            let usual = Baseline::of(amounts, covered, day.date)?.usual;
            let cost = amounts.get(&day.date).copied().unwrap_or_default();
            sum.checked_add(cost.checked_sub(usual)?)
        })
    };
    let is_same = |amount: &Decimal| match anomaly.direction {
        Direction::Rose => *amount > Decimal::ZERO,
        Direction::Fell => *amount < Decimal::ZERO,
    };
    let mut found: Vec<Driver> = parts
        .iter()
        .filter_map(|(key, amounts)| Some((key, difference(amounts).filter(is_same)?)))
        .map(|(key, amount)| Driver {
            key: key.clone(),
            difference: Money::new(amount, anomaly.difference.currency),
        })
        .collect();
    found.sort_by(|left, right| {
        let by_size = right.difference.amount.abs().cmp(&left.difference.amount.abs());
        by_size.then_with(|| left.key.cmp(&right.key))
    });
    found.truncate(most);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anomaly::detect::AnomalousDay;

    #[test]
    fn the_part_that_rose_most_comes_first_and_one_that_fell_is_none() {
        let date = |text: &str| text.parse::<Date>().unwrap();
        let covered = Days { first: date("2026-09-01"), last: date("2026-10-31") };
        let part = |on: i64| {
            let mut days: BTreeMap<Date, Decimal> =
                covered.iter().map(|date| (date, Decimal::from(10))).collect();
            days.insert(date("2026-10-20"), Decimal::from(on));
            days
        };
        let parts = BTreeMap::from([
            ("BoxUsage".to_owned(), part(12)),
            ("NatGateway-Bytes".to_owned(), part(90)),
            ("Spot".to_owned(), part(1)),
        ]);
        let usd = |amount: i64| Money::usd(amount.into());
        let day = AnomalousDay { date: date("2026-10-20"), cost: usd(103), usual: usd(30) };
        let anomaly = Anomaly {
            service: None,
            account: None,
            direction: Direction::Rose,
            days: vec![day],
            cost: day.cost,
            usual: day.usual,
            difference: usd(73),
            is_provisional: false,
        };
        let found = drivers(&parts, covered, &anomaly, 5);
        let found: Vec<(&str, Money)> =
            found.iter().map(|one| (one.key.as_str(), one.difference)).collect();
        assert_eq!(found, [("NatGateway-Bytes", usd(80)), ("BoxUsage", usd(2))]);
    }
}
