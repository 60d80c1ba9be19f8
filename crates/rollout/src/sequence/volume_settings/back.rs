//! The way back to the old settings: slow, for nothing is taken while a modification goes on.

use super::forward::{busy, modify};
use super::reasons::{foreign, gone, not_taken};
use super::settings::{first, has, is_busy, is_modifying, planned};
use super::steps::{MODIFY, POLL, SETTLES, both, manual};
use crate::sequence::decision::wait;
use crate::sequence::{Decision, Work};

pub(super) fn back(work: &Work<'_>) -> Decision {
    let (Some((now, before)), Some(to)) = (both(work), planned(work)) else {
        return Decision::Operator { reason: gone(), manual: Vec::new() };
    };
    let operator = |reason| Decision::Operator { reason, manual: manual(work) };
    if has(&now.settings, &before.settings) && !is_modifying(now) {
        // What was asked for a moment ago may not be seen yet.
        let just = work.is_just_made(MODIFY, SETTLES);
        let is_asked_back = work.attempts(MODIFY).next().is_some();
        return if just && !is_asked_back {
            wait("settings-seen", "the settings to be seen", "바뀐 설정이 반영되기", POLL)
        } else {
            Decision::Done
        };
    }
    let is_ours = has(&now.settings, &first(to, before)) || has(&now.settings, to);
    if !is_ours && !has(&now.settings, &before.settings) {
        return operator(foreign(now));
    }
    if is_busy(now) {
        return busy(work, MODIFY);
    }
    modify(work, MODIFY, &before.settings).unwrap_or_else(|| operator(not_taken()))
}
