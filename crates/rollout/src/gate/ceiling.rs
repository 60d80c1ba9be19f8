//! Whether a limit was ever passed that may not be.
//!
//! A function that runs minutes a day has a handful of points: nothing is proven of a percentile, and
//! one failed run is what its project rings an alarm for. So every point since the change began counts, those of the time
//! in which the server is drained and stopped too. It is the doing of the change whatever was before: the server did the
//! work without it, and is started again.

use trimtab_model::gate::{Blame, Signal};

use super::finding::Findings;
use super::signal::Limit;
use super::words::{above, below};

/// Adds whether any of the values is above the limit.
pub(super) fn look(signal: Signal, limit: Limit, values: &[f64], findings: &mut Findings) {
    let Some(most) = values.iter().copied().max_by(f64::total_cmp) else { return };
    findings.figure(signal, "most", most);
    if limit.is_broken_by(most) {
        findings.fail(Blame::Change, above(signal, limit, most));
    } else {
        findings.say(below(signal, limit, most));
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use trimtab_model::gate::{GateState, Signal};

    use super::super::case::Peak;
    use super::super::sample::{Sample, Shape as _, gate};

    const RUNS: Signal = Signal::Invocations;
    const ERRORS: Signal = Signal::FunctionErrors;

    /// A day of a function that runs at noon, in which so many runs fail.
    fn once(failed: f64) -> Sample {
        let at_noon = |value: f64| {
            move |hour: f64, week: i64| (week == 0 && (hour - 12.0).abs() < 0.01).then_some(value)
        };
        let mut sample = Sample::of(gate(RUNS))
            .and(gate(ERRORS).limited(0.0))
            .reads(RUNS, "i-1", at_noon(1.0))
            .reads(ERRORS, "i-1", at_noon(failed));
        sample.peak = Peak::Needed;
        sample
    }

    #[test]
    fn one_run_without_an_error_passes_and_one_failed_run_fails() {
        once(0.0).check_state(GateState::Pass);
        once(1.0).check(GateState::Fail, "function-errors-limit");
        let figures = once(1.0).verdict().figures;
        assert_eq!(figures.get("function-errors.most"), Some(&1.0));
    }

    #[test]
    fn a_run_that_fails_in_the_first_minutes_counts() {
        let early = |hour: f64, week: i64| {
            (week == 0).then(|| if (hour - 1.0 / 12.0).abs() < 0.01 { 1.0 } else { 0.0 })
        };
        let mut sample = once(0.0);
        sample.reading.series.retain(|part| part.source.metric != "function-errors");
        sample.reads(ERRORS, "i-1", early).check(GateState::Fail, "function-errors-limit");
    }

    #[test]
    fn a_run_that_fails_while_the_server_is_drained_and_stopped_counts() {
        // Draining takes eight minutes, and a run fails so many minutes before the server is seen as stopped.
        let failed = |minutes: i64| {
            let mut sample = once(0.0);
            sample.took = SignedDuration::from_mins(8);
            let at = sample.since - SignedDuration::from_mins(minutes);
            let mut errors = sample.reading.series.iter_mut();
            let errors = errors.find(|part| part.source.metric == "function-errors").unwrap();
            errors.points.push((at, 1.0));
            sample
        };
        failed(5).check(GateState::Fail, "function-errors-limit");
        // The point in which the change began counts whole, and none before it.
        failed(10).check(GateState::Fail, "function-errors-limit");
        failed(15).check_state(GateState::Pass);
    }

    #[test]
    fn before_a_day_is_over_it_may_fail_and_never_passes() {
        once(0.0).after(20).check_state(GateState::Inconclusive);
        once(1.0).after(20).check(GateState::Fail, "function-errors-limit");
    }

    #[test]
    fn a_function_that_did_not_run_proves_nothing() {
        let never = Sample::of(gate(RUNS))
            .and(gate(ERRORS).limited(0.0))
            .reads(RUNS, "i-1", |_, week| (week > 0).then_some(5.0))
            .reads(ERRORS, "i-1", |_, _| None);
        never.check(GateState::Inconclusive, "no-invocations");
    }

    #[test]
    fn a_figure_that_is_missing_is_not_well_and_neither_is_one_without_a_limit() {
        let mut silent = once(0.0);
        silent.reading.series.retain(|part| part.source.metric != "function-errors");
        silent.check(GateState::Inconclusive, "no-data");
        let mut open = once(0.0);
        open.gates[1].limit = None;
        open.check(GateState::Inconclusive, "no-limit");
    }

    #[test]
    fn exactly_the_limit_is_well() {
        let signal = Signal::FunctionDuration;
        let of = |value: f64| {
            let limited = gate(signal).limited(24_000.0);
            Sample::of(limited).reads(signal, "i-1", move |_, _| Some(value))
        };
        of(24_000.0).check(GateState::Pass, "well");
        of(24_000.1).check(GateState::Fail, "function-duration-limit");
    }
}
