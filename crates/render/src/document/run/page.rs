//! What a page about a run is made from.

use jiff::Timestamp;

use trimtab_model::gate::GateVerdict;
use trimtab_model::journal::{ChangeOutcome, RunOutcome};
use trimtab_model::plan::{Change, Plan};
use trimtab_model::text::{Reason, Text};

/// A run and everything that is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct RunPage<'a> {
    /// Its identifier.
    pub id: &'a str,
    /// The plan's identifier.
    pub plan_id: &'a str,
    /// The plan.
    pub plan: &'a Plan,
    /// When it began.
    pub started_at: Timestamp,
    /// Who runs it, where it is known.
    pub operator: Option<String>,
    /// Whether it is against the simulator.
    pub is_simulated: bool,
    /// How it ended; absent where it did not.
    pub outcome: Option<RunOutcome>,
    /// Why its journal cannot be trusted.
    pub damaged: Option<Text>,
    /// Its changes, in the order of the plan.
    pub changes: Vec<RunChange<'a>>,
    /// Waves that take no more changes, and why.
    pub halted: Vec<Reason>,
    /// What can be done now, as commands.
    pub next: Vec<String>,
}

/// How far a change of a run is.
#[derive(Debug, Clone, PartialEq)]
pub struct RunChange<'a> {
    /// The change.
    pub change: &'a Change,
    /// Its stage.
    pub stage: &'static str,
    /// How far it is.
    pub phase: RunPhase,
    /// When its phase began.
    pub since: Option<Timestamp>,
    /// What its gates said last.
    pub verdict: Option<GateVerdict>,
    /// Why it waits for a person, is taken back, or ended as it did.
    pub reason: Option<Reason>,
    /// Commands for the person who must look.
    pub manual: Vec<String>,
}

/// Where a change stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunPhase {
    /// It has not begun.
    Waiting,
    /// It is being made.
    Forward,
    /// It is made, and watched.
    Soaking,
    /// Its gates passed, and it waits for its confirmation.
    Passed,
    /// It is being taken back.
    Back,
    /// It waits for a person.
    Held,
    /// It ended.
    Closed(ChangeOutcome),
}
