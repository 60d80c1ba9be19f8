//! The owner's days: the time zone, a country's holidays, and those of the configuration.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use trimtab_model::calendar::Calendar;
use trimtab_model::text::Text;
use trimtab_store::catalog;

use super::file::DayText;

/// The time zone in which South Korea's holidays are taken for granted.
const SEOUL: &str = "Asia/Seoul";

/// `calendar`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarTable {
    /// Whose holidays are known.
    pub country: Option<Country>,
    /// Days on which nobody works besides those.
    #[serde(default)]
    pub holidays: Vec<DayText>,
}

/// Whose holidays are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Country {
    /// South Korea.
    #[serde(rename = "KR")]
    Korea,
    /// Nobody's.
    #[serde(rename = "none")]
    None,
}

impl Country {
    /// Returns the word of the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Korea => "KR",
            Self::None => "none",
        }
    }

    /// Returns whose holidays hold in a time zone where nothing is said.
    pub(super) fn of(time_zone: &TimeZone) -> Self {
        if time_zone.iana_name() == Some(SEOUL) { Self::Korea } else { Self::None }
    }
}

/// Makes the calendar of a time zone, with the holidays of a country and some more.
pub(super) fn calendar(
    time_zone: TimeZone,
    country: Country,
    more: impl IntoIterator<Item = Date>,
) -> Calendar {
    let mut holidays = match country {
        Country::Korea => catalog::holidays(country.as_str()),
        Country::None => Default::default(),
    };
    let known_until = holidays.keys().next_back().map(|last| last.last_of_year());
    for day in more {
        holidays
            .entry(day)
            .or_insert_with(|| Text::new("Holiday of the configuration", "설정한 휴일"));
    }
    Calendar { time_zone, holidays, known_until }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    #[test]
    fn seoul_has_koreas_holidays_and_other_places_have_none() {
        assert_eq!(Country::of(&zone("Asia/Seoul")), Country::Korea);
        assert_eq!(Country::of(&zone("Asia/Tokyo")), Country::None);
        assert_eq!(Country::of(&TimeZone::UTC), Country::None);
    }

    #[test]
    fn days_of_the_configuration_stand_beside_those_of_the_country() {
        let own: Date = "2026-12-31".parse().unwrap();
        let calendar = calendar(zone("Asia/Seoul"), Country::Korea, [own]);
        let christmas: Date = "2026-12-25".parse().unwrap();
        assert!(calendar.holidays.contains_key(&own) && calendar.holidays.contains_key(&christmas));
        assert_eq!(calendar.known_until, "2030-12-31".parse().ok());
    }

    #[test]
    fn without_a_country_only_the_days_of_the_configuration_are_holidays() {
        let own: Date = "2026-12-31".parse().unwrap();
        let calendar = calendar(zone("Europe/Berlin"), Country::None, [own]);
        assert_eq!((calendar.holidays.len(), calendar.known_until), (1, None));
    }
}
