//! Moments as the AWS CLI prints them: ISO 8601 text, or a count since 1970.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// Counts from here on are milliseconds, smaller ones seconds: as seconds it
/// would be the year 5138, as milliseconds it is March 1973, before AWS was.
const FIRST_MILLISECOND_COUNT: i64 = 100_000_000_000;

/// A moment of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment(pub(super) Timestamp);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MomentVisitor)
    }
}

struct MomentVisitor;

impl Visitor<'_> for MomentVisitor {
    type Value = Moment;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time such as 2026-10-01T00:00:00Z, or seconds or milliseconds since 1970")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Moment, E> {
        parse_iso(text).map(Moment).ok_or_else(|| {
            E::custom(format_args!("{text:?} is not a time such as 2026-10-01T00:00:00Z"))
        })
    }

    fn visit_i64<E: Error>(self, count: i64) -> Result<Moment, E> {
        let moment = if count.unsigned_abs() >= FIRST_MILLISECOND_COUNT.unsigned_abs() {
            Timestamp::from_millisecond(count)
        } else {
            Timestamp::from_second(count)
        };
        moment.map(Moment).map_err(|_| E::custom(format_args!("{count} is not a moment in time")))
    }

    fn visit_u64<E: Error>(self, count: u64) -> Result<Moment, E> {
        let count = i64::try_from(count)
            .map_err(|_| E::custom(format_args!("{count} is not a moment in time")))?;
        self.visit_i64(count)
    }

    fn visit_f64<E: Error>(self, seconds: f64) -> Result<Moment, E> {
        // JSON has no NaN, and the cast saturates, so that nonsense fails below.
        let milliseconds = (seconds * 1000.0).round() as i64;
        Timestamp::from_millisecond(milliseconds)
            .map(Moment)
            .map_err(|_| E::custom(format_args!("{seconds} is not a moment in time")))
    }
}

/// Returns the moment of a count of seconds or milliseconds.
pub(crate) fn of_count(count: i64) -> Option<Timestamp> {
    MomentVisitor.visit_i64::<serde::de::value::Error>(count).ok().map(|moment| moment.0)
}

/// Parses a moment from text: ISO 8601, or a count of seconds or milliseconds.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    if let Ok(count) = text.parse::<i64>() {
        return of_count(count);
    }
    parse_iso(text)
}

/// Parses ISO 8601; a time without an offset is UTC.
fn parse_iso(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment);
    }
    let local: DateTime = text.parse().ok()?;
    TimeZone::UTC.to_timestamp(local).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expected: &str) {
        let read = serde_json::from_str::<Moment>(json);
        let shown = match read {
            Ok(Moment(moment)) => moment.to_string(),
            Err(_) => "error".to_owned(),
        };
        assert_eq!(shown, expected, "{json}");
    }

    #[test]
    fn every_spelling_of_a_moment_is_read() {
        check(r#""2026-09-01T03:04:05+00:00""#, "2026-09-01T03:04:05Z");
        check(r#""2026-09-01T03:04:05.123Z""#, "2026-09-01T03:04:05.123Z");
        check(r#""2026-09-01T12:04:05+09:00""#, "2026-09-01T03:04:05Z");
        check(r#""2026-09-01T12:04:05.000+0900""#, "2026-09-01T03:04:05Z");
        check(r#""2026-09-01T03:04:05""#, "2026-09-01T03:04:05Z");
        check("1788231845", "2026-09-01T03:04:05Z");
        check("1788231845123", "2026-09-01T03:04:05.123Z");
        check("1788231845.5", "2026-09-01T03:04:05.5Z");
    }

    #[test]
    fn nonsense_is_refused() {
        check(r#""yesterday""#, "error");
        check("true", "error");
        check("9223372036854775807", "error");
        check("1e300", "error");
    }
}
