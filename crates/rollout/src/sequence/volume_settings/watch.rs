//! What becomes of the volume while it is watched.

use jiff::Timestamp;

use trimtab_model::observed::Observed;

use super::reasons::{failed, foreign, slow};
use super::settings::{has, is_busy, planned};
use super::steps::{DEADLINE, MODIFY};
use crate::sequence::{Watch, Work};

pub(super) fn watch(work: &Work<'_>) -> Watch {
    let (Observed::Volume(now), Some(Observed::Volume(after)), Some(to)) =
        (work.now_is, &work.progress.after, planned(work))
    else {
        return Watch::Undisturbed;
    };
    if !has(&now.settings, &after.settings) && !has(&now.settings, to) {
        return Watch::Hold(foreign(now));
    }
    let unheld = |since: Timestamp| work.progress.was_unheld_since(since);
    let state = now.modification.as_ref().map(|one| one.state.as_str());
    if state == Some("failed") && !unheld(work.progress.phase_at) {
        return Watch::Hold(failed());
    }
    let asked = work.attempts(MODIFY).next_back().map(|last| last.at);
    let late = asked.and_then(|at| at.saturating_add(DEADLINE).ok());
    match late {
        Some(late) if is_busy(now) && work.now >= late && !unheld(late) => Watch::Hold(slow()),
        _ => Watch::Undisturbed,
    }
}
