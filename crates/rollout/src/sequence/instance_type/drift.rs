//! What somebody else did meanwhile.

use trimtab_model::action::Action;
use trimtab_model::id::InstanceType;
use trimtab_model::observed::{InstanceObserved, Observed};
use trimtab_model::resource::instance::InstanceState;
use trimtab_model::text::Reason;

use super::decision::operator;
use super::goal::possible;
use super::past::{is_touched, ours};
use super::reasons::{foreign_type, stopped_by_others, unknown_state};
use super::steps::STOP;
use crate::sequence::{Decision, Work};

/// Returns what it is and what it was.
pub(super) fn both<'a>(work: &Work<'a>) -> Option<(&'a InstanceObserved, &'a InstanceObserved)> {
    match (work.now_is, &work.progress.before) {
        (Observed::Instance(now), Observed::Instance(before)) => Some((now, before)),
        _ => None,
    }
}

pub(super) fn gone(work: &Work<'_>) -> Decision {
    operator(
        work,
        Reason::new(
            "instance-gone",
            "The instance does not exist any more. Its snapshots are kept.",
            "인스턴스가 더 이상 없습니다. 스냅샷은 보존합니다.",
        ),
    )
}

/// Says what somebody else did meanwhile.
pub(super) fn drifted(
    work: &Work<'_>,
    now: &InstanceObserved,
    before: &InstanceObserved,
) -> Option<Decision> {
    if is_ending(&now.state) {
        return Some(operator(work, unknown_state(now)));
    }
    // As long as nothing was touched, there is nothing that a person must look at.
    let give_up = |reason: Reason| match is_touched(work) {
        true => operator(work, reason),
        false => Decision::Abort(reason),
    };
    if planned_from(work).is_some_and(|from| *from != before.instance_type) {
        return Some(give_up(foreign_type(before)));
    }
    if now.instance_type != before.instance_type && !possible(work).contains(&&now.instance_type) {
        return Some(give_up(foreign_type(now)));
    }
    if now.volumes != before.volumes {
        return Some(Decision::Abort(Reason::new(
            "volumes-changed",
            "A volume was attached or detached meanwhile.",
            "작업 중에 볼륨이 연결되거나 분리되었습니다.",
        )));
    }
    let stopped_by_us = ours(work, STOP).next().is_some();
    if now.state == InstanceState::Stopped
        && before.state == InstanceState::Running
        && !stopped_by_us
    {
        return Some(give_up(stopped_by_others()));
    }
    (!now.is_opted_in).then(|| {
        Decision::Abort(Reason::new(
            "not-opted-in",
            "The tag trimtab:apply=allowed is gone.",
            "trimtab:apply=allowed 태그가 없어졌습니다.",
        ))
    })
}

/// Returns whether the instance is going away, or in a state that this version does not know.
pub(super) fn is_ending(state: &InstanceState) -> bool {
    matches!(
        state,
        InstanceState::ShuttingDown | InstanceState::Terminated | InstanceState::Other(_)
    )
}

/// Returns the type that the plan was made for.
pub(super) fn planned_from<'a>(work: &Work<'a>) -> Option<&'a InstanceType> {
    match &work.change.action {
        Action::ModifyInstanceType { from, .. } => Some(from),
        Action::StopInstance { instance_type } => Some(instance_type),
        _ => None,
    }
}
