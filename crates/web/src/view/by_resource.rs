//! Cost by resource: a bill has so many that only the largest are kept apart by day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use trimtab_app::failure::{Failure, Kind};
use trimtab_model::money::{Currency, Money, MoneyError};
use trimtab_store::cost::{CostFilter, CostGroup, GroupBy};

use super::charts::SERIES;
use super::daily::{Basis, Daily, Rest, grouped_daily};
use super::grouping::{Grouping, Narrowed, narrow_unkept};
use crate::shared::Shared;

/// Cost by key in a stretch of days.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Sums {
    /// The keys, the largest first.
    pub(super) costs: Vec<(Option<String>, Money)>,
    /// How many keys have charges without this cost; they are not in the sums.
    pub(super) unknown: u64,
    /// The keys of these, as far as they are told.
    pub(super) without: BTreeSet<Option<String>>,
}

/// Returns the cost of all resources by day, without keeping them apart; none without a bill.
///
/// # Errors
/// Fails if the lake cannot be read.
pub(super) fn whole_days(
    shared: &Shared,
    basis: Basis,
    of: (&CostFilter, &Narrowed),
) -> Result<Option<Daily>, Failure> {
    grouped_daily(shared, &Grouping::By(GroupBy::Service), basis, of)
}

/// Returns the sums by resource from a day to another, which counts too.
///
/// # Errors
/// Fails if the lake cannot be read, and if a sum has more digits than an amount can hold.
pub(super) fn sums(
    shared: &Shared,
    (basis, currency): (Basis, Currency),
    (filter, narrowed): (&CostFilter, &Narrowed),
    (first, last): (Date, Date),
) -> Result<Sums, Failure> {
    let filter = CostFilter { from: Some(first), until: last.tomorrow().ok(), ..filter.clone() };
    let groups = narrow_unkept(shared, &[GroupBy::Resource], &filter, narrowed)?;
    Sums::of(&groups, basis, currency).map_err(too_large)
}

/// Keeps the largest resources of a stretch apart in the cost by day.
///
/// # Errors
/// As [`sums`].
pub(super) fn with_largest(
    shared: &Shared,
    mut whole: Daily,
    sums: &Sums,
    (filter, narrowed): (&CostFilter, &Narrowed),
    (first, last): (Date, Date),
) -> Result<Daily, Failure> {
    let named = sums.costs.iter().filter_map(|(key, _)| key.clone());
    let largest: Vec<String> = named.take(SERIES).collect();
    if largest.is_empty() {
        whole.keep_apart(&[], sums.costs.len() as u64).map_err(too_large)?;
        return Ok(whole);
    }
    let filter = CostFilter {
        from: Some(first),
        until: last.tomorrow().ok(),
        any_resource: largest,
        ..filter.clone()
    };
    let by = [GroupBy::Day, GroupBy::Resource];
    let groups = narrow_unkept(shared, &by, &filter, narrowed)?;
    whole.keep_apart(&groups, sums.costs.len() as u64).map_err(too_large)?;
    Ok(whole)
}

impl Sums {
    fn of(groups: &[CostGroup], basis: Basis, currency: Currency) -> Result<Self, MoneyError> {
        let mut costs: BTreeMap<Option<&str>, Money> = BTreeMap::new();
        let mut without: BTreeSet<Option<String>> = BTreeSet::new();
        for group in groups.iter().filter(|group| group.currency == currency) {
            let Some(cost) = basis.cost(group) else {
                without.insert(group.key.first().cloned().flatten());
                continue;
            };
            let key = group.key.first().and_then(Option::as_deref);
            let sum = costs.entry(key).or_insert(Money::zero(currency));
            *sum = sum.checked_add(cost)?;
        }
        let mut costs: Vec<(Option<String>, Money)> =
            costs.into_iter().map(|(key, cost)| (key.map(str::to_owned), cost)).collect();
        costs.sort_by(|left, right| {
            right.1.amount.cmp(&left.1.amount).then_with(|| left.0.cmp(&right.0))
        });
        // Where a part of its cost is not known, the rest is not what a resource cost.
        costs.retain(|(key, _)| !without.contains(key));
        Ok(Self { costs, unknown: without.len() as u64, without })
    }

    /// Returns what they come to.
    ///
    /// # Errors
    /// Fails if the sum has more digits than an amount can hold.
    pub(super) fn total(&self, currency: Currency) -> Result<Money, MoneyError> {
        self.costs.iter().try_fold(Money::zero(currency), |sum, (_, cost)| sum.checked_add(*cost))
    }
}

impl Daily {
    /// Puts the cost of some keys by day in place of the whole, and the rest of the whole beside it. There are `all`
    /// keys. The rest of a day whose whole is not known is not known.
    ///
    /// # Errors
    /// Fails if a sum has more digits than an amount can hold.
    fn keep_apart(&mut self, groups: &[CostGroup], all: u64) -> Result<(), MoneyError> {
        let apart = self.like(groups)?;
        let kept = apart.keys().len() as u64;
        let mut days = BTreeMap::new();
        for (date, whole) in self.totals()? {
            let part = apart.of_day(date)?;
            days.insert(date, part.map_or(Ok(whole), |part| whole.checked_sub(part))?);
        }
        self.replace(apart);
        self.rest = Some(Rest { count: all.saturating_sub(kept), days });
        Ok(())
    }
}

fn too_large(cause: MoneyError) -> Failure {
    Failure::from_error(Kind::Failed, &cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(key: Option<&str>, cost: Option<i64>) -> CostGroup {
        let money = |cost: i64| Money::usd(cost.into());
        CostGroup {
            key: vec![key.map(str::to_owned)],
            currency: Currency::USD,
            billed: money(cost.unwrap_or_default()),
            effective: cost.map(money),
            effective_complete: cost.is_some(),
            list: None,
            contracted: None,
            rows: 1,
        }
    }

    #[test]
    fn the_largest_comes_first_and_what_is_not_known_is_counted() {
        let groups = [
            group(Some("i-1"), Some(5)),
            group(None, Some(7)),
            group(Some("i-2"), None),
            group(Some("i-1"), Some(4)),
        ];
        let sums = Sums::of(&groups, Basis::Effective, Currency::USD).unwrap();
        let expected =
            vec![(Some("i-1".to_owned()), Money::usd(9.into())), (None, Money::usd(7.into()))];
        assert_eq!((sums.costs.clone(), sums.unknown), (expected, 1));
        assert!(sums.without.contains(&Some("i-2".to_owned())));
        assert_eq!(sums.total(Currency::USD).unwrap(), Money::usd(16.into()));
    }
}
