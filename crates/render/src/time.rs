//! Moments and stretches of time for people, in the time zone they ask for.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use trimtab_model::explain::Explain;
use trimtab_model::text::Text;

use crate::locale::Locale;

/// A time zone name that the IANA database does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time zone of the IANA database such as Asia/Seoul")]
pub struct UnknownTimeZone(String);

impl Explain for UnknownTimeZone {
    fn text(&self) -> Text {
        let korean = format!("`{}`: Asia/Seoul처럼 IANA에 등록된 시간대가 아닙니다", self.0);
        Text::new(self.to_string(), korean)
    }
}

/// Returns the time zone called `name`, such as `Asia/Seoul` or `UTC`.
///
/// # Errors
/// Fails if the IANA database does not have it.
pub fn time_zone(name: &str) -> Result<TimeZone, UnknownTimeZone> {
    TimeZone::get(name).map_err(|_| UnknownTimeZone(name.to_owned()))
}

/// Returns the day: `2026-10-31`.
pub fn date(moment: Timestamp, zone: &TimeZone) -> String {
    moment.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d").to_string()
}

/// Returns day, minute and zone: `2026-10-31 09:00 KST`.
pub fn date_time(moment: Timestamp, zone: &TimeZone) -> String {
    moment.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M %Z").to_string()
}

/// Returns a stretch in its two largest units: `2 d 3 h`, `2일 3시간`.
pub fn duration(seconds: u64, locale: Locale) -> String {
    let days = seconds / 86_400;
    let hours = seconds % 86_400 / 3_600;
    let minutes = seconds % 3_600 / 60;
    let parts = [
        (days, "duration-days"),
        (hours, "duration-hours"),
        (minutes, "duration-minutes"),
        (seconds % 60, "duration-seconds"),
    ];
    let shown: Vec<String> = parts
        .iter()
        .skip_while(|(value, _)| *value == 0)
        .take(2)
        .filter(|(value, _)| *value > 0)
        .map(|(value, key)| duration_part(*value, key, locale))
        .collect();
    if shown.is_empty() {
        locale.text_with("duration-seconds", &[("value", "0")])
    } else {
        shown.join(" ")
    }
}

fn duration_part(value: u64, key: &str, locale: Locale) -> String {
    let value = value.to_string();
    let arguments = [("value", value.as_str())];
    match key {
        "duration-days" => locale.text_with("duration-days", &arguments),
        "duration-hours" => locale.text_with("duration-hours", &arguments),
        "duration-minutes" => locale.text_with("duration-minutes", &arguments),
        _ => locale.text_with("duration-seconds", &arguments),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trimtab_model::text::Language;

    #[test]
    fn a_moment_is_shown_in_its_zone() {
        let moment: Timestamp = "2026-10-31T00:00:00Z".parse().unwrap();
        assert_eq!(date_time(moment, &time_zone("Asia/Seoul").unwrap()), "2026-10-31 09:00 KST");
        assert_eq!(date(moment, &TimeZone::UTC), "2026-10-31");
        assert!(time_zone("Asia/Atlantis").is_err());
    }

    #[test]
    fn a_stretch_has_two_units_at_most() {
        let ko = Locale::new(Language::Ko);
        let en = Locale::new(Language::En);
        assert_eq!(duration(2 * 86_400 + 3 * 3_600 + 59, ko), "2일 3시간");
        assert_eq!(duration(300, en), "5 min");
        assert_eq!(duration(86_400, en), "1 d");
        assert_eq!(duration(0, en), "0 s");
    }
}
