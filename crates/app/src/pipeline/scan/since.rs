//! From when on metrics are read.

use jiff::{SignedDuration, Timestamp};

use trimtab_aws::metrics;

/// A moment, or a number of days before the present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// So many days ago.
    Days(u32),
    /// At this moment.
    Moment(Timestamp),
}

impl Since {
    /// Returns the moment.
    fn moment(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Moment(moment) => moment,
            Self::Days(days) => now
                .saturating_sub(SignedDuration::from_hours(24 * i64::from(days)))
                .unwrap_or(Timestamp::UNIX_EPOCH),
        }
    }
}

/// From when on metrics were wanted, and from when on they can be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MetricsSince {
    /// What was asked for.
    pub asked: Timestamp,
    /// What CloudWatch still has of it.
    pub from: Timestamp,
}

impl MetricsSince {
    /// Clips what was asked for to what CloudWatch keeps.
    pub(super) fn of(since: Since, now: Timestamp) -> Self {
        let asked = since.moment(now);
        Self { asked, from: asked.max(metrics::earliest(now)).min(now) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(since: Since, expected: &str) {
        let now = "2026-10-31T00:00:00Z".parse().expect("a moment");
        assert_eq!(MetricsSince::of(since, now).from.to_string(), expected, "{since:?}");
    }

    #[test]
    fn what_is_asked_for_is_clipped_to_what_is_kept() {
        check(Since::Days(30), "2026-10-01T00:00:00Z");
        check(Since::Days(4_000), "2025-08-02T00:00:00Z");
        check(Since::Days(u32::MAX), "2025-08-02T00:00:00Z");
        let later = "2027-01-01T00:00:00Z".parse().expect("a moment");
        check(Since::Moment(later), "2026-10-31T00:00:00Z");
    }
}
