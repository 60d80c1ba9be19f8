//! What reports say of plans and runs.

use jiff::Timestamp;

use trimtab_analysis::report::{ChangeOutcome, ChangeSummary, PlanStatus, PlanSummary};
use trimtab_model::environment::Environment;
use trimtab_model::journal::{ChangeOutcome as Closed, Event, Journal};
use trimtab_model::plan::{Change, Plan};
use trimtab_model::text::Text;
use trimtab_store::state::State;

use crate::failure::Failure;
use crate::pipeline::demo::clock;
use crate::pipeline::plan::{self, Known};
use crate::pipeline::runs::{self, ChangeProgress, Phase, Progress, Run};

/// Returns every plan, and what became of it.
///
/// # Errors
/// Fails if the state cannot be read.
pub(super) fn gather(state: &State, now: Timestamp) -> Result<Vec<PlanSummary>, Failure> {
    let all_runs: Vec<Run> =
        runs::list(state)?.into_iter().filter(|run| !run.record.is_simulated).collect();
    let mut summaries = Vec::new();
    for stored in plan::list(state)? {
        let known = plan::known(state, stored.id.as_str(), now)?;
        let run = all_runs.iter().find(|run| run.record.plan == stored.id);
        summaries.push(summary(&known, run, now)?);
    }
    Ok(summaries)
}

fn summary(known: &Known, run: Option<&Run>, now: Timestamp) -> Result<PlanSummary, Failure> {
    let plan = &known.stored.plan;
    let now = clock(plan, now);
    let progress = run.and_then(|run| run.journal.as_ref().ok()).map(Progress::of);
    let status = status(known, run, progress.as_ref(), now);
    let stage = stage(known, progress.as_ref());
    let changes: Vec<ChangeSummary> = plan
        .changes()
        .map(|change| ChangeSummary {
            recommendation: change.recommendation.clone(),
            resource: change.resource.clone(),
            outcome: outcome(change, run, progress.as_ref()),
            estimated_monthly_savings: Some(change.estimated_monthly_savings.likely),
        })
        .collect();
    let savings = plan::savings(plan)?;
    let count = changes.len();
    Ok(PlanSummary {
        id: known.stored.id.clone(),
        title: Text::new(
            format!("{} · {count} changes", known.stored.id),
            format!("{} · 변경 {count}건", known.stored.id),
        ),
        stage,
        status,
        // Sums of several currencies are no one sum.
        estimated_monthly_savings: match savings.as_slice() {
            [one] => Some((one.low, one.likely, one.high)),
            _ => None,
        },
        changes,
        next_window: None,
        decide_by: matches!(status, PlanStatus::AwaitingApproval).then_some(plan.expires_at),
        gates: Vec::new(),
    })
}

fn status(
    known: &Known,
    run: Option<&Run>,
    progress: Option<&Progress>,
    now: Timestamp,
) -> PlanStatus {
    match (run, progress) {
        (Some(run), Some(progress)) if run.is_open() => {
            let is_held = progress.changes.values().any(|one| one.held.is_some());
            if is_held { PlanStatus::Stopped } else { PlanStatus::UnderWay }
        }
        (Some(_), Some(progress)) => {
            let needs_one = |one: &ChangeProgress| {
                matches!(one.phase, Phase::Closed { outcome: Closed::NeedsOperator, .. })
            };
            if progress.changes.values().any(needs_one) {
                PlanStatus::Stopped
            } else {
                PlanStatus::Done
            }
        }
        (Some(_), None) => PlanStatus::Stopped,
        (None, _) if known.stored.plan.expires_at <= now => PlanStatus::Ended,
        (None, _) if waits(known).is_some() => PlanStatus::AwaitingApproval,
        (None, _) => PlanStatus::Waiting,
    }
}

/// Returns the first stage whose approval is missing.
fn waits(known: &Known) -> Option<Environment> {
    let plan: &Plan = &known.stored.plan;
    let stage = plan.stages.iter().find(|stage| {
        let environment = stage.environment.as_str();
        let given: Vec<_> =
            known.approvals.iter().filter(|one| one.stage == environment).cloned().collect();
        plan::missing(plan, stage, &given) != plan::Missing::Nothing
    });
    stage.map(|stage| stage.environment)
}

fn stage(known: &Known, progress: Option<&Progress>) -> Environment {
    let last = known.stored.plan.stages.iter().rev().find(|stage| {
        let begun = |change: &Change| {
            progress.is_some_and(|progress| progress.changes.contains_key(&change.id))
        };
        stage.waves.iter().flat_map(|wave| &wave.changes).any(begun)
    });
    let first = known.stored.plan.stages.first().map(|stage| stage.environment);
    last.map(|stage| stage.environment)
        .or_else(|| waits(known))
        .or(first)
        .unwrap_or(Environment::Unknown)
}

/// Returns why a change ended as it did.
fn why(change: &Change, run: Option<&Run>) -> Text {
    let journal = run.and_then(|run| run.journal.as_ref().ok());
    let entries = journal.map_or(&[][..], Journal::entries);
    let found = entries.iter().rev().find_map(|entry| match &entry.event {
        Event::ChangeClosed { change: id, reason, .. } if *id == change.id => {
            Some(reason.text.clone())
        }
        _ => None,
    });
    found.unwrap_or_else(|| Text::new("not recorded", "기록 없음"))
}

fn outcome(change: &Change, run: Option<&Run>, progress: Option<&Progress>) -> ChangeOutcome {
    let Some(one) = progress.and_then(|progress| progress.changes.get(&change.id)) else {
        return ChangeOutcome::Waiting;
    };
    let at = one.phase_at;
    match &one.phase {
        Phase::Closed { outcome: Closed::Confirmed, at } => ChangeOutcome::Applied { at: *at },
        Phase::Closed { outcome: Closed::Original, at } => {
            ChangeOutcome::TakenBack { applied: *at, at: *at, reason: why(change, run) }
        }
        Phase::Closed { outcome: Closed::Refused | Closed::NeedsOperator, at } => {
            ChangeOutcome::Failed { at: *at, reason: why(change, run) }
        }
        Phase::Back { reason } => {
            ChangeOutcome::TakenBack { applied: at, at, reason: reason.text.clone() }
        }
        Phase::Soaking { since } => ChangeOutcome::Applied { at: *since },
        Phase::Passed { at } => ChangeOutcome::Applied { at: *at },
        Phase::Forward => ChangeOutcome::Waiting,
    }
}
