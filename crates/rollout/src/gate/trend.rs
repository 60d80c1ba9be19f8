//! Whether a signal moves towards its limit and reaches it.
//!
//! A leak and a balance that drains look well until they do not. The slope is the median of the
//! slopes of all pairs of points (Theil, 1950; Sen, JASA 63, 1968), which a few bad points do
//! not turn, of the whole time and of its second half, whichever is less steep: a cache that
//! fills up after a start slows down, a leak does not. It counts where most pairs agree
//! (Kendall, Biometrika 30, 1938): over a day, the daily cycle goes both ways.
//!
//! It is carried on no further than it was seen, unless a day was seen.

use jiff::{SignedDuration, Timestamp};

use trimtab_model::period::Period;

use super::percentile::median;
use super::series::Series;
use super::signal::{Limit, Side};

/// The stretches that the time is cut in; their medians are what is looked at.
const PARTS: i32 = 24;
/// The fewest of them.
const FEWEST: usize = 12;
/// The shortest time that shows a slope.
const SHORTEST: SignedDuration = SignedDuration::from_hours(1);
/// What counts as a day: the time in which a machine settles is missing.
const DAY: SignedDuration = SignedDuration::from_hours(23);
/// How much more pairs must go towards the limit than away, of all: Kendall's tau.
const AGREEMENT: f64 = 0.7;

/// Returns in how many hours a signal reaches its limit, if it goes on and that counts.
pub(super) fn reaches(
    series: &Series,
    watched: Period,
    limit: Limit,
    horizon: SignedDuration,
) -> Option<f64> {
    let points: Vec<(Timestamp, f64)> = series.between(watched).collect();
    let seen = points.last()?.0.duration_since(points.first()?.0);
    if seen < SHORTEST {
        return None;
    }
    // Towards the limit is upwards from here on.
    let distance = |value: f64| match limit.side {
        Side::Above => value - limit.value,
        Side::Below => limit.value - value,
    };
    let parts = parts(&points, seen, distance);
    if parts.len() < FEWEST {
        return None;
    }
    let half = parts.get(parts.len() / 2..)?;
    if agreement(&parts) < AGREEMENT {
        return None;
    }
    let slope = slope(&parts)?.min(slope(half)?);
    let (_, now) = *parts.last()?;
    // A balance that has not moved visibly never runs out.
    let hours = (-now).max(0.0) / slope;
    let reach = if seen >= DAY { seen.max(horizon) } else { seen };
    (slope > 0.0 && hours <= reach.as_secs_f64() / 3600.0).then_some(hours)
}

/// Cuts points into stretches and returns the hour and the median of each.
fn parts(
    points: &[(Timestamp, f64)],
    seen: SignedDuration,
    distance: impl Fn(f64) -> f64,
) -> Vec<(f64, f64)> {
    let Some((first, _)) = points.first() else { return Vec::new() };
    let hour = |moment: Timestamp| moment.duration_since(*first).as_secs_f64() / 3600.0;
    let part = seen.as_secs_f64() / 3600.0 / f64::from(PARTS);
    (0..=PARTS)
        .filter_map(|number| {
            let number = f64::from(number);
            let inside = |moment| {
                (hour(moment) / part).floor() >= number
                    && (hour(moment) / part).floor() < number + 1.0
            };
            let values: Vec<f64> = points
                .iter()
                .filter(|(moment, _)| inside(*moment))
                .map(|(_, value)| distance(*value))
                .collect();
            Some(((number + 0.5) * part, median(&values)?))
        })
        .collect()
}

fn pairs(parts: &[(f64, f64)]) -> impl Iterator<Item = (f64, f64)> + '_ {
    parts.iter().enumerate().flat_map(|(place, (from, low))| {
        parts.iter().skip(place + 1).map(move |(until, high)| (until - from, high - low))
    })
}

fn slope(parts: &[(f64, f64)]) -> Option<f64> {
    median(&pairs(parts).map(|(hours, rise)| rise / hours).collect::<Vec<f64>>())
}

fn agreement(parts: &[(f64, f64)]) -> f64 {
    let (mut towards, mut all) = (0.0, 0.0);
    for (_, rise) in pairs(parts) {
        all += 1.0;
        towards += if rise > 0.0 {
            1.0
        } else if rise < 0.0 {
            -1.0
        } else {
            0.0
        };
    }
    if all > 0.0 { towards / all } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEEK: SignedDuration = SignedDuration::from_hours(168);

    /// Hours until the limit of a signal that is read every five minutes for some hours.
    fn check(hours: f64, limit: Limit, value: impl Fn(f64) -> f64) -> Option<f64> {
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        let end = (hours * 3600.0) as i64;
        let points =
            (0..end / 300).map(|n| (at(n * 300), value(n as f64 * 300.0 / 3600.0))).collect();
        let series = Series { period: SignedDuration::from_secs(300), points };
        reaches(&series, Period::new(at(0), at(end)).unwrap(), limit, WEEK)
    }

    const MEMORY: Limit = Limit { side: Side::Above, value: 85.0 };
    const CREDITS: Limit = Limit { side: Side::Below, value: 1.0 };

    #[test]
    fn a_leak_is_seen_before_it_is_full() {
        let hours = check(24.0, MEMORY, |hour| 60.0 + hour).unwrap();
        assert!((0.0..=2.0).contains(&hours), "{hours}");
        // One percent a day over is reached within the week.
        assert!(check(24.0, MEMORY, |hour| 80.0 + hour / 24.0).is_some());
        assert!(check(24.0, MEMORY, |hour| 70.0 + hour / 24.0).is_none());
    }

    #[test]
    fn a_daily_cycle_is_no_leak_wherever_it_begins() {
        for shift in 0..24 {
            let cycle = |hour: f64| {
                65.0 + 15.0 * ((hour + f64::from(shift)) * std::f64::consts::TAU / 24.0).sin()
            };
            assert_eq!(check(23.75, MEMORY, cycle), None, "from hour {shift}");
        }
    }

    #[test]
    fn a_cache_that_fills_up_is_no_leak() {
        assert_eq!(check(24.0, MEMORY, |hour| 70.0 - 40.0 * (-hour / 3.0).exp()), None);
    }

    #[test]
    fn e13_credits_that_drain_over_20_hours_are_seen_halfway() {
        let drains = |hour: f64| (576.0 - hour * 576.0 / 20.0).max(0.0);
        assert_eq!(check(5.0, CREDITS, drains), None);
        assert!(check(11.0, CREDITS, drains).is_some());
    }

    #[test]
    fn e14_a_burst_balance_that_drains_over_days_is_seen_within_a_day() {
        let limit = Limit { side: Side::Below, value: 10.0 };
        assert!(check(24.0, limit, |hour| 100.0 - hour * 100.0 / 72.0).is_some());
        assert_eq!(check(24.0, limit, |_| 100.0), None);
        assert_eq!(check(24.0, limit, |hour| 50.0 + hour), None);
    }

    #[test]
    fn less_than_an_hour_shows_no_slope() {
        assert_eq!(check(0.9, MEMORY, |hour| 80.0 + 5.0 * hour), None);
    }
}
