//! What must be read to judge.

use trimtab_model::gate::GateQuery;
use trimtab_model::period::Period;

use super::case::{Case, WEEKS, weeks_before};
use super::signal::has_history;

/// Returns what must be read to judge a case; nothing where it has no gates.
///
/// The earlier weeks are asked for where a signal is compared with them: the same hours, each a
/// whole number of weeks earlier.
pub fn query(case: &Case<'_>) -> Option<GateQuery> {
    let watched = Period::new(case.since, case.now.max(case.since)).ok()?;
    let mut sources = Vec::new();
    for gate in case.gates {
        for source in std::iter::once(&gate.source).chain(&gate.controls) {
            if !sources.contains(source) {
                sources.push(source.clone());
            }
        }
    }
    let needs_history = case.gates.iter().any(|gate| has_history(gate.signal));
    let weeks = if needs_history { WEEKS } else { 0 };
    let earlier = (1..=weeks).filter_map(|week| weeks_before(watched, week));
    let periods = std::iter::once(watched).chain(earlier).collect();
    (!sources.is_empty()).then_some(GateQuery { sources, periods })
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
    fn what_is_not_compared_is_read_of_the_watched_time_only() {
        let sample = Sample::of(gate(Signal::CpuUtilization));
        assert_eq!(query(&sample.case()).unwrap().periods.len(), 1);
    }

    #[test]
    fn controls_are_asked_for_and_each_source_once() {
        let mut sample = Sample::of(gate(Signal::LatencyP95).with_controls(2));
        sample.gates.push(sample.gates.first().unwrap().clone());
        assert_eq!(query(&sample.case()).unwrap().sources.len(), 3);
    }
}
