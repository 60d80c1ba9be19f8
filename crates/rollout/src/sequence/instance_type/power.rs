//! Stopping and starting.

use jiff::SignedDuration;

use trimtab_model::call::Call;
use trimtab_model::id::InstanceType;
use trimtab_model::observed::{InstanceObserved, Observed};
use trimtab_model::text::Reason;

use super::capacity::{cancel, is_held};
use super::decision::{call, operator, wait};
use super::goal::starts_of;
use super::reasons::{key_refused, no_capacity, retried, slow_start};
use super::steps::{
    FREE, SETTLES, START, START_DEADLINE, STARTS_BACK, STARTS_OF_A_TYPE, STOP, STOP_DEADLINE,
};
use crate::sequence::{Decision, Work};

pub(super) fn stop(work: &Work<'_>) -> Call {
    Call::StopInstance { instance: work.change.resource.id.clone() }
}

pub(super) fn stop_once(work: &Work<'_>) -> Decision {
    match work.since(STOP) {
        Some(since) if since < SETTLES => {
            wait("stop-seen", "the stop to be seen", "중지가 반영되기")
        }
        _ => call(STOP, stop(work)),
    }
}

pub(super) fn stopping(work: &Work<'_>) -> Decision {
    if work.since(STOP).is_some_and(|since| since > STOP_DEADLINE) {
        return operator(
            work,
            Reason::new(
                "stop-stuck",
                "It has been stopping for too long. A forced stop can damage its file systems, and is a person's decision.",
                "중지가 너무 오래 걸립니다. 강제 중지는 파일 시스템을 손상시킬 수 있으므로 사람이 결정해야 합니다.",
            ),
        );
    }
    wait("stopping", "it to stop", "중지가 끝나기")
}

pub(super) fn start(
    work: &Work<'_>,
    now: &InstanceObserved,
    wanted: &InstanceType,
) -> Option<Decision> {
    let Observed::Instance(before) = &work.progress.before else { return None };
    let starts = starts_of(work, before, wanted);
    let last = work.attempts(START).next_back();
    let accepted = last.is_some_and(|last| {
        last.outcome.as_ref().is_some_and(|(_, _, result)| result.refusal().is_none())
    });
    let since = work.since(START).unwrap_or(SignedDuration::MAX);
    if starts > 0 {
        if accepted && since < SETTLES {
            return Some(wait("start-seen", "the start to be seen", "시작이 반영되기"));
        }
        if accepted && now.state_reason.as_deref() == Some("Client.InternalError") {
            return Some(operator(work, key_refused()));
        }
        // Twice as long each time: 20, 40, 80 s.
        let pause = SignedDuration::from_secs(20 << starts.min(6).saturating_sub(1));
        if since < pause {
            return Some(Decision::Wait { why: retried(), poll: pause - since });
        }
    }
    let most = match work.direction {
        trimtab_model::journal::Direction::Back => STARTS_BACK,
        _ => STARTS_OF_A_TYPE,
    };
    if starts >= most {
        return Some(match work.direction {
            trimtab_model::journal::Direction::Back => operator(work, no_capacity()),
            _ => Decision::Abort(no_capacity()),
        });
    }
    let held =
        now.reservations.iter().find(|one| one.instance_type == *wanted && is_held(&one.state));
    let is_freed = work.attempts(FREE).count() >= 3;
    if let Some(held) = held.filter(|_| !is_freed) {
        return Some(call(FREE, cancel(&held.id)));
    }
    Some(call(START, Call::StartInstance { instance: work.change.resource.id.clone() }))
}

pub(super) fn starting(work: &Work<'_>) -> Decision {
    if work.since(START).is_some_and(|since| since > START_DEADLINE) {
        return match work.direction {
            trimtab_model::journal::Direction::Back => operator(work, slow_start()),
            _ => Decision::Abort(slow_start()),
        };
    }
    wait("starting", "it to start", "시작이 끝나기")
}
