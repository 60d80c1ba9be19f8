//! The way back from a run, as a whole.

use jiff::Timestamp;

use trimtab_model::plan::Plan;
use trimtab_rollout::plan as pure;
use trimtab_store::state::{State, StoredPlan, WishWord};

use super::find::Run;
use super::wish::{ask, damaged};
use crate::failure::{Failure, Kind};
use crate::pipeline::plan::{Planned, kept, stored_plan};

/// What was done to go back.
#[derive(Debug, Clone, PartialEq)]
pub enum RolledBack {
    /// The run was asked to end and to take back what is not confirmed.
    Asked,
    /// The run is over: this plan was made, which leads back.
    Planned(Box<Planned>),
}

/// Takes a run back: one that goes on by a wish, one that is over by a plan of its own, of one
/// change alone where one is named by the beginning of its identifier.
///
/// # Errors
/// Fails where nothing of the run can be taken back, and on one change of a run that goes on.
pub fn roll_back(
    state: &State,
    run: &Run,
    stored: &StoredPlan,
    change: Option<&str>,
    (by, now): (&str, Timestamp),
) -> Result<RolledBack, Failure> {
    let journal = run.journal.as_ref().map_err(|cause| damaged(run, cause.clone()))?;
    if run.is_open() {
        if change.is_some() {
            return Err(as_a_whole(run));
        }
        ask(state, run, WishWord::Cancel, by)?;
        return Ok(RolledBack::Asked);
    }
    let mut plan = pure::inverse(&stored.plan, journal, by, now);
    if let Some(change) = change {
        keep_only(&mut plan, change);
    }
    if plan.changes().next().is_none() {
        let id = &run.record.id;
        let mut failure = Failure::new(
            Kind::Failed,
            (
                format!("nothing of {id} can be taken back by a change"),
                format!("{id}에서 변경으로 되돌릴 수 있는 것이 없습니다"),
            ),
        );
        failure.causes.extend(plan.left_out.iter().map(|one| one.reason.text.clone()));
        return Err(failure.with_hint((
            format!("`trimtab run show {id}` says how each change ended, and what was kept"),
            format!("`trimtab run show {id}` 명령으로 변경마다 결과와 보관한 것을 확인하세요"),
        )));
    }
    let findings = pure::lint(&plan, now);
    let stored = stored_plan(plan)?;
    kept(state.save_plan(&stored))?;
    Ok(RolledBack::Planned(Box::new(Planned { stored, findings })))
}

/// Returns whether a run that is over can be taken back by a plan of its own.
pub fn leads_back(run: &Run, stored: &StoredPlan, now: Timestamp) -> bool {
    let Ok(journal) = &run.journal else { return false };
    let plan = || pure::inverse(&stored.plan, journal, "", now);
    !run.is_open() && plan().changes().next().is_some()
}

/// Leaves nothing in a plan but the changes whose identifiers begin so.
fn keep_only(plan: &mut Plan, change: &str) {
    let start = change.trim().to_lowercase();
    for stage in &mut plan.stages {
        for wave in &mut stage.waves {
            wave.changes.retain(|one| one.id.as_str().to_lowercase().starts_with(&start));
        }
        stage.waves.retain(|wave| !wave.changes.is_empty());
    }
    plan.stages.retain(|stage| !stage.waves.is_empty());
}

fn as_a_whole(run: &Run) -> Failure {
    let id = &run.record.id;
    Failure::usage(
        (
            format!("{id} goes on, and is taken back as a whole"),
            format!("{id} 실행이 아직 끝나지 않아 전체만 되돌릴 수 있습니다"),
        ),
        (
            format!("leave --change out, or wait until it is over: `trimtab run show {id}`"),
            format!("--change를 빼거나 끝날 때까지 기다리세요: `trimtab run show {id}`"),
        ),
    )
}
