//! Whether a resource without others of its kind got worse than it was in the same hours of the
//! same weekdays.
//!
//! Demand goes by the hour of the week, so an hour is compared with the same hour of the four
//! weeks before, each 168 hours earlier. Where clocks change in between, those are another local
//! hour for the weeks behind the change. All four must be there: the floor is so high because
//! days differ, and with fewer it would have to be higher.

use trimtab_model::period::Period;

use super::case::{WEEKS, weeks_before};
use super::hours::hourly;
use super::percentile::median;
use super::series::Series;

/// Returns how much worse each hour is than in earlier weeks; 0.2 is a fifth.
pub(super) fn effects(resource: &Series, hours: &[Period]) -> Vec<(Period, Option<f64>)> {
    hours.iter().map(|hour| (*hour, effect(resource, *hour))).collect()
}

fn effect(resource: &Series, hour: Period) -> Option<f64> {
    let before = (1..=WEEKS)
        .map(|week| hourly(resource, weeks_before(hour, week)?))
        .collect::<Option<Vec<f64>>>()?;
    let usual = median(&before).filter(|value| *value > 0.0)?;
    Some(hourly(resource, hour)? / usual - 1.0)
}
