//! Whether a resource got worse than others of its kind that were not changed.
//!
//! Others share the hour, the day and the release. What is compared is the ratio of the resource
//! to them with the same ratio in the same hours of earlier weeks, for a resource may always have
//! been slower than they are. The hours next to each are taken along: a ratio has no season, and
//! three times as many make it steadier. So does a percentile between two points: the highest of
//! twelve is mostly chance, and a ratio has that of both sides. Google's Canary Analysis Service
//! rests on the same: sre.google/workbook/canarying-releases has why an hour before is no control.

use jiff::SignedDuration;

use trimtab_model::period::Period;

use super::case::{WEEKS, weeks_before};
use super::hours::hourly;
use super::percentile::{median, p95_between};
use super::series::Series;

/// How many earlier weeks must be there: ratios change less than values do.
const FEWEST_WEEKS: usize = 2;
/// The hours that are taken along, from each.
const NEXT: [i64; 2] = [-1, 1];

/// Returns how much worse each hour is than the controls let expect; 0.2 is a fifth.
pub(super) fn effects(
    resource: &Series,
    controls: &[Series],
    hours: &[Period],
) -> Vec<(Period, Option<f64>)> {
    hours.iter().map(|hour| (*hour, effect(resource, controls, *hour))).collect()
}

fn effect(resource: &Series, controls: &[Series], hour: Period) -> Option<f64> {
    let now = ratio(resource, controls, hour)?;
    let mut weeks = 0;
    let mut before = Vec::new();
    for week in (1..=WEEKS).filter_map(|week| weeks_before(hour, week)) {
        if let Some(same) = ratio(resource, controls, week) {
            weeks += 1;
            before.push(same);
            let beside = NEXT.iter().filter_map(|hours| moved(week, *hours));
            before.extend(beside.filter_map(|hour| ratio(resource, controls, hour)));
        }
    }
    if weeks < FEWEST_WEEKS {
        return None;
    }
    Some(now / median(&before)? - 1.0)
}

fn moved(period: Period, hours: i64) -> Option<Period> {
    let by = SignedDuration::from_hours(hours);
    let start = period.start().saturating_add(by).ok()?;
    Period::new(start, period.end().saturating_add(by).ok()?).ok()
}

/// Returns the ratio of the resource to its controls in an hour.
fn ratio(resource: &Series, controls: &[Series], hour: Period) -> Option<f64> {
    let others: Vec<f64> =
        controls.iter().filter_map(|one| hourly(one, hour, p95_between)).collect();
    let others = median(&others).filter(|value| *value > 0.0)?;
    // A ratio of zero would make any later one infinitely worse.
    Some(hourly(resource, hour, p95_between)? / others).filter(|ratio| *ratio > 0.0)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    /// Points of every five minutes of some weeks: a value by the week before, and by the hour
    /// from the compared one on.
    fn series(weeks: i64, value: impl Fn(i64, i64) -> f64) -> Series {
        let start = |hour: i64| Timestamp::from_second(4_000_000 + hour * 3600).unwrap();
        let points = (0..=weeks)
            .flat_map(|week| (-2..3).map(move |hour| (week, hour)))
            .flat_map(|(week, hour)| {
                let value = value(week, hour);
                let from = start(hour - week * 168);
                (0..12).map(move |five| (from + SignedDuration::from_mins(five * 5), value))
            })
            .collect();
        Series { period: SignedDuration::from_mins(5), points }
    }

    fn effect_of(resource: &Series, controls: &[Series]) -> Option<f64> {
        let start = Timestamp::from_second(4_000_000).unwrap();
        let hour = Period::new(start, start + SignedDuration::from_hours(1)).unwrap();
        effects(resource, controls, &[hour]).first().and_then(|(_, effect)| *effect)
    }

    fn check(resource: &Series, controls: &[Series], expected: f64) {
        let effect = effect_of(resource, controls).unwrap();
        assert!((effect - expected).abs() < 1e-9, "{effect} {expected}");
    }

    #[test]
    fn a_ratio_is_compared_with_the_same_ratio_before_and_both_hours_beside_it() {
        let others = [series(4, |_, _| 50.0)];
        // The middle one of a lower, a like and a higher hour of each week.
        let own = series(4, |week, hour| match (week, hour) {
            (0, _) => 120.0,
            (_, -1) => 90.0,
            (_, 1) => 140.0,
            (_, 0) => 100.0,
            _ => 1_000.0,
        });
        check(&own, &others, 0.2);
        let own = series(4, |week, hour| match (week, hour) {
            (0, _) => 120.0,
            (_, -1) => 100.0,
            (_, 1) => 110.0,
            (_, 0) => 80.0,
            _ => 1_000.0,
        });
        check(&own, &others, 0.2);
    }

    #[test]
    fn of_three_controls_the_middle_one_counts() {
        let own = series(4, |_, _| 100.0);
        let steady = |level: f64| series(4, move |_, _| level);
        let worse = series(4, |week, _| if week == 0 { 400.0 } else { 100.0 });
        check(&own, &[steady(100.0), steady(100.0), worse], 0.0);
    }

    #[test]
    fn two_earlier_weeks_are_enough_and_one_is_not() {
        let (own, others) = (|weeks| series(weeks, |_, _| 100.0), [series(4, |_, _| 50.0)]);
        check(&own(2), &others, 0.0);
        assert_eq!(effect_of(&own(1), &others), None);
    }

    #[test]
    fn what_was_nothing_is_compared_with_nothing() {
        let hundred = series(4, |_, _| 100.0);
        let nothing = [series(4, |_, _| 0.0)];
        assert_eq!(effect_of(&hundred, &nothing), None);
        let begins = series(4, |week, _| if week == 0 { 100.0 } else { 0.0 });
        assert_eq!(effect_of(&begins, &[hundred]), None);
    }
}
