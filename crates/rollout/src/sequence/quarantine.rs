//! Quarantine: what is to be deleted lies untouched first, with a tag that says until when.
//!
//! Only a quarantine of this run counts. A tag that was there before may say any day, and the day
//! of a deletion is nobody's to write but ours; a later day on it is an owner who wants more time.

use jiff::{SignedDuration, Timestamp};

use trimtab_model::call::{Call, CallResult};
use trimtab_model::journal::Direction;
use trimtab_model::text::Reason;

use super::decision::{call, wait};
use super::{Decision, Work};
use crate::progress::Attempt;

pub(super) const QUARANTINE: &str = "quarantine";
pub(super) const END: &str = "end-quarantine";

/// How often it is looked at: who takes it back into use in between is seen by its tag, its
/// attachment or a snapshot that is younger.
const LOOK: SignedDuration = SignedDuration::from_hours(1);
const POLL: SignedDuration = SignedDuration::from_secs(10);
/// How often it is written where nobody says whether it was.
const MOST: usize = 3;
/// What was written may not be read at once.
const SETTLES: SignedDuration = SignedDuration::from_secs(60);

/// Returns what is left to do until the quarantine is over.
pub(super) fn rest(work: &Work<'_>, tag: Option<Timestamp>) -> Option<Decision> {
    let Some(ours) = until(work) else {
        let resource = work.change.resource.id.clone();
        let until = work.now.saturating_add(work.rules.quarantine).unwrap_or(Timestamp::MAX);
        return Some(call(QUARANTINE, Call::Quarantine { resource, until }));
    };
    let Some(tag) = tag else {
        if work.since(QUARANTINE).is_some_and(|since| since < SETTLES) {
            return Some(wait("tag-seen", "the tag to be seen", "태그가 반영되기", POLL));
        }
        if is_unwritten(work) {
            let resource = work.change.resource.id.clone();
            return Some(call(QUARANTINE, Call::Quarantine { resource, until: ours }));
        }
        return Some(Decision::Abort(Reason::new(
            "quarantine-ended",
            "Somebody removed the tag trimtab:quarantine-until: it is wanted.",
            "누군가 trimtab:quarantine-until 태그를 지웠습니다. 아직 필요한 리소스입니다.",
        )));
    };
    let over = ours.max(tag);
    if work.now < over {
        let why = Reason::new(
            "quarantine",
            format!("It lies in quarantine until {over}."),
            format!("{over}까지 격리해 둡니다."),
        );
        return Some(Decision::Wait { why, poll: over.duration_since(work.now).min(LOOK) });
    }
    None
}

/// Returns the wait for the window in which something is deleted.
pub(super) fn closed(work: &Work<'_>) -> Option<Decision> {
    if work.is_window_open() {
        return None;
    }
    let why = Reason::new(
        "window-closed",
        "It waits for the next change window.",
        "다음 변경 시간대를 기다립니다.",
    );
    Some(match work.until_window() {
        Some(poll) => Decision::Wait { why, poll: poll.min(LOOK) },
        None => Decision::Abort(why),
    })
}

/// Takes our tag away, or puts the one back that was there before.
pub(super) fn undone(
    work: &Work<'_>,
    tag: Option<Timestamp>,
    before: Option<Timestamp>,
) -> Option<Decision> {
    let ours = until(work)?;
    if tag == before {
        // A tag that was written a moment ago may not be read yet.
        let just =
            work.now.duration_since(work.made(Direction::Forward, QUARANTINE).next_back()?.at);
        let is_young = just < SETTLES && tag != Some(ours);
        return is_young.then(|| wait("tag-seen", "the tag to be seen", "태그가 반영되기", POLL));
    }
    if work.made(Direction::Back, END).count() >= 3 {
        return Some(Decision::Abort(Reason::new(
            "tag-stays",
            "AWS took the removal of the tag trimtab:quarantine-until three times, and it stays.",
            "trimtab:quarantine-until 태그 삭제를 세 번 요청했지만 태그가 남아 있습니다.",
        )));
    }
    if work.since(END).is_some_and(|since| since < SETTLES) {
        return Some(wait("tag-seen", "the tag to be seen", "태그가 반영되기", POLL));
    }
    let resource = work.change.resource.id.clone();
    Some(match before {
        None => call(END, Call::EndQuarantine { resource }),
        Some(until) => call(END, Call::Quarantine { resource, until }),
    })
}

/// Returns whether a tag that is not there was never written: the answer was lost, and that was a
/// moment ago. Later it may have been there, and an owner has taken it away.
fn is_unwritten(work: &Work<'_>) -> bool {
    let is_taken = |one: &Attempt| matches!(one.outcome, Some((_, _, CallResult::Accepted { .. })));
    let is_fresh = work.since(QUARANTINE).is_some_and(|since| since < SETTLES * 5);
    let made = || work.made(Direction::Forward, QUARANTINE);
    is_fresh && made().count() < MOST && !made().any(is_taken)
}

/// Returns until when this run put it into quarantine.
fn until(work: &Work<'_>) -> Option<Timestamp> {
    work.made(Direction::Forward, QUARANTINE).find_map(|attempt| match &attempt.call {
        Call::Quarantine { until, .. } => Some(*until),
        _ => None,
    })
}
