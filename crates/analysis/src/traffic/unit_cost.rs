//! What a user of a day or a month, or a thousand requests, cost.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;

use trimtab_model::money::{Currency, Money};
use trimtab_model::traffic::{ClientBasis, ServiceTraffic, Traffic, TrafficSource};
use trimtab_model::unit_cost::{DayCost, DayUnits, UnitBasis, UnitCost, UnitCosts};

/// Where requests are counted, the first that there is: a request that passes a distribution
/// and a load balancer must not count twice.
const SOURCES: [TrafficSource; 6] = [
    TrafficSource::Alb,
    TrafficSource::RequestCount,
    TrafficSource::Combined,
    TrafficSource::Common,
    TrafficSource::CloudFront,
    TrafficSource::Events,
];

/// Returns the series; absent where nothing counts the unit.
pub fn unit_costs(costs: &[DayCost], traffic: &Traffic, per: UnitBasis) -> Option<UnitCosts> {
    let (counted_in, units) = units(traffic, per)?;
    let rows = if per.is_monthly() { by_month(costs, &units) } else { by_day(costs, &units, per) };
    Some(UnitCosts { per, counted_in, rows })
}

/// Returns the users of each day, from `users.csv` or from what names them; none where nothing counts them.
pub fn daily_users(traffic: &Traffic) -> Vec<DayUnits> {
    units(traffic, UnitBasis::Dau).map(|(_, days)| days).unwrap_or_default()
}

/// Returns what is counted, by day, and where: of months the users of 30 days on their last day.
fn units(traffic: &Traffic, per: UnitBasis) -> Option<(String, Vec<DayUnits>)> {
    match per {
        UnitBasis::Dau if !traffic.days.is_empty() => {
            let days = traffic.days.iter().map(|day| DayUnits { date: day.date, units: day.dau });
            Some(("users.csv".to_owned(), days.collect()))
        }
        UnitBasis::Dau => of_service(traffic, |day| day.clients),
        UnitBasis::Mau => of_service(traffic, |day| day.monthly_clients),
        UnitBasis::ThousandRequests => requests(traffic),
    }
}

/// Users of several services are partly the same: only one service counts, the one with most.
/// Addresses are not users.
fn of_service(
    traffic: &Traffic,
    users: impl Fn(&trimtab_model::traffic::DayTraffic) -> Option<u64>,
) -> Option<(String, Vec<DayUnits>)> {
    let days = |service: &ServiceTraffic| -> Vec<DayUnits> {
        let complete = service.days.iter().filter(|day| day.complete);
        complete.filter_map(|day| Some(DayUnits { date: day.date, units: users(day)? })).collect()
    };
    traffic
        .services
        .iter()
        .filter(|service| service.clients == ClientBasis::User)
        .map(|service| (service.service.clone(), days(service)))
        .filter(|(_, days)| !days.is_empty())
        .max_by_key(|(_, days)| days.iter().map(|day| day.units).sum::<u64>())
}

fn requests(traffic: &Traffic) -> Option<(String, Vec<DayUnits>)> {
    let source = SOURCES
        .into_iter()
        .find(|source| traffic.services.iter().any(|service| service.source == *source))?;
    let services: Vec<&ServiceTraffic> =
        traffic.services.iter().filter(|service| service.source == source).collect();
    // Days in UTC, as the bill has them; only those with every hour.
    let mut days: BTreeMap<Date, (BTreeSet<i64>, u64)> = BTreeMap::new();
    for hour in services.iter().flat_map(|service| &service.hours) {
        let Some(start) = hour.start() else { continue };
        let day = days.entry(jiff::tz::TimeZone::UTC.to_datetime(start).date()).or_default();
        day.0.insert(hour.hour);
        day.1 += hour.requests;
    }
    let names: Vec<&str> = services.iter().map(|service| service.service.as_str()).collect();
    let days = days
        .into_iter()
        .filter(|(_, (hours, _))| hours.len() == 24)
        .map(|(date, (_, units))| DayUnits { date, units });
    Some((names.join(", "), days.collect()))
}

fn by_day(costs: &[DayCost], units: &[DayUnits], per: UnitBasis) -> Vec<UnitCost> {
    let counted: BTreeMap<Date, u64> = units.iter().map(|day| (day.date, day.units)).collect();
    let mut rows: Vec<UnitCost> = costs
        .iter()
        .map(|day| {
            let cost = day.effective.unwrap_or(day.billed);
            row(Row {
                date: day.date,
                service: day.service.clone(),
                currency: cost.currency,
                is_effective: day.effective.is_some(),
                cost: Some(cost),
                units: counted.get(&day.date).copied(),
                per,
            })
        })
        .collect();
    // A day of users that the bill does not cover is missing, and not free.
    let billed: BTreeSet<Date> = costs.iter().map(|day| day.date).collect();
    let currencies: BTreeSet<Currency> = costs.iter().map(|day| day.billed.currency).collect();
    for (date, units) in counted.iter().filter(|(date, _)| !billed.contains(*date)) {
        rows.extend(currencies.iter().map(|currency| {
            row(Row {
                date: *date,
                service: None,
                currency: *currency,
                is_effective: false,
                cost: None,
                units: Some(*units),
                per,
            })
        }));
    }
    sort(&mut rows);
    rows
}

/// The billed and the effective sum; absent where a part of it is.
type Sum = (Option<Money>, Option<Money>);

fn by_month(costs: &[DayCost], units: &[DayUnits]) -> Vec<UnitCost> {
    let counted: BTreeMap<Date, u64> = units.iter().map(|day| (day.date, day.units)).collect();
    let billed: BTreeSet<Date> = costs.iter().map(|day| day.date).collect();
    let mut months: BTreeMap<(Date, Option<String>, Currency), Sum> = BTreeMap::new();
    for day in costs {
        let key = (day.date.first_of_month(), day.service.clone(), day.billed.currency);
        let zero = Money::zero(day.billed.currency);
        let sum = months.entry(key).or_insert((Some(zero), Some(zero)));
        let add = |sum: Option<Money>, more: Option<Money>| sum?.checked_add(more?).ok();
        *sum = (add(sum.0, Some(day.billed)), add(sum.1, day.effective));
    }
    let mut rows: Vec<UnitCost> = months
        .into_iter()
        .map(|((date, service, currency), (billed_sum, effective))| {
            let days = (0..i64::from(date.days_in_month()))
                .filter_map(|later| date.checked_add(later.days()).ok());
            let is_whole = days.into_iter().all(|day| billed.contains(&day));
            row(Row {
                date,
                service,
                currency,
                is_effective: effective.is_some(),
                cost: effective.or(billed_sum).filter(|_| is_whole),
                units: counted.get(&date.last_of_month()).copied(),
                per: UnitBasis::Mau,
            })
        })
        .collect();
    sort(&mut rows);
    rows
}

struct Row {
    date: Date,
    service: Option<String>,
    currency: Currency,
    is_effective: bool,
    cost: Option<Money>,
    units: Option<u64>,
    per: UnitBasis,
}

fn row(row: Row) -> UnitCost {
    let Row { date, service, currency, is_effective, cost, units, per } = row;
    let per_unit = cost.zip(units).and_then(|(cost, units)| quotient(cost, units, per));
    UnitCost { date, service, currency, is_effective, cost, units, per_unit }
}

/// Divides to 28 digits, so that the product rounds to the cost again.
fn quotient(cost: Money, units: u64, per: UnitBasis) -> Option<Money> {
    let units = match per {
        UnitBasis::Dau | UnitBasis::Mau => Decimal::from(units),
        UnitBasis::ThousandRequests => Decimal::from(units).checked_div(Decimal::ONE_THOUSAND)?,
    };
    Some(Money::new(cost.amount.checked_div(units)?, cost.currency))
}

fn sort(rows: &mut [UnitCost]) {
    rows.sort_by(|a, b| (a.date, &a.service, a.currency).cmp(&(b.date, &b.service, b.currency)));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use trimtab_model::traffic::UserDay;

    fn day(date: &str) -> Date {
        date.parse().unwrap()
    }

    fn cost(date: Date, amount: Decimal, currency: Currency) -> DayCost {
        let billed = Money::new(amount, currency);
        DayCost { date, service: None, billed, effective: Some(billed) }
    }

    fn users(date: Date, dau: u64) -> Traffic {
        let day = UserDay { date, dau, new_users: None, peak_concurrent_users: None };
        Traffic { days: vec![day], ..Traffic::default() }
    }

    proptest! {
        #[test]
        fn unit_cost_times_users_is_the_cost(cents in 0_i64..1_000_000_000_000, dau in 1_u64..50_000_000) {
            let date = day("2026-10-01");
            let amount = Decimal::new(cents, 10);
            let costs = [cost(date, amount, Currency::USD)];
            let series = unit_costs(&costs, &users(date, dau), UnitBasis::Dau).unwrap();
            let per_unit = series.rows[0].per_unit.unwrap();
            prop_assert_eq!((per_unit.amount * Decimal::from(dau)).round_dp(10), amount);
        }
    }

    #[test]
    fn currencies_stay_apart_and_missing_days_are_missing() {
        let (first, second) = (day("2026-10-01"), day("2026-10-02"));
        let costs = [
            cost(first, Decimal::TEN, Currency::USD),
            cost(first, Decimal::ONE_HUNDRED, Currency::KRW),
            cost(day("2026-09-30"), Decimal::TEN, Currency::USD),
        ];
        let mut traffic = users(first, 5);
        traffic.days.extend(users(second, 7).days);
        let series = unit_costs(&costs, &traffic, UnitBasis::Dau).unwrap();
        let shown: Vec<String> = series
            .rows
            .iter()
            .map(|row| {
                let per = row.per_unit.map_or("-".to_owned(), |per| per.amount.to_string());
                format!("{} {} {per}", row.date, row.currency)
            })
            .collect();
        let expected = [
            "2026-09-30 USD -",
            "2026-10-01 KRW 20",
            "2026-10-01 USD 2",
            "2026-10-02 KRW -",
            "2026-10-02 USD -",
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn nobody_costs_nothing_known() {
        let date = day("2026-10-01");
        let costs = [cost(date, Decimal::TEN, Currency::USD)];
        let series = unit_costs(&costs, &users(date, 0), UnitBasis::Dau).unwrap();
        assert_eq!(series.rows[0].per_unit, None);
        assert_eq!(unit_costs(&costs, &Traffic::default(), UnitBasis::Mau), None);
    }
}
