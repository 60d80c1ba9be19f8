//! Whose a mark is, by what was written down.

use trimtab_model::id::{ChangeId, PlanId};
use trimtab_model::journal::ChangeOutcome;
use trimtab_model::mark::{Belonging, Mark, Marked};
use trimtab_store::state::StoredPlan;

use crate::pipeline::runs::{ChangeProgress, Phase, Progress, Run};

/// What was written down: the plans, and the runs that act on AWS.
pub(super) struct Written {
    pub(super) plans: Vec<StoredPlan>,
    pub(super) runs: Vec<Run>,
}

impl Written {
    /// Returns whose a mark is; nobody's of ours where a change ended well and its machine was
    /// stopped by somebody later.
    pub(super) fn belonging(&self, mark: &Mark) -> Option<Belonging> {
        let Some((plan, change)) = self.named(mark) else { return Some(Belonging::Unknown) };
        for run in self.runs.iter().filter(|run| run.record.plan == plan) {
            let Ok(journal) = &run.journal else { continue };
            let progress = Progress::of(journal);
            let Some(one) = progress.changes.get(&change) else { continue };
            if run.is_open() {
                return Some(Belonging::OpenRun(run.record.id.clone()));
            }
            let is_machine = matches!(mark.what, Marked::StoppedInstance { .. });
            return (!is_machine || is_unsettled(one))
                .then(|| Belonging::EndedRun(run.record.id.clone()));
        }
        Some(match self.plans.iter().any(|stored| stored.id == plan) {
            true => Belonging::LostJournal(plan),
            false => Belonging::Unknown,
        })
    }

    /// Returns the plan and the change that a mark names. What lies in quarantine names none: it
    /// is looked for among the resources of the plans.
    fn named(&self, mark: &Mark) -> Option<(PlanId, ChangeId)> {
        if let (Some(plan), Some(change)) = (&mark.plan, &mark.change) {
            return Some((plan.clone(), change.clone()));
        }
        let is_of = |stored: &&StoredPlan| self.change_of(stored, mark).is_some();
        let stored = self.plans.iter().find(is_of)?;
        Some((stored.id.clone(), self.change_of(stored, mark)?))
    }

    fn change_of(&self, stored: &StoredPlan, mark: &Mark) -> Option<ChangeId> {
        let found = stored.plan.changes().find(|change| {
            let resource = &change.resource;
            resource.id == mark.id
                && resource.account == mark.account
                && resource.region == mark.region
        });
        found.map(|change| change.id.clone())
    }
}

fn is_unsettled(one: &ChangeProgress) -> bool {
    matches!(&one.phase, Phase::Closed { outcome: ChangeOutcome::NeedsOperator, .. })
}
