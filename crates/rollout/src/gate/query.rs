//! What must be read to judge.

use trimtab_model::gate::{GateQuery, LoadQuery, SignalSource};
use trimtab_model::period::Period;

use super::case::{Case, Peak, WEEKS, hour_until, weeks_before, weeks_until};
use super::exposure::hourly;
use super::judge::counts_at_once;
use super::signal::{has_history, has_hour_before, is_load};

/// The seconds of a point that CloudWatch still has after four weeks: points of a minute are kept
/// for 15 days, and those of five minutes for 63 (CloudWatch User Guide, "Metrics retention").
const KEPT: u32 = 300;

/// Returns the source by which a signal is compared with earlier weeks: the same, in points that
/// are still there then. Both sides of a comparison are read by it.
pub(super) fn compared(source: &SignalSource) -> SignalSource {
    SignalSource { period_seconds: source.period_seconds.max(KEPT), ..source.clone() }
}

/// Returns what must be read to judge a case; nothing where it has no gates.
///
/// The earlier weeks are asked for where a signal is compared with them: the same hours, each a
/// whole number of weeks earlier.
pub fn query(case: &Case<'_>) -> Option<GateQuery> {
    let whole = case.whole().filter(|_| case.gates.iter().any(counts_at_once));
    let since = whole.map_or(case.since, |whole| whole.start());
    let watched = Period::new(since, case.now.max(since)).ok()?;
    let mut sources = Vec::new();
    for gate in case.gates {
        let own = std::iter::once(&gate.source).chain(&gate.stand_ins);
        for source in own.chain(&gate.controls) {
            let coarse = has_history(gate.signal).then(|| compared(source));
            for source in std::iter::once(source.clone()).chain(coarse) {
                if !sources.contains(&source) {
                    sources.push(source);
                }
            }
        }
    }
    let needs_history = case.gates.iter().any(|gate| has_history(gate.signal));
    let weeks = if needs_history { WEEKS } else { 0 };
    let earlier = (1..=weeks).filter_map(|week| weeks_before(watched, week));
    let needs_hour = case.gates.iter().any(|gate| has_hour_before(gate.signal));
    let hour = hour_until(case.began).filter(|_| needs_hour);
    let periods = std::iter::once(watched).chain(earlier).chain(hour).collect();
    let mut load = Vec::new();
    let loads = case.gates.iter().filter(|gate| case.peak == Peak::Needed && is_load(gate.signal));
    for source in loads.flat_map(|gate| std::iter::once(&gate.source).chain(&gate.stand_ins)) {
        let source = hourly(source);
        if !load.contains(&source) {
            load.push(source);
        }
    }
    let weeks = weeks_until(case.began).filter(|_| !load.is_empty());
    let load = weeks.map(|weeks| Box::new(LoadQuery { sources: load, weeks }));
    let began = case.began;
    (!sources.is_empty()).then_some(GateQuery { sources, periods, load, began })
}

#[cfg(test)]
mod tests {
    use trimtab_model::gate::Signal;

    use super::super::sample::{Sample, Shape as _, gate};
    use super::*;

    #[test]
    fn the_same_hours_of_four_earlier_weeks_are_asked_for() {
        let sample = Sample::of(gate(Signal::LatencyP95));
        let query = query(&sample.case()).unwrap();
        let starts: Vec<String> =
            query.periods.iter().map(|period| period.start().to_string()).collect();
        let expected = [
            "2026-11-24T00:00:00Z",
            "2026-11-17T00:00:00Z",
            "2026-11-10T00:00:00Z",
            "2026-11-03T00:00:00Z",
            "2026-10-27T00:00:00Z",
        ];
        assert_eq!(starts, expected);
        assert!(query.periods.iter().all(|period| period.seconds() == 24 * 3600));
    }

    #[test]
    fn what_counts_at_once_is_read_since_the_change_began() {
        let mut sample = Sample::of(gate(Signal::FunctionErrors));
        let start = |sample: &Sample| query(&sample.case()).unwrap().periods[0].start().to_string();
        assert_eq!(start(&sample), "2026-11-24T00:00:00Z");
        sample.took = jiff::SignedDuration::from_secs(430);
        assert_eq!(start(&sample), "2026-11-23T23:50:00Z", "where a point begins");
        sample.gates = vec![gate(Signal::CpuUtilization)];
        assert_eq!(start(&sample), "2026-11-24T00:00:00Z");
    }

    #[test]
    fn the_hour_before_the_change_is_asked_for_where_somebody_may_have_been_ill_before() {
        let sample = Sample::of(gate(Signal::UnhealthyHosts).limited(0.0));
        let periods = query(&sample.case()).unwrap().periods;
        let hour = periods.last().unwrap();
        assert_eq!((hour.seconds(), hour.end()), (3600, sample.since));
    }

    #[test]
    fn what_is_not_compared_is_read_of_the_watched_time_only() {
        let sample = Sample::of(gate(Signal::CpuUtilization));
        assert_eq!(query(&sample.case()).unwrap().periods.len(), 1);
    }

    #[test]
    fn the_load_of_four_weeks_is_asked_for_where_a_busy_hour_is_needed() {
        let mut sample = Sample::of(gate(Signal::Requests)).and(gate(Signal::CpuUtilization));
        assert_eq!(query(&sample.case()).unwrap().load, None);
        sample.peak = Peak::Needed;
        let load = query(&sample.case()).unwrap().load.unwrap();
        let [source] = load.sources.as_slice() else { unreachable!("{load:?}") };
        assert_eq!((source.metric.as_str(), source.period_seconds), ("requests", 3600));
        assert_eq!((load.weeks.seconds(), load.weeks.end()), (28 * 86_400, sample.since));
    }

    #[test]
    fn what_is_read_every_minute_is_compared_by_points_that_are_still_there_after_four_weeks() {
        let mut sample = Sample::of(gate(Signal::LatencyP95)).and(gate(Signal::CpuUtilization));
        for gate in &mut sample.gates {
            gate.source.period_seconds = 60;
        }
        let query = query(&sample.case()).unwrap();
        let periods: Vec<(&str, u32)> = query
            .sources
            .iter()
            .map(|source| (source.metric.as_str(), source.period_seconds))
            .collect();
        assert_eq!(periods, [("latency-p95", 60), ("latency-p95", 300), ("cpu-utilization", 60)]);
    }

    #[test]
    fn controls_are_asked_for_and_each_source_once() {
        let mut sample = Sample::of(gate(Signal::LatencyP95).with_controls(2));
        sample.gates.push(sample.gates.first().unwrap().clone());
        assert_eq!(query(&sample.case()).unwrap().sources.len(), 3);
    }
}
