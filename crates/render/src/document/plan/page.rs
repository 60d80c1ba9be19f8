//! What a page about a plan is made from.

use jiff::Timestamp;

use trimtab_model::money::Money;
use trimtab_model::plan::Plan;
use trimtab_model::text::Reason;

/// A plan and everything that is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanPage<'a> {
    /// Its identifier.
    pub id: &'a str,
    /// Its hash.
    pub hash: &'a str,
    /// The plan.
    pub plan: &'a Plan,
    /// What it should save, one of each currency.
    pub savings: Vec<PlanSaving>,
    /// Who approved what.
    pub approvals: Vec<PlanApproval>,
    /// What people vouched for.
    pub attestations: Vec<PlanAttestation>,
    /// What is wrong with it.
    pub notes: Vec<PlanNote>,
    /// The runs of it, newest first.
    pub runs: Vec<String>,
    /// What can be done now, as commands.
    pub next: Vec<String>,
}

/// A monthly saving with its range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanSaving {
    /// What is expected.
    pub likely: Money,
    /// The least.
    pub low: Money,
    /// The most.
    pub high: Money,
}

/// Who approved a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanApproval {
    /// The stage.
    pub stage: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// What somebody vouched for, of one row of one change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanAttestation {
    /// The change.
    pub change: String,
    /// The row.
    pub row: String,
    /// Who.
    pub by: String,
    /// What they saw or decided.
    pub note: String,
    /// When.
    pub at: Timestamp,
}

/// Something that was found in a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanNote {
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// The change that it is about; absent where it is about the plan.
    pub change: Option<String>,
    /// What it is.
    pub reason: Reason,
}
