//! Decides whether memory leaks.

use trimtab_model::profile::Hours;

use super::demand::{Demand, follows};
use super::floor::{Point, floor, median, quantile};
use super::reading::Reading;
use super::restart::restarts;

/// Days from which on a growth without restarts is more than a warming up.
const LEAST_DAYS: f64 = 5.0;

/// Hours beside a restart that belong to neither stretch.
const BESIDE_RESTART: i64 = 1;

/// What the memory of one resource does.
#[derive(Debug, Clone, PartialEq)]
pub enum Growth {
    /// It does not leak.
    None(NoLeak),
    /// It grows like a leak, and something speaks against it.
    Suspected(Leak, Doubt),
    /// It leaks.
    Leak(Leak),
}

/// Why growth is no leak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoLeak {
    /// There are too few hours to tell.
    TooShort,
    /// It does not grow, or by less than chance explains.
    NotGrowing,
    /// It comes to a level and stays there, or jumps to one.
    Settles,
    /// It grows as the demand does.
    FollowsDemand,
}

/// What speaks against a leak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The shape is that of a leak with much else in it.
    Noisy,
    /// The demand grew as well, so that the growth may be its.
    DemandGrew,
    /// There are too few days or restarts.
    Brief,
}

/// A leak, in percent of the memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Leak {
    /// Growth per hour.
    pub per_hour: f64,
    /// Lower end of the 95 % interval of the growth per hour.
    pub per_hour_low: f64,
    /// Upper end of it.
    pub per_hour_high: f64,
    /// The share of what moves between restarts that the growth explains, from 0 to 1.
    pub r_squared: f64,
    /// The hour since 1970 since which it grows, as far as the window shows.
    pub since: i64,
    /// The hours since 1970 in which it started anew.
    pub restarts: Vec<i64>,
    /// The level after a restart; without one, the level at the start of the growth.
    pub level_after_restart: f64,
    /// The highest use of an hour that is left when the growth is taken away.
    pub highest_without: f64,
    /// Hours until the memory is full at this pace, from the last hour.
    pub hours_to_full: f64,
    /// The stretches between restarts, as the indexes of hours since 1970: first and last.
    pub stretches: Vec<(i64, i64)>,
}

/// Judges the hours of a memory use in percent, beside the hours of the demand where these are known.
pub fn growth(memory: &Hours, demand: Option<&Hours>) -> Growth {
    let floor = floor(memory);
    let cuts = restarts(&floor);
    // A noisy floor has falls that are no restarts: then the uncut one shows the growth.
    let between = Reading::of(&floor, &cuts);
    let whole = if cuts.is_empty() { None } else { Reading::of(&floor, &[]) };
    let readings: Vec<&Reading> = between.iter().chain(&whole).collect();
    if readings.is_empty() {
        return Growth::None(NoLeak::TooShort);
    }
    if let Some(reading) = readings.iter().find(|reading| reading.is_leak()) {
        let leak = leak(memory, &floor, reading);
        let demand = match (demand, reading.cuts.is_empty()) {
            // What falls at each restart and grows again is no growth of the demand.
            (Some(demand), true) => follows(&floor, demand),
            _ => Demand::Steady,
        };
        return match demand {
            Demand::Explains => Growth::None(NoLeak::FollowsDemand),
            Demand::Grew => Growth::Suspected(leak, Doubt::DemandGrew),
            Demand::Steady if reading.days < LEAST_DAYS => Growth::Suspected(leak, Doubt::Brief),
            Demand::Steady => Growth::Leak(leak),
        };
    }
    if let Some(reading) = readings.iter().find(|reading| reading.is_suspected()) {
        return Growth::Suspected(leak(memory, &floor, reading), Doubt::Noisy);
    }
    if readings.iter().any(|reading| reading.grows()) {
        return Growth::None(NoLeak::Settles);
    }
    Growth::None(NoLeak::NotGrowing)
}

/// Measures a leak that was found.
fn leak(memory: &Hours, floor: &[Point], reading: &Reading) -> Leak {
    let trend = &reading.trend;
    let lines = lines(floor, reading);
    let after: Vec<f64> = lines
        .iter()
        .filter(|line| !reading.cuts.is_empty() && line.first > first_hour(floor))
        .map(|line| line.level_at(line.first))
        .collect();
    let level = match after.is_empty() {
        true => lines.first().map(|line| line.level_at(line.first)).unwrap_or_default(),
        false => median(&after),
    }
    .max(0.0);
    let latest = floor.last().map(|point| point.value).unwrap_or_default();
    let since = lines.iter().rev().take_while(|line| line.slope > 0.3 * trend.slope).last();
    Leak {
        per_hour: trend.slope,
        per_hour_low: trend.low.max(0.0),
        per_hour_high: trend.high,
        r_squared: 1.0 - reading.shape.line,
        since: match since {
            Some(line) if reading.cuts.is_empty() => reading.begin(floor).unwrap_or(line.first),
            Some(line) => line.first,
            None => first_hour(floor),
        },
        restarts: reading.cuts.iter().filter_map(|at| Some(floor.get(*at)?.hour)).collect(),
        level_after_restart: level,
        highest_without: without(memory, &lines, level),
        hours_to_full: ((100.0 - latest) / trend.slope).max(0.0),
        stretches: lines.iter().map(|line| (line.first, line.last)).collect(),
    }
}

fn first_hour(floor: &[Point]) -> i64 {
    floor.first().map(|point| point.hour).unwrap_or_default()
}

/// The growth of one stretch as a line.
struct Line {
    first: i64,
    last: i64,
    start: f64,
    slope: f64,
}

impl Line {
    fn level_at(&self, hour: i64) -> f64 {
        self.start + self.slope * (hour - self.first) as f64
    }
}

/// Returns a line for each stretch: its own slope, through the middle of its lower half, so that a
/// season lies above it.
fn lines(floor: &[Point], reading: &Reading) -> Vec<Line> {
    let mut lines = Vec::new();
    for (from, until) in reading.bounds(floor.len()) {
        let Some(points) = floor.get(from..until) else { continue };
        let (Some(first), Some(last)) = (points.first(), points.last()) else { continue };
        let own = super::trend::Stretch::of(points).map(|stretch| stretch.slope());
        let slope = own.unwrap_or(reading.trend.slope).max(0.0);
        let starts: Vec<f64> = points
            .iter()
            .map(|point| point.value - slope * (point.hour - first.hour) as f64)
            .collect();
        let start = quantile(&starts, 0.25);
        lines.push(Line { first: first.hour, last: last.hour, start, slope });
    }
    lines
}

/// Returns the highest use of an hour without what the lines have grown above `level`.
fn without(memory: &Hours, lines: &[Line], level: f64) -> f64 {
    let mut highest = level;
    for (hour, _, max, _) in memory.iter() {
        let inside = lines.iter().find(|line| {
            (line.first + BESIDE_RESTART..=line.last - BESIDE_RESTART).contains(&hour)
        });
        if let Some(line) = inside {
            highest = highest.max(max - (line.level_at(hour) - level).max(0.0));
        }
    }
    highest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leak::tests::{Random, hours};

    const WEEKS: usize = 4;

    /// Returns what is said of four weeks of memory, of which each hour is given.
    fn judged(of_hour: impl Fn(f64) -> f64) -> Growth {
        let mut random = Random(3);
        let values: Vec<f64> = (0..WEEKS * 168)
            .map(|hour| (of_hour(hour as f64) + random.between(-0.3, 0.3)).clamp(0.0, 100.0))
            .collect();
        growth(&hours(&values), None)
    }

    fn season(hour: f64) -> f64 {
        6.0 * (1.0 + (hour / 24.0 * std::f64::consts::TAU).sin())
    }

    fn found(growth: Growth) -> Leak {
        match growth {
            Growth::Leak(leak) => leak,
            other => panic!("no leak but {other:?}"),
        }
    }

    #[test]
    fn a_steady_leak_is_measured() {
        let leak = found(judged(|hour| 20.0 + 0.05 * hour));
        assert!((leak.per_hour - 0.05).abs() < 0.003, "{leak:?}");
        assert!(leak.per_hour_low <= leak.per_hour && leak.per_hour <= leak.per_hour_high);
        assert!((leak.level_after_restart - 20.0).abs() < 1.0, "{leak:?}");
        assert!(leak.restarts.is_empty());
        assert!(leak.r_squared > 0.95, "{leak:?}");
        // 100 - 20 - 33.6 points at 0.05 an hour.
        assert!((leak.hours_to_full - 928.0).abs() < 60.0, "{leak:?}");
    }

    #[test]
    fn a_sawtooth_is_a_leak_and_its_restarts_are_seen() {
        let leak = found(judged(|hour| 30.0 + (hour % 60.0) * 1.0));
        assert!((leak.per_hour - 1.0).abs() < 0.05, "{leak:?}");
        assert_eq!(leak.restarts.len(), WEEKS * 168 / 60, "{leak:?}");
        assert!((leak.level_after_restart - 30.0).abs() < 2.5, "{leak:?}");
        assert!(leak.highest_without < 36.0, "{leak:?}");
    }

    #[test]
    fn a_nightly_deployment_hides_no_leak() {
        let leak = found(judged(|hour| 25.0 + (hour % 24.0) * 0.5));
        assert!((leak.per_hour - 0.5).abs() < 0.05, "{leak:?}");
    }

    #[test]
    fn a_slow_leak_is_seen_under_a_strong_season() {
        let leak = found(judged(|hour| 20.0 + 0.02 * hour + season(hour)));
        assert!((leak.per_hour - 0.02).abs() < 0.003, "{leak:?}");
        // Level and swing of a day, without what has grown.
        assert!((30.0..36.0).contains(&leak.highest_without), "{leak:?}");
    }

    #[test]
    fn a_leak_that_begins_late_says_since_when() {
        let leak = found(judged(|hour| 20.0 + 0.1 * (hour - 240.0).max(0.0)));
        assert!((leak.since - 240).abs() <= 48, "{leak:?}");
    }

    #[test]
    fn what_settles_is_no_leak() {
        let filling = judged(|hour| 20.0 + 40.0 * (1.0 - (-hour / 60.0).exp()));
        assert_eq!(filling, Growth::None(NoLeak::Settles));
        let refilled = judged(|hour| 20.0 + 40.0 * (1.0 - (-(hour % 168.0) / 15.0).exp()));
        assert!(matches!(refilled, Growth::None(_)), "{refilled:?}");
        let shifted = judged(|hour| if hour < 300.0 { 20.0 } else { 45.0 });
        assert!(matches!(shifted, Growth::None(_)), "{shifted:?}");
    }

    #[test]
    fn a_season_is_no_leak() {
        assert_eq!(judged(|hour| 20.0 + season(hour)), Growth::None(NoLeak::NotGrowing));
        assert_eq!(judged(|_| 40.0), Growth::None(NoLeak::NotGrowing));
    }

    #[test]
    fn memory_that_grows_with_its_users_is_no_leak() {
        let users = |hour: f64| (1.0 + hour / 600.0) * (10.0 + season(hour));
        let memory: Vec<f64> = (0..WEEKS * 168).map(|hour| 10.0 + users(hour as f64)).collect();
        let demand: Vec<f64> = (0..WEEKS * 168).map(|hour| 100.0 * users(hour as f64)).collect();
        let (memory, demand) = (hours(&memory), hours(&demand));
        assert!(matches!(growth(&memory, None), Growth::Leak(_)));
        assert_eq!(growth(&memory, Some(&demand)), Growth::None(NoLeak::FollowsDemand));
    }

    #[test]
    fn where_users_grow_too_memory_that_keeps_everything_is_only_suspected() {
        let memory: Vec<f64> = (0..WEEKS * 168).map(|hour| 20.0 + 0.05 * hour as f64).collect();
        let demand: Vec<f64> = (0..WEEKS * 168)
            .map(|hour| (1.0 + hour as f64 / 600.0) * (10.0 + season(hour as f64)))
            .collect();
        let judged = growth(&hours(&memory), Some(&hours(&demand)));
        assert!(matches!(judged, Growth::Suspected(_, Doubt::DemandGrew)), "{judged:?}");
    }

    #[test]
    fn a_day_is_too_short() {
        assert_eq!(growth(&hours(&[20.0; 6]), None), Growth::None(NoLeak::TooShort));
    }
}
