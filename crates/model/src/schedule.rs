//! When a resource runs: an hour of the week each, and the switches that follow from it.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::calendar::{HOURS_PER_WEEK, WeekHour};
use crate::text::{Text, counted};

/// The days as cron expressions of AWS name them.
const CRON_DAYS: [&str; 7] = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];

/// The days in English and in Korean.
const DAYS: [(&str, &str); 7] = [
    ("Mon", "월"),
    ("Tue", "화"),
    ("Wed", "수"),
    ("Thu", "목"),
    ("Fri", "금"),
    ("Sat", "토"),
    ("Sun", "일"),
];

/// What a schedule does in an hour of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlannedHour {
    /// It runs, because it was used in such an hour.
    Used,
    /// It runs without having been used: a lead before a use, or a stop that is not worth it.
    Kept,
    /// It is off.
    Off,
}

impl PlannedHour {
    /// Returns the sign of it in a week that is written as text.
    pub fn sign(self) -> char {
        match self {
            Self::Used => '#',
            Self::Kept => '+',
            Self::Off => '.',
        }
    }
}

/// Every hour of a week, Monday 00 first; written as 168 signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WeekPlan(Vec<PlannedHour>);

impl WeekPlan {
    /// Makes a week of what `hour` says of each.
    pub fn new(hour: impl Fn(WeekHour) -> PlannedHour) -> Self {
        Self(WeekHour::all().map(hour).collect())
    }

    /// Returns what happens in an hour.
    pub fn at(&self, hour: WeekHour) -> PlannedHour {
        self.0.get(hour.index()).copied().unwrap_or(PlannedHour::Kept)
    }

    /// Returns whether it is off in an hour.
    pub fn is_off(&self, hour: WeekHour) -> bool {
        self.at(hour) == PlannedHour::Off
    }

    /// Returns the longest time that it is off at once, in hours; the week goes round.
    pub fn longest_off(&self) -> usize {
        let is_off = |hour: usize| self.0.get(hour % HOURS_PER_WEEK) == Some(&PlannedHour::Off);
        let runs = (0..HOURS_PER_WEEK)
            .map(|from| (from..from + HOURS_PER_WEEK).take_while(|hour| is_off(*hour)).count());
        runs.max().unwrap_or(0)
    }

    /// Returns how many hours of the week it is off.
    pub fn off_hours(&self) -> usize {
        self.0.iter().filter(|hour| **hour == PlannedHour::Off).count()
    }

    /// Returns the seven days, Monday first, each with its hours.
    pub fn days(&self) -> impl Iterator<Item = &[PlannedHour]> {
        self.0.chunks(HOURS_PER_WEEK / DAYS.len())
    }
}

/// Text that is not a week.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a week has {HOURS_PER_WEEK} signs out of `#`, `+` and `.`")]
pub struct WeekPlanError;

impl TryFrom<String> for WeekPlan {
    type Error = WeekPlanError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let hours: Option<Vec<PlannedHour>> = text
            .chars()
            .map(|sign| {
                [PlannedHour::Used, PlannedHour::Kept, PlannedHour::Off]
                    .into_iter()
                    .find(|hour| hour.sign() == sign)
            })
            .collect();
        hours.filter(|hours| hours.len() == HOURS_PER_WEEK).map(Self).ok_or(WeekPlanError)
    }
}

impl From<WeekPlan> for String {
    fn from(week: WeekPlan) -> Self {
        week.to_string()
    }
}

impl fmt::Display for WeekPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|hour| write!(f, "{}", hour.sign()))
    }
}

/// The hours of the week in which a resource is off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// The zone of the hours, as IANA names it.
    pub time_zone: String,
    /// What happens in each hour.
    pub week: WeekPlan,
}

/// A time of the day at which a resource is stopped, or started, on some days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switch {
    /// The days, Monday as 0, in order.
    pub days: Vec<usize>,
    /// The hour of the day.
    pub hour: usize,
}

impl Switch {
    /// Returns the days as cron expressions of AWS take them: `MON-FRI`, `SAT,SUN`.
    pub fn cron_days(&self) -> String {
        let name = |day: usize| CRON_DAYS.get(day).copied().unwrap_or_default().to_owned();
        runs(&self.days, name, "-", ",")
    }

    /// Returns the days and the time, as JSON shows them: `MON-FRI 19:00`.
    pub fn words(&self) -> String {
        format!("{} {:02}:00", self.cron_days(), self.hour)
    }
}

impl Schedule {
    /// Returns when the resource is stopped.
    pub fn stops(&self) -> Vec<Switch> {
        self.switches(|before, now| !before && now)
    }

    /// Returns when the resource is started.
    pub fn starts(&self) -> Vec<Switch> {
        self.switches(|before, now| before && !now)
    }

    fn switches(&self, is_switch: impl Fn(bool, bool) -> bool) -> Vec<Switch> {
        let mut by_hour: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for hour in WeekHour::all() {
            if is_switch(self.week.is_off(hour.earlier(1)), self.week.is_off(hour)) {
                by_hour.entry(hour.hour()).or_default().push(hour.day());
            }
        }
        by_hour.into_iter().map(|(hour, days)| Switch { days, hour }).collect()
    }

    /// Returns when the resource runs, in a phrase: `Mon–Fri 09–19`.
    pub fn phrase(&self) -> Text {
        let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
        for day in 0..DAYS.len() {
            let on = self.running(day);
            match groups.iter_mut().find(|(same, _)| *same == on) {
                Some((_, days)) => days.push(day),
                None => groups.push((on, vec![day])),
            }
        }
        groups.retain(|(on, _)| !on.is_empty());
        let phrase = |word: fn(&(&'static str, &'static str)) -> &'static str| {
            let name = |day: usize| DAYS.get(day).map(word).unwrap_or_default().to_owned();
            let groups: Vec<String> = groups
                .iter()
                .map(|(on, days)| format!("{} {on}", runs(days, name, "–", ", ")))
                .collect();
            groups.join("; ")
        };
        Text::new(phrase(|day| day.0), phrase(|day| day.1))
    }

    /// Returns the hours of a day in which it runs: `09–12, 13–19`.
    fn running(&self, day: usize) -> String {
        let mut spans: Vec<(usize, usize)> = Vec::new();
        let hours = self.week.days().nth(day).unwrap_or_default();
        for (hour, planned) in hours.iter().enumerate() {
            match spans.last_mut().filter(|(_, end)| *end == hour) {
                _ if *planned == PlannedHour::Off => {}
                Some((_, end)) => *end = hour + 1,
                None => spans.push((hour, hour + 1)),
            }
        }
        let spans: Vec<String> =
            spans.iter().map(|(start, end)| format!("{start:02}–{end:02}")).collect();
        spans.join(", ")
    }

    /// Returns how long it is off a week, in a phrase.
    pub fn off_phrase(&self) -> Text {
        let hours = self.week.off_hours();
        Text::new(format!("{} a week", counted(hours, "hour")), format!("주 {hours}시간"))
    }
}

/// Returns the name of an hour of the week in English and in Korean: `Tue 04:00`.
pub fn hour_name(hour: WeekHour) -> Text {
    let (en, ko) = DAYS.get(hour.day()).copied().unwrap_or_default();
    let time = format!("{:02}:00", hour.hour());
    Text::new(format!("{en} {time}"), format!("{ko} {time}"))
}

/// Returns the name of a day, Monday as 0.
pub fn day_name(day: usize) -> Text {
    Text::from(DAYS.get(day).copied().unwrap_or_default())
}

/// Writes days as runs: three days in a row or more by the first and the last.
fn runs(days: &[usize], name: impl Fn(usize) -> String, to: &str, and: &str) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for day in days {
        match runs.last_mut().filter(|(_, last)| last + 1 == *day) {
            Some((_, last)) => *last = *day,
            None => runs.push((*day, *day)),
        }
    }
    let words: Vec<String> = runs
        .into_iter()
        .map(|(first, last)| match last - first {
            0 => name(first),
            1 => format!("{}{and}{}", name(first), name(last)),
            _ => format!("{}{to}{}", name(first), name(last)),
        })
        .collect();
    words.join(and)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From ten to seven on working days, started an hour before.
    fn office() -> Schedule {
        let week = WeekPlan::new(|hour| match (hour.day() < 5, hour.hour()) {
            (true, 10..19) => PlannedHour::Used,
            (true, 9) => PlannedHour::Kept,
            _ => PlannedHour::Off,
        });
        Schedule { time_zone: "Asia/Seoul".to_owned(), week }
    }

    fn words(switches: &[Switch]) -> Vec<String> {
        switches.iter().map(Switch::words).collect()
    }

    #[test]
    fn a_week_of_work_has_one_stop_and_one_start() {
        assert_eq!(words(&office().stops()), ["MON-FRI 19:00"]);
        assert_eq!(words(&office().starts()), ["MON-FRI 09:00"]);
        assert_eq!(office().week.off_hours(), 168 - 50);
        assert_eq!(office().phrase(), Text::new("Mon–Fri 09–19", "월–금 09–19"));
    }

    #[test]
    fn days_that_differ_have_switches_of_their_own() {
        let week = WeekPlan::new(|hour| match (hour.day(), hour.hour()) {
            (0 | 2 | 3, 10..19) | (5 | 6, 22..) => PlannedHour::Used,
            _ => PlannedHour::Off,
        });
        let schedule = Schedule { time_zone: "UTC".to_owned(), week };
        assert_eq!(words(&schedule.starts()), ["MON,WED,THU 10:00", "SAT,SUN 22:00"]);
        assert_eq!(words(&schedule.stops()), ["MON,SUN 00:00", "MON,WED,THU 19:00"]);
        assert_eq!(schedule.phrase().en, "Mon, Wed, Thu 10–19; Sat, Sun 22–24");
    }

    #[test]
    fn d40_no_stop_of_a_week_with_a_start_lasts_the_seven_days_after_which_rds_starts_by_itself() {
        assert_eq!(office().week.longest_off(), 14 + 48);
        for on in 0..HOURS_PER_WEEK {
            let week = WeekPlan::new(|hour| match hour.index() == on {
                true => PlannedHour::Used,
                false => PlannedHour::Off,
            });
            assert_eq!(week.longest_off(), HOURS_PER_WEEK - 1);
            let schedule = Schedule { time_zone: "UTC".to_owned(), week };
            // What RDS started is stopped again by the next stop, which comes every week.
            assert_eq!((schedule.stops().len(), schedule.starts().len()), (1, 1));
        }
        let never = WeekPlan::new(|_| PlannedHour::Off);
        assert_eq!(never.longest_off(), HOURS_PER_WEEK);
    }

    #[test]
    fn a_week_survives_json_and_a_damaged_one_is_refused() {
        let json = serde_json::to_string(&office()).unwrap();
        assert_eq!(serde_json::from_str::<Schedule>(&json).unwrap(), office());
        let damaged = json.replacen('#', "x", 1);
        assert!(serde_json::from_str::<Schedule>(&damaged).is_err());
        assert!(WeekPlan::try_from("#".repeat(167)).is_err());
    }
}
