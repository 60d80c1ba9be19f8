//! Whether a plan waits for somebody's word.

use jiff::Timestamp;

use trimtab_model::plan::Stage;

use super::{Known, Missing, forbids_approval, missing};
use crate::pipeline::runs::{Progress, Run};

/// Returns whose word a stage of a plan still needs: approvals count that are of the hash that the
/// plan has, by people who may approve.
pub fn missing_of(known: &Known, stage: &Stage) -> Missing {
    let plan = &known.stored.plan;
    let mut approvals = known.approvals.clone();
    approvals.retain(|one| {
        one.stage == stage.environment.as_str()
            && one.hash == known.stored.hash
            && plan.rules.may_approve(&one.by)
    });
    missing(plan, stage, &approvals)
}

/// Returns the stage that waits for somebody's word; none where nothing does, or where a word
/// would be of no use. `run` is the latest run of the plan that acts on AWS.
pub fn awaited<'a>(known: &'a Known, run: Option<&Run>, now: Timestamp) -> Option<&'a Stage> {
    let plan = &known.stored.plan;
    match run {
        Some(run) if !run.is_open() => return None,
        Some(_) => {}
        None if plan.expires_at <= now || forbids_approval(&known.findings) => return None,
        None => {}
    }
    let progress = run.and_then(|run| run.journal.as_ref().ok()).map(Progress::of);
    let is_closed = |change| {
        let progress = progress.as_ref();
        progress.and_then(|all| all.changes.get(change)).is_some_and(|one| one.is_closed())
    };
    // Stages that are over need nobody's word any more; the first that is not may.
    let next = plan.stages.iter().find(|stage| {
        let mut changes = stage.waves.iter().flat_map(|wave| &wave.changes);
        let is_over = run.is_some() && changes.all(|change| is_closed(&change.id));
        !is_over && (run.is_some() || missing_of(known, stage) != Missing::Nothing)
    })?;
    (missing_of(known, next) != Missing::Nothing).then_some(next)
}
