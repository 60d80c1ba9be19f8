//! Stopping and starting.

use jiff::SignedDuration;

use trimtab_model::call::Call;
use trimtab_model::id::InstanceType;
use trimtab_model::journal::Direction;
use trimtab_model::observed::{InstanceObserved, Observed};
use trimtab_model::text::Reason;

use super::capacity::{Freed, free, is_held};
use super::decision::{call, operator, wait};
use super::goal::starts_of;
use super::past::{is_start_unseen, is_stop_unseen, last_turn, since_any};
use super::reasons::{key_refused, no_capacity, retried, slow_start, stopped_by_others};
use super::steps::{
    CANCELS_BEFORE_START, MOST_REPEATS, POLL, START, START_DEADLINE, STARTS_BACK, STARTS_OF_A_TYPE,
    STOP, STOP_DEADLINE, STOPPED_BY_REQUEST,
};
use crate::sequence::{Decision, Work};

pub(super) fn stop_once(work: &Work<'_>) -> Decision {
    if is_stop_unseen(work) {
        return wait("stop-seen", "the stop to be seen", "중지가 반영되기");
    }
    if work.attempts(STOP).count() >= MOST_REPEATS {
        return Decision::Abort(Reason::new(
            "stop-not-taken",
            "The instance does not stop although AWS accepted it.",
            "AWS가 요청을 받아들였지만 인스턴스가 중지되지 않습니다.",
        ));
    }
    call(STOP, stop(work))
}

pub(super) fn stopping(work: &Work<'_>) -> Decision {
    if since_any(work, STOP) > STOP_DEADLINE {
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
    if is_start_unseen(work, now) {
        return Some(wait("start-seen", "the start to be seen", "시작이 반영되기"));
    }
    let reason = now.state_reason.as_deref();
    if let Some(last) = last_turn(work).filter(|last| last.step == START) {
        if reason == Some("Client.InternalError") {
            return Some(operator(work, key_refused()));
        }
        // It was up, and whoever stopped it is not fought.
        let was_up = now.launch_time != before.launch_time
            && now.launch_time.is_some_and(|launched| launched >= last.at);
        if was_up && reason == Some(STOPPED_BY_REQUEST) {
            return Some(operator(work, stopped_by_others()));
        }
    }
    let starts = starts_of(work, before, wanted);
    let most = match work.direction {
        Direction::Back => STARTS_BACK,
        _ => STARTS_OF_A_TYPE,
    };
    if starts >= most {
        return Some(match work.direction {
            Direction::Back => operator(work, no_capacity()),
            _ => Decision::Abort(no_capacity()),
        });
    }
    if starts > 0 {
        // Twice as long each time: 20, 40, 80 s.
        let pause = SignedDuration::from_secs(20 << starts.min(6).saturating_sub(1));
        let since = work.since(START).unwrap_or(SignedDuration::MAX);
        if since < pause {
            return Some(Decision::Wait { why: retried(), poll: pause - since });
        }
    }
    let held =
        now.reservations.iter().find(|one| one.instance_type == *wanted && is_held(&one.state));
    if let Some(held) = held
        && let Freed::By(decision) = free(work, &held.id, CANCELS_BEFORE_START, POLL)
    {
        return Some(decision);
    }
    Some(call(START, Call::StartInstance { instance: work.change.resource.id.clone() }))
}

pub(super) fn starting(work: &Work<'_>) -> Decision {
    if since_any(work, START) <= START_DEADLINE {
        return wait("starting", "it to start", "시작이 끝나기");
    }
    if work.direction != Direction::Back {
        return Decision::Abort(slow_start());
    }
    // What hangs in its start may still be stopped; AWS may also refuse that.
    match work.since(STOP) {
        None => call(STOP, stop(work)),
        Some(since) if since > STOP_DEADLINE => operator(work, slow_start()),
        Some(_) => wait("stopping", "it to stop", "중지가 끝나기"),
    }
}

pub(super) fn stop(work: &Work<'_>) -> Call {
    Call::StopInstance { instance: work.change.resource.id.clone() }
}
