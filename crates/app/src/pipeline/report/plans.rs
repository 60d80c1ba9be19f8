//! What reports say of plans and runs.

use jiff::Timestamp;

use trimtab_analysis::report::{
    ChangeOutcome, ChangeSummary, GateSummary, PlanStatus, PlanSummary,
};
use trimtab_model::environment::Environment;
use trimtab_model::gate::GateState;
use trimtab_model::journal::{ChangeOutcome as Closed, Event, Journal};
use trimtab_model::period::Period;
use trimtab_model::plan::{Change, Plan};
use trimtab_model::text::{Text, counted};
use trimtab_rollout::window;
use trimtab_store::state::State;

use crate::failure::Failure;
use crate::pipeline::demo::clock;
use crate::pipeline::plan::{self, Known};
use crate::pipeline::runs::{self, ChangeProgress, Phase, Progress, Run};

/// Returns every plan that there was at a moment, and what had become of it.
///
/// # Errors
/// Fails if the state cannot be read.
pub(super) fn gather(state: &State, now: Timestamp) -> Result<Vec<PlanSummary>, Failure> {
    let all_runs: Vec<Run> = runs::list(state)?
        .into_iter()
        .filter(|run| !run.record.is_simulated && run.record.started_at <= now)
        .map(|run| until(run, now))
        .collect();
    let mut summaries = Vec::new();
    for stored in plan::list(state)? {
        if stored.plan.created_at > clock(&stored.plan, now) {
            continue;
        }
        let mut known = plan::known(state, stored.id.as_str(), now)?;
        known.approvals.retain(|approval| approval.at <= now);
        let run = all_runs.iter().find(|run| run.record.plan == stored.id);
        summaries.push(summary(&known, run, now)?);
    }
    Ok(summaries)
}

/// Returns a run as it was at a moment.
fn until(run: Run, now: Timestamp) -> Run {
    let journal = run.journal.map(|journal| {
        let entries = journal.entries().iter().filter(|entry| entry.at <= now);
        Journal::new(entries.cloned().collect())
    });
    Run { journal, ..run }
}

fn summary(known: &Known, run: Option<&Run>, now: Timestamp) -> Result<PlanSummary, Failure> {
    let plan = &known.stored.plan;
    let now = clock(plan, now);
    let progress = run.and_then(|run| run.journal.as_ref().ok()).map(Progress::of);
    let waits = plan::awaited(known, run, now);
    let status = status(known, run, progress.as_ref(), (waits.is_some(), now));
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
            format!("{} · {}", known.stored.id, counted(count, "change")),
            format!("{} · 변경 {count}건", known.stored.id),
        ),
        stage: waits.map_or_else(|| stage(plan, progress.as_ref()), |stage| stage.environment),
        status,
        // Sums of several currencies are no one sum.
        estimated_monthly_savings: match savings.as_slice() {
            [one] => Some((one.low, one.likely, one.high)),
            _ => None,
        },
        next_window: next_window(plan, progress.as_ref(), now),
        // An approval that comes later starts nothing; what has begun goes on.
        decide_by: (waits.is_some() && run.is_none()).then_some(plan.expires_at),
        gates: gates(plan, run),
        changes,
    })
}

fn status(
    known: &Known,
    run: Option<&Run>,
    progress: Option<&Progress>,
    (waits, now): (bool, Timestamp),
) -> PlanStatus {
    let needs_one = |one: &ChangeProgress| {
        matches!(one.phase, Phase::Closed { outcome: Closed::NeedsOperator, .. })
    };
    match (run, progress) {
        (Some(_), None) => PlanStatus::Stopped,
        (Some(_), Some(progress)) if progress.is_held() => PlanStatus::Stopped,
        (Some(run), Some(_)) if run.is_open() => {
            if waits {
                PlanStatus::AwaitingApproval
            } else {
                PlanStatus::UnderWay
            }
        }
        (Some(_), Some(progress)) if progress.changes.values().any(needs_one) => {
            PlanStatus::Stopped
        }
        (Some(_), Some(_)) => PlanStatus::Done,
        (None, _) if known.stored.plan.expires_at <= now => PlanStatus::Ended,
        (None, _) if waits => PlanStatus::AwaitingApproval,
        // What has errors cannot be approved, so a person has to look at it.
        (None, _) if plan::forbids_approval(&known.findings) => PlanStatus::Stopped,
        (None, _) => PlanStatus::Waiting,
    }
}

/// Returns the last stage that has begun, else the first.
fn stage(plan: &Plan, progress: Option<&Progress>) -> Environment {
    let begun = plan.stages.iter().rev().find(|stage| {
        let is_begun = |change: &Change| {
            progress.is_some_and(|progress| progress.changes.contains_key(&change.id))
        };
        stage.waves.iter().flat_map(|wave| &wave.changes).any(is_begun)
    });
    begun.or(plan.stages.first()).map_or(Environment::Unknown, |stage| stage.environment)
}

/// Returns the window in which the first change that has not begun may begin.
fn next_window(plan: &Plan, progress: Option<&Progress>, now: Timestamp) -> Option<Period> {
    let has_begun = |change: &&Change| {
        progress.is_some_and(|progress| progress.changes.contains_key(&change.id))
    };
    let change = plan.changes().find(|change| !has_begun(change))?;
    let start = window::opening(&plan.rules, change.environment, change.duration, now)?;
    let end = window::open_until(&plan.rules, change.environment, start)?;
    Period::new(start, end).ok()
}

/// Returns what the gates of each change said.
fn gates(plan: &Plan, run: Option<&Run>) -> Vec<GateSummary> {
    let journal = run.and_then(|run| run.journal.as_ref().ok());
    let entries = journal.map_or(&[][..], Journal::entries);
    let of_change = |change: &Change| {
        let mut said =
            GateSummary { resource: change.resource.clone(), passed: 0, failed: 0, undecided: 0 };
        for entry in entries {
            let Event::GateJudged { change: of, verdict, .. } = &entry.event else { continue };
            match verdict.state {
                _ if *of != change.id => {}
                GateState::Pass => said.passed += 1,
                GateState::Fail => said.failed += 1,
                GateState::Inconclusive => said.undecided += 1,
            }
        }
        (said.passed + said.failed + said.undecided > 0).then_some(said)
    };
    plan.changes().filter_map(of_change).collect()
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
        Phase::Closed { outcome: Closed::Refused, at } => {
            ChangeOutcome::Failed { at: *at, reason: why(change, run) }
        }
        Phase::Closed { outcome: Closed::NeedsOperator, at } => {
            ChangeOutcome::NeedsPerson { at: *at, reason: why(change, run) }
        }
        Phase::Forward | Phase::Back { .. } => ChangeOutcome::UnderWay { since: at },
        Phase::Soaking { since } => ChangeOutcome::Applied { at: *since },
        Phase::Passed { at } => ChangeOutcome::Applied { at: *at },
    }
}
