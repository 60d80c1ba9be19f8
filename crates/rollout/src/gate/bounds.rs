//! What a number of failed requests proves about their share.
//!
//! One-sided exact bounds of a binomial share (Clopper and Pearson, Biometrika 26, 1934): a
//! share is proven to be at most p if so few failures, or fewer, had a chance of at most 5 % at
//! p, and to be more than p if so many, or more, had.

use statrs::distribution::{Binomial, ContinuousCDF as _, DiscreteCDF as _, Normal};

/// How sure a bound is.
pub(super) const CONFIDENCE: f64 = 0.95;
/// Variance from which on the normal distribution is as good: the continued fraction behind the
/// exact one is cut after 140 terms, which is too soon for more.
const LARGE: f64 = 200.0;

/// Returns whether the share of failures is proven to be at most `share`.
pub(super) fn proves_at_most(failed: u64, of: u64, share: f64) -> bool {
    chance_of_at_most(failed, of, share).is_some_and(|it| it <= 1.0 - CONFIDENCE)
}

/// Returns whether the share of failures is proven to be more than `share`.
pub(super) fn proves_more_than(failed: u64, of: u64, share: f64) -> bool {
    let Some(fewer) = failed.checked_sub(1) else { return false };
    of > 0 && chance_of_at_most(fewer, of, share).is_some_and(|it| it >= CONFIDENCE)
}

/// Returns the fewest requests that can prove a share at all: with no failure among them.
pub(super) fn fewest(share: f64) -> Option<u64> {
    let exact = (1.0 - CONFIDENCE).ln() / (1.0 - share).ln();
    (exact.is_finite() && exact > 0.0).then(|| exact.ceil() as u64)
}

fn chance_of_at_most(failed: u64, of: u64, share: f64) -> Option<f64> {
    let expected = of as f64 * share;
    let variance = expected * (1.0 - share);
    if variance > LARGE {
        let normal = Normal::new(expected, variance.sqrt()).ok()?;
        return Some(normal.cdf(failed as f64 + 0.5));
    }
    Some(Binomial::new(share, of).ok()?.cdf(failed))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The most failures that still prove at most 0.1 %, and the fewest that prove more.
    fn check(of: u64, expected: (Option<u64>, u64)) {
        let most = (0..of).take_while(|failed| proves_at_most(*failed, of, 0.001)).last();
        let least = (0..of).find(|failed| proves_more_than(*failed, of, 0.001));
        assert_eq!((most, least), (expected.0, Some(expected.1)), "of {of}");
    }

    #[test]
    fn so_many_requests_prove_so_much() {
        check(1_000, (None, 4));
        check(3_000, (Some(0), 7));
        check(10_000, (Some(4), 16));
        check(50_000, (Some(38), 63));
    }

    #[test]
    fn a_tenth_of_a_percent_needs_2995_requests() {
        assert_eq!(fewest(0.001), Some(2_995));
        check(2_994, (None, 7));
        check(2_995, (Some(0), 7));
    }

    #[test]
    fn nothing_is_proven_by_nothing() {
        assert!(!proves_at_most(0, 0, 0.001));
        assert!(!proves_more_than(0, 0, 0.001));
        assert!(!proves_more_than(0, 10, 0.001));
        // More failures than requests are no failures of requests.
        assert!(!proves_more_than(1, 0, 0.001));
    }

    #[test]
    fn a_share_of_none_or_of_all_takes_no_number_of_requests() {
        assert_eq!((fewest(0.0), fewest(1.0), fewest(2.0)), (None, None, None));
        assert_eq!(fewest(0.5), Some(5));
    }

    #[test]
    fn large_numbers_agree_with_exact_ones_where_they_meet() {
        // At 199,000 requests it is exact, at 201,000 it is not: the limits move on evenly.
        let most = |of| (100..300).take_while(|failed| proves_at_most(*failed, of, 0.001)).last();
        assert_eq!(most(199_000), Some(175));
        assert_eq!(most(201_000), Some(177));
        assert!(proves_at_most(9_800, 10_000_000, 0.001));
        assert!(!proves_at_most(9_900, 10_000_000, 0.001));
        assert!(proves_more_than(10_200, 10_000_000, 0.001));
        // Half of ten thousand differ by fifty.
        assert!(proves_at_most(4_917, 10_000, 0.5));
        assert!(!proves_at_most(4_918, 10_000, 0.5));
        // The exact one has a chance under zero for these.
        assert!(!proves_at_most(100_000_000, 100_000_000_000, 0.001));
    }
}
