//! `$LATEST`: the setting itself.

use trimtab_model::observed::FunctionObserved;

use super::reasons::{not_taken, slow};
use super::setting::Setting;
use super::steps::{DEADLINE, MOST, POLL, SETTLES, UPDATE};
use crate::sequence::decision::{call, wait};
use crate::sequence::{Decision, Work};

/// Waits while an update is under way; a word that this version does not know is no end.
pub(super) fn updating(work: &Work<'_>, now: &FunctionObserved) -> Option<Decision> {
    if matches!(now.last_update_status.as_str(), "Successful" | "Failed") {
        return None;
    }
    let since = work.since(UPDATE).unwrap_or_else(|| work.elapsed());
    Some(if since > DEADLINE {
        Decision::Abort(slow())
    } else {
        wait("updating", "the update of the function", "함수 업데이트가 끝나기", POLL)
    })
}

/// Asks for a setting, unless that was done a moment ago, or too often.
pub(super) fn update(work: &Work<'_>, now: &FunctionObserved, to: &Setting) -> Decision {
    let is_taken = work.last_refusal(UPDATE).is_none();
    if is_taken && work.since(UPDATE).is_some_and(|since| since < SETTLES) {
        return wait("update-seen", "the update to be seen", "업데이트가 반영되기", POLL);
    }
    if work.attempts(UPDATE).count() >= MOST {
        return Decision::Abort(not_taken());
    }
    call(UPDATE, to.call(work, now))
}
