//! Plans.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

use super::patch::OwnerPatchOf;
use super::recommendation::{EstimateOf, ReasonOf, UndoOf};
use crate::view::Amount;

/// Plans, the newest first.
#[derive(ToSchema)]
pub(in crate::api) struct PlanList {
    /// `trimtab/v1/plan.list`.
    schema: String,
    /// The plans of this part.
    items: Vec<PlanHead>,
}

/// What a list says of a plan.
#[derive(ToSchema)]
struct PlanHead {
    /// The identifier.
    plan: String,
    /// The hash of its content, by which it is approved.
    hash: String,
    /// When it was made.
    created_at: String,
    /// By whom.
    created_by: String,
    /// Until when it may be begun.
    expires_at: String,
    /// What it was made of.
    built_from: Value,
    /// How many changes it has.
    changes: u64,
    /// What they save a month, by currency.
    savings: Vec<PlanSavingOf>,
    /// The accounts that it changes.
    accounts: Vec<PlanAccountOf>,
    /// Who approved what of it.
    approvals: Vec<GivenApprovalOf>,
    /// What somebody vouched for.
    attestations: Vec<GivenAttestationOf>,
    /// The runs of it.
    runs: Vec<String>,
}

/// One plan.
#[derive(ToSchema)]
pub(in crate::api) struct Plan {
    /// `trimtab/v1/plan.show`.
    schema: String,
    /// The identifier.
    plan: String,
    /// The hash of its content, by which it is approved.
    hash: String,
    /// When it was made.
    created_at: String,
    /// By whom.
    created_by: String,
    /// Until when it may be begun.
    expires_at: String,
    /// What it was made of.
    built_from: Value,
    /// How many changes it has.
    changes: u64,
    /// What they save a month, by currency.
    savings: Vec<PlanSavingOf>,
    /// The accounts that it changes.
    accounts: Vec<PlanAccountOf>,
    /// Who approved what of it.
    approvals: Vec<GivenApprovalOf>,
    /// What somebody vouched for.
    attestations: Vec<GivenAttestationOf>,
    /// The runs of it.
    runs: Vec<String>,
    /// The rules that it is carried out by.
    rules: BTreeMap<String, Value>,
    /// The stages, in order.
    stages: Vec<PlanStageOf>,
    /// What is not changed, and why.
    left_out: Vec<LeftOutOf>,
    /// What is wrong with it.
    findings: Vec<FindingOf>,
    /// The commands that come next.
    next: Vec<String>,
}

/// What a plan saves a month.
#[derive(ToSchema)]
struct PlanSavingOf {
    /// The likely saving.
    likely: Amount,
    /// The least.
    low: Amount,
    /// The most.
    high: Amount,
}

/// An account of a plan.
#[derive(ToSchema)]
struct PlanAccountOf {
    /// Its number.
    account: String,
    /// What it is called.
    alias: Option<String>,
}

/// An approval that was given.
#[derive(ToSchema)]
struct GivenApprovalOf {
    /// The stage.
    stage: String,
    /// Who approved.
    by: String,
    /// When.
    at: String,
}

/// What somebody vouched for.
#[derive(ToSchema)]
struct GivenAttestationOf {
    /// The change.
    change: String,
    /// The row of the preflight.
    row: String,
    /// Who.
    by: String,
    /// In which words.
    note: String,
    /// When.
    at: String,
}

/// A stage of a plan.
#[derive(ToSchema)]
struct PlanStageOf {
    /// `dev`, `staging` or `prod`.
    stage: String,
    /// What its approval needs.
    approval: String,
    /// Who approved it.
    approved_by: Vec<String>,
    /// The waves, in order.
    waves: Vec<WaveOf>,
}

/// Changes that are made side by side.
#[derive(ToSchema)]
struct WaveOf {
    /// Its name.
    wave: String,
    /// The changes.
    changes: Vec<PlannedChangeOf>,
}

/// A change of a plan.
#[derive(ToSchema)]
struct PlannedChangeOf {
    /// The change.
    change: String,
    /// The recommendation that it comes from.
    recommendation: String,
    /// As its own service names it.
    resource_id: String,
    /// The CloudFormation type.
    resource_type: String,
    /// The account.
    account: String,
    /// The region.
    region: String,
    /// The environment.
    environment: String,
    /// Its `Name` tag.
    name: Option<String>,
    /// The configuration before.
    current: BTreeMap<String, Value>,
    /// The configuration after.
    recommended: BTreeMap<String, Value>,
    /// What must be found before anything is changed.
    expected: Value,
    /// How much it can do.
    class: String,
    /// Whether it can be taken back.
    undo: UndoOf,
    /// What leads back if it cannot.
    recovery_point: Value,
    /// 0, very low, to 4, very high.
    performance_risk: u8,
    /// How long it may be out of service.
    downtime_seconds: u64,
    /// How long it takes.
    duration_seconds: u64,
    /// How long it is watched.
    watched_seconds: u64,
    /// What must be well.
    gates: Vec<GateOf>,
    /// What else may describe the resource.
    possibly_managed_by: Value,
    /// The migration whose last step it is.
    migration: Option<MigrationOf>,
    /// The saving a month.
    estimated_monthly_savings: EstimateOf,
}

/// A function that took the work of a server over.
#[derive(ToSchema)]
struct MigrationOf {
    /// Its name.
    name: String,
    /// Its region.
    region: String,
    /// What is stopped.
    replaces: String,
    /// Days that it was to be well before.
    soak_days: u64,
}

/// What must be well before a rollout goes on.
#[derive(ToSchema)]
struct GateOf {
    /// What it watches.
    signal: Value,
    /// The namespace.
    namespace: String,
    /// The metric.
    metric: String,
    /// What it is held against.
    limit: Value,
    /// What is expected.
    expected: Value,
    /// How many resources it is compared with.
    controls: u64,
    /// Whether the change waits where it cannot be read.
    is_required: bool,
}

/// What a plan does not change.
#[derive(ToSchema)]
struct LeftOutOf {
    /// The recommendation.
    recommendation: String,
    /// As its own service names it.
    resource_id: String,
    /// The CloudFormation type.
    resource_type: String,
    /// The account.
    account: String,
    /// The region.
    region: String,
    /// The environment.
    environment: String,
    /// Its `Name` tag.
    name: Option<String>,
    /// Why.
    reason: ReasonOf,
    /// What to write where the resource is described.
    patch: Option<OwnerPatchOf>,
}

/// What is wrong with a plan.
#[derive(ToSchema)]
struct FindingOf {
    /// `error`, `warning` or `note`.
    severity: String,
    /// The change; null where it is about all of it.
    change: Option<String>,
    /// A stable word.
    code: String,
    /// A sentence.
    message: String,
}
