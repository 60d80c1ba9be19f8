//! The way to the new type.

use trimtab_model::id::InstanceType;
use trimtab_model::observed::InstanceObserved;
use trimtab_model::resource::instance::InstanceState;

use super::capacity::reserve;
use super::change::modify;
use super::decision::{operator, wait};
use super::drift::{both, drifted, gone};
use super::goal::goal;
use super::past::{ours, since_any};
use super::power::{start, starting, stop_once, stopping};
use super::reasons::{no_capacity, started_by_others, type_not_taken, unknown_state};
use super::snapshots::snapshots;
use super::steps::{MODIFY, START, TYPE_SETTLES};
use super::traffic::{drain, in_service};
use crate::sequence::{Decision, Work};

pub(super) fn forward(work: &Work<'_>) -> Decision {
    let Some((now, before)) = both(work) else { return gone(work) };
    if let Some(decision) = drifted(work, now, before) {
        return decision;
    }
    let goal = goal(work, before);
    let Some(goal) = goal else { return Decision::Abort(no_capacity()) };
    snapshots(work, now)
        .or_else(|| match before.state {
            InstanceState::Stopped => change_stopped(work, now, before, &goal),
            _ => change_running(work, now, before, &goal),
        })
        .unwrap_or(Decision::Done)
}

/// A machine that was found stopped is changed and stays stopped.
pub(super) fn change_stopped(
    work: &Work<'_>,
    now: &InstanceObserved,
    before: &InstanceObserved,
    goal: &InstanceType,
) -> Option<Decision> {
    match now.state {
        InstanceState::Stopped if now.instance_type == *goal => None,
        InstanceState::Stopped => modify(work, goal),
        _ if now.instance_type == before.instance_type => {
            Some(Decision::Abort(started_by_others()))
        }
        _ => None,
    }
}

pub(super) fn change_running(
    work: &Work<'_>,
    now: &InstanceObserved,
    before: &InstanceObserved,
    goal: &InstanceType,
) -> Option<Decision> {
    let is_changed = now.instance_type == *goal;
    let is_started = ours(work, START).next().is_some();
    match &now.state {
        InstanceState::Running if is_changed => in_service(work, now, before),
        InstanceState::Running if is_started => Some(unseen_type(work)),
        // Somebody started it again between our stop and our change.
        InstanceState::Running if now.launch_time != before.launch_time => {
            Some(Decision::Abort(started_by_others()))
        }
        InstanceState::Running => reserve(work, now, before, goal)
            .or_else(|| drain(work, now, before))
            .or_else(|| Some(stop_once(work))),
        InstanceState::Stopping => Some(stopping(work)),
        InstanceState::Stopped if is_changed => start(work, now, goal),
        InstanceState::Stopped => modify(work, goal),
        InstanceState::Pending if is_changed || is_started => Some(starting(work)),
        InstanceState::Pending => Some(Decision::Abort(started_by_others())),
        InstanceState::ShuttingDown | InstanceState::Terminated | InstanceState::Other(_) => {
            Some(operator(work, unknown_state(now)))
        }
    }
}

/// Waits for the new type of a machine that we started to be seen.
pub(super) fn unseen_type(work: &Work<'_>) -> Decision {
    if since_any(work, MODIFY) < TYPE_SETTLES {
        return wait("type-seen", "the new type to be seen", "바뀐 유형이 반영되기");
    }
    Decision::Abort(type_not_taken())
}
