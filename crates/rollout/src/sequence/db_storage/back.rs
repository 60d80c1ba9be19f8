//! The way back to the old storage, once AWS takes another change.

use jiff::SignedDuration;

use trimtab_model::call::Call;
use trimtab_model::journal::Direction;

use super::forward::{modifying, optimizing};
use super::settings::{has, planned, restorable, sendable};
use super::steps::{MODIFY, RESTORE, foreign, is_pending, manual, not_taken};
use crate::sequence::db_instance::{
    BACK_DEADLINE, SETTLES, Standing, both, gone, moved, overdue, standing,
};
use crate::sequence::decision::{call, wait};
use crate::sequence::{Decision, Work};

/// How often AWS is asked whether it takes the next change.
const AGAIN: SignedDuration = SignedDuration::from_mins(30);

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
    let was = match restorable(before, now) {
        Ok(was) => was,
        Err(reason) => return operator(reason),
    };
    let is_back = has(&now.storage, &was);
    let is_ours = sendable(to, now).is_ok_and(|to| has(&now.storage, &to));
    if !is_back && !is_ours {
        return operator(foreign(now));
    }
    match standing(now) {
        Standing::Busy => {
            return overdue(work, RESTORE, BACK_DEADLINE, manual).unwrap_or_else(modifying);
        }
        // It is what it was, and serves.
        Standing::Ready | Standing::Optimizing if is_back && !is_pending(now) => {
            let is_asked = work.attempts(RESTORE).next().is_some();
            return if !is_asked && work.is_just_made(MODIFY, SETTLES) {
                modifying()
            } else {
                Decision::Done
            };
        }
        Standing::Optimizing => return optimizing(work),
        Standing::Stuck => return operator(not_taken()),
        Standing::Ready => {}
    }
    if let Some(decision) = overdue(work, RESTORE, BACK_DEADLINE, manual) {
        return decision;
    }
    if work.since(RESTORE).is_some_and(|since| since < AGAIN) {
        let (en, ko) = ("AWS to take the next change", "AWS가 다음 변경을 받아들이기");
        return wait("not-now", en, ko, SETTLES);
    }
    let instance = work.change.resource.id.clone();
    call(RESTORE, Call::ModifyDbStorage { instance, to: was })
}
