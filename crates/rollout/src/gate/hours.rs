//! Hours that got worse, and how many of them are needed.
//!
//! A single hour may be bad by itself. Two of the first three, each worse by more than the floor,
//! are a failure. Who looks at a whole day sees chance more often: later it takes three of four
//! in a row, and two of three keep it from passing. bench/gates.md has how often that is wrong
//! and how often something is missed.

use jiff::{SignedDuration, Timestamp};

use trimtab_model::period::Period;

use super::series::Series;

/// The fewest points that an hour's percentile is taken of.
const FEWEST: usize = 10;
/// The hours that are looked at together.
const TOGETHER: usize = 3;
/// How many of them must be worse.
const WORSE: usize = 2;
/// The hours that are looked at together behind the first three.
const LATER: usize = 4;
/// How many of those must be worse.
const LATER_WORSE: usize = 3;
/// The share of hours that must be comparable.
const COVERED: f64 = 0.75;

/// What the hours say together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Hours {
    /// Enough of them are worse; by how much the worst is.
    Worse { from: Timestamp, effect: f64 },
    /// None are that count; how much worse the worst hour is.
    Well { worst: f64 },
    /// One of the latest two is worse, or two of three were: later hours decide, or a person.
    Undecided { worst: f64 },
    /// Too few hours can be compared: so many of so many.
    Few { compared: usize, of: usize },
}

/// Returns what tells of the points of an hour; absent where it has too few.
pub(super) fn hourly(
    series: &Series,
    hour: Period,
    tells: fn(&[f64]) -> Option<f64>,
) -> Option<f64> {
    let values = series.within(hour);
    let enough = values.len() >= FEWEST && values.len() as f64 * 2.0 >= series.expected(hour);
    if enough { tells(&values) } else { None }
}

/// Judges hours in order, each with its relative worsening if it could be compared: 0.2 is a
/// fifth worse.
pub(super) fn judge(hours: &[(Period, Option<f64>)], floor: f64) -> Hours {
    let is_worse = |effect: &Option<f64>| effect.is_some_and(|effect| effect > floor);
    let worse =
        |part: &[(Period, Option<f64>)]| part.iter().filter(|(_, effect)| is_worse(effect)).count();
    let first = hours.get(..TOGETHER).filter(|part| worse(part) >= WORSE);
    let later = || hours.windows(LATER).find(|part| worse(part) >= LATER_WORSE);
    if let Some(part) = first.or_else(later) {
        let effect = part.iter().filter_map(|(_, effect)| *effect).fold(floor, f64::max);
        let first = part.iter().find(|(_, effect)| is_worse(effect));
        let from = first.map_or(Timestamp::UNIX_EPOCH, |(hour, _)| hour.start());
        return Hours::Worse { from, effect };
    }
    let compared = hours.iter().filter_map(|(_, effect)| *effect);
    let count = compared.clone().count();
    if count < TOGETHER || (count as f64) < COVERED * hours.len() as f64 {
        return Hours::Few { compared: count, of: hours.len() };
    }
    let worst = compared.fold(f64::NEG_INFINITY, f64::max);
    let latest = hours.iter().rev().take(TOGETHER - 1);
    let was_worse = hours.windows(TOGETHER).any(|part| worse(part) >= WORSE);
    if was_worse || latest.clone().any(|(_, effect)| is_worse(effect)) {
        Hours::Undecided { worst }
    } else {
        Hours::Well { worst }
    }
}

/// Returns the length of time after which three hours can be compared.
pub(super) fn needed() -> SignedDuration {
    SignedDuration::from_hours(TOGETHER as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(effects: &[Option<f64>], expected: fn(Hours) -> bool) {
        let hours: Vec<(Period, Option<f64>)> = effects
            .iter()
            .zip(0_i64..)
            .map(|(effect, number)| {
                let at = |hour| Timestamp::from_second(hour * 3600).unwrap();
                (Period::new(at(number), at(number + 1)).unwrap(), *effect)
            })
            .collect();
        let hours = judge(&hours, 0.15);
        assert!(expected(hours), "{effects:?}: {hours:?}");
    }

    #[test]
    fn an_hour_has_ten_points_and_half_of_its_own_at_least() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let of = |count: i64, seconds: i64| {
            let points = (0..count).map(|number| (at(number * seconds), 1.0)).collect();
            let series = Series { period: SignedDuration::from_secs(seconds), points };
            hourly(&series, Period::new(at(0), at(3600)).unwrap(), |values| values.first().copied())
        };
        assert_eq!((of(9, 300), of(10, 300)), (None, Some(1.0)));
        assert_eq!((of(29, 60), of(30, 60)), (None, Some(1.0)));
    }

    #[test]
    fn the_worst_hour_and_the_first_bad_one_are_told() {
        let at = |hour: i64| Timestamp::from_second(hour * 3600).unwrap();
        let expect = |effects: &[Option<f64>], expected: Hours| {
            let hour = |number| Period::new(at(number), at(number + 1)).unwrap();
            let hours = effects.iter().zip(0..).map(|(effect, number)| (hour(number), *effect));
            assert_eq!(judge(&hours.collect::<Vec<_>>(), 0.15), expected);
        };
        let hours = [Some(0.0), Some(0.2), Some(0.3)];
        expect(&hours, Hours::Worse { from: at(1), effect: 0.3 });
        expect(&[Some(-0.2), Some(0.1), Some(-0.3)], Hours::Well { worst: 0.1 });
        expect(&[Some(0.0), None], Hours::Few { compared: 1, of: 2 });
        assert_eq!(needed(), SignedDuration::from_hours(3));
    }

    #[test]
    fn two_of_the_first_three_hours_are_a_failure() {
        let worse = |hours| matches!(hours, Hours::Worse { .. });
        check(&[Some(0.2), Some(0.2), Some(0.0)], worse);
        check(&[Some(0.2), Some(0.0), Some(0.2)], worse);
        // An hour that cannot be compared is not a good one.
        check(&[Some(0.2), None, Some(0.2)], worse);
    }

    #[test]
    fn later_it_takes_three_of_four_and_two_of_three_do_not_pass() {
        let (bad, good) = (Some(0.2), Some(0.0));
        let worse = |hours| matches!(hours, Hours::Worse { .. });
        check(&[good, good, good, bad, bad, bad, good], worse);
        check(&[good, good, good, bad, bad, good, bad], worse);
        let undecided = |hours| matches!(hours, Hours::Undecided { .. });
        check(&[good, good, good, bad, bad, good, good, good], undecided);
    }

    #[test]
    fn a_single_hour_is_not() {
        let well = |hours| matches!(hours, Hours::Well { .. });
        check(&[Some(0.2), Some(0.0), Some(0.0)], well);
        check(&[Some(0.2), Some(0.0), Some(0.0), Some(0.2), Some(0.0), Some(0.0)], well);
    }

    #[test]
    fn the_floor_itself_is_well() {
        check(&[Some(0.15), Some(0.15), Some(0.15)], |hours| matches!(hours, Hours::Well { .. }));
    }

    #[test]
    fn a_bad_hour_at_the_end_waits_for_the_next() {
        let undecided = |hours| matches!(hours, Hours::Undecided { .. });
        check(&[Some(0.0), Some(0.0), Some(0.2)], undecided);
        check(&[Some(0.0), Some(0.2), Some(0.0)], undecided);
    }

    #[test]
    fn hours_that_cannot_be_compared_do_not_pass() {
        let few = |hours| matches!(hours, Hours::Few { .. });
        check(&[], few);
        check(&[Some(0.0), Some(0.0)], few);
        check(&[Some(0.0), Some(0.0), Some(0.0), None, None], few);
        // Three of four are enough.
        check(&[Some(0.0), Some(0.0), Some(0.0), None], |hours| {
            matches!(hours, Hours::Well { .. })
        });
    }

    #[test]
    fn two_of_three_are_not_forgotten_though_the_latest_are_well() {
        let (bad, good) = (Some(0.2), Some(0.0));
        let undecided = |hours| matches!(hours, Hours::Undecided { .. });
        check(&[good, bad, good, good, bad, bad, good, good], undecided);
        check(&[good, good, bad, good, good], |hours| matches!(hours, Hours::Well { .. }));
        check(&[good, good, good, good, bad], undecided);
    }
}
