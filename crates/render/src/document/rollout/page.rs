//! What a page about a rollout is made from.

use jiff::SignedDuration;

use trimtab_model::environment::Environment;
use trimtab_model::journal::{ChangeOutcome, Journal, RunOutcome};
use trimtab_model::plan::{Change, Plan};

use crate::document::plan::PlanSaving;

/// A rollout in a simulated world, with what was found when it was over.
#[derive(Debug, Clone, PartialEq)]
pub struct RolloutPage<'a> {
    /// The plan's identifier.
    pub plan_id: &'a str,
    /// Its hash.
    pub hash: &'a str,
    /// The plan.
    pub plan: &'a Plan,
    /// The run.
    pub run: &'a str,
    /// What it did.
    pub journal: &'a Journal,
    /// How it ended.
    pub outcome: RunOutcome,
    /// The seed of the company.
    pub seed: u64,
    /// Each change, as the journal and as the world has it.
    pub changes: Vec<CheckedChange<'a>>,
    /// How many machines ran before.
    pub running: usize,
    /// Those of them that do not run any more.
    pub stopped: Vec<String>,
    /// Targets that are not registered any more.
    pub drained: Vec<String>,
    /// Capacity reservations that still cost money.
    pub reserved: Vec<String>,
    /// Entries of the journal, each link of its chain verified.
    pub entries: usize,
    /// Lines of the audit log, verified in the same way.
    pub audit_lines: usize,
    /// Those of them that announce a call.
    pub audit_intents: usize,
    /// Calls that reached the world.
    pub calls: usize,
    /// Those of them that no intent came before.
    pub unannounced: usize,
    /// What the plan was to save, one sum of each currency.
    pub planned: Vec<PlanSaving>,
    /// What of it was confirmed.
    pub confirmed: Vec<PlanSaving>,
    /// What of it was taken back.
    pub taken_back: Vec<PlanSaving>,
}

/// One change, as the journal and as the world has it.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedChange<'a> {
    /// The change.
    pub change: &'a Change,
    /// Its stage.
    pub stage: Environment,
    /// How the journal says it ended; absent where it did not begin or did not end.
    pub outcome: Option<ChangeOutcome>,
    /// What the resource must be by that.
    pub expected: &'a str,
    /// What it is in the world.
    pub found: &'a str,
    /// How often it was out of service.
    pub outages: usize,
    /// For how long at once at most; absent where it was not.
    pub longest: Option<SignedDuration>,
    /// Whether that is within its budget.
    pub is_within_budget: bool,
}

impl CheckedChange<'_> {
    /// Returns whether the resource is what the journal says.
    pub fn agrees(&self) -> bool {
        self.expected == self.found
    }
}

impl RolloutPage<'_> {
    /// Returns whether everything that was looked at is as it must be.
    pub fn holds(&self) -> bool {
        self.changes.iter().all(|one| one.agrees() && one.is_within_budget)
            && self.stopped.is_empty()
            && self.drained.is_empty()
            && self.reserved.is_empty()
            && self.unannounced == 0
            && self.calls == self.audit_intents
    }
}
