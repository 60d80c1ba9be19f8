//! The way back: the aliases first, for they carry the calls, then `$LATEST`.

use trimtab_model::journal::Direction;
use trimtab_model::observed::{AliasObserved, FunctionObserved};

use super::alias::{self, Route};
use super::latest::{update, updating};
use super::reasons::{foreign, gone};
use super::setting::Setting;
use super::steps::{POLL, SETTLES, UPDATE, both, manual};
use crate::sequence::decision::wait;
use crate::sequence::{Decision, Work};

pub(super) fn back(work: &Work<'_>) -> Decision {
    let (Some((now, before)), Some(to)) = (both(work), Setting::planned(work)) else {
        return Decision::Operator { reason: gone(), manual: manual(work) };
    };
    let version = alias::published(work, now);
    let is_ours = |is: &Route, was: &AliasObserved| {
        version.is_some_and(|version| {
            *is == Route::canary(was, version) || *is == Route::full(version)
        })
    };
    match alias::switch(work, now, before, is_ours, Route::of) {
        Ok(None) => latest(work, now, before, &to),
        Ok(Some(decision)) => decision,
        Err(reason) => Decision::Operator { reason, manual: manual(work) },
    }
}

fn latest(
    work: &Work<'_>,
    now: &FunctionObserved,
    before: &FunctionObserved,
    to: &Setting,
) -> Decision {
    if work.made(Direction::Forward, UPDATE).next().is_none() {
        return Decision::Done;
    }
    if let Some(decision) = updating(work, now) {
        return decision;
    }
    let was = to.of(before);
    if was.is_of(now) && now.last_update_status == "Successful" {
        let is_asked = work.attempts(UPDATE).next().is_some();
        return if !is_asked && work.is_just_made(UPDATE, SETTLES) {
            wait("update-seen", "the update to be seen", "업데이트가 반영되기", POLL)
        } else {
            Decision::Done
        };
    }
    if !was.is_of(now) && !to.is_of(now) {
        return Decision::Operator { reason: foreign(&to.of(now)), manual: manual(work) };
    }
    update(work, now, &was)
}
