//! What of plans and recommendations is looked at.

use std::collections::BTreeMap;

use trimtab_analysis::analyze::totals_of;
use trimtab_analysis::report::PlanSummary;
use trimtab_app::failure::Failure;
use trimtab_app::pipeline::plan::{self, KeptPlan};
use trimtab_model::analysis::Total;
use trimtab_model::money::Currency;
use trimtab_model::recommendation::Recommendation;
use trimtab_model::resource::ResourceRef;

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
        let is_kept = |of: &ResourceRef| sieve.keeps(of) || sieve.is_lost(of);
        plan.changes.retain(|change| is_kept(&change.resource));
        let lost = plan.changes.iter_mut().filter(|change| sieve.is_lost(&change.resource));
        let mut has_lost = false;
        for change in lost {
            // Whose it was is not known any more, nor how much of a sum is of what is looked at.
            change.estimated_monthly_savings = None;
            has_lost = true;
        }
        if plan.changes.len() < before || has_lost {
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
