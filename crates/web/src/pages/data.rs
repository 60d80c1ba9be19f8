//! What pages show, for the API: the same functions.

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::plan::{KeptPlan, Known};
use trimtab_app::pipeline::runs::Run;
use trimtab_model::recommendation::Recommendation;

use super::{plan, plans, recommendation as detail, recommendations, run, runs};
use crate::query::Query;
use crate::shared::Shared;

pub(crate) use recommendations::Listed;

/// Returns the recommendations that an address asks for.
///
/// # Errors
/// Fails on a filter that cannot be read, and if the store cannot be.
pub(crate) fn listed(shared: &Shared, query: &Query) -> Result<Option<Listed>, Failure> {
    recommendations::listed(shared, query, |_| true)
}

/// Returns one recommendation.
///
/// # Errors
/// Fails if the store cannot be read.
pub(crate) fn recommendation(shared: &Shared, id: &str) -> Result<Option<Recommendation>, Failure> {
    Ok(detail::found(shared, id)?.map(|found| found.item))
}

/// Returns every plan.
///
/// # Errors
/// Fails if the state cannot be read.
pub(crate) fn plans_known(shared: &Shared) -> Result<Vec<Known>, Failure> {
    plans::all(shared)
}

/// Returns one plan.
///
/// # Errors
/// Fails if the state cannot be read.
pub(crate) fn plan_known(shared: &Shared, id: &str) -> Result<Option<Known>, Failure> {
    plan::known(shared, id)
}

/// Returns every run.
///
/// # Errors
/// Fails if the state cannot be read.
pub(crate) fn runs_found(shared: &Shared) -> Result<Vec<(Run, KeptPlan)>, Failure> {
    runs::all(shared)
}

/// Returns one run.
///
/// # Errors
/// Fails if the state cannot be read.
pub(crate) fn run_found(shared: &Shared, id: &str) -> Result<Option<(Run, KeptPlan)>, Failure> {
    run::found(shared, id)
}
