//! The way back to the old class: a second outage, and as likely to find no capacity.

use trimtab_model::call::Call;
use trimtab_model::journal::Direction;
use trimtab_model::text::Reason;

use super::steps::{MODIFY, PENDING, RESTORE, foreign, manual, not_taken, planned};
use crate::sequence::db_instance::{
    DEADLINE, POLL, SETTLES, Standing, both, gone, moved, nothing_to_modify, overdue, standing,
};
use crate::sequence::decision::{call, wait};
use crate::sequence::{Decision, Work};

pub(super) fn back(work: &Work<'_>) -> Decision {
    if work.made(Direction::Forward, MODIFY).next().is_none() {
        return Decision::Done;
    }
    let operator = |reason| Decision::Operator { reason, manual: manual(work) };
    let (Some((now, before)), Some(to)) = (both(work), planned(work)) else {
        return operator(gone());
    };
    if let Some(reason) = moved(now, before) {
        return operator(reason);
    }
    let pending = now.pending.get(PENDING);
    let is_ours = |class: &str| class == to.as_str() || class == before.class.as_str();
    if !is_ours(now.class.as_str()) || pending.is_some_and(|pending| !is_ours(pending)) {
        return operator(foreign(now));
    }
    let waiting = || wait("modifying", "the change of its class", "클래스 변경이 끝나기", POLL);
    let is_asked = work.made(work.direction, RESTORE).next().is_some();
    if standing(now) == Standing::Busy {
        return overdue(work, RESTORE, DEADLINE, manual)
            .or_else(|| (work.elapsed() > DEADLINE).then(|| operator(stays(now.status.as_str()))))
            .unwrap_or_else(waiting);
    }
    if now.class == before.class && pending.is_none_or(|one| one == before.class.as_str()) {
        // What was asked for may begin minutes later.
        if !is_asked && work.is_just_made(MODIFY, SETTLES) && pending.is_none() {
            let (en, ko) = ("the modification to be seen", "요청한 변경이 반영되기");
            return wait("modification-seen", en, ko, POLL);
        }
        return match standing(now) {
            Standing::Ready | Standing::Optimizing if pending.is_none() => Decision::Done,
            Standing::Ready | Standing::Optimizing | Standing::Busy => waiting(),
            Standing::Stuck => operator(stays(now.status.as_str())),
        };
    }
    if now.pending.keys().any(|name| name != PENDING) {
        let reason = Reason::new(
            "other-changes-pending",
            "Other changes are pending and would be made along with the way back.",
            "대기 중인 다른 변경이 되돌리기와 함께 적용됩니다.",
        );
        return operator(reason);
    }
    let is_refused = work.last_refusal(RESTORE).is_some();
    if is_asked && !is_refused && work.since(RESTORE).is_some_and(|since| since < SETTLES) {
        return waiting();
    }
    if let Some((code, _, at)) = work.last_refusal(RESTORE) {
        if code == "InvalidParameterCombination" && !nothing_to_modify(work, RESTORE) {
            return operator(not_taken(work, RESTORE));
        }
        if work.now.duration_since(at) < POLL * 2 {
            return waiting();
        }
    }
    if let Some(decision) = overdue(work, RESTORE, DEADLINE, manual) {
        return decision;
    }
    let (instance, class) = (work.change.resource.id.clone(), before.class.clone());
    call(RESTORE, Call::ModifyDbInstanceClass { instance, class })
}

fn stays(status: &str) -> Reason {
    Reason::new(
        "database-not-available",
        format!("The database stays in status {status}."),
        format!("데이터베이스가 {status} 상태에서 벗어나지 않습니다."),
    )
}
