//! The way back from a run, as a whole.

use jiff::Timestamp;

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

/// Takes a run back: one that goes on by a wish, one that is over by a plan of its own.
///
/// # Errors
/// Fails where nothing of the run can be taken back.
pub fn roll_back(
    state: &State,
    run: &Run,
    stored: &StoredPlan,
    by: &str,
    now: Timestamp,
) -> Result<RolledBack, Failure> {
    let journal = run.journal.as_ref().map_err(|cause| damaged(run, cause.clone()))?;
    if run.is_open() {
        ask(state, run, WishWord::Cancel, by)?;
        return Ok(RolledBack::Asked);
    }
    let plan = pure::inverse(&stored.plan, journal, by, now);
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
