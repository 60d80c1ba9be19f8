//! The words of runs.

use trimtab_model::gate::GateState;
use trimtab_model::journal::{ChangeOutcome, Direction, RunOutcome, Wish};

use super::page::RunPhase;
use crate::locale::Locale;

/// Returns how a run ended, or that it goes on.
pub fn run_outcome(outcome: Option<RunOutcome>, locale: Locale) -> String {
    match outcome {
        None => locale.text("run-open"),
        Some(RunOutcome::Complete) => locale.text("run-complete"),
        Some(RunOutcome::RolledBack) => locale.text("run-rolled-back"),
        Some(RunOutcome::Partial) => locale.text("run-partial"),
        Some(RunOutcome::Refused) => locale.text("run-refused"),
        Some(RunOutcome::Cancelled) => locale.text("run-cancelled"),
        Some(RunOutcome::NeedsOperator) => locale.text("run-needs-operator"),
    }
}

/// Returns the word of an outcome for machines; `open` where there is none.
pub fn run_outcome_code(outcome: Option<RunOutcome>) -> &'static str {
    match outcome {
        None => "open",
        Some(RunOutcome::Complete) => "complete",
        Some(RunOutcome::RolledBack) => "rolled-back",
        Some(RunOutcome::Partial) => "partial",
        Some(RunOutcome::Refused) => "refused",
        Some(RunOutcome::Cancelled) => "cancelled",
        Some(RunOutcome::NeedsOperator) => "needs-operator",
    }
}

/// Returns where a change stands.
pub fn phase(phase: RunPhase, locale: Locale) -> String {
    match phase {
        RunPhase::Waiting => locale.text("phase-waiting"),
        RunPhase::Forward => locale.text("phase-forward"),
        RunPhase::Soaking => locale.text("phase-soaking"),
        RunPhase::Passed => locale.text("phase-passed"),
        RunPhase::Back => locale.text("phase-back"),
        RunPhase::Held => locale.text("phase-held"),
        RunPhase::Closed(outcome) => change_outcome(outcome, locale),
    }
}

/// Returns the word of a phase for machines.
pub fn phase_code(phase: RunPhase) -> &'static str {
    match phase {
        RunPhase::Waiting => "waiting",
        RunPhase::Forward => "forward",
        RunPhase::Soaking => "soaking",
        RunPhase::Passed => "passed",
        RunPhase::Back => "back",
        RunPhase::Held => "held",
        RunPhase::Closed(outcome) => change_outcome_code(outcome),
    }
}

/// Returns the word of an outcome for machines.
pub fn change_outcome_code(outcome: ChangeOutcome) -> &'static str {
    match outcome {
        ChangeOutcome::Confirmed => "confirmed",
        ChangeOutcome::Original => "original",
        ChangeOutcome::Refused => "refused",
        ChangeOutcome::NeedsOperator => "needs-operator",
    }
}

/// Returns how a change ended.
pub fn change_outcome(outcome: ChangeOutcome, locale: Locale) -> String {
    match outcome {
        ChangeOutcome::Confirmed => locale.text("outcome-confirmed"),
        ChangeOutcome::Original => locale.text("outcome-original"),
        ChangeOutcome::Refused => locale.text("outcome-refused"),
        ChangeOutcome::NeedsOperator => locale.text("outcome-needs-operator"),
    }
}

/// Returns what a gate says.
pub fn gate_state(state: GateState, locale: Locale) -> String {
    match state {
        GateState::Pass => locale.text("gate-pass"),
        GateState::Inconclusive => locale.text("gate-inconclusive"),
        GateState::Fail => locale.text("gate-fail"),
    }
}

/// Returns the word of a gate's state for machines.
pub fn gate_state_code(state: GateState) -> &'static str {
    match state {
        GateState::Pass => "pass",
        GateState::Inconclusive => "inconclusive",
        GateState::Fail => "fail",
    }
}

/// Returns which way a call goes.
pub fn direction(direction: Direction, locale: Locale) -> String {
    match direction {
        Direction::Forward => locale.text("direction-forward"),
        Direction::Back => locale.text("direction-back"),
        Direction::Release => locale.text("direction-release"),
    }
}

/// Returns the word of a direction for machines.
pub fn direction_code(direction: Direction) -> &'static str {
    match direction {
        Direction::Forward => "forward",
        Direction::Back => "back",
        Direction::Release => "release",
    }
}

/// Returns what a person asked.
pub fn wish(wish: Wish, locale: Locale) -> String {
    match wish {
        Wish::Pause => locale.text("wish-pause"),
        Wish::Resume => locale.text("wish-resume"),
        Wish::Cancel => locale.text("wish-cancel"),
    }
}
