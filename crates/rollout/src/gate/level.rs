//! Whether a signal keeps its absolute limit.
//!
//! The limit itself is well: exactly 80.0 % of CPU passes, anything above does not. One point
//! beyond it is nothing; what counts is
//!
//! - *sustained*: more than half of a quarter of an hour beyond it (of five points, where a
//!   quarter of an hour has fewer), so that a signal that flaps every minute is decided once;
//! - the *95th percentile* of the points: proven beyond it is a failure, proven within it is
//!   well, and between the two it is not said.

use jiff::SignedDuration;

use super::percentile::{at_least, at_most, p95};
use super::signal::{Limit, Side};

/// The fewest points that a verdict rests on
/// (Kayenta asks for as many: spinnaker.io, canary best practices).
pub(super) const FEWEST: usize = 50;
/// The stretch in which most points must be beyond the limit.
const STRETCH: SignedDuration = SignedDuration::from_mins(15);
/// The fewest points of a stretch.
const STRETCH_POINTS: usize = 5;

/// What a signal's points say about its limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Level {
    /// Well.
    Within,
    /// Beyond it for most of a stretch: so many of so many points.
    Sustained { beyond: usize, of: usize },
    /// The 95th percentile is beyond it.
    Beyond,
    /// Too close to the limit to say.
    Close,
    /// Too few points to say; so many.
    Few(usize),
}

impl Level {
    /// Returns whether it is a failure.
    pub(super) fn is_broken(self) -> bool {
        matches!(self, Self::Sustained { .. } | Self::Beyond)
    }
}

/// Judges points in order of time, each of one period.
pub(super) fn level(values: &[f64], limit: Limit, period: SignedDuration) -> Level {
    let beyond: Vec<bool> = values.iter().map(|value| limit.is_broken_by(*value)).collect();
    let stretch = (STRETCH.as_secs() / period.as_secs().max(1)).max(0);
    let of = usize::try_from(stretch).unwrap_or(STRETCH_POINTS).max(STRETCH_POINTS);
    let most = beyond.windows(of).map(|part| part.iter().filter(|is| **is).count()).max();
    if let Some(most) = most.filter(|most| *most > of / 2) {
        return Level::Sustained { beyond: most, of };
    }
    if values.len() < FEWEST {
        return Level::Few(values.len());
    }
    // Below a limit is above it with the signs turned.
    let turn = |value: f64| match limit.side {
        Side::Above => value,
        Side::Below => -value,
    };
    let turned: Vec<f64> = values.iter().copied().map(turn).collect();
    let line = turn(limit.value);
    if at_least(&turned).is_some_and(|value| value > line) {
        return Level::Beyond;
    }
    let is_proven = at_most(&turned).is_some_and(|value| value <= line);
    // Under 59 points nothing is proven of the percentile, but none beyond the limit is none.
    if is_proven || !beyond.contains(&true) { Level::Within } else { Level::Close }
}

/// Returns the percentile that is shown beside the limit.
pub(super) fn shown(values: &[f64], side: Side) -> Option<f64> {
    match side {
        Side::Above => p95(values),
        Side::Below => {
            let turned: Vec<f64> = values.iter().map(|value| -value).collect();
            p95(&turned).map(|value| -value)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: SignedDuration = SignedDuration::from_mins(1);

    fn check(values: &[f64], limit: f64, expected: Level) {
        let limit = Limit { side: Side::Above, value: limit };
        assert_eq!(level(values, limit, MINUTE), expected);
    }

    #[test]
    fn e09_a_breach_exactly_at_the_threshold_is_none_and_just_above_is_one() {
        for limit in [80.0, 85.0, 200.0] {
            check(&[limit; 60], limit, Level::Within);
            check(&[limit + 0.001; 60], limit, Level::Sustained { beyond: 15, of: 15 });
        }
        let limit = Limit { side: Side::Below, value: 10.0 };
        assert_eq!(level(&[10.0; 60], limit, MINUTE), Level::Within);
        assert!(level(&[9.999; 60], limit, MINUTE).is_broken());
    }

    #[test]
    fn e08_a_signal_that_flaps_every_minute_is_decided_once_and_the_same_each_time() {
        let flapping: Vec<f64> = (0..60).map(|n| if n % 2 == 0 { 95.0 } else { 60.0 }).collect();
        check(&flapping, 80.0, Level::Sustained { beyond: 8, of: 15 });
        // The more is read, the same it stays.
        let longer: Vec<f64> = flapping.iter().chain(&[60.0; 30]).copied().collect();
        check(&longer, 80.0, Level::Sustained { beyond: 8, of: 15 });
        // Now and then is no failure.
        let rare: Vec<f64> = (0..100).map(|n| if n == 50 { 95.0 } else { 60.0 }).collect();
        check(&rare, 80.0, Level::Within);
    }

    #[test]
    fn a_percentile_near_its_limit_is_not_said() {
        // Eight of a hundred points, apart from each other: the bounds are the 91st and 99th.
        let some: Vec<f64> = (0..100).map(|n| if n % 12 == 0 { 90.0 } else { 50.0 }).collect();
        check(&some, 80.0, Level::Close);
        // Twenty of a hundred are too many.
        let many: Vec<f64> = (0..100).map(|n| if n % 5 == 0 { 90.0 } else { 50.0 }).collect();
        check(&many, 80.0, Level::Beyond);
    }

    #[test]
    fn fewer_than_fifty_points_say_nothing_good() {
        check(&[10.0; 49], 80.0, Level::Few(49));
        check(&[10.0; 50], 80.0, Level::Within);
        check(&[], 80.0, Level::Few(0));
    }

    #[test]
    fn what_is_shown_is_the_percentile_on_the_bad_side() {
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(
            (shown(&values, Side::Above), shown(&values, Side::Below)),
            (Some(95.0), Some(6.0))
        );
        assert_eq!(shown(&[], Side::Below), None);
    }

    #[test]
    fn what_is_below_a_floor_now_and_then_is_too_close_to_say_and_often_is_beyond() {
        let floor = Limit { side: Side::Below, value: 10.0 };
        let every = |number: usize| -> Vec<f64> {
            (0..100).map(|n| if n % number == 0 { 9.0 } else { 50.0 }).collect()
        };
        assert_eq!(level(&every(12), floor, MINUTE), Level::Close);
        assert_eq!(level(&every(5), floor, MINUTE), Level::Beyond);
        assert_eq!(level(&every(50), floor, MINUTE), Level::Close);
        assert_eq!(level(&every(100), floor, MINUTE), Level::Within);
    }

    #[test]
    fn more_than_half_of_a_stretch_is_a_breach_and_a_stretch_has_five_points_at_least() {
        let first = |beyond: usize| -> Vec<f64> {
            (0..60).map(|n| if n < beyond { 90.0 } else { 50.0 }).collect()
        };
        check(&first(8), 80.0, Level::Sustained { beyond: 8, of: 15 });
        check(&first(7), 80.0, Level::Beyond);
        let limit = Limit { side: Side::Above, value: 80.0 };
        let five = SignedDuration::from_mins(5);
        assert_eq!(level(&first(3), limit, five), Level::Sustained { beyond: 3, of: 5 });
        assert!(!level(&first(2), limit, five).is_broken());
    }

    #[test]
    fn e06_a_single_point_is_no_pass() {
        check(&[10.0], 80.0, Level::Few(1));
    }
}
