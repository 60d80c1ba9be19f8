//! What is expected of users and requests.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use trimtab_model::calendar::Calendar;
use trimtab_model::driver::{DriverForecast, EffectBasis, ExpectedEvent, ForecastPoint, UserEvent};
use trimtab_model::text::Text;
use trimtab_model::traffic::Traffic;

use super::driver::{Series, by_day, date, number, series};
use super::seasonal::{Next, next};
use super::spread::{quantile, sorted};

const HOURS_OF_DAY: usize = 24;
const DAYS_OF_WEEK: usize = 7;
/// Hours that a forecast rests on at most: more of them say little and take long.
const MOST_HOURS: usize = 24 * 7 * 8;
/// Days that the recent mean is of.
const RECENT_DAYS: usize = 28;
/// How much of a stretch may be missing; more of it would be made up.
const MOST_MISSING: f64 = 0.1;

/// How far to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ahead {
    /// So many hours, from hours.
    Hours(u32),
    /// So many days, from days.
    Days(u32),
}

/// Forecasts every driver that has enough of a past.
pub fn forecasts(traffic: &Traffic, calendar: &Calendar, ahead: Ahead) -> Vec<DriverForecast> {
    series(traffic)
        .iter()
        .filter_map(|series| match ahead {
            Ahead::Hours(_) if !series.driver.unit.is_hourly() => None,
            Ahead::Hours(hours) => forecast(series, traffic, calendar, hours as usize, true),
            Ahead::Days(days) => {
                let daily = by_day(series, traffic, calendar);
                forecast(&daily, traffic, calendar, days as usize, false)
            }
        })
        .collect()
}

/// Forecasts a series of hours or days.
pub(super) fn forecast(
    series: &Series,
    traffic: &Traffic,
    calendar: &Calendar,
    horizon: usize,
    is_hourly: bool,
) -> Option<DriverForecast> {
    let day_of = |at: i64| if is_hourly { local_day(at, calendar) } else { date(at) };
    let last = *series.values.keys().next_back()?;
    let known = effects(series, &traffic.events, calendar, is_hourly);
    // What a holiday did is taken out before the season is read, so that it is not repeated.
    let usual: BTreeMap<i64, f64> = series
        .values
        .iter()
        .map(|(at, value)| {
            let factor =
                day_of(*at).and_then(|day| known.get(&day)).map_or(1.0, |known| known.factor);
            (*at, if factor > 0.0 { value / factor } else { *value })
        })
        .collect();
    let values = contiguous(&usual, if is_hourly { MOST_HOURS } else { usize::MAX })?;
    let hourly = [HOURS_OF_DAY, HOURS_OF_DAY * DAYS_OF_WEEK];
    let seasons = match (is_hourly, values.len() >= HOURS_OF_DAY * DAYS_OF_WEEK) {
        (true, true) => hourly.as_slice(),
        (true, false) => hourly.get(..1)?,
        (false, _) => &[DAYS_OF_WEEK],
    };
    let Next { method, error, steps } = next(&values, seasons, horizon)?;
    let first = last + 1;
    let days: Vec<Date> = (first..).take(steps.len()).filter_map(day_of).collect();
    let (start, end) = (days.first().copied()?, days.last().copied()?);
    let points = (first..)
        .zip(steps)
        .map(|(at, (likely, low, high))| {
            let factor =
                day_of(at).and_then(|day| known.get(&day)).map_or(1.0, |known| known.factor);
            ForecastPoint { at, likely: likely * factor, low: low * factor, high: high * factor }
        })
        .collect();
    let recent = RECENT_DAYS * if is_hourly { HOURS_OF_DAY } else { 1 };
    let recent: Vec<f64> = series.values.values().rev().take(recent).copied().collect();
    Some(DriverForecast {
        driver: series.driver.clone(),
        is_hourly,
        method,
        error,
        history: values.len() as u64,
        recent_mean: recent.iter().sum::<f64>() / (recent.len() as f64).max(1.0),
        points,
        events: known.into_values().filter(|one| start <= one.date && one.date <= end).collect(),
    })
}

fn local_day(hour: i64, calendar: &Calendar) -> Option<Date> {
    let start = Timestamp::from_second(hour.checked_mul(3600)?).ok()?;
    Some(calendar.day_of(start))
}

/// Returns the last `most` steps, holes filled with the mean of both sides; absent where more
/// than a tenth is missing.
fn contiguous(values: &BTreeMap<i64, f64>, most: usize) -> Option<Vec<f64>> {
    let (last, first) = (*values.keys().next_back()?, *values.keys().next()?);
    let first = first.max(last.saturating_sub(i64::try_from(most).unwrap_or(i64::MAX)) + 1);
    let mut filled: Vec<f64> = Vec::new();
    let (mut before, mut missing) = (None, 0_usize);
    for at in first..=last {
        if let Some(value) = values.get(&at) {
            before = Some(*value);
            filled.push(*value);
            continue;
        }
        let after = values.range(at..).next().map(|(_, value)| *value);
        missing += 1;
        filled.push(match (before, after) {
            (Some(before), Some(after)) => f64::midpoint(before, after),
            (one, other) => one.or(other)?,
        });
    }
    (missing as f64 <= filled.len() as f64 * MOST_MISSING).then_some(filled)
}

/// Returns what each day that is not like others does: what the owner says, else what past days
/// of its name, or past holidays, did.
fn effects(
    series: &Series,
    events: &[UserEvent],
    calendar: &Calendar,
    is_hourly: bool,
) -> BTreeMap<Date, ExpectedEvent> {
    let mut days: BTreeMap<i64, f64> = BTreeMap::new();
    for (at, value) in &series.values {
        let day = if is_hourly { local_day(*at, calendar).map(number) } else { Some(*at) };
        if let Some(day) = day {
            *days.entry(day).or_default() += value;
        }
    }
    let named: BTreeMap<Date, (Text, Option<f64>)> = calendar
        .holidays
        .iter()
        .map(|(date, name)| (*date, (name.clone(), None)))
        .chain(
            events
                .iter()
                .map(|event| (event.date, (Text::verbatim(event.name.clone()), event.factor))),
        )
        .collect();
    let ratio = |day: Date| -> Option<f64> {
        let at = number(day);
        let around = [at - 14, at - 7, at + 7, at + 14];
        let usual = |one: &i64| date(*one).is_some_and(|date| !named.contains_key(&date));
        let around =
            sorted(around.iter().filter(|one| usual(one)).filter_map(|one| days.get(one).copied()));
        let middle = quantile(&around, 0.5).filter(|middle| *middle > 0.0)?;
        Some(days.get(&at)? / middle)
    };
    let holidays: Vec<f64> = calendar.holidays.keys().filter_map(|day| ratio(*day)).collect();
    named
        .iter()
        .map(|(date, (name, given))| {
            let past: Vec<f64> = if calendar.holidays.contains_key(date) {
                holidays.clone()
            } else {
                let same = named.iter().filter(|(_, (other, _))| other == name);
                same.filter_map(|(day, _)| ratio(*day)).collect()
            };
            let (factor, basis) = match (given, quantile(&sorted(past.iter().copied()), 0.5)) {
                (Some(given), _) => (*given, EffectBasis::Given),
                (None, Some(factor)) => (factor, EffectBasis::Past { days: past.len() as u64 }),
                (None, None) => (1.0, EffectBasis::NotKnown),
            };
            (*date, ExpectedEvent { date: *date, name: name.clone(), factor, basis })
        })
        .collect()
}
