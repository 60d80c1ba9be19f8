//! Which days stand out, of which service in which account.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rust_decimal::Decimal;

use trimtab_model::document::Days;
use trimtab_model::money::{Currency, Money};

pub use super::baseline::LEAST_WEEKS;
use super::baseline::{Baseline, median};

/// What usage of one service in one account cost by UTC day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DailySeries {
    /// `ServiceName`, where the bill has it.
    pub service: Option<String>,
    /// `SubAccountId`, where the bill has it.
    pub account: Option<String>,
    /// What each day cost. A covered day that is not here cost nothing.
    pub days: BTreeMap<Date, Money>,
}

/// From where on a day stands out. All three must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The least difference of a day.
    pub amount: Money,
    /// The least difference as a share of what is usual.
    pub share: Decimal,
    /// The least difference in spreads.
    pub spreads: Decimal,
}

impl Limits {
    /// One percent of what a day of the whole bill costs, a quarter of what is usual, and the 3.5 spreads
    /// of Iglewicz and Hoaglin.
    pub fn of(series: &[DailySeries], covered: Days, currency: Currency) -> Option<Self> {
        let mut days: BTreeMap<Date, Decimal> =
            covered.iter().map(|date| (date, Decimal::ZERO)).collect();
        for (date, money) in series.iter().flat_map(|one| &one.days) {
            let Some(sum) = days.get_mut(date).filter(|_| money.currency == currency) else {
                continue;
            };
            *sum = sum.checked_add(money.amount)?;
        }
        let mut sums: Vec<Decimal> = days.into_values().collect();
        let amount = median(&mut sums)?.checked_div(Decimal::ONE_HUNDRED)?;
        Some(Self {
            amount: Money::new(amount, currency).rounded(),
            share: Decimal::new(25, 2),
            spreads: Decimal::new(35, 1),
        })
    }

    fn are_met(&self, baseline: Baseline, difference: Decimal) -> bool {
        let size = difference.abs();
        let least = |factor: Decimal, of: Decimal| factor.checked_mul(of);
        !size.is_zero()
            && size >= self.amount.amount
            && least(self.share, baseline.usual.abs()).is_some_and(|least| size >= least)
            && least(self.spreads, baseline.spread).is_some_and(|least| size >= least)
    }
}

/// Whether more or less was spent than usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// More.
    Rose,
    /// Less.
    Fell,
}

/// One day that stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnomalousDay {
    /// The day, UTC.
    pub date: Date,
    /// What it cost.
    pub cost: Money,
    /// What its weekday usually costs.
    pub usual: Money,
}

/// Days in a row of one service in one account that stand out in one direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anomaly {
    /// `ServiceName`, where the bill has it.
    pub service: Option<String>,
    /// `SubAccountId`, where the bill has it.
    pub account: Option<String>,
    /// Whether more or less was spent.
    pub direction: Direction,
    /// The days, in order.
    pub days: Vec<AnomalousDay>,
    /// What they cost.
    pub cost: Money,
    /// What they usually cost.
    pub usual: Money,
    /// The difference.
    pub difference: Money,
    /// Whether AWS may still change what one of the days cost.
    pub is_provisional: bool,
}

/// What stands out, and what was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anomalies {
    /// What stands out, the largest difference first.
    pub items: Vec<Anomaly>,
    /// The days that could be judged; absent where no day has enough weeks before it.
    pub judged: Option<Days>,
}

/// Finds the days of `looked_at` that stand out.
///
/// Less cost on a provisional day is not told of: such a day is often not billed whole. An amount that is too
/// large to be added up is left out of what is found.
pub fn anomalies(
    series: &[DailySeries],
    (covered, looked_at): (Days, Days),
    provisional: &BTreeSet<Date>,
    limits: &Limits,
) -> Anomalies {
    let nothing = BTreeMap::new();
    let can_judge = |date: &Date| Baseline::of(&nothing, covered, *date).is_some();
    let judged: Vec<Date> =
        looked_at.iter().filter(|date| covered.contains(*date)).filter(can_judge).collect();
    let mut items: Vec<Anomaly> = series
        .iter()
        .flat_map(|one| of_series(one, &judged, covered, provisional, limits))
        .collect();
    items.sort_by(|left, right| {
        let size = |one: &Anomaly| one.difference.amount.abs();
        size(right)
            .cmp(&size(left))
            .then_with(|| (&left.service, &left.account).cmp(&(&right.service, &right.account)))
    });
    let judged = judged.first().zip(judged.last());
    Anomalies { items, judged: judged.map(|(first, last)| Days { first: *first, last: *last }) }
}

fn of_series(
    series: &DailySeries,
    judged: &[Date],
    covered: Days,
    provisional: &BTreeSet<Date>,
    limits: &Limits,
) -> Vec<Anomaly> {
    let currency = limits.amount.currency;
    let amounts: BTreeMap<Date, Decimal> = series
        .days
        .iter()
        .filter(|(_, money)| money.currency == currency)
        .map(|(date, money)| (*date, money.amount))
        .collect();
    let mut found: Vec<(Direction, Vec<AnomalousDay>)> = Vec::new();
    for date in judged {
        let Some(baseline) = Baseline::of(&amounts, covered, *date) else { continue };
        let cost = amounts.get(date).copied().unwrap_or_default();
        let Some(difference) = cost.checked_sub(baseline.usual) else { continue };
        let direction = match difference.is_sign_negative() {
            true => Direction::Fell,
            false => Direction::Rose,
        };
        let is_unfinished = direction == Direction::Fell && provisional.contains(date);
        if is_unfinished || !limits.are_met(baseline, difference) {
            continue;
        }
        let day = AnomalousDay {
            date: *date,
            cost: Money::new(cost, currency),
            usual: Money::new(baseline.usual, currency),
        };
        match found.last_mut() {
            Some((of, days)) if *of == direction && follows(days, *date) => days.push(day),
            _ => found.push((direction, vec![day])),
        }
    }
    let whole = |(direction, days)| anomaly(series, direction, days, (currency, provisional));
    found.into_iter().filter_map(whole).collect()
}

fn follows(days: &[AnomalousDay], date: Date) -> bool {
    days.last().is_some_and(|last| last.date.tomorrow().is_ok_and(|next| next == date))
}

fn anomaly(
    series: &DailySeries,
    direction: Direction,
    days: Vec<AnomalousDay>,
    (currency, provisional): (Currency, &BTreeSet<Date>),
) -> Option<Anomaly> {
    let sum = |amount: fn(&AnomalousDay) -> Money| {
        days.iter().try_fold(Money::zero(currency), |sum, day| sum.checked_add(amount(day)).ok())
    };
    let (cost, usual) = (sum(|day| day.cost)?, sum(|day| day.usual)?);
    Some(Anomaly {
        service: series.service.clone(),
        account: series.account.clone(),
        direction,
        cost,
        usual,
        difference: cost.checked_sub(usual).ok()?,
        is_provisional: days.iter().any(|day| provisional.contains(&day.date)),
        days,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    const COVERED: (&str, &str) = ("2026-09-01", "2026-10-31");

    /// Ten a day, with what `changed` says.
    fn found(changed: &[(&str, i64)], from: &str) -> Anomalies {
        let covered = Days { first: date(from), last: date(COVERED.1) };
        let mut days: BTreeMap<Date, Money> =
            covered.iter().map(|date| (date, Money::usd(10.into()))).collect();
        for (day, amount) in changed {
            days.insert(date(day), Money::usd((*amount).into()));
        }
        let series = [DailySeries { service: Some("EC2".into()), account: None, days }];
        let limits = Limits {
            amount: Money::usd(5.into()),
            share: Decimal::new(25, 2),
            spreads: Decimal::new(35, 1),
        };
        let provisional = BTreeSet::from([date("2026-10-30"), date("2026-10-31")]);
        anomalies(&series, (covered, covered), &provisional, &limits)
    }

    fn check(changed: &[(&str, i64)], expected: &[(&str, usize, i64)]) {
        let found = found(changed, COVERED.0);
        let found: Vec<(String, usize, Money)> = found
            .items
            .iter()
            .map(|one| (one.days[0].date.to_string(), one.days.len(), one.difference))
            .collect();
        let expected: Vec<(String, usize, Money)> = expected
            .iter()
            .map(|(day, days, amount)| ((*day).to_owned(), *days, Money::usd((*amount).into())))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_spike_is_found_with_what_it_cost_more() {
        check(&[("2026-10-20", 50)], &[("2026-10-20", 1, 40)]);
    }

    #[test]
    fn days_in_a_row_are_one_and_the_largest_comes_first() {
        check(
            &[("2026-10-06", 20), ("2026-10-20", 50), ("2026-10-21", 40)],
            &[("2026-10-20", 2, 70), ("2026-10-06", 1, 10)],
        );
    }

    #[test]
    fn a_difference_that_is_too_small_an_amount_is_none() {
        check(&[("2026-10-20", 14)], &[]);
    }

    #[test]
    fn less_is_found_where_the_day_is_billed_whole_and_not_on_a_provisional_one() {
        check(&[("2026-10-20", 0), ("2026-10-31", 0)], &[("2026-10-20", 1, -10)]);
        check(&[("2026-10-31", 99)], &[("2026-10-31", 1, 89)]);
        assert!(found(&[("2026-10-31", 99)], COVERED.0).items[0].is_provisional);
    }

    #[test]
    fn without_four_weeks_nothing_is_judged() {
        let short = found(&[("2026-10-31", 99)], "2026-10-05");
        assert_eq!((short.items.len(), short.judged), (0, None));
        let long = found(&[], "2026-10-01").judged.unwrap();
        assert_eq!((long.first, long.last), (date("2026-10-29"), date("2026-10-31")));
    }

    #[test]
    fn the_least_amount_is_a_hundredth_of_a_usual_day() {
        let covered = Days { first: date("2026-10-01"), last: date("2026-10-03") };
        let series = |amount: i64| DailySeries {
            service: None,
            account: None,
            days: covered.iter().map(|date| (date, Money::usd(amount.into()))).collect(),
        };
        let limits = Limits::of(&[series(300), series(200)], covered, Currency::USD).unwrap();
        assert_eq!(limits.amount, Money::usd(5.into()));
    }
}
