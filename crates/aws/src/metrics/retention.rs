//! How fine CloudWatch still remembers.
//!
//! CloudWatch keeps 5-minute samples for 63 days and hourly ones for 455 (CloudWatch User
//! Guide, *Metrics retention*). Asking for finer ones than it has gives nothing, silently.

use jiff::{SignedDuration, Timestamp};

/// Five minutes, in seconds.
const FINE: u32 = 300;
/// An hour, in seconds.
const COARSE: u32 = 3600;
/// Days for which 5-minute samples are kept, less one for clocks and for a slow scan.
const FINE_DAYS: i64 = 62;
/// Days for which anything is kept.
const KEPT_DAYS: i64 = 455;

/// Returns the earliest moment of which CloudWatch remembers anything.
pub fn earliest(now: Timestamp) -> Timestamp {
    now.saturating_sub(SignedDuration::from_hours(24 * KEPT_DAYS)).unwrap_or(now)
}

/// A stretch of time to be asked for with one period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The first moment, on a boundary of the period.
    pub start: Timestamp,
    /// The moment behind the last, on a boundary of the period.
    pub end: Timestamp,
    /// The period, in seconds.
    pub period_seconds: u32,
}

/// Splits the time from `from` to `until` by how fine it is remembered at `now`, the oldest
/// first.
///
/// An interval that ends later is left out: its value may change, or is read already.
pub fn stretches(from: Timestamp, until: Timestamp, now: Timestamp) -> Vec<Stretch> {
    let fine_from = now.saturating_sub(SignedDuration::from_hours(24 * FINE_DAYS)).unwrap_or(from);
    let border = floor(fine_from, COARSE);
    let coarse = Stretch {
        start: floor(from, COARSE),
        end: floor(until, COARSE).min(border),
        period_seconds: COARSE,
    };
    let fine = Stretch {
        start: floor(from, FINE).max(border),
        end: floor(until, FINE),
        period_seconds: FINE,
    };
    [coarse, fine].into_iter().filter(|stretch| stretch.start < stretch.end).collect()
}

fn floor(moment: Timestamp, period: u32) -> Timestamp {
    let second = moment.as_second();
    Timestamp::from_second(second - second.rem_euclid(i64::from(period))).unwrap_or(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    fn check(from: &str, now: &str, expected: &[(&str, &str, u32)]) {
        check_until(from, now, now, expected);
    }

    fn check_until(from: &str, until: &str, now: &str, expected: &[(&str, &str, u32)]) {
        let found: Vec<(String, String, u32)> = stretches(at(from), at(until), at(now))
            .iter()
            .map(|one| (one.start.to_string(), one.end.to_string(), one.period_seconds))
            .collect();
        let expected: Vec<(String, String, u32)> = expected
            .iter()
            .map(|(start, end, period)| ((*start).to_owned(), (*end).to_owned(), *period))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn two_weeks_are_remembered_finely() {
        check(
            "2026-10-17T00:01:00Z",
            "2026-10-31T00:07:00Z",
            &[("2026-10-17T00:00:00Z", "2026-10-31T00:05:00Z", 300)],
        );
    }

    #[test]
    fn a_quarter_is_remembered_coarsely_where_it_is_old() {
        check(
            "2026-07-30T00:00:00Z",
            "2026-10-31T00:00:00Z",
            &[
                ("2026-07-30T00:00:00Z", "2026-08-30T00:00:00Z", 3600),
                ("2026-08-30T00:00:00Z", "2026-10-31T00:00:00Z", 300),
            ],
        );
    }

    #[test]
    fn what_was_read_already_is_not_asked_for_again() {
        check_until(
            "2026-10-10T00:01:00Z",
            "2026-10-17T00:01:00Z",
            "2026-10-31T00:07:00Z",
            &[("2026-10-10T00:00:00Z", "2026-10-17T00:00:00Z", 300)],
        );
        check_until(
            "2026-07-30T00:00:00Z",
            "2026-08-10T10:07:00Z",
            "2026-10-31T00:00:00Z",
            &[("2026-07-30T00:00:00Z", "2026-08-10T10:00:00Z", 3600)],
        );
    }

    #[test]
    fn nothing_is_asked_for_while_the_first_interval_runs() {
        check("2026-10-31T00:05:00Z", "2026-10-31T00:09:59Z", &[]);
    }
}
