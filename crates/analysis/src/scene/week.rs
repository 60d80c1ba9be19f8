//! Series of a week: used at work, and otherwise not.

use trimtab_model::calendar::{HOURS_PER_WEEK, WeekHour};
use trimtab_model::profile::{LocalWeek, UsageProfile};

use super::flat;

/// Returns the local week of a series that has one value for so many days.
pub(super) fn flat_week(value: f64, days: i64) -> LocalWeek {
    let weeks = u16::try_from(days / 7).expect("few weeks");
    LocalWeek { max: vec![Some(value); HOURS_PER_WEEK], complete: vec![weeks; HOURS_PER_WEEK] }
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
