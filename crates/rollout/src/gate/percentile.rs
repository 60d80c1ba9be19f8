//! The 95th percentile of a sample, and how far off it may be.
//!
//! The bounds are order statistics: of n samples, the k-th smallest is at or above the 95th
//! percentile of what they are drawn from with the chance that at most k - 1 of n fall below it
//! (Conover, Practical Nonparametric Statistics, 3.2). They hold whatever the distribution is,
//! for samples that do not depend on each other. Points of neighbouring minutes do, so no chance
//! is shown to anybody: the bounds only say how clear of its limit a signal must be.

use statrs::distribution::{Binomial, DiscreteCDF as _};

use super::bounds::CONFIDENCE;

/// The share of samples under the percentile.
const SHARE: f64 = 0.95;

/// Returns the 95th percentile by nearest rank: the smallest sample that 95 % do not exceed.
pub(super) fn p95(values: &[f64]) -> Option<f64> {
    let rank = (SHARE * values.len() as f64).ceil() as usize;
    smallest(values, rank)
}

/// Returns the 95th percentile between the two samples next to it (definition 7 of Hyndman and
/// Fan, American Statistician 50, 1996).
///
/// By nearest rank that of twelve points is the highest of them. Here the second highest has a say:
/// one slow point alone has less than half of its weight.
pub(super) fn p95_between(values: &[f64]) -> Option<f64> {
    let place = SHARE * values.len().checked_sub(1)? as f64;
    let rank = place.floor() as usize + 1;
    let (low, high) = (smallest(values, rank)?, smallest(values, values.len().min(rank + 1))?);
    Some(low + (high - low) * place.fract())
}

/// Returns a value that the 95th percentile does not exceed; under 59 samples there is none.
pub(super) fn at_most(values: &[f64]) -> Option<f64> {
    smallest(values, upper_rank(values.len())?)
}

/// Returns a value that the 95th percentile is not under.
pub(super) fn at_least(values: &[f64]) -> Option<f64> {
    smallest(values, lower_rank(values.len())?)
}

/// Returns the rank of the upper bound among n samples, from 1.
fn upper_rank(count: usize) -> Option<usize> {
    let below = Binomial::new(SHARE, count as u64).ok()?;
    first(count, |rank| below.cdf(rank as u64 - 1) >= CONFIDENCE)
}

/// Returns the rank of the lower bound among n samples, from 1; 0 is that of none.
fn lower_rank(count: usize) -> Option<usize> {
    let below = Binomial::new(SHARE, count as u64).ok()?;
    first(count, |rank| below.cdf(rank as u64 - 1) > 1.0 - CONFIDENCE)?.checked_sub(1)
}

/// Returns the first rank for which a condition holds, which holds for all after it.
fn first(count: usize, holds: impl Fn(usize) -> bool) -> Option<usize> {
    let (mut low, mut high) = (1, count.checked_add(1)?);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    (low <= count).then_some(low)
}

fn smallest(values: &[f64], rank: usize) -> Option<f64> {
    let mut sorted = values.to_vec();
    let place = rank.checked_sub(1).filter(|place| *place < sorted.len())?;
    let (_, value, _) = sorted.select_nth_unstable_by(place, f64::total_cmp);
    Some(*value)
}

/// Returns the middle value, or the mean of the middle two.
pub(super) fn median(values: &[f64]) -> Option<f64> {
    let half = values.len() / 2;
    let upper = smallest(values, half + 1)?;
    if values.len() % 2 == 1 { Some(upper) } else { Some((smallest(values, half)? + upper) / 2.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upper_bound_needs_59_samples() {
        assert_eq!(upper_rank(58), None);
        assert_eq!(upper_rank(59), Some(59));
    }

    #[test]
    fn the_upper_bound_of_100_is_the_99th_and_of_1000_the_962nd_smallest() {
        assert_eq!(upper_rank(100), Some(99));
        assert_eq!(upper_rank(1000), Some(962));
    }

    #[test]
    fn the_lower_bound_lies_as_far_on_the_other_side() {
        assert_eq!(lower_rank(100), Some(91));
        assert_eq!(lower_rank(1000), Some(938));
    }

    #[test]
    fn of_an_hour_of_twelve_points_the_second_highest_has_a_say() {
        let check = |values: &[f64], expected: f64| {
            let value = p95_between(values).unwrap();
            assert!((value - expected).abs() < 1e-9, "{value} {expected}");
        };
        let mut hour = [100.0; 12];
        hour[3] = 120.0;
        check(&hour, 109.0);
        hour[7] = 110.0;
        check(&hour, 114.5);
        let minutes: Vec<f64> = (0..=60).map(f64::from).collect();
        check(&minutes, 57.0);
        check(&[7.0], 7.0);
        assert_eq!(p95_between(&[]), None);
    }

    #[test]
    fn two_samples_have_a_lower_bound_and_one_has_none() {
        assert_eq!((lower_rank(2), lower_rank(58)), (Some(1), Some(52)));
        assert_eq!(
            (at_least(&[8.0, 7.0]), at_least(&[7.0]), at_least(&[])),
            (Some(7.0), None, None)
        );
        assert_eq!(at_most(&[7.0]), None);
    }

    #[test]
    fn the_median_is_the_middle_or_the_mean_of_the_middle_two() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[8.0, 1.0, 4.0, 2.0]), Some(3.0));
        assert_eq!(median(&[5.0]), Some(5.0));
        assert_eq!(median(&[]), None);
    }

    #[test]
    fn the_percentile_is_a_sample() {
        let values: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        assert_eq!(p95(&values), Some(95.0));
        assert_eq!(at_most(&values), Some(99.0));
        assert_eq!(at_least(&values), Some(91.0));
        assert_eq!(p95(&[]), None);
    }

    #[test]
    fn the_median_of_an_even_count_is_between_the_two() {
        assert_eq!(median(&[4.0, 1.0, 3.0]), Some(3.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(&[]), None);
    }
}
