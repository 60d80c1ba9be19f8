//! The way back to the old type.

use trimtab_model::resource::instance::InstanceState;

use super::change::modify;
use super::decision::{operator, wait};
use super::drift::{both, gone, is_ending};
use super::goal::possible;
use super::past::{asked_type, is_start_unseen, is_stop_unseen, is_touched};
use super::power::{start, starting, stop_once, stopping};
use super::reasons::{foreign_type, started_by_others, unknown_state};
use super::traffic::{drain, in_service};
use crate::sequence::{Decision, Work};

pub(super) fn back(work: &Work<'_>) -> Decision {
    let Some((now, before)) = both(work) else { return gone(work) };
    if is_ending(&now.state) {
        return operator(work, unknown_state(now));
    }
    if !is_touched(work) {
        return Decision::Done;
    }
    let was_ours = possible(work).contains(&&now.instance_type);
    if now.instance_type != before.instance_type && !was_ours {
        return operator(work, foreign_type(now));
    }
    let was_running = before.state != InstanceState::Stopped;
    if !was_running && matches!(now.state, InstanceState::Running | InstanceState::Pending) {
        return operator(work, started_by_others());
    }
    let is_back = now.instance_type == before.instance_type;
    // What was asked last may not be seen yet: it is taken back all the same.
    let is_asked_back = asked_type(work).is_none_or(|asked| *asked == before.instance_type);
    let step = match (&now.state, is_back) {
        (InstanceState::Running, true) if is_stop_unseen(work) => {
            Some(wait("stop-seen", "the stop to be seen", "중지가 반영되기"))
        }
        (InstanceState::Running, true) => in_service(work, now, before),
        (InstanceState::Running, false) => {
            drain(work, now, before).or_else(|| Some(stop_once(work)))
        }
        (InstanceState::Stopped, _) if is_start_unseen(work, now) => {
            Some(wait("start-seen", "the start to be seen", "시작이 반영되기"))
        }
        (InstanceState::Stopped, true) if !is_asked_back => modify(work, &before.instance_type),
        (InstanceState::Stopped, true) if was_running => start(work, now, &before.instance_type),
        (InstanceState::Stopped, true) => None,
        (InstanceState::Stopped, false) => modify(work, &before.instance_type),
        (InstanceState::Stopping, _) => Some(stopping(work)),
        (InstanceState::Pending, _) => Some(starting(work)),
        (InstanceState::ShuttingDown | InstanceState::Terminated | InstanceState::Other(_), _) => {
            Some(operator(work, unknown_state(now)))
        }
    };
    step.unwrap_or(Decision::Done)
}
