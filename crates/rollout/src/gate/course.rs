//! The points of gates while a change is watched, as many as can be drawn.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use trimtab_model::gate::{
    Beside, GateCourse, GateCourses, GateReading, HealthGate, Signal, SignalSource,
};
use trimtab_model::id::ChangeId;
use trimtab_model::metric::Statistic;
use trimtab_model::period::Period;
use trimtab_model::plan::{GateLimits, Plan};

use super::case::{WEEKS, weeks_before};
use super::query::compared;
use super::series::Series;
use super::signal::{has_history, is_comparable, limit};
use crate::progress::{Phase, Progress};

/// Steps of a course at most.
const STEPS: i64 = 96;
/// What the length of a step is a multiple of: points are of whole minutes.
const MINUTE: i64 = 60;

/// Returns the courses of the gates of a change from what was read of it, from `since` on; absent
/// where it has not begun.
///
/// A step is the worst of its points, so that none beyond a limit is lost in an average. Beside it
/// stands what the signal is compared with: the controls, or else the same hours of earlier weeks.
pub fn courses(
    plan: &Plan,
    progress: &Progress,
    change: &ChangeId,
    (since, reading): (Timestamp, &GateReading),
) -> Option<GateCourses> {
    let one = progress.changes.get(change)?;
    let gates = plan.change(change)?.gates.iter();
    let course = |gate| course(gate, &plan.rules.limits, since, reading);
    Some(GateCourses {
        began: one.started_at,
        has_passed: matches!(one.phase, Phase::Passed { .. }),
        since,
        at: reading.at,
        gates: gates.filter(|gate| gate.signal != Signal::Alarm).filter_map(course).collect(),
    })
}

fn course(
    gate: &HealthGate,
    limits: &GateLimits,
    since: Timestamp,
    reading: &GateReading,
) -> Option<GateCourse> {
    let watched = Period::new(since, reading.at).ok()?;
    let points = |source: &SignalSource| Series::of(gate.signal, source, reading).0;
    let has_points = |source: &&SignalSource| points(source).between(watched).next().is_some();
    // Where the source has none, what stands in for it is shown, as it is judged.
    let source = std::iter::once(&gate.source).chain(&gate.stand_ins).find(has_points);
    let source = source.unwrap_or(&gate.source);
    let (own, coarse) = (points(source), points(&compared(source)));
    // Counts of minutes are not beside counts of five.
    let is_counted = has_history(gate.signal) && source.statistic == Statistic::Sum;
    let series = if is_counted { &coarse } else { &own };
    let steps = Steps::of(watched, series.period);
    let controls: Vec<Series> = gate.controls.iter().map(points).collect();
    let (beside, others) = match () {
        () if is_comparable(gate.signal) && !controls.is_empty() => {
            (Some(Beside::Controls), steps.band(controls.iter().map(|one| (one, watched, 0))))
        }
        () if has_history(gate.signal) => {
            let weeks =
                (1..=WEEKS).filter_map(|week| Some((&coarse, weeks_before(watched, week)?, week)));
            (Some(Beside::EarlierWeeks), steps.band(weeks))
        }
        () => (None, Vec::new()),
    };
    let worse = if gate.signal.is_worse_below() { f64::min } else { f64::max };
    Some(GateCourse {
        signal: gate.signal,
        resource: source.resource.clone(),
        metric: source.query.as_ref().map_or_else(|| source.metric.clone(), Clone::clone),
        is_bytes: gate.is_bytes(),
        limit: limit(gate, limits).map(|limit| limit.value),
        expected: gate.expected,
        step_seconds: u32::try_from(steps.length.as_secs()).unwrap_or(u32::MAX),
        steps: steps.worst(series.between(watched), worse),
        beside: beside.filter(|_| !others.is_empty()),
        band: others,
    })
}

/// The time that is watched, in steps of one length.
#[derive(Debug, Clone, Copy)]
struct Steps {
    start: Timestamp,
    length: SignedDuration,
}

impl Steps {
    fn of(watched: Period, period: SignedDuration) -> Self {
        let all = watched.seconds();
        let needed = all.div_euclid(STEPS).saturating_add(MINUTE).max(period.as_secs());
        let length = needed.div_euclid(MINUTE).max(1).saturating_mul(MINUTE);
        Self { start: watched.start(), length: SignedDuration::from_secs(length) }
    }

    /// Returns the start of the step that a moment lies in.
    fn step(self, at: Timestamp) -> Option<Timestamp> {
        let since = at.duration_since(self.start).as_secs();
        let length = self.length.as_secs().max(1);
        let whole = since.div_euclid(length).checked_mul(length)?;
        self.start.checked_add(SignedDuration::from_secs(whole)).ok()
    }

    fn worst(
        self,
        points: impl Iterator<Item = (Timestamp, f64)>,
        worse: fn(f64, f64) -> f64,
    ) -> Vec<(Timestamp, f64)> {
        let mut steps: BTreeMap<Timestamp, f64> = BTreeMap::new();
        for (at, value) in points {
            let Some(step) = self.step(at) else { continue };
            steps.entry(step).and_modify(|known| *known = worse(*known, value)).or_insert(value);
        }
        steps.into_iter().collect()
    }

    /// Returns the least and the largest of series, each moved on by its weeks.
    fn band<'a>(
        self,
        series: impl Iterator<Item = (&'a Series, Period, i64)>,
    ) -> Vec<(Timestamp, f64, f64)> {
        let mut steps: BTreeMap<Timestamp, (f64, f64)> = BTreeMap::new();
        for (one, period, weeks) in series {
            let by = SignedDuration::from_hours(7 * 24 * weeks);
            for (at, value) in one.between(period) {
                let step = at.saturating_add(by).ok().and_then(|at| self.step(at));
                let Some(step) = step else { continue };
                let (low, high) = steps.entry(step).or_insert((value, value));
                (*low, *high) = (low.min(value), high.max(value));
            }
        }
        steps.into_iter().map(|(at, (low, high))| (at, low, high)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{Sample, Shape as _, gate};
    use super::*;

    /// Returns whether a point is the one at the third hour.
    fn is_third(hour: f64) -> bool {
        (hour - 3.0).abs() < 0.01
    }

    fn of(sample: &Sample) -> GateCourse {
        let gate = sample.gates.first().unwrap();
        course(gate, &sample.limits, sample.since, &sample.reading).unwrap()
    }

    #[test]
    fn a_step_is_the_worst_of_its_points_and_a_day_has_less_than_a_hundred() {
        let signal = Signal::CpuUtilization;
        let sample = Sample::of(gate(signal))
            .reads(signal, "i-1", |hour, _| Some(if is_third(hour) { 95.0 } else { 20.0 }));
        let found = of(&sample);
        assert_eq!((found.step_seconds, found.steps.len()), (960, 90));
        assert_eq!(found.steps.iter().filter(|(_, value)| *value > 90.0).count(), 1);
        assert_eq!((found.limit, found.beside), (Some(sample.limits.cpu_percent), None));
    }

    #[test]
    fn of_a_floor_the_least_is_the_worst() {
        let signal = Signal::FreeMemory;
        let sample = Sample::of(gate(signal).limited(5.0))
            .reads(signal, "i-1", |hour, _| Some(if is_third(hour) { 1.0 } else { 20.0 }));
        let found = of(&sample);
        assert_eq!(found.steps.iter().map(|(_, value)| *value).reduce(f64::min), Some(1.0));
        assert!(found.is_bytes);
    }

    #[test]
    fn earlier_weeks_are_a_band_and_controls_take_their_place() {
        let signal = Signal::LatencyP95;
        let value = |_: f64, week: i64| Some(100.0 + week as f64 * 10.0);
        let found = of(&Sample::of(gate(signal)).reads(signal, "i-1", value));
        assert_eq!(found.beside, Some(Beside::EarlierWeeks));
        assert_eq!(found.band.len(), found.steps.len());
        assert!(found.band.iter().all(|(_, low, high)| (*low, *high) == (110.0, 140.0)));
        let sample = Sample::of(gate(signal).with_controls(1)).reads(signal, "i-1", value).reads(
            signal,
            "i-c1",
            |_, _| Some(90.0),
        );
        let found = of(&sample);
        assert_eq!(found.beside, Some(Beside::Controls));
        assert!(found.band.iter().all(|(_, low, high)| (*low, *high) == (90.0, 90.0)));
    }

    #[test]
    fn without_a_point_there_is_no_step_and_nothing_to_compare_with() {
        let found = of(&Sample::of(gate(Signal::LatencyP95)));
        assert!(found.steps.is_empty() && found.band.is_empty() && found.beside.is_none());
    }
}
