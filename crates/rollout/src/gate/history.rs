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
use super::percentile::{median, p95};
use super::series::Series;

/// Returns how much worse each hour is than in earlier weeks; 0.2 is a fifth.
pub(super) fn effects(resource: &Series, hours: &[Period]) -> Vec<(Period, Option<f64>)> {
    hours.iter().map(|hour| (*hour, effect(resource, *hour))).collect()
}

fn effect(resource: &Series, hour: Period) -> Option<f64> {
    let before = (1..=WEEKS)
        .map(|week| hourly(resource, weeks_before(hour, week)?, p95))
        .collect::<Option<Vec<f64>>>()?;
    let usual = median(&before).filter(|value| *value > 0.0)?;
    Some(hourly(resource, hour, p95)? / usual - 1.0)
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::*;

    /// By how much an hour is worse than in earlier weeks, each steady; the first is the hour.
    fn effect_of(weeks: &[f64]) -> Option<f64> {
        let start = Timestamp::from_second(4_000_000).unwrap();
        let points = weeks
            .iter()
            .zip(0_i64..)
            .flat_map(|(value, week)| {
                let from = start - SignedDuration::from_hours(week * 168);
                (0..12).map(move |five| (from + SignedDuration::from_mins(five * 5), *value))
            })
            .collect();
        let series = Series { period: SignedDuration::from_mins(5), points };
        let hour = Period::new(start, start + SignedDuration::from_hours(1)).unwrap();
        effects(&series, &[hour]).first().and_then(|(_, effect)| *effect)
    }

    #[test]
    fn an_hour_is_compared_with_the_middle_of_four_weeks_and_all_must_be_there() {
        let effect = effect_of(&[130.0, 90.0, 100.0, 100.0, 300.0]).unwrap();
        assert!((effect - 0.3).abs() < 1e-9, "{effect}");
        assert_eq!(effect_of(&[130.0, 100.0, 100.0, 100.0]), None);
    }

    #[test]
    fn what_was_nothing_is_compared_with_nothing() {
        assert_eq!(effect_of(&[130.0, 0.0, 0.0, 0.0, 0.0]), None);
    }
}
