//! What somebody else did meanwhile.

use trimtab_model::observed::{InstanceObserved, Observed};
use trimtab_model::resource::instance::InstanceState;
use trimtab_model::text::Reason;

use super::decision::operator;
use super::goal::possible;
use super::reasons::{foreign_type, unknown_state};
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
    if matches!(now.state, InstanceState::ShuttingDown | InstanceState::Terminated) {
        return Some(operator(work, unknown_state(now)));
    }
    if now.instance_type != before.instance_type && !possible(work).contains(&&now.instance_type) {
        return Some(operator(work, foreign_type(now)));
    }
    if now.volumes != before.volumes {
        return Some(Decision::Abort(Reason::new(
            "volumes-changed",
            "A volume was attached or detached meanwhile.",
            "작업 중에 볼륨이 연결되거나 분리되었습니다.",
        )));
    }
    let stopped_by_us = work.attempts(STOP).next().is_some();
    if now.state == InstanceState::Stopped
        && before.state == InstanceState::Running
        && !stopped_by_us
    {
        return Some(operator(
            work,
            Reason::new(
                "stopped-by-others",
                "Somebody stopped the instance before we did.",
                "저희가 중지하기 전에 다른 사람이 인스턴스를 중지했습니다.",
            ),
        ));
    }
    let is_whole = now.state == before.state && now.instance_type == before.instance_type;
    (is_whole && !now.is_opted_in).then(|| {
        Decision::Abort(Reason::new(
            "not-opted-in",
            "The tag trimtab:apply=allowed is gone.",
            "trimtab:apply=allowed 태그가 없어졌습니다.",
        ))
    })
}
