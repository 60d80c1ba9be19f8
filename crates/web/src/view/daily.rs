//! Cost by day and something else, in one currency: what charts and sums are made of.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline::usual_currency;
use trimtab_model::document::Days;
use trimtab_model::money::{Currency, Money, MoneyError};
use trimtab_store::cost::{BilledAs, CostFilter, CostGroup, GroupBy};

use super::grouping::{self, Grouping, Narrowed};
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
    ///
    /// # Errors
    /// Fails on a word that is none of them.
    pub(crate) fn of(word: Option<&str>) -> Result<Self, Failure> {
        match word {
            None | Some("effective") => Ok(Self::Effective),
            Some("billed") => Ok(Self::Billed),
            Some("list") => Ok(Self::List),
            Some(word) => Err(Failure::usage(
                (
                    format!("there is no basis `{word}`"),
                    format!("그런 비용 기준이 없습니다: `{word}`"),
                ),
                (
                    "basis is one of effective, billed, list",
                    "basis에 쓸 수 있는 값: effective, billed, list",
                ),
            )),
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
    bills: Bills,
    /// How many groups of charges of a day do not have this cost.
    unknown: BTreeMap<Date, u64>,
    days: BTreeMap<Date, BTreeMap<Option<String>, Money>>,
    /// What is not in here by key: nothing, unless the keys are very many.
    pub(crate) rest: Option<Rest>,
}

/// What the keys that are left out come to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rest {
    /// How many keys these are.
    pub(crate) count: u64,
    /// Their sum by day; absent where it is not known.
    pub(crate) days: BTreeMap<Date, Money>,
}

/// Asks for cost by day and `by`; none without a bill.
///
/// # Errors
/// Fails if the lake cannot be read.
pub(crate) fn daily(
    shared: &Shared,
    by: GroupBy,
    basis: Basis,
    filter: CostFilter,
) -> Result<Option<Daily>, Failure> {
    grouped_daily(shared, &Grouping::By(by), basis, (&filter, &Narrowed::default()))
}

/// Asks for cost by day and a grouping; none without a bill.
///
/// # Errors
/// Fails if the lake cannot be read.
pub(crate) fn grouped_daily(
    shared: &Shared,
    grouping: &Grouping,
    basis: Basis,
    (filter, narrowed): (&CostFilter, &Narrowed),
) -> Result<Option<Daily>, Failure> {
    if !shared.has_bills()? {
        return Ok(None);
    }
    let groups = grouping::by_day(shared, grouping, filter, narrowed)?;
    let whole = shared.grouped(&[GroupBy::Day, GroupBy::Service], &CostFilter::default())?;
    let Some(currency) = usual_currency(&whole) else { return Ok(None) };
    let bills = Bills { covered: shared.covered()?, charged: charged_days(&whole) };
    Daily::of(&groups, basis, currency, bills)
        .map(Some)
        .map_err(|cause| Failure::from_error(Kind::Failed, &cause))
}

/// Asks for the cost of one resource by day and usage type, in the last days of the bills; none without a bill. The
/// answer is small and of no use to others: it is not kept.
///
/// # Errors
/// Fails if the lake cannot be read.
pub(crate) fn resource_daily(
    shared: &Shared,
    basis: Basis,
    (of, days): (BilledAs, i32),
) -> Result<Option<Daily>, Failure> {
    if !shared.has_bills()? {
        return Ok(None);
    }
    let whole = shared.grouped(&[GroupBy::Day, GroupBy::Service], &CostFilter::default())?;
    let bills = Bills { covered: shared.covered()?, charged: charged_days(&whole) };
    let Some(last) = bills.last() else { return Ok(None) };
    let filter = CostFilter {
        from: Some(before(last, days - 1)),
        billed_as: Some(of),
        ..CostFilter::default()
    };
    let groups = shared.asked(&[GroupBy::Day, GroupBy::UsageType], &filter)?;
    let currency = usual_currency(&groups).or_else(|| usual_currency(&whole));
    let Some(currency) = currency else { return Ok(None) };
    Daily::of(&groups, basis, currency, bills)
        .map(Some)
        .map_err(|cause| Failure::from_error(Kind::Failed, &cause))
}

/// Returns the currency that most charges are in; none without a bill.
///
/// # Errors
/// Fails if the lake cannot be read.
pub(crate) fn bill_currency(shared: &Shared) -> Result<Option<Currency>, Failure> {
    if !shared.has_bills()? {
        return Ok(None);
    }
    let by = [GroupBy::Day, GroupBy::Service];
    Ok(usual_currency(&shared.grouped(&by, &CostFilter::default())?))
}

/// The days of the bills, whatever a filter leaves of their charges.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Bills {
    /// Those that they cover without a gap.
    covered: Option<Days>,
    /// The first and the last that have charges.
    charged: Option<Days>,
}

impl Bills {
    fn stretches(self) -> impl Iterator<Item = Days> {
        self.covered.into_iter().chain(self.charged)
    }

    /// Returns the last day.
    fn last(self) -> Option<Date> {
        self.stretches().map(|days| days.last).max()
    }

    /// Returns the first day.
    fn first(self) -> Option<Date> {
        self.stretches().map(|days| days.first).min()
    }
}

/// Returns the day of a group.
fn day_of(group: &CostGroup) -> Option<Date> {
    group.key.first()?.as_deref()?.parse().ok()
}

fn charged_days(groups: &[CostGroup]) -> Option<Days> {
    let days = || groups.iter().filter_map(day_of);
    Some(Days { first: days().min()?, last: days().max()? })
}

impl Daily {
    fn of(
        groups: &[CostGroup],
        basis: Basis,
        currency: Currency,
        bills: Bills,
    ) -> Result<Self, MoneyError> {
        let mut days: BTreeMap<Date, BTreeMap<Option<String>, Money>> = BTreeMap::new();
        let mut unknown: BTreeMap<Date, u64> = BTreeMap::new();
        for group in groups.iter().filter(|group| group.currency == currency) {
            let Some(day) = day_of(group) else { continue };
            let costs = days.entry(day).or_default();
            let Some(cost) = basis.cost(group) else {
                *unknown.entry(day).or_default() += 1;
                continue;
            };
            let sum =
                costs.entry(group.key.get(1).cloned().flatten()).or_insert(Money::zero(currency));
            *sum = sum.checked_add(cost)?;
        }
        let others: BTreeSet<Currency> = groups.iter().map(|group| group.currency).collect();
        let others = others.into_iter().filter(|one| *one != currency).collect();
        Ok(Self { currency, others, basis, bills, unknown, days, rest: None })
    }

    /// Makes the cost by day of other groups of the same bills.
    ///
    /// # Errors
    /// Fails if a sum has more digits than an amount can hold.
    pub(super) fn like(&self, groups: &[CostGroup]) -> Result<Self, MoneyError> {
        Self::of(groups, self.basis, self.currency, self.bills)
    }

    /// Takes the cost by key of another one. The days that are in the bills stay.
    pub(super) fn replace(&mut self, other: Self) {
        for (date, costs) in &mut self.days {
            costs.clear();
            costs.extend(other.days.get(date).cloned().unwrap_or_default());
        }
    }

    /// Returns how many amounts it holds.
    pub(super) fn cells(&self) -> usize {
        self.days.values().map(BTreeMap::len).sum()
    }

    /// Returns the keys.
    pub(super) fn keys(&self) -> BTreeSet<&Option<String>> {
        self.days.values().flat_map(BTreeMap::keys).collect()
    }

    /// Returns the sum of a day; none where no cost of it is known.
    ///
    /// # Errors
    /// Fails if the sum has more digits than an amount can hold.
    pub(super) fn of_day(&self, day: Date) -> Result<Option<Money>, MoneyError> {
        let mut costs = self.days.get(&day).into_iter().flat_map(BTreeMap::values).copied();
        costs.next().map(|first| costs.try_fold(first, Money::checked_add)).transpose()
    }

    /// Returns the sums of the days of which every cost is known.
    ///
    /// # Errors
    /// As [`Daily::of_day`].
    pub(super) fn totals(&self) -> Result<Vec<(Date, Money)>, MoneyError> {
        let known = self.days.keys().filter(|day| !self.unknown.contains_key(day));
        let totals = known.map(|day| Ok(self.of_day(*day)?.map(|sum| (*day, sum))));
        totals.filter_map(Result::transpose).collect()
    }

    /// Returns the last day of the bills.
    pub(crate) fn last(&self) -> Option<Date> {
        self.bills.last()
    }

    /// Returns the first day of the bills.
    pub(crate) fn first(&self) -> Option<Date> {
        self.bills.first()
    }

    /// Returns whether no charge was found.
    pub(crate) fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    /// Returns whether a day is in the bills: they cover it, or have charges of it.
    fn has(&self, day: Date) -> bool {
        let is_covered = self.bills.covered.is_some_and(|covered| covered.contains(day));
        is_covered || self.days.contains_key(&day)
    }

    /// Returns how many days from one to another, which counts too, no bill covers: what they cost is not known.
    pub(crate) fn missing(&self, first: Date, last: Date) -> u64 {
        Days { first, last }.iter().filter(|day| !self.has(*day)).count() as u64
    }

    /// Returns whether the bills cover every day from one to another.
    pub(crate) fn covers(&self, first: Date, last: Date) -> bool {
        Days { first, last }.iter().all(|day| self.has(day))
    }

    /// Returns how many groups of charges from a day to another do not have this cost; they are in no sum.
    pub(crate) fn unknown(&self, first: Date, last: Date) -> u64 {
        self.unknown
            .iter()
            .filter(|(day, _)| first <= **day && **day <= last)
            .map(|(_, count)| count)
            .sum()
    }

    /// Returns the sum from a day to another, which counts too: zero where bills cover a day and have no
    /// charge. None where no day of them is in the bills: that is not known, and not zero.
    ///
    /// # Errors
    /// Fails if the sum has more digits than an amount can hold.
    pub(crate) fn sum(&self, first: Date, last: Date) -> Result<Option<Money>, MoneyError> {
        if !(Days { first, last }).iter().any(|day| self.has(day)) {
            return Ok(None);
        }
        let mut sum = Money::zero(self.currency);
        for cost in self.between(first, last).flat_map(|(_, costs)| costs.values()) {
            sum = sum.checked_add(*cost)?;
        }
        Ok(Some(sum))
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

    /// Iterates over the days from one to another that lie within the bills, with their cost by key; none for a day
    /// that no bill covers.
    pub(crate) fn days(
        &self,
        first: Date,
        last: Date,
    ) -> impl Iterator<Item = (Date, Option<&BTreeMap<Option<String>, Money>>)> {
        let first = self.first().map_or(first, |begin| begin.max(first));
        let last = self.last().map_or(last, |end| end.min(last));
        Days { first, last }.iter().map(|day| (day, self.days.get(&day)))
    }

    fn between(
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

    fn of(groups: &[CostGroup], covered: Option<(&str, &str)>) -> Daily {
        let covered = covered.map(|(first, last)| Days { first: date(first), last: date(last) });
        let currency = usual_currency(groups).unwrap_or(Currency::USD);
        let bills = Bills { covered, charged: charged_days(groups) };
        Daily::of(groups, Basis::Effective, currency, bills).unwrap()
    }

    #[test]
    fn currencies_are_never_added() {
        let groups = [
            group("2026-10-01", "a", Currency::USD, 5),
            group("2026-10-02", "a", Currency::USD, 7),
            group("2026-10-02", "b", Currency::KRW, 9_000),
        ];
        let daily = of(&groups, None);
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
        let daily = of(&groups, None);
        let day = date("2026-10-01");
        assert_eq!(daily.unknown(day, day), 1);
        assert_eq!(daily.unknown(date("2026-10-02"), date("2026-10-31")), 0);
        assert_eq!(daily.sum(day, day).unwrap(), Some(Money::usd(5.into())));
        assert_eq!(usual_currency(&[]), None);
    }

    #[test]
    fn the_rest_of_a_day_is_the_whole_without_what_is_kept_apart() {
        let whole = [
            group("2026-10-01", "all", Currency::USD, 12),
            group("2026-10-02", "half", Currency::USD, 7),
        ];
        let mut daily = of(&whole, None);
        let apart = daily.like(&[group("2026-10-01", "a", Currency::USD, 5)]).unwrap();
        assert_eq!(apart.of_day(date("2026-10-01")).unwrap(), Some(Money::usd(5.into())));
        assert_eq!(apart.of_day(date("2026-10-02")).unwrap(), None);
        assert_eq!(daily.totals().unwrap(), [(date("2026-10-01"), Money::usd(12.into()))]);
        daily.replace(apart);
        let keys: Vec<Option<String>> = daily.keys().into_iter().cloned().collect();
        assert_eq!(keys, [Some("a".to_owned())]);
        assert!(daily.covers(date("2026-10-02"), date("2026-10-02")));
    }

    #[test]
    fn a_day_without_charges_is_zero_where_a_bill_covers_it_and_not_known_elsewhere() {
        let groups = [group("2026-10-03", "a", Currency::USD, 5)];
        let daily = of(&groups, Some(("2026-10-02", "2026-10-06")));
        let days = |first: &str, last: &str| (date(first), date(last));
        let sum = |(first, last)| daily.sum(first, last).unwrap();
        assert_eq!(sum(days("2026-10-04", "2026-10-05")), Some(Money::zero(Currency::USD)));
        assert_eq!(sum(days("2026-10-07", "2026-10-09")), None);
        assert_eq!(
            (daily.first(), daily.last()),
            (Some(date("2026-10-02")), Some(date("2026-10-06")))
        );
        assert!(daily.covers(date("2026-10-02"), date("2026-10-06")));
        assert!(!daily.covers(date("2026-10-01"), date("2026-10-06")));
        assert_eq!(daily.missing(date("2026-09-30"), date("2026-10-08")), 4);
        assert_eq!(daily.days(date("2026-09-01"), date("2026-12-01")).count(), 5);
    }
}
