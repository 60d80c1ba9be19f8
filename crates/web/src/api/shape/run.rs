//! Runs.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

use super::recommendation::{EstimateOf, ReasonOf};

/// Runs, the newest first.
#[derive(ToSchema)]
pub(in crate::api) struct RunList {
    /// `trimtab/v1/run.list`.
    schema: String,
    /// The runs of this part.
    items: Vec<Run>,
}

/// One run.
#[derive(ToSchema)]
pub(in crate::api) struct Run {
    /// `trimtab/v1/run.show`.
    schema: String,
    /// The identifier.
    run: String,
    /// The plan.
    plan: String,
    /// When it began.
    started_at: String,
    /// Who runs it.
    operator: Option<String>,
    /// Whether it acts on a simulated cloud.
    is_simulated: bool,
    /// `open`, `complete`, `rolled-back`, `partial`, `refused`, `cancelled` or `needs-operator`.
    status: String,
    /// Why its journal cannot be trusted; null where it can.
    damaged: Option<String>,
    /// The changes.
    items: Vec<RunChangeOf>,
    /// Why it stands still.
    halted: Vec<ReasonOf>,
    /// The commands that come next.
    next: Vec<String>,
}

/// A change of a run.
#[derive(ToSchema)]
struct RunChangeOf {
    /// The change.
    change: String,
    /// The stage.
    stage: String,
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
    /// Where it stands.
    status: String,
    /// Since when.
    since: Option<String>,
    /// What the gates said last.
    gates: Option<VerdictOf>,
    /// Why it stands there.
    reason: Option<ReasonOf>,
    /// The commands that a person can run.
    manual: Vec<String>,
    /// The saving a month.
    estimated_monthly_savings: EstimateOf,
}

/// What the gates of a change said.
#[derive(ToSchema)]
struct VerdictOf {
    /// Whether all was well.
    state: String,
    /// Why.
    reasons: Vec<ReasonOf>,
    /// The figures.
    figures: Value,
}

/// What was asked of a run.
#[derive(ToSchema)]
pub(in crate::api) struct Asked {
    /// `trimtab/v1/run.ask`.
    schema: String,
    /// The run.
    run: String,
    /// `pause`, `resume` or `cancel`.
    asked: String,
    /// Who asked.
    by: String,
    /// Whether that was not so already.
    is_new: bool,
}

/// What was done to take a run back.
#[derive(ToSchema)]
pub(in crate::api) struct RolledBack {
    /// `trimtab/v1/rollback`.
    schema: String,
    /// The run.
    run: String,
    /// The plan that leads back; null where the run goes on and was asked to end.
    plan: Option<String>,
}
