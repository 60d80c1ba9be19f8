//! How far savings have come: found, planned, applied, verified. Reports and pages show the same.

use jiff::Timestamp;

use trimtab_model::money::{Currency, Money};

use super::facts::{ChangeOutcome, ChangeSummary, PlanStatus, PlanSummary, ReportFacts};
use super::ledger::total;

/// How far savings have come, a month of 730 hours, in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SavingsStages {
    /// The currency of every amount.
    pub currency: Currency,
    /// The analysis' own sum, overlaps removed; absent where there is no analysis in this currency.
    pub found: Option<SavingsStage>,
    /// What plans that live save by their own sums.
    pub planned: SavingsStage,
    /// Estimates of changes that were made and stayed.
    pub applied: SavingsStage,
    /// What the bill shows. Absent where no change was verified: that is not zero.
    pub verified: Option<SavingsStage>,
}

/// One stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SavingsStage {
    /// How many recommendations or changes.
    pub count: u64,
    /// What they save a month; absent where one of them has no estimate in the currency.
    pub amount: Option<Money>,
}

impl SavingsStages {
    /// Says how far savings have come: changes count that were made from `from` until the moment of `facts`.
    pub fn of(facts: &ReportFacts<'_>, currency: Currency, from: Timestamp) -> Self {
        let found = facts.analysis.and_then(|analysis| {
            let nothing = SavingsStage { count: 0, amount: Some(Money::zero(currency)) };
            let total = analysis.totals.get(&currency).map(|total| SavingsStage {
                count: total.recommendations,
                amount: Some(total.likely),
            });
            total.or_else(|| analysis.totals.is_empty().then_some(nothing))
        });
        // No recommendation is in two plans that live, and each sum has its overlaps removed.
        let live: Vec<&PlanSummary> = facts.plans.iter().filter(|plan| is_live(plan)).collect();
        let sums: Option<Vec<Money>> = live
            .iter()
            .map(|plan| plan.estimated_monthly_savings.map(|(_, likely, _)| likely))
            .collect();
        let planned = SavingsStage {
            count: counted(live.iter().map(|plan| plan.changes.len()).sum()),
            amount: sums.and_then(|sums| total(currency, sums)),
        };
        let applied: Vec<&ChangeSummary> = facts
            .plans
            .iter()
            .flat_map(|plan| &plan.changes)
            .filter(|change| applied_at(change).is_some_and(|at| at >= from && at <= facts.now))
            .collect();
        let sums: Option<Vec<Money>> =
            applied.iter().map(|change| change.estimated_monthly_savings).collect();
        let applied = SavingsStage {
            count: counted(applied.len()),
            amount: sums.and_then(|sums| total(currency, sums)),
        };
        Self { currency, found, planned, applied, verified: None }
    }
}

fn is_live(plan: &PlanSummary) -> bool {
    !matches!(plan.status, PlanStatus::Done | PlanStatus::Ended) && !plan.changes.is_empty()
}

/// Returns when a change was made that stayed; absent for every other.
fn applied_at(change: &ChangeSummary) -> Option<Timestamp> {
    match &change.outcome {
        ChangeOutcome::Applied { at } => Some(*at),
        ChangeOutcome::Waiting
        | ChangeOutcome::UnderWay { .. }
        | ChangeOutcome::TakenBack { .. }
        | ChangeOutcome::NeedsPerson { .. }
        | ChangeOutcome::Failed { .. } => None,
    }
}

fn counted(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::scene::{Scene, at, usd};

    #[test]
    fn only_what_was_made_in_the_time_is_applied_and_nothing_is_verified_without_a_verification() {
        let scene = Scene::full();
        let stages = SavingsStages::of(&scene.facts(), Currency::USD, at("2026-01-01T00:00:00Z"));
        assert!(stages.found.is_some_and(|found| found.amount.is_some_and(Money::is_positive)));
        assert!(stages.applied.count > 0);
        assert_eq!(stages.verified, None);
        let later = SavingsStages::of(&scene.facts(), Currency::USD, scene.now);
        assert_eq!(later.applied, SavingsStage { count: 0, amount: Some(usd("0")) });
        assert_eq!(later.planned, stages.planned);
    }

    #[test]
    fn a_change_without_an_estimate_makes_the_sum_unknown_and_not_smaller() {
        let mut scene = Scene::full();
        for change in scene.plans.iter_mut().flat_map(|plan| &mut plan.changes) {
            change.estimated_monthly_savings = None;
        }
        let stages = SavingsStages::of(&scene.facts(), Currency::USD, at("2026-01-01T00:00:00Z"));
        assert_eq!(stages.applied.amount, None);
    }
}
