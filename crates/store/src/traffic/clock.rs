//! Times of logs, read digit by digit.

use jiff::civil::Date;

const SECOND: i64 = 1_000_000;
/// Digits of a fraction of a second that are told apart.
const FRACTION: usize = 6;

/// Reads `2026-10-02T22:23:00.186641Z`, as load balancers write it, in microseconds since 1970. Absent
/// for every other way to write a time.
pub(super) fn utc(text: &[u8]) -> Option<i64> {
    let [
        y1,
        y2,
        y3,
        y4,
        b'-',
        n1,
        n2,
        b'-',
        d1,
        d2,
        b'T',
        h1,
        h2,
        b':',
        m1,
        m2,
        b':',
        s1,
        s2,
        fraction @ ..,
        b'Z',
    ] = text
    else {
        return None;
    };
    let (hour, minute, second) = (digits(&[h1, h2])?, digits(&[m1, m2])?, digits(&[s1, s2])?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let micros = match fraction {
        [] => 0,
        [b'.', part @ ..] if (1..=FRACTION).contains(&part.len()) => {
            let padded = part.iter().chain(std::iter::repeat(&b'0'));
            padded.take(FRACTION).try_fold(0, digit)?
        }
        _ => return None,
    };
    let date = date(digits(&[y1, y2, y3, y4])?, digits(&[n1, n2])?, digits(&[d1, d2])?)?;
    Some((days(date) * 86_400 + hour * 3600 + minute * 60 + second) * SECOND + micros)
}

/// Reads a whole number.
pub(super) fn digits(text: &[&u8]) -> Option<i64> {
    text.iter().copied().try_fold(0, digit)
}

fn digit(sum: i64, digit: &u8) -> Option<i64> {
    digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0'))
}

/// Returns a day, where there is such a one.
pub(super) fn date(year: i64, month: i64, day: i64) -> Option<Date> {
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    Date::new(i16::try_from(year).ok()?, month, day).ok()
}

/// Returns the days since 1970-01-01.
pub(super) fn days(date: Date) -> i64 {
    date.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_written_in_another_way_is_left_to_others() {
        for text in [
            "",
            "2026-10-02T22:23:00",
            "2026-10-02T22:23:00+09:00",
            "2026-10-02T22:23:00.Z",
            "2026-10-02T22:23:00.1234567Z",
            "2026-10-02T22:23:60Z",
            "2026-02-30T22:23:00Z",
            "2026-10-02T24:00:00Z",
            "2026-10-02T22:23:00.12x456Z",
        ] {
            assert_eq!(utc(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_moment_is_that_of_the_library(
            micros in 0_i64..4_102_444_800_000_000,
            precision in proptest::option::of(1_usize..7),
        ) {
            let moment = Timestamp::from_microsecond(micros).unwrap();
            let text = match precision {
                None => moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
                Some(digits) => format!("{}Z", &moment.strftime("%Y-%m-%dT%H:%M:%S.%6f").to_string()[..20 + digits]),
            };
            let expected: Timestamp = text.parse().unwrap();
            prop_assert_eq!(utc(text.as_bytes()), Some(expected.as_microsecond()), "{}", text);
        }
    }
}
