//! Which run is meant, and what it did.

use trimtab_model::explain::Explain;
use trimtab_model::id::PlanId;
use trimtab_model::journal::{Event, Journal, RunOutcome};
use trimtab_model::text::Text;
use trimtab_store::state::{RunRecord, State, StoredPlan};

use super::Progress;
use crate::failure::{Failure, Kind};
use crate::pipeline::plan::{self, kept};

/// A run with what it wrote down.
#[derive(Debug, Clone)]
pub struct Run {
    /// The run.
    pub record: RunRecord,
    /// What it did; why that cannot be known, where its journal is damaged.
    pub journal: Result<Journal, Text>,
}

impl Run {
    /// Returns how the run ended; absent where it did not, or where nobody knows.
    pub fn outcome(&self) -> Option<RunOutcome> {
        self.journal.as_ref().ok().and_then(|journal| Progress::of(journal).outcome)
    }

    /// Returns whether it has not ended.
    pub fn is_open(&self) -> bool {
        self.journal.is_ok() && self.outcome().is_none()
    }

    /// Returns whether a change of it may be out of service.
    pub fn is_under_way(&self) -> bool {
        let changes = self.journal.as_ref().map(|journal| Progress::of(journal).changes);
        changes.is_ok_and(|all| all.values().any(super::ChangeProgress::is_under_way))
    }

    /// Returns who runs it.
    pub fn operator(&self) -> Option<String> {
        let journal = self.journal.as_ref().ok()?;
        journal.entries().iter().rev().find_map(|entry| match &entry.event {
            Event::RunStarted { operator, .. } | Event::LeaseTaken { operator, .. } => {
                Some(operator.clone())
            }
            _ => None,
        })
    }
}

/// Lists the runs, newest first.
///
/// # Errors
/// Fails when the state cannot be read.
pub fn list(state: &State) -> Result<Vec<Run>, Failure> {
    let records = kept(state.runs(""))?;
    Ok(records.into_iter().map(|record| with_journal(state, record)).collect())
}

/// Lists the runs of a plan that act on AWS, newest first.
///
/// # Errors
/// Fails when the state cannot be read.
pub fn of_plan(state: &State, plan: &PlanId) -> Result<Vec<Run>, Failure> {
    let mut runs = list(state)?;
    runs.retain(|run| run.record.plan == *plan && !run.record.is_simulated);
    Ok(runs)
}

/// Lists the runs that act on AWS and have not ended, or of which nobody can tell: first those
/// that may have left something out of service, the oldest first.
///
/// # Errors
/// Fails when the state cannot be read.
pub fn unfinished(state: &State) -> Result<Vec<Run>, Failure> {
    let mut runs = list(state)?;
    runs.retain(|run| !run.record.is_simulated && (run.is_open() || run.journal.is_err()));
    runs.sort_by_key(|run| (!run.is_under_way(), run.record.started_at));
    Ok(runs)
}

/// Returns the one run whose identifier begins with `id`, and its plan.
///
/// # Errors
/// Fails if there is none, or several.
pub fn find(state: &State, id: &str) -> Result<(Run, StoredPlan), Failure> {
    let mut found = kept(state.runs(id))?;
    match found.len() {
        0 => Err(Failure::new(
            Kind::Failed,
            (format!("there is no run `{id}`"), format!("그런 실행이 없습니다: `{id}`")),
        )
        .with_hint((
            "`trimtab run list` shows them; `trimtab apply PLAN --execute` begins one",
            "`trimtab run list` 명령으로 볼 수 있고, `trimtab apply PLAN --execute` 명령으로 시작합니다",
        ))),
        1 => {
            let run = with_journal(state, found.swap_remove(0));
            let stored = plan::find(state, run.record.plan.as_str())?;
            Ok((run, stored))
        }
        several => Err(Failure::usage(
            (
                format!("`{id}` begins the identifiers of {several} runs"),
                format!("`{id}`: 이렇게 시작하는 실행이 {several}개입니다"),
            ),
            ("give more of its characters", "글자를 더 쓰세요"),
        )),
    }
}

fn with_journal(state: &State, record: RunRecord) -> Run {
    let journal = state.journal(&record.id).map_err(|cause| cause.text());
    Run { record, journal }
}
