//! What we asked of an instance so far, and what of it may not be seen yet.

use jiff::SignedDuration;

use trimtab_model::call::{Call, Target};
use trimtab_model::id::InstanceType;
use trimtab_model::observed::InstanceObserved;

use super::steps::{MODIFY, SETTLES, START, STOP, STOPPED_BY_REQUEST};
use crate::progress::Attempt;
use crate::sequence::Work;

/// Lists the calls of a step, whichever way, that AWS did not refuse.
pub(super) fn ours<'a>(
    work: &Work<'a>,
    step: &'static str,
) -> impl DoubleEndedIterator<Item = &'a Attempt> {
    work.progress.attempts.iter().filter(move |one| one.step == step && !is_refused(one))
}

pub(super) fn is_refused(attempt: &Attempt) -> bool {
    attempt.outcome.as_ref().is_some_and(|(_, _, result)| result.refusal().is_some())
}

/// Returns whether a call was made that AWS may have carried out on the instance or its traffic.
pub(super) fn is_touched(work: &Work<'_>) -> bool {
    work.progress.attempts.iter().any(|one| one.call.touches_resource() && !is_refused(one))
}

/// Returns how long ago the latest call of a step was made, whichever way; how long it goes this
/// way, where there was none.
pub(super) fn since_any(work: &Work<'_>, step: &'static str) -> SignedDuration {
    ours(work, step)
        .next_back()
        .map_or_else(|| work.elapsed(), |last| work.now.duration_since(last.at))
}

/// Returns the latest stop or start.
pub(super) fn last_turn<'a>(work: &Work<'a>) -> Option<&'a Attempt> {
    let is_turn = |one: &&Attempt| matches!(one.step.as_str(), STOP | START) && !is_refused(one);
    work.progress.attempts.iter().rfind(is_turn)
}

/// Returns whether it was told to stop so recently that this may not be seen yet.
pub(super) fn is_stop_unseen(work: &Work<'_>) -> bool {
    last_turn(work)
        .is_some_and(|last| last.step == STOP && work.now.duration_since(last.at) < SETTLES)
}

/// Returns whether it was told to start so recently that this may not be seen yet.
pub(super) fn is_start_unseen(work: &Work<'_>, now: &InstanceObserved) -> bool {
    let is_failed = now.state_reason.as_deref().is_some_and(|code| code != STOPPED_BY_REQUEST);
    !is_failed
        && last_turn(work)
            .is_some_and(|last| last.step == START && work.now.duration_since(last.at) < SETTLES)
}

/// Returns the type that was asked for last.
pub(super) fn asked_type<'a>(work: &Work<'a>) -> Option<&'a InstanceType> {
    ours(work, MODIFY).next_back().and_then(|last| match &last.call {
        Call::ModifyInstanceType { instance_type, .. } => Some(instance_type),
        _ => None,
    })
}

/// Returns the latest call about a registration, and whether it took it away.
pub(super) fn last_traffic<'a>(work: &Work<'a>, target: &Target) -> Option<&'a Attempt> {
    let is_about = |one: &&Attempt| match &one.call {
        Call::RegisterTarget(of) | Call::DeregisterTarget(of) => of == target && !is_refused(one),
        _ => false,
    };
    work.progress.attempts.iter().rfind(is_about)
}
