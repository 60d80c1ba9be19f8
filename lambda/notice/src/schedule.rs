//! When a notice is shown, and from when it may be announced.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};

/// Is the time in which a notice is shown: from a moment up to another, or without end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// First moment; notifications go out then.
    pub from: Timestamp,
    /// First moment after it.
    pub until: Option<Timestamp>,
}

/// First second of 2000 and of 3000: what lies outside is a slip, and years of five digits fit no column.
const SECONDS: std::ops::Range<i64> = 946_684_800..32_503_680_000;

/// Reads a moment with an offset (`2026-12-01T10:00:00+09:00`), or a local time together with a zone.
///
/// # Errors
///
/// With what is wrong, as a fragment: a time without zone, with two, or one that a clock skips or shows twice.
pub fn moment(text: &str, zone: Option<&TimeZone>) -> Result<Timestamp, String> {
    let text = text.trim();
    let moment = any_moment(text, zone)?;
    if SECONDS.contains(&moment.as_second()) {
        Ok(moment)
    } else {
        Err(format!("is `{text}`; years from 2000 to 2999 are understood"))
    }
}

fn any_moment(text: &str, zone: Option<&TimeZone>) -> Result<Timestamp, String> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return match zone {
            None => Ok(moment),
            Some(_) => Err("has an offset while `time_zone` is set; keep one of them".to_owned()),
        };
    }
    let Ok(local) = text.parse::<DateTime>() else {
        return Err(format!("is `{text}`; write a time such as 2026-12-01T10:00:00+09:00"));
    };
    let Some(zone) = zone else {
        return Err("has no zone; add an offset such as +09:00, or set `time_zone` to a name such as Asia/Seoul".to_owned());
    };
    let ambiguous = zone.to_ambiguous_timestamp(local);
    match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { .. } => {
            ambiguous.unambiguous().map_err(|_| format!("is `{text}`, which is out of range"))
        }
        AmbiguousOffset::Gap { .. } => {
            Err(format!("is `{text}`, which the clocks there skip; write it with an offset"))
        }
        AmbiguousOffset::Fold { .. } => {
            Err(format!("is `{text}`, which the clocks there show twice; write it with an offset"))
        }
    }
}

/// Finds a zone by its name, such as `Asia/Seoul`.
///
/// # Errors
///
/// With what is wrong, as a fragment.
pub fn zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name.trim()).map_err(|_| {
        format!("is `{name}`, which is no known zone; write a name such as Asia/Seoul")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, zone_name: Option<&str>, expected: Result<&str, &str>) {
        let zone = zone_name.map(|name| zone(name).expect("a zone"));
        match (moment(text, zone.as_ref()), expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found.to_string(), expected),
            (Err(reason), Err(part)) => assert!(reason.contains(part), "{reason}"),
            (found, expected) => panic!("{found:?} instead of {expected:?}"),
        }
    }

    #[test]
    fn a_time_with_an_offset_needs_no_zone() {
        check("2026-12-01T10:00:00+09:00", None, Ok("2026-12-01T01:00:00Z"));
    }

    #[test]
    fn a_local_time_takes_the_zone_of_the_file() {
        check("2026-12-01 10:00", Some("Asia/Seoul"), Ok("2026-12-01T01:00:00Z"));
    }

    #[test]
    fn a_local_time_without_zone_is_refused() {
        check("2026-12-01 10:00", None, Err("no zone"));
    }

    #[test]
    fn a_time_with_two_zones_is_refused() {
        check("2026-12-01T10:00:00Z", Some("Asia/Seoul"), Err("keep one"));
    }

    #[test]
    fn a_time_that_the_clocks_skip_or_repeat_is_refused() {
        check("2027-03-28 02:30", Some("Europe/Berlin"), Err("skip"));
        check("2026-10-25 02:30", Some("Europe/Berlin"), Err("twice"));
    }

    #[test]
    fn a_year_that_fits_no_column_is_refused() {
        check("9999-12-30T00:00:00Z", None, Err("2999"));
        check("-000001-01-01T00:00:00Z", None, Err("2999"));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        check("내일", Some("Asia/Seoul"), Err("내일"));
    }
}
