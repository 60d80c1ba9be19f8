//! The days of the story. It reads no clock: it always ends at the same moment.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use trimtab_model::calendar::Calendar;
use trimtab_store::catalog;

use crate::story::metric_file::Grid;

/// The moment for which the story is analysed: 2026-10-31T00:00:00Z.
pub const AS_OF: Timestamp = Timestamp::constant(1_793_404_800, 0);

/// Returns the days of the company: Seoul's, with South Korea's holidays.
pub fn calendar() -> Calendar {
    let holidays = catalog::holidays("KR");
    Calendar {
        time_zone: TimeZone::get("Asia/Seoul").unwrap_or(TimeZone::UTC),
        known_until: holidays.keys().next_back().map(|last| last.last_of_year()),
        holidays,
    }
}

/// Seconds in a day.
pub(super) const DAY: i64 = 86_400;

/// Days of metrics and users before [`AS_OF`].
pub(super) const METRIC_DAYS: i64 = 93;

/// Days before [`AS_OF`] whose metrics come every five minutes; older ones are hourly only,
/// as CloudWatch keeps them, so that no moment appears in a series twice.
pub(super) const FINE_DAYS: i64 = 14;

/// The billing months, oldest first.
pub(super) const MONTHS: [(i16, i8); 4] = [(2026, 7), (2026, 8), (2026, 9), (2026, 10)];

/// Returns the hourly grid of the older metrics and the moments it holds.
pub(super) fn hourly() -> (Grid, usize) {
    let start = AS_OF.as_second() - METRIC_DAYS * DAY;
    (Grid { start_ms: start * 1000, period_seconds: 3600 }, hours(METRIC_DAYS - FINE_DAYS))
}

/// Returns the five-minute grid of the latest metrics and the moments it holds.
pub(super) fn fine() -> (Grid, usize) {
    let start = AS_OF.as_second() - FINE_DAYS * DAY;
    (Grid { start_ms: start * 1000, period_seconds: 300 }, hours(FINE_DAYS) * 12)
}

/// Returns the hourly grid of all the days, for metrics that nothing reads more finely.
pub(super) fn hourly_throughout() -> (Grid, usize) {
    (hourly().0, hours(METRIC_DAYS))
}

fn hours(days: i64) -> usize {
    usize::try_from(days * 24).unwrap_or_default()
}

/// Returns the moment `days` before [`AS_OF`].
pub(super) fn days_ago(days: i64) -> Timestamp {
    moment(AS_OF.as_second() - days * DAY)
}

/// Returns the first moment of a civil day in UTC.
pub(super) fn start_of(date: Date) -> Timestamp {
    jiff::tz::TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).unwrap_or(AS_OF)
}

/// Returns the moment at `second` since 1970.
pub(super) fn moment(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap_or(AS_OF)
}
