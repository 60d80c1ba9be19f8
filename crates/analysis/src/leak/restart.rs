//! Where a floor falls sharply and stays down: a restart of what fills the memory.

use super::floor::{Point, median, quantile};

/// A fall counts from this share of the range between the 2nd and the 98th percentile on.
const OF_RANGE: f64 = 0.3;

/// And from this many times the usual change between two hours on.
const OF_USUAL: f64 = 6.0;

/// And from this many percent of the memory on.
const LEAST_PERCENT: f64 = 1.5;

/// Hours that a level must have held before a fall, and must hold after it.
const HELD: usize = 3;

/// Hours below which two falls are one.
const ONE_RESTART: i64 = 4;

/// Returns the indexes at which a floor, in percent of the memory, starts anew.
pub(super) fn restarts(floor: &[Point]) -> Vec<usize> {
    let values: Vec<f64> = floor.iter().map(|point| point.value).collect();
    let range = quantile(&values, 0.98) - quantile(&values, 0.02);
    let changes: Vec<f64> =
        values.windows(2).filter_map(|two| Some((two.last()? - two.first()?).abs())).collect();
    let least = (OF_RANGE * range).max(OF_USUAL * median(&changes)).max(LEAST_PERCENT);
    let mut found: Vec<usize> = Vec::new();
    for at in HELD..floor.len() {
        if !is_fall(floor, at, least) {
            continue;
        }
        let again = found
            .last()
            .and_then(|last| Some(floor.get(at)?.hour - floor.get(*last)?.hour < ONE_RESTART));
        if again != Some(true) {
            found.push(at);
        }
    }
    found
}

/// Returns whether the floor falls by `least` or more within two hours, from a level that it held
/// to one that it holds.
fn is_fall(floor: &[Point], at: usize, least: f64) -> bool {
    let level = |from: usize, until: usize| {
        let values: Vec<f64> = floor
            .get(from..until.min(floor.len()))
            .unwrap_or_default()
            .iter()
            .map(|p| p.value)
            .collect();
        (!values.is_empty()).then(|| median(&values))
    };
    let (Some(before), Some(after)) = (level(at - HELD, at), level(at + 1, at + 1 + HELD)) else {
        return false;
    };
    let (Some(last), Some(here), Some(next)) =
        (floor.get(at - 1), floor.get(at), floor.get(at + 1))
    else {
        return false;
    };
    // Across a gap nobody saw how fast it fell.
    let soon = next.hour - last.hour <= 6;
    let fall = last.value - here.value.min(next.value);
    let begins_here = last.value - here.value >= 0.4 * fall;
    soon && begins_here && fall >= least && before - after >= 0.7 * fall
}
