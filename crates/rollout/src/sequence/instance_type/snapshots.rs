//! Snapshots of all volumes, before anything else.

use trimtab_model::call::Call;
use trimtab_model::id::ResourceId;
use trimtab_model::observed::InstanceObserved;
use trimtab_model::text::Reason;

use super::decision::{call, wait};
use super::steps::{SETTLES, SNAPSHOT, SNAPSHOT_DEADLINE};
use crate::sequence::{Decision, Work};

pub(super) fn snapshots(work: &Work<'_>, now: &InstanceObserved) -> Option<Decision> {
    let of_volume = |volume: &ResourceId| now.snapshots.iter().find(|one| one.volume == *volume);
    let failed =
        now.snapshots.iter().find(|one| !matches!(one.state.as_str(), "pending" | "completed"));
    if let Some(failed) = failed {
        return Some(Decision::Abort(Reason::new(
            "snapshot-failed",
            format!("Snapshot {} is in state {}.", failed.id, failed.state),
            format!("스냅샷 {} 상태: {}.", failed.id, failed.state),
        )));
    }
    if now.volumes.iter().any(|volume| of_volume(volume).is_none()) {
        let is_made = work.since(SNAPSHOT).is_some_and(|since| since < SETTLES);
        if is_made {
            return Some(wait(
                "snapshot-listed",
                "the snapshots to be listed",
                "스냅샷이 조회되기",
            ));
        }
        let create = Call::CreateSnapshots {
            instance: work.change.resource.id.clone(),
            change: work.change.id.clone(),
        };
        return Some(call(SNAPSHOT, create));
    }
    let pending = now.snapshots.iter().any(|one| one.state == "pending");
    if !pending {
        return None;
    }
    if work.elapsed() > SNAPSHOT_DEADLINE {
        return Some(Decision::Abort(Reason::new(
            "snapshot-slow",
            "The snapshots were not complete in time.",
            "스냅샷이 제한 시간 안에 끝나지 않았습니다.",
        )));
    }
    Some(wait("snapshot-pending", "the snapshots to be complete", "스냅샷이 완료되기"))
}
