//! The local week, and the days on which nobody works.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::period::Period;
use crate::text::Text;

/// Hours in a week.
pub const HOURS_PER_WEEK: usize = 168;

const HOURS_PER_DAY: usize = 24;
const HOUR_SECONDS: i64 = 3600;

/// Where the owner's days begin, and which of them are holidays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// The zone in which a day begins.
    #[serde(with = "jiff::fmt::serde::tz::required")]
    pub time_zone: TimeZone,
    /// The holidays, with their names.
    pub holidays: BTreeMap<Date, Text>,
    /// The last day up to which a country's holidays are known; absent without a country.
    pub known_until: Option<Date>,
}

impl Default for Calendar {
    /// Days in UTC, without holidays.
    fn default() -> Self {
        Self { time_zone: TimeZone::UTC, holidays: BTreeMap::new(), known_until: None }
    }
}

/// An hour of the local week, Monday 00 first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WeekHour(usize);

/// A stretch of time within one hour of the local week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalHour {
    /// The hour of the week it is.
    pub hour: WeekHour,
    /// When it starts, in seconds since 1970.
    pub start: i64,
    /// When it ends, in seconds since 1970.
    pub end: i64,
}

impl WeekHour {
    /// Returns the hour at so many hours behind Monday 00; the week goes round.
    pub fn at(hours: usize) -> Self {
        Self(hours % HOURS_PER_WEEK)
    }

    /// Returns the hour of a day; hours above 23 are of the days that follow.
    pub fn of(weekday: Weekday, hour: usize) -> Self {
        let days = usize::try_from(weekday.to_monday_zero_offset()).unwrap_or_default();
        Self::at(days * HOURS_PER_DAY + hour)
    }

    /// Returns every hour of the week, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..HOURS_PER_WEEK).map(Self)
    }

    /// Returns the hours behind Monday 00.
    pub fn index(self) -> usize {
        self.0
    }

    /// Returns the day, counted from Monday as 0.
    pub fn day(self) -> usize {
        self.0 / HOURS_PER_DAY
    }

    /// Returns the hour of the day.
    pub fn hour(self) -> usize {
        self.0 % HOURS_PER_DAY
    }

    /// Returns the hour so many hours later; the week goes round.
    pub fn later(self, hours: usize) -> Self {
        Self::at(self.0 + hours)
    }

    /// Returns the hour so many hours earlier; the week goes round.
    pub fn earlier(self, hours: usize) -> Self {
        Self::at(self.0 + HOURS_PER_WEEK - hours % HOURS_PER_WEEK)
    }
}

impl LocalHour {
    /// Returns whether it is the hour from end to end.
    pub fn is_whole(&self) -> bool {
        self.end - self.start == HOUR_SECONDS
    }
}

impl Calendar {
    /// Returns the name of the time zone, as IANA has it.
    pub fn zone_name(&self) -> &str {
        self.time_zone.iana_name().unwrap_or("UTC")
    }

    /// Returns the local day of a moment.
    pub fn day_of(&self, moment: Timestamp) -> Date {
        self.time_zone.to_datetime(moment).date()
    }

    /// Returns the weekday that a day counts as: a holiday counts as a Sunday.
    pub fn weekday_of(&self, day: Date) -> Weekday {
        if self.holidays.contains_key(&day) { Weekday::Sunday } else { day.weekday() }
    }

    /// Returns the hours of a window in order, cut where the window begins or ends within one.
    ///
    /// When clocks go back, an hour comes twice; when they go forward, one is missing.
    pub fn hours(&self, window: Period) -> Vec<LocalHour> {
        let mut hours = Vec::new();
        let (mut start, end) = (window.start().as_second(), window.end().as_second());
        while start < end {
            let Ok(moment) = Timestamp::from_second(start) else { break };
            let local = self.time_zone.to_datetime(moment);
            let into = i64::from(local.minute()) * 60 + i64::from(local.second());
            let next = (start + HOUR_SECONDS - into).min(end);
            hours.push(LocalHour { hour: self.hour_of(local), start, end: next });
            start = next;
        }
        hours
    }

    /// Returns the holidays from `first` to `last`, both included.
    pub fn holidays_between(&self, first: Date, last: Date) -> impl Iterator<Item = (Date, &Text)> {
        let days = if first <= last { Some(self.holidays.range(first..=last)) } else { None };
        days.into_iter().flatten().map(|(day, name)| (*day, name))
    }

    fn hour_of(&self, local: DateTime) -> WeekHour {
        let hour = usize::try_from(local.hour()).unwrap_or_default();
        WeekHour::of(self.weekday_of(local.date()), hour)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(zone: &str, holidays: &[&str]) -> Calendar {
        Calendar {
            time_zone: TimeZone::get(zone).unwrap(),
            holidays: holidays
                .iter()
                .map(|day| (day.parse().unwrap(), Text::verbatim("a holiday")))
                .collect(),
            known_until: None,
        }
    }

    fn window(start: &str, end: &str) -> Period {
        Period::new(start.parse().unwrap(), end.parse().unwrap()).unwrap()
    }

    fn check(calendar: &Calendar, start: &str, end: &str, expected: &[(usize, usize)]) {
        let hours: Vec<(usize, usize)> = calendar
            .hours(window(start, end))
            .iter()
            .map(|local| (local.hour.day(), local.hour.hour()))
            .collect();
        assert_eq!(hours, expected);
    }

    #[test]
    fn a_day_of_seoul_begins_at_fifteen_hours_of_utc() {
        // 2026-10-18 is a Sunday.
        let seoul = calendar("Asia/Seoul", &[]);
        check(&seoul, "2026-10-18T14:00:00Z", "2026-10-18T16:00:00Z", &[(6, 23), (0, 0)]);
    }

    #[test]
    fn a_holiday_counts_as_a_sunday() {
        // 2026-10-09 is a Friday.
        let seoul = calendar("Asia/Seoul", &["2026-10-09"]);
        check(&seoul, "2026-10-08T14:00:00Z", "2026-10-08T16:00:00Z", &[(3, 23), (6, 0)]);
        assert_eq!(seoul.weekday_of("2026-10-16".parse().unwrap()), Weekday::Friday);
    }

    #[test]
    fn clocks_that_go_back_give_an_hour_twice_and_forward_leave_one_out() {
        let berlin = calendar("Europe/Berlin", &[]);
        let back = [(6, 1), (6, 2), (6, 2), (6, 3)];
        check(&berlin, "2026-10-24T23:00:00Z", "2026-10-25T03:00:00Z", &back);
        let forward = [(6, 1), (6, 3), (6, 4)];
        check(&berlin, "2026-03-29T00:00:00Z", "2026-03-29T03:00:00Z", &forward);
    }

    #[test]
    fn an_hour_that_the_window_cuts_is_not_whole() {
        let kolkata = calendar("Asia/Kolkata", &[]);
        let hours = kolkata.hours(window("2026-10-19T00:00:00Z", "2026-10-19T02:00:00Z"));
        let whole: Vec<bool> = hours.iter().map(LocalHour::is_whole).collect();
        assert_eq!(whole, [false, true, false]);
    }

    #[test]
    fn the_week_goes_round() {
        let monday = WeekHour::of(Weekday::Monday, 0);
        assert_eq!(monday.earlier(1), WeekHour::of(Weekday::Sunday, 23));
        assert_eq!(WeekHour::of(Weekday::Sunday, 23).later(1), monday);
        assert_eq!(WeekHour::all().count(), HOURS_PER_WEEK);
    }

    #[test]
    fn a_calendar_survives_json() {
        let seoul = calendar("Asia/Seoul", &["2026-10-09"]);
        let json = serde_json::to_string(&seoul).unwrap();
        assert_eq!(serde_json::from_str::<Calendar>(&json).unwrap(), seoul);
        assert_eq!(seoul.zone_name(), "Asia/Seoul");
    }
}
