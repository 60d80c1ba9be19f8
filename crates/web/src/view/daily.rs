//! Cost by day and something else, in one currency: what charts and sums are made of.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline::CostQuery;
use trimtab_model::money::{Currency, Money, MoneyError};
use trimtab_store::cost::{CostFilter, CostGroup, GroupBy};

use crate::shared::Shared;

/// Which cost of FOCUS is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Basis {
    /// `EffectiveCost`: with what was paid in advance spread over its time.
    #[default]
    Effective,
    /// `BilledCost`: as the invoice has it.
    Billed,
    /// `ListCost`: without any discount.
    List,
}

impl Basis {
    /// Reads the word of an address.
    pub(crate) fn of(word: Option<&str>) -> Self {
        match word {
            Some("billed") => Self::Billed,
            Some("list") => Self::List,
            _ => Self::Effective,
        }
    }

    /// Returns the word of an address.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Effective => "effective",
            Self::Billed => "billed",
            Self::List => "list",
        }
    }

    /// Returns the key of its name.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Effective => "web-basis-effective",
            Self::Billed => "web-basis-billed",
            Self::List => "web-basis-list",
        }
    }

    /// Returns the cost of a group; none where some of its charges do not have it.
    pub(crate) fn cost(self, group: &CostGroup) -> Option<Money> {
        match self {
            Self::Effective => group.whole_effective(),
            Self::Billed => Some(group.billed),
            Self::List => group.list,
        }
    }
}

/// Cost by UTC day and key, in one currency.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Daily {
    /// The currency that most charges are in.
    pub(crate) currency: Currency,
    /// Other currencies of the same bills, which are not in here.
    pub(crate) others: Vec<Currency>,
    /// The basis.
    pub(crate) basis: Basis,
    /// Days that have charges whose cost of this basis is not known.
    pub(crate) unknown_days: u64,
    days: BTreeMap<Date, BTreeMap<Option<String>, Money>>,
}

/// Asks for cost by day and `by`; none where there is no charge.
///
/// # Errors
/// Fails if the lake cannot be read.
pub(crate) fn daily(
    shared: &Shared,
    by: GroupBy,
    basis: Basis,
    filter: CostFilter,
) -> Result<Option<Daily>, Failure> {
    if !shared.has_bills()? {
        return Ok(None);
    }
    let query = CostQuery { by: GroupBy::Day, then: Some(by), filter };
    Daily::of(&shared.costs(&query)?, basis)
        .map_err(|cause| Failure::from_error(Kind::Failed, &cause))
}

impl Daily {
    fn of(groups: &[CostGroup], basis: Basis) -> Result<Option<Self>, MoneyError> {
        let mut rows: BTreeMap<Currency, u64> = BTreeMap::new();
        for group in groups {
            *rows.entry(group.currency).or_default() += group.rows;
        }
        let Some(currency) = rows.iter().max_by_key(|(_, rows)| **rows).map(|(one, _)| *one) else {
            return Ok(None);
        };
        let mut days: BTreeMap<Date, BTreeMap<Option<String>, Money>> = BTreeMap::new();
        let mut unknown_days = 0;
        for group in groups.iter().filter(|group| group.currency == currency) {
            let mut key = group.key.iter().cloned();
            let day = key.next().flatten().and_then(|day| day.parse::<Date>().ok());
            let Some(day) = day else { continue };
            let Some(cost) = basis.cost(group) else {
                unknown_days += 1;
                continue;
            };
            let kept = days.entry(day).or_default().entry(key.next().flatten());
            let sum = kept.or_insert(Money::zero(currency));
            *sum = sum.checked_add(cost)?;
        }
        let others = rows.into_keys().filter(|one| *one != currency).collect();
        Ok(Some(Self { currency, others, basis, unknown_days, days }))
    }

    /// Returns the last day that has charges.
    pub(crate) fn last(&self) -> Option<Date> {
        self.days.keys().next_back().copied()
    }

    /// Returns the first day that has charges.
    pub(crate) fn first(&self) -> Option<Date> {
        self.days.keys().next().copied()
    }

    /// Returns the sum from a day to another, which counts too. None where no day of them has charges:
    /// that is not known, and not zero.
    ///
    /// # Errors
    /// Fails if the sum has more digits than an amount can hold.
    pub(crate) fn sum(&self, first: Date, last: Date) -> Result<Option<Money>, MoneyError> {
        let mut sum = None;
        for cost in self.between(first, last).flat_map(|(_, costs)| costs.values()) {
            sum = Some(sum.unwrap_or(Money::zero(self.currency)).checked_add(*cost)?);
        }
        Ok(sum)
    }

    /// Returns the sums by key from a day to another, the largest first.
    ///
    /// # Errors
    /// As [`Daily::sum`].
    pub(crate) fn by_key(
        &self,
        first: Date,
        last: Date,
    ) -> Result<Vec<(Option<String>, Money)>, MoneyError> {
        let mut sums: BTreeMap<Option<String>, Money> = BTreeMap::new();
        for (key, cost) in self.between(first, last).flat_map(|(_, costs)| costs) {
            let sum = sums.entry(key.clone()).or_insert(Money::zero(self.currency));
            *sum = sum.checked_add(*cost)?;
        }
        let mut sums: Vec<_> = sums.into_iter().collect();
        sums.sort_by(|left, right| {
            right.1.amount.cmp(&left.1.amount).then_with(|| left.0.cmp(&right.0))
        });
        Ok(sums)
    }

    /// Iterates over the days from one to another that have charges.
    pub(crate) fn between(
        &self,
        first: Date,
        last: Date,
    ) -> impl Iterator<Item = (Date, &BTreeMap<Option<String>, Money>)> {
        self.days
            .iter()
            .filter(move |(day, _)| first <= **day && **day <= last)
            .map(|(day, costs)| (*day, costs))
    }
}

/// Returns the day that is so many days before another.
pub(crate) fn before(day: Date, days: i32) -> Date {
    day.checked_sub(days.days()).unwrap_or(Date::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(day: &str, key: &str, currency: Currency, cost: i64) -> CostGroup {
        let cost = Money::new(cost.into(), currency);
        CostGroup {
            key: vec![Some(day.to_owned()), Some(key.to_owned())],
            currency,
            billed: cost,
            effective: Some(cost),
            effective_complete: key != "half",
            list: None,
            contracted: None,
            rows: 10,
        }
    }

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn currencies_are_never_added() {
        let groups = [
            group("2026-10-01", "a", Currency::USD, 5),
            group("2026-10-02", "a", Currency::USD, 7),
            group("2026-10-02", "b", Currency::KRW, 9_000),
        ];
        let daily = Daily::of(&groups, Basis::Effective).unwrap().unwrap();
        assert_eq!(daily.currency, Currency::USD);
        assert_eq!(daily.others, [Currency::KRW]);
        let sum = daily.sum(date("2026-10-01"), date("2026-10-02")).unwrap();
        assert_eq!(sum, Some(Money::usd(12.into())));
        assert_eq!(daily.sum(date("2026-11-01"), date("2026-11-02")).unwrap(), None);
    }

    #[test]
    fn a_cost_that_is_not_known_is_counted_and_not_added() {
        let groups = [
            group("2026-10-01", "a", Currency::USD, 5),
            group("2026-10-01", "half", Currency::USD, 7),
        ];
        let daily = Daily::of(&groups, Basis::Effective).unwrap().unwrap();
        assert_eq!(daily.unknown_days, 1);
        let day = date("2026-10-01");
        assert_eq!(daily.sum(day, day).unwrap(), Some(Money::usd(5.into())));
        assert!(Daily::of(&[], Basis::Billed).unwrap().is_none());
    }
}
