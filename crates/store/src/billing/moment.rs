//! Dates and times as bills write them, all UTC.

/// Microseconds of a day.
pub const DAY: i64 = 86_400_000_000;
/// Microseconds of a second.
pub const SECOND: i64 = 1_000_000;
/// A bill is not older than this year, nor from this one on.
const YEARS: std::ops::Range<i64> = 1990..2200;

/// Reads `2026-10-01`, `2026-10-01 13:00:00`, `2026-10-01T13:00:00.000Z` and the like:
/// microseconds since 1970-01-01 UTC. An offset (`+09:00`) is applied.
///
/// Returns nothing for anything else.
pub fn parse(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let year = number(bytes.get(0..4)?)?;
    expect(bytes, 4, b"-")?;
    let month = number(bytes.get(5..7)?)?;
    expect(bytes, 7, b"-")?;
    let day = number(bytes.get(8..10)?)?;
    if !YEARS.contains(&year) || !(1..=12).contains(&month) || day < 1 || day > days_of(year, month)
    {
        return None;
    }
    let date = days_from_civil(year, month, day) * DAY;
    if bytes.len() == 10 {
        return Some(date);
    }
    expect(bytes, 10, b"T ")?;
    let hour = number(bytes.get(11..13)?)?;
    expect(bytes, 13, b":")?;
    let minute = number(bytes.get(14..16)?)?;
    let mut rest = bytes.get(16..)?;
    let mut second = 0;
    let mut micros = 0;
    if rest.first() == Some(&b':') {
        second = number(rest.get(1..3)?)?;
        rest = rest.get(3..)?;
        if rest.first() == Some(&b'.') {
            let digits = rest.iter().skip(1).take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 0 || digits > 9 {
                return None;
            }
            let fraction = number(rest.get(1..=digits)?)?;
            micros = fraction * 1_000_000 / 10_i64.pow(u32::try_from(digits).ok()?);
            rest = rest.get(digits + 1..)?;
        }
    }
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some(date + (hour * 3600 + minute * 60 + second) * SECOND + micros - offset(rest)?)
}

/// Returns the day that a moment lies in, as days since 1970-01-01.
pub fn day_of(micros: i64) -> i32 {
    i32::try_from(micros.div_euclid(DAY)).unwrap_or(i32::MAX)
}

/// Returns the first day of the month that `day` lies in.
pub fn month_start(day: i32) -> i32 {
    let (year, month, _) = civil_from_days(i64::from(day));
    i32::try_from(days_from_civil(year, month, 1)).unwrap_or(day)
}

/// Writes a day as `2026-10-31`.
pub fn day_text(day: i32) -> String {
    let (year, month, day) = civil_from_days(i64::from(day));
    format!("{year:04}-{month:02}-{day:02}")
}

/// Writes the month of a day as `2026-10`.
pub fn month_text(day: i32) -> String {
    let (year, month, _) = civil_from_days(i64::from(day));
    format!("{year:04}-{month:02}")
}

/// Returns whether microseconds stand for a moment that a bill can hold.
pub fn is_plausible(micros: i64) -> bool {
    let start = days_from_civil(YEARS.start, 1, 1) * DAY;
    let end = days_from_civil(YEARS.end, 1, 1) * DAY;
    (start..end).contains(&micros)
}

fn expect(bytes: &[u8], at: usize, allowed: &[u8]) -> Option<()> {
    allowed.contains(bytes.get(at)?).then_some(())
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0_i64, |sum, byte| {
        byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0'))
    })
}

fn offset(text: &[u8]) -> Option<i64> {
    let text = text.strip_prefix(b" ").unwrap_or(text);
    match text {
        b"" | b"Z" | b"z" | b"UTC" => Some(0),
        [sign @ (b'+' | b'-'), rest @ ..] => {
            let hours = number(rest.get(0..2)?)?;
            let minutes = match rest.get(2..)? {
                [] => 0,
                [b':', minutes @ ..] | minutes if minutes.len() == 2 => number(minutes)?,
                _ => return None,
            };
            let micros = (hours * 3600 + minutes * 60) * SECOND;
            Some(if *sign == b'-' { -micros } else { micros })
        }
        _ => None,
    }
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

// Both conversions: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted = (month + 9) % 12;
    let day_of_year = (153 * shifted + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, seconds: Option<i64>) {
        assert_eq!(parse(text), seconds.map(|seconds| seconds * SECOND), "{text}");
    }

    #[test]
    fn every_way_a_bill_writes_a_moment_is_read() {
        check("2024-09-18 23:00:00", Some(1_726_700_400));
        check("2024-09-18T23:00:00Z", Some(1_726_700_400));
        check("2024-09-18T23:00:00.000Z", Some(1_726_700_400));
        check("2024-09-19T08:00:00+09:00", Some(1_726_700_400));
        check("2024-09-18 23:00:00.000000 UTC", Some(1_726_700_400));
        check("2024-09-18", Some(1_726_617_600));
        check("2024-02-29", Some(1_709_164_800));
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "2024",
            "2024-13-01",
            "2023-02-29",
            "18/09/2024",
            "2024-09-18T25:00:00Z",
            "2024-09-18 23",
            "0001-01-01",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn days_and_months_are_written_as_bills_name_them() {
        let day = day_of(parse("2024-12-31T23:59:59Z").unwrap());
        assert_eq!(day_text(day), "2024-12-31");
        assert_eq!(month_text(day), "2024-12");
        assert_eq!(day_text(month_start(day)), "2024-12-01");
    }
}
