//! Units in the reader's language: `730 hours`, `GB-month`, `하루 5회`.
//!
//! Bills and catalogues write one unit in several ways (`Hrs`, `hour`); each is read as
//! the same. A unit that is not known, such as `GiB`, is the same in every language.

use crate::locale::Locale;

/// Returns a value and its unit: `46%`, `16 GiB`, `14 days`.
pub fn quantity(value: &str, unit: &str, locale: Locale) -> String {
    let key = match unit.to_ascii_lowercase().as_str() {
        "" => return value.to_owned(),
        "%" => return format!("{value}%"),
        "days" | "day" => "unit-days",
        "hours" | "hour" | "hrs" | "hr" => "unit-hours",
        "weeks" | "week" => "unit-weeks",
        "months" | "month" => "unit-months",
        "seconds" | "second" => "unit-seconds",
        "requests" | "request" => "unit-requests",
        "invocations" => "unit-invocations",
        "connections" => "unit-connections",
        "units" | "unit" => "unit-pieces",
        "bytes" | "byte" => "unit-bytes",
        "operations/day" => "unit-operations-a-day",
        "mb/day" => "unit-megabytes-a-day",
        _ => return format!("{value} {}", name(unit, locale)),
    };
    locale.text_with(key, &[("count", value)])
}

/// Returns the name of a unit, as a price is per unit: `hour`, `GB-month`.
pub fn name(unit: &str, locale: Locale) -> String {
    if let Some((of, per)) = unit.rsplit_once('-') {
        let key = match per.to_ascii_lowercase().as_str() {
            "month" | "months" | "mo" => "unit-by-month",
            "hour" | "hours" | "hrs" => "unit-by-hour",
            "second" | "seconds" => "unit-by-second",
            _ => return unit.to_owned(),
        };
        return locale.text_with(key, &[("unit", &name(of, locale))]);
    }
    match unit.to_ascii_lowercase().as_str() {
        "hour" | "hours" | "hrs" | "hr" => locale.text("unit-hour"),
        "request" | "requests" => locale.text("unit-request"),
        "1000 requests" => locale.text("unit-thousand-requests"),
        "1000 metrics" => locale.text("unit-thousand-metrics"),
        "metric" => locale.text("unit-metric"),
        "alarm" => locale.text("unit-alarm"),
        "unit" | "units" => locale.text("unit-piece"),
        _ => unit.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trimtab_model::text::Language;

    #[test]
    fn a_quantity_of_one_is_singular_in_english() {
        let en = Locale::new(Language::En);
        let cases = [
            ("1", "days", "1 day"),
            ("14", "days", "14 days"),
            ("1,460", "Hrs", "1,460 hours"),
            ("1.5", "hour", "1.5 hours"),
            ("1", "Requests", "1 request"),
            ("500", "GB-Mo", "500 GB-month"),
            ("16", "GiB", "16 GiB"),
            ("46", "%", "46%"),
            ("3", "", "3"),
        ];
        for (value, unit, expected) in cases {
            assert_eq!(quantity(value, unit, en), expected);
        }
    }

    #[test]
    fn the_units_of_the_catalogue_are_their_own_english_names() {
        let en = Locale::new(Language::En);
        for unit in [
            "hour",
            "GB-month",
            "GB",
            "GB-second",
            "GB-hour",
            "vCPU-hour",
            "unit",
            "request",
            "alarm-month",
            "metric-month",
            "IOPS-month",
            "LCU-hour",
            "1000 requests",
            "TB",
            "1000 metrics",
            "MiBps-month",
        ] {
            assert_eq!(name(unit, en), unit);
        }
    }

    #[test]
    fn units_are_korean_for_korean_readers() {
        let ko = Locale::new(Language::Ko);
        assert_eq!(name("hour", ko), "시간");
        assert_eq!(name("GB-month", ko), "GB-월");
        assert_eq!(name("alarm-month", ko), "경보-월");
        assert_eq!(name("1000 requests", ko), "요청 1,000건");
        assert_eq!(quantity("730", "Hrs", ko), "730시간");
        assert_eq!(quantity("5", "operations/day", ko), "하루 5회");
        assert_eq!(quantity("500", "GB-month", ko), "500 GB-월");
    }
}
