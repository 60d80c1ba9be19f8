//! The way back to the old type.

use trimtab_model::resource::instance::InstanceState;

use super::change::modify;
use super::decision::{call, operator};
use super::drift::{both, gone};
use super::goal::possible;
use super::power::{start, starting, stop, stopping};
use super::reasons::{foreign_type, unknown_state};
use super::steps::STOP;
use super::traffic::{drain, in_service};
use crate::sequence::{Decision, Work};

pub(super) fn back(work: &Work<'_>) -> Decision {
    let Some((now, before)) = both(work) else { return gone(work) };
    let was_ours = possible(work).contains(&&now.instance_type);
    if now.instance_type != before.instance_type && !was_ours {
        return operator(work, foreign_type(now));
    }
    let was_running = before.state != InstanceState::Stopped;
    let is_back = now.instance_type == before.instance_type;
    let step = match (&now.state, is_back) {
        (InstanceState::Running, true) => in_service(work, now, before),
        (InstanceState::Running, false) => {
            drain(work, now, before).or_else(|| Some(call(STOP, stop(work))))
        }
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
