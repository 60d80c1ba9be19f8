//! A snapshot of one volume, before anything that a snapshot would be wanted for.

use jiff::SignedDuration;

use trimtab_model::call::Call;
use trimtab_model::observed::{SnapshotObserved, VolumeObserved};
use trimtab_model::text::Reason;

use super::decision::{call, wait};
use super::{Decision, Work};

pub(super) const SNAPSHOT: &str = "snapshot";

const POLL: SignedDuration = SignedDuration::from_secs(30);
/// What was made may not be listed at once.
const SETTLES: SignedDuration = SignedDuration::from_secs(60);
/// A first snapshot of a terabyte takes long.
const DEADLINE: SignedDuration = SignedDuration::from_hours(12);

/// Returns what is left to do until a snapshot of this volume, made for this change, is complete.
///
/// A snapshot of another volume counts for nothing, whatever tag it has.
pub(super) fn missing(work: &Work<'_>, now: &VolumeObserved) -> Option<Decision> {
    let Some(snapshot) = latest(work, now) else {
        if work.since(SNAPSHOT).is_some_and(|since| since < SETTLES) {
            return Some(wait(
                "snapshot-listed",
                "the snapshot to be listed",
                "스냅샷이 조회되기",
                POLL,
            ));
        }
        if work.made(work.direction, SNAPSHOT).count() >= 3 {
            return Some(Decision::Abort(Reason::new(
                "snapshot-not-listed",
                "AWS took the request for a snapshot three times and lists none.",
                "스냅샷 요청을 세 번 받아들였지만 스냅샷이 조회되지 않습니다.",
            )));
        }
        let volume = work.change.resource.id.clone();
        let change = work.change.id.clone();
        return Some(call(SNAPSHOT, Call::CreateSnapshot { volume, change }));
    };
    match snapshot.state.as_str() {
        "completed" => None,
        "pending" if work.since_first(SNAPSHOT).is_none_or(|since| since < DEADLINE) => {
            Some(wait("snapshot-pending", "the snapshot to be complete", "스냅샷이 완료되기", POLL))
        }
        state => Some(Decision::Abort(Reason::new(
            "snapshot-failed",
            format!("Snapshot {} is in state {state}.", snapshot.id),
            format!("스냅샷 {} 상태: {state}.", snapshot.id),
        ))),
    }
}

/// Returns the snapshot of this volume that was made for this change: a complete one, else any.
pub(super) fn latest<'a>(work: &Work<'_>, now: &'a VolumeObserved) -> Option<&'a SnapshotObserved> {
    let is_ours = |one: &&SnapshotObserved| {
        one.volume == work.change.resource.id && one.change == work.change.id
    };
    let complete = now.snapshots.iter().filter(is_ours).find(|one| one.state == "completed");
    complete.or_else(|| now.snapshots.iter().rfind(is_ours))
}
