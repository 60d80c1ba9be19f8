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
const PARTS: i64 = 24;
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

/// Cuts points into stretches and returns the hour in which each begins, and its median.
fn parts(
    points: &[(Timestamp, f64)],
    seen: SignedDuration,
    distance: impl Fn(f64) -> f64,
) -> Vec<(f64, f64)> {
    let Some((first, _)) = points.first() else { return Vec::new() };
    let place = |moment: Timestamp| {
        (moment.duration_since(*first).as_secs() * PARTS).checked_div(seen.as_secs())
    };
    let part = seen.as_secs_f64() / 3600.0 / PARTS as f64;
    (0..=PARTS)
        .filter_map(|number| {
            let values: Vec<f64> = points
                .iter()
                .filter(|(moment, _)| place(*moment) == Some(number))
                .map(|(_, value)| distance(*value))
                .collect();
            Some((number as f64 * part, median(&values)?))
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

/// Returns how much more pairs go towards the limit than away, of all.
fn agreement(parts: &[(f64, f64)]) -> f64 {
    let ways: Vec<f64> =
        pairs(parts).map(|(_, rise)| f64::from(rise.total_cmp(&0.0) as i8)).collect();
    ways.iter().sum::<f64>() / ways.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEEK: SignedDuration = SignedDuration::from_hours(168);

    /// Hours until the limit of a signal that is read every five minutes for some hours.
    fn check(hours: f64, limit: Limit, value: impl Fn(f64) -> f64) -> Option<f64> {
        let points = (0..(hours * 12.0).round() as i64).map(|n| n as f64 / 12.0);
        of(&points.map(|hour| (hour, value(hour))).collect::<Vec<_>>(), limit, WEEK)
    }

    /// Hours until the limit of a signal of which some points are read, each at an hour.
    fn of(points: &[(f64, f64)], limit: Limit, horizon: SignedDuration) -> Option<f64> {
        let at = |hour: f64| Timestamp::from_second((hour * 3600.0).round() as i64).unwrap();
        let all = Period::new(at(0.0), at(1_000.0)).unwrap();
        let points = points.iter().map(|(hour, value)| (at(*hour), *value)).collect();
        reaches(&Series { period: SignedDuration::from_secs(300), points }, all, limit, horizon)
    }

    fn close(one: Option<f64>, other: f64) {
        assert!(one.is_some_and(|one| (one - other).abs() < 0.01), "{one:?} {other}");
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
        let leak = |hour| 80.0 + 3.0 * hour;
        assert_eq!(check(0.9, MEMORY, leak), None);
        // Twelve points of five minutes lie 55 minutes apart, thirteen an hour.
        assert_eq!(check(1.0, MEMORY, leak), None);
        close(check(13.0 / 12.0, MEMORY, leak), 2.0 / 3.0);
    }

    #[test]
    fn twelve_stretches_show_a_slope_and_eleven_do_not() {
        let hourly = |count: i32| -> Vec<(f64, f64)> {
            (0..count).map(f64::from).map(|hour| (hour, 70.0 + hour)).collect()
        };
        assert!(of(&hourly(12), MEMORY, WEEK).is_some());
        assert_eq!(of(&hourly(11), MEMORY, WEEK), None);
    }

    #[test]
    fn seven_tenths_of_all_pairs_must_agree() {
        // A rise of 25 hours, of which the first so many come in the opposite order: ten of them
        // are 45 pairs of 300 that do not agree.
        let turned = |first: usize| -> Vec<(f64, f64)> {
            let value = |hour: usize| if hour < first { first - 1 - hour } else { hour };
            (0..25).map(|hour| (hour as f64, 60.0 + value(hour) as f64)).collect()
        };
        assert!(of(&turned(10), MEMORY, WEEK).is_some());
        assert_eq!(of(&turned(11), MEMORY, WEEK), None);
    }

    #[test]
    fn a_slope_is_carried_on_as_far_as_it_was_seen_and_to_the_horizon_behind_a_day() {
        // So much more each hour, up to 80 %.
        let rises = |hours: i32, each: f64| -> Vec<(f64, f64)> {
            let hours = f64::from(hours);
            let at = |part: i32| hours * f64::from(part) / 24.0;
            (0..=24).map(|part| (at(part), 80.0 - (hours - at(part)) * each)).collect()
        };
        let day = SignedDuration::from_hours(30);
        // Five percent are left: at a quarter an hour, twenty hours.
        close(of(&rises(20, 0.25), MEMORY, day), 20.0);
        assert_eq!(of(&rises(19, 0.25), MEMORY, day), None);
        // Behind 23 hours it counts that it will be in 25, and in 31 does not.
        close(of(&rises(23, 0.2), MEMORY, day), 25.0);
        assert_eq!(of(&rises(22, 0.2), MEMORY, day), None);
        assert_eq!(of(&rises(23, 5.0 / 31.0), MEMORY, day), None);
        // A longer watch than the horizon shows more.
        close(of(&rises(48, 5.0 / 31.0), MEMORY, day), 31.0);
    }

    #[test]
    fn what_is_beyond_its_limit_and_worsens_is_there_already() {
        close(check(24.0, MEMORY, |hour| 90.0 + hour), 0.0);
        assert_eq!(check(24.0, MEMORY, |hour| 120.0 - hour), None);
        close(check(24.0, CREDITS, |hour| 0.5 - hour / 100.0), 0.0);
    }

    #[test]
    fn stretches_are_medians_and_pairs_go_forwards() {
        let at = |minutes: i64| Timestamp::from_second(minutes * 60).unwrap();
        let points = [(at(0), 1.0), (at(1), 9.0), (at(2), 2.0), (at(3), 5.0), (at(72), 7.0)];
        let cut = parts(&points, SignedDuration::from_mins(72), |value| value - 1.0);
        // Three minutes of 72 are a stretch.
        assert_eq!(cut.iter().map(|(_, value)| *value).collect::<Vec<_>>(), [1.0, 4.0, 6.0]);
        let hours: Vec<f64> = cut.iter().map(|(hour, _)| (hour * 100.0).round()).collect();
        assert_eq!(hours, [0.0, 5.0, 120.0]);
        let three = [(0.0, 1.0), (1.0, 3.0), (3.0, 2.0)];
        assert_eq!(pairs(&three).collect::<Vec<_>>(), [(1.0, 2.0), (3.0, 1.0), (2.0, -1.0)]);
        assert_eq!(slope(&three), Some(1.0 / 3.0));
        assert!((agreement(&three) - 1.0 / 3.0).abs() < 1e-9);
        assert!(agreement(&[(0.0, 1.0), (1.0, 1.0)]).abs() < 1e-9);
    }
}
