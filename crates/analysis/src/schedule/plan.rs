//! From hours of use to windows in which a resource runs.

use trimtab_model::calendar::{HOURS_PER_WEEK, WeekHour};
use trimtab_model::schedule::{PlannedHour, WeekPlan};

/// Days of a week that are not its weekend.
const WORKING_DAYS: usize = 5;

/// Of the hours off, the share in percent that the simpler of two weeks must keep.
const SIMPLE_KEEPS_PERCENT: usize = 95;

/// How a week is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Hours that a start comes before the first use.
    pub start_lead_hours: usize,
    /// Hours that a stop must last to be worth it.
    pub min_off_hours: usize,
}

/// Plans a week in which every hour that `is_used` is on.
///
/// Two weeks are made: one that follows each day, and one in which all working days are alike
/// and both days of the weekend are. The simpler one is taken unless it gives up more than a
/// twentieth of the hours off.
pub fn plan(is_used: impl Fn(WeekHour) -> bool, rules: Rules) -> WeekPlan {
    let alike = |hour: WeekHour| {
        let days = if hour.day() < WORKING_DAYS { 0..WORKING_DAYS } else { WORKING_DAYS..7 };
        days.into_iter().any(|day| is_used(WeekHour::at(day * 24 + hour.hour())))
    };
    let exact = planned(&is_used, &is_used, rules);
    let simple = planned(&is_used, &alike, rules);
    let keeps = simple.off_hours() * 100 >= exact.off_hours() * SIMPLE_KEEPS_PERCENT;
    if keeps { simple } else { exact }
}

/// Plans a week that is on where `wanted` says so, which is everywhere where it `is_used`.
fn planned(
    is_used: &impl Fn(WeekHour) -> bool,
    wanted: &impl Fn(WeekHour) -> bool,
    rules: Rules,
) -> WeekPlan {
    let leads =
        |hour: WeekHour| (1..=rules.start_lead_hours).any(|ahead| wanted(hour.later(ahead)));
    let is_on = |hour: WeekHour| is_used(hour) || wanted(hour) || leads(hour);
    WeekPlan::new(|hour| {
        if is_used(hour) {
            PlannedHour::Used
        } else if is_on(hour) || stretch(hour, &is_on) < rules.min_off_hours {
            PlannedHour::Kept
        } else {
            PlannedHour::Off
        }
    })
}

/// Returns how many hours in a row around `hour` are not on, at most a week.
fn stretch(hour: WeekHour, is_on: &impl Fn(WeekHour) -> bool) -> usize {
    let before = (1..HOURS_PER_WEEK).take_while(|hours| !is_on(hour.earlier(*hours))).count();
    let after = (1..HOURS_PER_WEEK).take_while(|hours| !is_on(hour.later(*hours))).count();
    (before + 1 + after).min(HOURS_PER_WEEK)
}

#[cfg(test)]
mod tests {
    use super::*;
    use trimtab_model::schedule::Schedule;

    const RULES: Rules = Rules { start_lead_hours: 1, min_off_hours: 4 };

    fn check(is_used: impl Fn(usize, usize) -> bool, expected: &str) {
        let week = plan(|hour| is_used(hour.day(), hour.hour()), RULES);
        let schedule = Schedule { time_zone: "UTC".to_owned(), week };
        assert_eq!(schedule.phrase().en, expected);
    }

    #[test]
    fn a_start_comes_before_the_first_use() {
        check(|day, hour| day < 5 && (10..19).contains(&hour), "Mon–Fri 09–19");
        check(|day, hour| day < 5 && (3..7).contains(&hour), "Mon–Fri 02–07");
    }

    #[test]
    fn a_pause_that_is_too_short_is_no_stop() {
        let with_lunch =
            |day, hour| day < 5 && (10..19).contains(&hour) && hour != 12 && hour != 13;
        check(with_lunch, "Mon–Fri 09–19");
    }

    #[test]
    fn days_that_hardly_differ_become_alike() {
        let early_friday =
            |day, hour| day < 5 && (10..19).contains(&hour) && (day, hour) != (4, 18);
        check(early_friday, "Mon–Fri 09–19");
    }

    #[test]
    fn days_that_differ_much_stay_as_they_are() {
        check(|day, hour| day == 2 && (10..19).contains(&hour), "Wed 09–19");
    }

    #[test]
    fn a_start_may_come_on_the_day_before() {
        check(|day, hour| day == 0 && hour < 6, "Mon 00–06; Sun 23–24");
    }
}
