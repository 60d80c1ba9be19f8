//! What trimtab did to a resource or plans to do, and what people decided about its recommendations.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline::{now, plan, report};
use trimtab_model::action::Action;
use trimtab_model::money::Money;
use trimtab_model::recommendation::Recommendation;
use trimtab_model::resource::ResourceRef;
use trimtab_model::text::Text;
use trimtab_store::state::{DispositionKind, StateError};

use super::amount::{Amount, amount_or_none, english_or_none};
use super::savings::{ChangeStatus, SavedChange};
use crate::shared::Shared;

/// A change of a plan that names the resource.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResourceChange {
    /// The plan.
    pub(crate) plan: String,
    /// The runs of the plan that act on AWS, the newest first; empty where none was begun.
    pub(crate) runs: Vec<String>,
    /// The recommendation that it comes from.
    pub(crate) recommendation: String,
    /// How it stands.
    pub(crate) status: ChangeStatus,
    /// When it came to that; null where it waits.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) at: Option<Timestamp>,
    /// Why, where it did not go as planned.
    #[serde(serialize_with = "english_or_none")]
    #[schema(value_type = Option<String>)]
    pub(crate) reason: Option<Text>,
    /// What it was expected to save a month; null where it has no estimate.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) estimated_monthly_savings: Option<Money>,
    /// What is done.
    #[serde(skip)]
    pub(crate) action: Option<Action>,
}

/// What a person decided about a recommendation of the resource.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResourceDecision {
    /// The recommendation.
    pub(crate) recommendation: String,
    /// `dismissed` or `snoozed`.
    pub(crate) decision: &'static str,
    /// Why; null where nobody said.
    pub(crate) reason: Option<String>,
    /// The last day on which it holds; null where it holds until somebody reopens it.
    #[schema(value_type = Option<String>, format = Date)]
    pub(crate) until: Option<Date>,
    /// Whether it holds today.
    pub(crate) holds: bool,
    /// When it was decided.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: Timestamp,
    /// What was decided.
    #[serde(skip)]
    pub(crate) kind: DispositionKind,
}

/// Returns the changes of all plans that name a resource, the newest plan first.
///
/// # Errors
/// Fails if the state cannot be read.
pub(crate) fn changes(
    shared: &Shared,
    resource: &ResourceRef,
) -> Result<Vec<ResourceChange>, Failure> {
    let state = shared.state();
    let runs = state.runs("").map_err(unreadable)?;
    let mut changes = Vec::new();
    for summary in report::plan_summaries(state, now())? {
        let named = summary.changes.iter().filter(|one| one.resource.key() == resource.key());
        let named: Vec<SavedChange> = named.map(|one| SavedChange::of(&summary, one)).collect();
        if named.is_empty() {
            continue;
        }
        let stored = plan::find(state, summary.id.as_str())?;
        let of_plan = runs.iter().filter(|run| run.plan == summary.id && !run.is_simulated);
        let runs: Vec<String> = of_plan.map(|run| run.id.to_string()).collect();
        changes.extend(named.into_iter().map(|one| {
            let mut all = stored.plan.changes();
            let found = all.find(|change| {
                change.recommendation.as_str() == one.recommendation
                    && change.resource.key() == resource.key()
            });
            ResourceChange {
                action: found.map(|change| change.action.clone()),
                plan: one.plan,
                runs: runs.clone(),
                recommendation: one.recommendation,
                status: one.status,
                at: one.at,
                reason: one.reason,
                estimated_monthly_savings: one.estimated_monthly_savings,
            }
        }));
    }
    Ok(changes)
}

/// Returns what was decided about recommendations, whether it still holds or not.
///
/// # Errors
/// Fails if the state cannot be read.
pub(crate) fn decisions(
    shared: &Shared,
    recommendations: &[Recommendation],
) -> Result<Vec<ResourceDecision>, Failure> {
    let all = shared.state().dispositions().map_err(unreadable)?;
    let today = trimtab_app::pipeline::today(&shared.settings);
    let of = |item: &Recommendation| {
        let one = all.get(&item.id)?;
        Some(ResourceDecision {
            recommendation: item.id.to_string(),
            decision: one.kind.as_str(),
            reason: one.reason.clone(),
            until: one.until.and_then(|open| open.yesterday().ok()),
            holds: one.holds_on(today),
            at: one.at,
            kind: one.kind,
        })
    };
    Ok(recommendations.iter().filter_map(of).collect())
}

fn unreadable(cause: StateError) -> Failure {
    Failure::from_error(Kind::Failed, &cause)
}
