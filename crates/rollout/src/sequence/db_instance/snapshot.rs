//! A snapshot of the database, under a name that is the same however often it is asked for.

use jiff::SignedDuration;

use trimtab_model::call::Call;
use trimtab_model::observed::{DbInstanceObserved, DbSnapshotObserved};
use trimtab_model::text::Reason;

use super::submitted::{POLL, SETTLES};
use crate::sequence::decision::{call, wait};
use crate::sequence::{Decision, Work};

pub(in crate::sequence) const SNAPSHOT: &str = "snapshot";

/// A first snapshot of some terabytes takes long.
const DEADLINE: SignedDuration = SignedDuration::from_hours(12);
const EXISTS: &[&str] = &["DBSnapshotAlreadyExists"];
const NOT_NOW: &[&str] = &["InvalidDBInstanceState"];

/// Returns what is left to do until a snapshot of this change is there.
pub(super) fn missing(work: &Work<'_>, now: &DbInstanceObserved) -> Option<Decision> {
    if let Some(snapshot) = ours(work, now) {
        return match snapshot.status.as_str() {
            "available" => None,
            "creating" if work.since_first(SNAPSHOT).is_none_or(|since| since < DEADLINE) => {
                let (en, ko) = ("the snapshot to be complete", "스냅샷이 완료되기");
                Some(wait("snapshot-pending", en, ko, POLL))
            }
            status => Some(Decision::Abort(Reason::new(
                "snapshot-failed",
                format!("Snapshot {} is in status {status}.", snapshot.id),
                format!("스냅샷 {} 상태: {status}.", snapshot.id),
            ))),
        };
    }
    if work.since(SNAPSHOT).is_some_and(|since| since < SETTLES) {
        let (en, ko) = ("the snapshot to be listed", "스냅샷이 조회되기");
        return Some(wait("snapshot-listed", en, ko, POLL));
    }
    let exists = work.refusals(SNAPSHOT, EXISTS) > 0;
    let tries = work.attempts(SNAPSHOT).count() - work.refusals(SNAPSHOT, NOT_NOW);
    if exists || tries >= 3 {
        let name = name(work);
        return Some(Decision::Abort(Reason::new(
            "snapshot-not-ours",
            format!(
                "A snapshot {name} exists, or was taken, and none with the tag of this change is listed."
            ),
            format!(
                "{name} 스냅샷이 있거나 만들어졌지만 이 변경의 태그가 있는 스냅샷이 조회되지 않습니다."
            ),
        )));
    }
    Some(call(
        SNAPSHOT,
        Call::CreateDbSnapshot {
            instance: work.change.resource.id.clone(),
            snapshot: name(work),
            change: work.change.id.clone(),
        },
    ))
}

fn ours<'a>(work: &Work<'_>, now: &'a DbInstanceObserved) -> Option<&'a DbSnapshotObserved> {
    let is_ours = |one: &&DbSnapshotObserved| one.change == work.change.id;
    let whole = now.snapshots.iter().filter(is_ours).find(|one| one.status == "available");
    whole.or_else(|| now.snapshots.iter().rfind(is_ours))
}

/// Returns the snapshot's name: letters, digits and single hyphens, as RDS takes them.
fn name(work: &Work<'_>) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let id: String = work.change.id.as_str().chars().map(plain).collect();
    let parts: Vec<&str> = id.split('-').filter(|part| !part.is_empty()).collect();
    format!("trimtab-{}", parts.join("-"))
}
