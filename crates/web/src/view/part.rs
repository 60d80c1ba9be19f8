//! What of plans and recommendations is looked at.

use std::collections::BTreeMap;

use trimtab_analysis::analyze::totals_of;
use trimtab_analysis::report::PlanSummary;
use trimtab_app::failure::Failure;
use trimtab_app::pipeline::plan::{self, KeptPlan};
use trimtab_model::analysis::Total;
use trimtab_model::money::Currency;
use trimtab_model::recommendation::Recommendation;

use crate::scope::{Scope, Sieve};
use crate::shared::{Shared, Visible};

/// Returns the plans that change something of what is looked at, the newest first.
pub(crate) fn plans(
    shared: &Shared,
    scope: &Scope,
    sieve: &Sieve,
) -> Result<Vec<KeptPlan>, Failure> {
    let mut plans = plan::list(shared.state())?;
    if !scope.is_everything() {
        plans.retain(|one| one.plan.changes().any(|change| sieve.keeps(&change.resource)));
    }
    Ok(plans)
}

/// Returns plans with the changes of what is looked at alone. What some changes of a plan save without the others is
/// not known: overlaps are of the plan.
pub(super) fn planned_in(
    mut plans: Vec<PlanSummary>,
    scope: &Scope,
    sieve: &Sieve,
) -> Vec<PlanSummary> {
    if scope.is_everything() {
        return plans;
    }
    for plan in &mut plans {
        let before = plan.changes.len();
        plan.changes.retain(|change| sieve.keeps(&change.resource));
        if plan.changes.len() < before {
            plan.estimated_monthly_savings = None;
        }
    }
    plans
}

/// What is open of what is looked at.
pub(super) struct Open<'a> {
    /// Its sums.
    pub(super) totals: BTreeMap<Currency, Total>,
    /// The recommendations, the largest first.
    pub(super) items: Vec<&'a Recommendation>,
    /// How many verdicts wait for data.
    pub(super) unknown: u64,
}

impl<'a> Open<'a> {
    /// Takes it out of an analysis.
    pub(super) fn of(visible: &'a Visible, scope: &Scope, sieve: &Sieve) -> Self {
        let open = &visible.open;
        let items: Vec<&Recommendation> =
            open.items.iter().filter(|item| sieve.keeps(&item.resource)).collect();
        let unknown = open.unknown.iter().filter(|one| sieve.keeps(&one.resource)).count() as u64;
        if scope.is_everything() {
            return Self { totals: open.totals.clone(), items, unknown };
        }
        let mut totals = totals_of(open, items.iter().copied());
        for total in totals.values_mut() {
            // What all of it costs is not the cost of a part.
            total.monthly_cost = None;
        }
        Self { totals, items, unknown }
    }
}
