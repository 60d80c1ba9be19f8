//! The way to the new type.

use trimtab_model::id::InstanceType;
use trimtab_model::observed::InstanceObserved;
use trimtab_model::resource::instance::InstanceState;

use super::capacity::reserve;
use super::change::modify;
use super::decision::operator;
use super::drift::{both, drifted, gone};
use super::goal::goal;
use super::power::{start, starting, stop_once, stopping};
use super::reasons::{no_capacity, started_by_others, unknown_state};
use super::snapshots::snapshots;
use super::steps::{MODIFY, SETTLES, STOP};
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
    match &now.state {
        InstanceState::Running if is_changed => in_service(work, now, before),
        InstanceState::Running => match work.attempts(STOP).next() {
            // Somebody started it again between our stop and our change.
            Some(_)
                if work.since(STOP).is_some_and(|since| since > SETTLES)
                    && work.attempts(MODIFY).next().is_some() =>
            {
                Some(Decision::Abort(started_by_others()))
            }
            _ => reserve(work, now, before, goal)
                .or_else(|| drain(work, now, before))
                .or_else(|| Some(stop_once(work))),
        },
        InstanceState::Stopping => Some(stopping(work)),
        InstanceState::Stopped if is_changed => start(work, now, goal),
        InstanceState::Stopped => modify(work, goal),
        InstanceState::Pending if is_changed => Some(starting(work)),
        InstanceState::Pending => Some(Decision::Abort(started_by_others())),
        InstanceState::ShuttingDown | InstanceState::Terminated | InstanceState::Other(_) => {
            Some(operator(work, unknown_state(now)))
        }
    }
}
