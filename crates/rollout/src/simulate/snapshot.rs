//! Snapshots of volumes.

use jiff::Timestamp;

use trimtab_model::id::{ChangeId, ResourceId};
use trimtab_model::observed::SnapshotObserved;

use super::answer::{Answer, made, refuse};
use super::state::State;

/// A snapshot.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// The volume.
    pub volume: ResourceId,
    /// `pending`, `completed` or `error`.
    pub state: String,
    /// The change that it is tagged with.
    pub change: ChangeId,
    /// When it leaves `pending`.
    pub(super) due: Timestamp,
}

impl State {
    /// Takes snapshots of all volumes of an instance. A call that is made twice makes two of
    /// each: there is no token.
    pub(super) fn create_snapshots(&mut self, instance: &ResourceId, change: &ChangeId) -> Answer {
        let Some(machine) = self.machines.get(instance).filter(|one| one.exists()) else {
            return refuse("InvalidInstanceID.NotFound", format!("no {instance}"));
        };
        let volumes = machine.volumes.clone();
        let all: Vec<_> = volumes.iter().map(|one| self.snapshot_of(one, change)).collect();
        let names: Vec<&str> = all.iter().map(ResourceId::as_str).collect();
        made("snapshot", &names.join(","))
    }

    pub(super) fn create_snapshot(&mut self, volume: &ResourceId, change: &ChangeId) -> Answer {
        let exists = self.volumes.get(volume).is_some_and(|one| one.exists());
        if !exists {
            return refuse("InvalidVolume.NotFound", format!("no {volume}"));
        }
        made("snapshot", self.snapshot_of(volume, change).as_str())
    }

    fn snapshot_of(&mut self, volume: &ResourceId, change: &ChangeId) -> ResourceId {
        let id = self.new_id("snap");
        let due = self.after(self.times.snapshot);
        let state = "pending".to_owned();
        let snapshot = Snapshot { volume: volume.clone(), state, change: change.clone(), due };
        self.snapshots.insert(id.clone(), snapshot);
        id
    }

    pub(super) fn finish_snapshots(&mut self, now: Timestamp) {
        let failing = &self.failing_snapshots;
        for one in self.snapshots.values_mut() {
            if one.state == "pending" && one.due <= now {
                let fails = failing.contains(&one.volume);
                (if fails { "error" } else { "completed" }).clone_into(&mut one.state);
            }
        }
    }

    pub(super) fn snapshots_of(
        &self,
        change: &ChangeId,
        is_part: impl Fn(&ResourceId) -> bool,
    ) -> Vec<SnapshotObserved> {
        let ours = self.snapshots.iter();
        ours.filter(|(_, one)| one.change == *change && is_part(&one.volume))
            .map(|(id, one)| SnapshotObserved {
                id: id.clone(),
                volume: one.volume.clone(),
                state: one.state.clone(),
                change: one.change.clone(),
            })
            .collect()
    }
}
