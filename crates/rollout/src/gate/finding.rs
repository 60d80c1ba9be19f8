//! What the single questions found, and the verdict of all of them together.

use std::collections::BTreeMap;

use trimtab_model::gate::{Blame, GateState, GateVerdict, Signal};
use trimtab_model::text::Reason;

use super::signal::key;

/// How much a finding weighs; the first is said first and decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    FailedByChange,
    FailedByOthers,
    Inconclusive,
    Said,
}

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Findings {
    found: Vec<(Weight, Reason)>,
    figures: BTreeMap<String, f64>,
}

impl Findings {
    /// Adds a failure.
    pub(super) fn fail(&mut self, blame: Blame, reason: Reason) {
        let weight = match blame {
            Blame::Change => Weight::FailedByChange,
            Blame::External => Weight::FailedByOthers,
        };
        self.found.push((weight, reason));
    }

    /// Adds something that keeps the gates from passing.
    pub(super) fn inconclusive(&mut self, reason: Reason) {
        self.found.push((Weight::Inconclusive, reason));
    }

    /// Adds something that is said and decides nothing.
    pub(super) fn say(&mut self, reason: Reason) {
        self.found.push((Weight::Said, reason));
    }

    /// Keeps a figure of a signal. What is no number has no place in a journal.
    pub(super) fn figure(&mut self, signal: Signal, name: &str, value: f64) {
        if value.is_finite() {
            self.figures.insert(format!("{}.{name}", key(signal)), value);
        }
    }

    /// Returns the verdict: fail before inconclusive before pass.
    pub(super) fn verdict(mut self) -> GateVerdict {
        // Stable, so that gates keep their order within a weight.
        self.found.sort_by_key(|(weight, _)| *weight);
        let (state, blame) = match self.found.first().map(|(weight, _)| *weight) {
            Some(Weight::FailedByChange) => (GateState::Fail, Blame::Change),
            Some(Weight::FailedByOthers) => (GateState::Fail, Blame::External),
            Some(Weight::Inconclusive) => (GateState::Inconclusive, Blame::Change),
            Some(Weight::Said) | None => (GateState::Pass, Blame::Change),
        };
        let reasons = self.found.into_iter().map(|(_, reason)| reason).collect();
        GateVerdict { state, blame, reasons, figures: self.figures }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(code: &str) -> Reason {
        Reason::new(code, code, code)
    }

    #[test]
    fn fail_comes_before_inconclusive_and_that_before_pass() {
        let mut findings = Findings::default();
        findings.say(reason("fine"));
        assert_eq!(findings.found.len(), 1);
        findings.inconclusive(reason("unknown"));
        findings.fail(Blame::External, reason("outside"));
        findings.fail(Blame::Change, reason("ours"));
        let verdict = findings.verdict();
        assert_eq!((verdict.state, verdict.blame), (GateState::Fail, Blame::Change));
        let codes: Vec<&str> = verdict.reasons.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(codes, ["ours", "outside", "unknown", "fine"]);
    }

    #[test]
    fn what_is_said_keeps_nothing_from_passing() {
        let mut findings = Findings::default();
        findings.say(reason("fine"));
        assert_eq!(findings.verdict().state, GateState::Pass);
    }

    #[test]
    fn a_figure_that_is_no_number_is_left_out() {
        let mut findings = Findings::default();
        findings.figure(Signal::Swap, "p95", f64::NAN);
        findings.figure(Signal::Swap, "limit", 3.0);
        let names: Vec<String> = findings.verdict().figures.into_keys().collect();
        assert_eq!(names, ["swap.limit"]);
    }
}
