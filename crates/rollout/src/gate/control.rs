//! Whether a resource got worse than others of its kind that were not changed.
//!
//! Others share the hour, the day and the release. What is compared is the ratio of the resource
//! to them with the same ratio in the same hours of earlier weeks, for a resource may always have
//! been slower than they are. The hours next to each are taken along: a ratio has no season, and
//! three times as many make it steadier. Google's Canary Analysis Service rests on the same:
//! sre.google/workbook/canarying-releases has why an hour before is no control.

use jiff::SignedDuration;

use trimtab_model::period::Period;

use super::case::{WEEKS, weeks_before};
use super::hours::hourly;
use super::percentile::median;
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
    let others: Vec<f64> = controls.iter().filter_map(|one| hourly(one, hour)).collect();
    let others = median(&others).filter(|value| *value > 0.0)?;
    // A ratio of zero would make any later one infinitely worse.
    Some(hourly(resource, hour)? / others).filter(|ratio| *ratio > 0.0)
}
