//! What the demand of each resource follows.

use std::collections::BTreeMap;

use jiff::Timestamp;

use trimtab_model::calendar::Calendar;
use trimtab_model::driver::{DriverUnit, Fit, Link, LinkVerdict, Residuals};
use trimtab_model::metric::{MetricKey, PROMETHEUS, Statistic};
use trimtab_model::profile::{Profiles, UsageProfile};
use trimtab_model::text::Reason;
use trimtab_model::traffic::Traffic;

use super::driver::{Series, number, series};
use super::regression::{Line, Point, line};
use super::spread::{quantile, sorted};
use crate::sizing::demand::MEAN_THEN_PEAK;

/// Hours of both that a line is drawn through at least: three days.
const LEAST_HOURS: usize = 72;
/// The same in days: two weeks whose first and last day are cut.
const LEAST_DAYS: usize = 12;
/// Hours of a day from which on its mean is that of the day.
const HOURS_OF_A_DAY: u32 = 20;
/// Hours by which demand may follow its driver.
const LAGS: [u32; 4] = [0, 1, 2, 3];
/// Between these percentages demand stands at its ceiling. Above it lies only what nobody
/// measured: demand as a scenario has it.
const CEILING: std::ops::RangeInclusive<f64> = 98.0..=100.0;
/// A driver whose 90th percentile is not a twentieth above its 10th says nothing.
const LEAST_MOVEMENT: f64 = 1.05;
/// The share of the spread that a driver must explain.
const EXPLAINS: f64 = 0.5;
/// Of many services the few that move most alike are compared in full.
const MOST_DRIVERS: usize = 3;
/// Days in which the recent peak lies.
const RECENT_DAYS: i64 = 7;

/// The metrics that are compared, with the statistics, the first preferred.
const METRICS: &[(&str, &[&str], &[Statistic])] = &[
    ("AWS/EC2", &["CPUUtilization"], MEAN_THEN_PEAK),
    ("AWS/EC2", &["NetworkOut", "NetworkIn"], &[Statistic::Sum]),
    ("CWAgent", &["mem_used_percent", "Memory % Committed Bytes In Use"], MEAN_THEN_PEAK),
    (PROMETHEUS, &["mem_used_percent", "Memory % Committed Bytes In Use"], MEAN_THEN_PEAK),
    ("AWS/RDS", &["CPUUtilization", "DatabaseConnections"], MEAN_THEN_PEAK),
    ("AWS/ECS", &["CPUUtilization", "MemoryUtilization"], MEAN_THEN_PEAK),
];

/// Returns whether a metric is a share of a size, in percent.
pub(super) fn is_percent(metric: &str) -> bool {
    !matches!(metric, "NetworkOut" | "NetworkIn" | "DatabaseConnections")
}

/// Returns what each metric of each resource follows, in the order of the metrics' keys.
///
/// Of several drivers the one that explains most counts, of equals the first: requests and
/// users by the hour before those by the day.
pub fn links(traffic: &Traffic, profiles: &Profiles, calendar: &Calendar) -> Vec<Link> {
    links_of(traffic, profiles, calendar, |_| true)
}

/// Returns the links of the series that are wanted.
pub(super) fn links_of(
    traffic: &Traffic,
    profiles: &Profiles,
    calendar: &Calendar,
    is_wanted: impl Fn(&MetricKey) -> bool,
) -> Vec<Link> {
    let drivers = series(traffic);
    if drivers.is_empty() {
        return Vec::new();
    }
    chosen(profiles)
        .into_iter()
        .filter(|(key, _)| is_wanted(key))
        .map(|(key, profile)| Link {
            origin: key.origin.clone(),
            resource: key.resource_id.clone(),
            namespace: key.namespace.clone(),
            metric: key.metric.clone(),
            statistic: key.statistic,
            period_seconds: profile.period_seconds,
            verdict: verdict(&key.metric, profile, &drivers, calendar),
        })
        .collect()
}

/// Picks one statistic of each metric that has hours.
fn chosen(profiles: &Profiles) -> Vec<(&MetricKey, &UsageProfile)> {
    let mut best: BTreeMap<(_, _, _, _), (usize, &MetricKey, &UsageProfile)> = BTreeMap::new();
    for (key, profile) in profiles.iter().filter(|(_, profile)| profile.hours.is_some()) {
        let Some(rank) = METRICS
            .iter()
            .filter(|(namespace, metrics, _)| {
                *namespace == key.namespace && metrics.contains(&key.metric.as_str())
            })
            .find_map(|(_, _, wanted)| wanted.iter().position(|one| *one == key.statistic))
        else {
            continue;
        };
        let name = (&key.origin, &key.resource_id, &key.namespace, &key.metric);
        let better = best.get(&name).is_none_or(|(known, _, _)| rank < *known);
        if better {
            best.insert(name, (rank, key, profile));
        }
    }
    best.into_values().map(|(_, key, profile)| (key, profile)).collect()
}

fn verdict(
    metric: &str,
    profile: &UsageProfile,
    drivers: &[Series],
    calendar: &Calendar,
) -> LinkVerdict {
    let mut best: Option<(&Series, Fit)> = None;
    for series in nearest(profile, drivers) {
        let Some(fit) = fit(metric, profile, series, calendar) else { continue };
        if best.as_ref().is_none_or(|(_, known)| fit.explained > known.explained) {
            best = Some((series, fit));
        }
    }
    match best {
        Some((series, fit)) if fit.slope > 0.0 && fit.explained >= EXPLAINS => {
            LinkVerdict::Explained { driver: series.driver.clone(), fit }
        }
        Some((series, fit)) => LinkVerdict::NotExplained { driver: series.driver.clone(), fit },
        None => LinkVerdict::Unknown { reason: too_little() },
    }
}

/// Returns the drivers that are worth a line: all by the day, and of those by the hour the few
/// whose correlation with demand is highest.
fn nearest<'a>(profile: &UsageProfile, drivers: &'a [Series]) -> Vec<&'a Series> {
    let (hourly, daily): (Vec<&Series>, Vec<&Series>) =
        drivers.iter().partition(|series| series.driver.unit.is_hourly());
    if hourly.len() <= MOST_DRIVERS {
        return drivers.iter().collect();
    }
    let mut ranked: Vec<(f64, &Series)> =
        hourly.into_iter().map(|series| (correlation(profile, series), series)).collect();
    ranked.sort_by(|one, other| other.0.total_cmp(&one.0));
    ranked.into_iter().take(MOST_DRIVERS).map(|(_, series)| series).chain(daily).collect()
}

/// Returns the correlation of demand and driver by the hour; zero where either stands still.
fn correlation(profile: &UsageProfile, series: &Series) -> f64 {
    let (mut count, mut sums, mut squares, mut product) = (0.0, (0.0, 0.0), (0.0, 0.0), 0.0);
    for (hour, demand, ..) in profile.hours.iter().flat_map(|hours| hours.iter()) {
        let Some(driver) = series.values.get(&hour) else { continue };
        count += 1.0;
        sums = (sums.0 + driver, sums.1 + demand);
        squares = (squares.0 + driver * driver, squares.1 + demand * demand);
        product += driver * demand;
    }
    let spread = |sum: f64, square: f64| count * square - sum * sum;
    let all = spread(sums.0, squares.0) * spread(sums.1, squares.1);
    if all > 0.0 { (count * product - sums.0 * sums.1) / all.sqrt() } else { 0.0 }
}

fn too_little() -> Reason {
    Reason::new(
        "driver-and-metric-too-little",
        "The metric and the users or requests have fewer than 72 hours or 12 days in common, or the users hardly change.",
        "지표와 사용자·요청 자료가 겹치는 기간이 72시간 또는 12일보다 짧거나, 사용자 수가 거의 변하지 않습니다.",
    )
}

/// Draws the line at the lag that leaves least.
fn fit(metric: &str, profile: &UsageProfile, series: &Series, calendar: &Calendar) -> Option<Fit> {
    let unit = series.driver.unit;
    let demand = if unit.is_hourly() { hours(profile) } else { days(profile, unit, calendar) };
    let lags = if unit.is_hourly() { LAGS.as_slice() } else { &[0] };
    let fits = lags.iter().filter_map(|lag| of_lag(metric, &demand, series, *lag));
    fits.reduce(|best, one| {
        let is_nearer = one.residuals.absolute_p50 < best.residuals.absolute_p50 - f64::EPSILON;
        if is_nearer { one } else { best }
    })
}

fn of_lag(
    metric: &str,
    demand: &BTreeMap<i64, (f64, f64)>,
    series: &Series,
    lag: u32,
) -> Option<Fit> {
    let pairs = demand.iter().filter_map(|(at, (mean, peak))| {
        let driver = series.values.get(&(at - i64::from(lag)))?;
        Some(Point { driver: *driver, demand: *mean, peak: *peak })
    });
    let (saturated, points): (Vec<Point>, Vec<Point>) =
        pairs.partition(|point| is_percent(metric) && CEILING.contains(&point.demand));
    let is_hourly = series.driver.unit.is_hourly();
    let least = if is_hourly { LEAST_HOURS } else { LEAST_DAYS };
    if points.len() < least || !moves(&points) {
        return None;
    }
    let Line { slope, intercept, r_squared, explained, residuals } = line(&points)?;
    let [p5, absolute_p50, p95, peak_p95] = residuals;
    let recent = series.values.keys().next_back()? - RECENT_DAYS * if is_hourly { 24 } else { 1 };
    Some(Fit {
        slope,
        intercept,
        lag_hours: lag,
        r_squared,
        explained,
        residuals: Residuals { p5, absolute_p50, p95, peak_p95 },
        points: points.len() as u64,
        saturated: saturated.len() as u64,
        mean_driver: points.iter().map(|point| point.driver).sum::<f64>() / points.len() as f64,
        recent_peak: series.values.range(recent + 1..).map(|(_, value)| *value).fold(0.0, f64::max),
    })
}

fn moves(points: &[Point]) -> bool {
    let drivers = sorted(points.iter().map(|point| point.driver));
    let (low, high) = (quantile(&drivers, 0.1), quantile(&drivers, 0.9));
    matches!((low, high), (Some(low), Some(high)) if high > 0.0 && high >= low * LEAST_MOVEMENT)
}

/// Returns the mean and the highest sample of each hour.
fn hours(profile: &UsageProfile) -> BTreeMap<i64, (f64, f64)> {
    let hours = profile.hours.iter().flat_map(|hours| hours.iter());
    hours.map(|(hour, mean, max, _)| (hour, (mean, max))).collect()
}

/// Returns the days of the owner's calendar that have enough hours: the busiest hour where the
/// driver is a peak, else the mean; and the highest sample.
fn days(
    profile: &UsageProfile,
    unit: DriverUnit,
    calendar: &Calendar,
) -> BTreeMap<i64, (f64, f64)> {
    let mut days: BTreeMap<i64, (u32, f64, f64, f64)> = BTreeMap::new();
    for (hour, mean, max, _) in profile.hours.iter().flat_map(|hours| hours.iter()) {
        let Ok(start) = Timestamp::from_second(hour.saturating_mul(3600)) else { continue };
        let day = days.entry(number(calendar.day_of(start))).or_default();
        *day = (day.0 + 1, day.1 + mean, day.2.max(mean), day.3.max(max));
    }
    days.into_iter()
        .filter(|(_, (hours, ..))| *hours >= HOURS_OF_A_DAY)
        .map(|(day, (hours, sum, busiest, highest))| {
            let is_peak = unit == DriverUnit::PeakConcurrentUsers;
            let demand = if is_peak { busiest } else { sum / f64::from(hours) };
            (day, (demand, highest))
        })
        .collect()
}
