//! Plans: made, found, looked at, approved, written down. What is decided is decided by
//! `trimtab_rollout::plan`; this reads and keeps.

mod approve;
mod attest;
mod awaited;
mod create;
mod find;
mod migration;
mod next;
mod operator;
mod preflight;
mod rehearse;
mod savings;
mod terraform;

use jiff::Timestamp;

use trimtab_model::audit::AuditLine;
use trimtab_model::plan::Plan;
use trimtab_rollout::plan as pure;
use trimtab_store::audit::{Audit, AuditError};
use trimtab_store::state::{Approved, Attestation, RunRecord, State, StoredPlan};

use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::pipeline::demo::clock;

pub use approve::{Approval, ApproveRequest, Missing, approvals_of, approve, missing, same_hash};
pub(super) use approve::{expired, names_of};
pub(crate) use attest::heeded;
pub use attest::{AttestRequest, attest, attestable};
pub use awaited::{awaited, missing_of};
pub(super) use create::stored as stored_plan;
pub use create::{CreateRequest, Planned, create, preview};
pub use find::{find, list};
pub use next::next_commands;
pub use operator::{machine, operator};
pub use preflight::{JudgedChange, Preflight, preflight};
pub use rehearse::{Rehearsal, RehearsedCall, rehearse};
pub use savings::{Saving, savings, savings_of};
pub use trimtab_rollout::plan::export::{announcement, awscli, cloudformation, record, terraform};
pub use trimtab_rollout::plan::{
    ChangedChange, FieldChange, Finding, PlanDiff, Severity, Slot, forbids_approval,
};
pub use trimtab_rollout::preflight::titles as row_titles;
pub use trimtab_store::state::{
    Approved as GivenApproval, Attestation as GivenAttestation, StoredPlan as KeptPlan,
};

/// A plan with everything that is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// The plan.
    pub stored: StoredPlan,
    /// Who approved what of it.
    pub approvals: Vec<Approved>,
    /// What is wrong with it now.
    pub findings: Vec<Finding>,
    /// The runs of it, newest first.
    pub runs: Vec<RunRecord>,
    /// What people vouched for.
    pub attestations: Vec<Attestation>,
}

/// Returns everything that is known of the plan whose identifier begins with `id`.
///
/// # Errors
/// Fails if there is none, or several.
pub fn known(state: &State, id: &str, now: Timestamp) -> Result<Known, Failure> {
    let stored = find(state, id)?;
    let now = clock(&stored.plan, now);
    let approvals = kept(state.approvals(&stored.id))?;
    let findings = pure::lint(&stored.plan, now);
    let mut runs = kept(state.runs(""))?;
    runs.retain(|run| run.plan == stored.id);
    let attestations = kept(state.attestations(&stored.hash))?;
    Ok(Known { stored, approvals, findings, runs, attestations })
}

/// Lists what is wrong with a plan.
pub fn lint(plan: &Plan, now: Timestamp) -> Vec<Finding> {
    pure::lint(plan, now)
}

/// Returns what differs between two plans.
pub fn diff(first: &Plan, second: &Plan) -> PlanDiff {
    pure::diff(first, second)
}

/// Returns when each change of a plan would begin.
pub fn simulate(plan: &Plan, now: Timestamp) -> Vec<Slot> {
    pure::simulate_schedule(plan, now)
}

/// Returns the lines of the audit log, every link of its chain verified.
///
/// # Errors
/// Fails at the first line that is not as it was written.
pub fn audit_lines(settings: &Settings) -> Result<Vec<AuditLine>, Failure> {
    Audit::lines(&settings.data_dir).map_err(|cause| untrusted(&cause))
}

/// Says that the audit log cannot be trusted.
fn untrusted(cause: &AuditError) -> Failure {
    Failure::from_error(Kind::Failed, cause).with_hint((
        "nothing is changed while the audit log cannot be trusted: keep the file for whoever investigates, and move it away",
        "감사 기록을 믿을 수 없는 동안에는 아무것도 바꾸지 않습니다. 조사할 수 있도록 파일을 보관하고 다른 곳으로 옮기세요",
    ))
}

pub(super) fn kept<T>(result: Result<T, trimtab_store::state::StateError>) -> Result<T, Failure> {
    result.map_err(|cause| Failure::from_error(Kind::Failed, &cause))
}
