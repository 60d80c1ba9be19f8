//! Days and moments on an axis and in a tip, in the reader's language and zone.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use trimtab_model::text::Language;

use super::axis::Tick;
use crate::locale::Locale;

/// Steps between labelled days.
const DAY_STEPS: [usize; 9] = [1, 2, 5, 7, 10, 14, 30, 60, 90];
/// Steps between labelled hours.
const HOUR_STEPS: [i64; 5] = [1, 2, 3, 6, 12];

/// Returns a day on an axis: `11/7`, in English `Nov 7`.
pub(super) fn short_day(date: Date, locale: Locale) -> String {
    match locale.language() {
        Language::Ko => date.strftime("%-m/%-d").to_string(),
        Language::En => date.strftime("%b %-d").to_string(),
    }
}

/// Returns a day in a tip: `2026-11-20 (금)`.
pub(super) fn full_day(date: Date, locale: Locale) -> String {
    format!("{date} ({})", weekday(date.weekday(), locale))
}

/// Returns the short name of a weekday.
pub(super) fn weekday(day: Weekday, locale: Locale) -> String {
    let key = match day {
        Weekday::Monday => "weekday-mon",
        Weekday::Tuesday => "weekday-tue",
        Weekday::Wednesday => "weekday-wed",
        Weekday::Thursday => "weekday-thu",
        Weekday::Friday => "weekday-fri",
        Weekday::Saturday => "weekday-sat",
        Weekday::Sunday => "weekday-sun",
    };
    locale.text(key)
}

/// Returns every how many of `count` days one is labelled, for at most `most` labels.
pub(super) fn day_step(count: usize, most: usize) -> usize {
    let enough = |step: &&usize| count.div_ceil(**step) <= most.max(1);
    DAY_STEPS.iter().find(enough).copied().unwrap_or(count.div_ceil(most.max(1)))
}

/// Returns ticks at midnights, or at full hours of a short stretch, of the reader's zone.
pub(super) fn time_ticks(
    from: Timestamp,
    to: Timestamp,
    zone: &TimeZone,
    locale: Locale,
    most: usize,
) -> Vec<Tick> {
    let hours = to.duration_since(from).as_secs() / 3_600;
    if hours <= 48 {
        hour_ticks(from, to, zone, locale, most)
    } else {
        day_ticks(from, to, zone, locale, most)
    }
}

fn day_ticks(
    from: Timestamp,
    to: Timestamp,
    zone: &TimeZone,
    locale: Locale,
    most: usize,
) -> Vec<Tick> {
    let first = zone.to_datetime(from).date();
    let days = usize::try_from(to.duration_since(from).as_hours() / 24).unwrap_or(0);
    // Beyond a lifetime of days there is no step that a reader could follow.
    let step = i64::try_from(day_step(days.min(40_000) + 1, most)).unwrap_or(1).max(1);
    let mut ticks = Vec::new();
    let mut date = first;
    // A day that begins before the first moment has no place; there are a few more than
    // asked for at most, because the first may fall out.
    for _ in 0..=most + 1 {
        if let Ok(midnight) = zone.to_timestamp(date.at(0, 0, 0, 0)) {
            if midnight > to {
                break;
            }
            if midnight >= from {
                ticks.push(Tick { at: seconds(midnight), text: short_day(date, locale) });
            }
        }
        let step = if ticks.is_empty() { 1 } else { step };
        let Ok(next) = date.checked_add(step.days()) else { break };
        date = next;
    }
    ticks
}

fn hour_ticks(
    from: Timestamp,
    to: Timestamp,
    zone: &TimeZone,
    locale: Locale,
    most: usize,
) -> Vec<Tick> {
    let hours = to.duration_since(from).as_hours() + 1;
    let enough = |step: &&i64| usize::try_from(hours / **step).is_ok_and(|count| count <= most);
    let step = HOUR_STEPS.iter().find(enough).copied().unwrap_or(24);
    let mut ticks = Vec::new();
    let start = zone.to_datetime(from);
    for day in 0..=3 {
        let Ok(date) = start.date().checked_add(i64::from(day).days()) else { break };
        let mut hour = 0_i8;
        while hour < 24 {
            if let Ok(moment) = zone.to_timestamp(date.at(hour, 0, 0, 0))
                && (from..=to).contains(&moment)
            {
                let text =
                    if hour == 0 { short_day(date, locale) } else { format!("{hour:02}:00") };
                ticks.push(Tick { at: seconds(moment), text });
            }
            hour = hour.saturating_add(i8::try_from(step).unwrap_or(24));
        }
    }
    ticks
}

/// Returns a moment as a coordinate.
pub(super) fn seconds(moment: Timestamp) -> f64 {
    moment.as_second() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::time_zone;

    fn ticks(from: &str, to: &str, zone: &str, most: usize) -> Vec<String> {
        let (from, to) = (from.parse().unwrap(), to.parse().unwrap());
        let locale = Locale::new(Language::Ko);
        let ticks = time_ticks(from, to, &time_zone(zone).unwrap(), locale, most);
        ticks.into_iter().map(|tick| tick.text).collect()
    }

    #[test]
    fn days_begin_at_midnight_of_the_reader() {
        // 15:00 in UTC is midnight in Seoul.
        let (from, to) = ("2026-11-06T15:00:00Z", "2026-11-10T15:00:00Z");
        assert_eq!(ticks(from, to, "Asia/Seoul", 12), ["11/7", "11/8", "11/9", "11/10", "11/11"]);
        assert_eq!(ticks(from, to, "UTC", 12), ["11/7", "11/8", "11/9", "11/10"]);
    }

    #[test]
    fn a_day_has_hours() {
        let (from, to) = ("2026-11-06T15:00:00Z", "2026-11-07T15:00:00Z");
        let texts = ticks(from, to, "Asia/Seoul", 6);
        assert_eq!(texts, ["11/7", "06:00", "12:00", "18:00", "11/8"]);
    }

    #[test]
    fn a_year_has_a_few_labels() {
        let texts = ticks("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "UTC", 12);
        assert!((4..=14).contains(&texts.len()), "{texts:?}");
    }

    #[test]
    fn a_stretch_without_length_has_its_day() {
        let moment = "2026-11-07T00:00:00Z";
        assert_eq!(ticks(moment, moment, "UTC", 6), ["11/7"]);
    }
}
