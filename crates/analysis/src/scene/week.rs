//! Series of a week: used at work, and otherwise not.

use trimtab_model::calendar::{HOURS_PER_WEEK, WeekHour};
use trimtab_model::profile::{Bursts, LocalWeek, UsageProfile};

use super::flat;

/// Returns the local week of a series that has one value for so many days.
pub(super) fn flat_week(value: f64, days: i64) -> LocalWeek {
    let weeks = u16::try_from(days / 7).expect("few weeks");
    LocalWeek { max: vec![Some(value); HOURS_PER_WEEK], complete: vec![weeks; HOURS_PER_WEEK] }
}

/// Returns the stretches of work of a series that has one value for so many days: none.
pub(super) fn no_bursts(value: f64, days: i64) -> Bursts {
    Bursts {
        works_above: value + 2.0,
        waiting_mean: value,
        working_mean: None,
        working_seconds: 0,
        seconds: u64::try_from(days * 86_400).expect("days ahead"),
        stretches: 0,
        longest_seconds: 0,
        usual_distance_seconds: None,
        regularity: None,
    }
}

/// Returns a series that stands at `waiting` and for five minutes of every two hours at `working`.
pub(crate) fn now_and_then(working: f64, waiting: f64, days: i64) -> UsageProfile {
    let seconds = u64::try_from(days * 86_400).expect("days ahead");
    let bursts = Bursts {
        works_above: waiting + 2.0,
        waiting_mean: waiting,
        working_mean: Some(working),
        working_seconds: seconds / 24,
        seconds,
        stretches: seconds / 7_200,
        longest_seconds: 300,
        usual_distance_seconds: Some(7_200),
        regularity: Some(0.1),
    };
    let mean = waiting + (working - waiting) / 24.0;
    UsageProfile { mean, max: working, bursts: Some(bursts), ..flat(waiting, days) }
}

/// Returns a series with one value from ten to seven on working days, and another otherwise.
pub(crate) fn office(used: f64, idle: f64, days: i64) -> UsageProfile {
    let value = |hour: WeekHour| match (hour.day() < 5, hour.hour()) {
        (true, 10..19) => Some(used),
        _ => Some(idle),
    };
    let week = LocalWeek { max: WeekHour::all().map(value).collect(), ..flat_week(idle, days) };
    UsageProfile { local_week: Some(week), ..flat(used, days) }
}
