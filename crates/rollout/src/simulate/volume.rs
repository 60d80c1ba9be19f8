//! Volumes.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use trimtab_model::action::VolumeSettings;
use trimtab_model::id::{ChangeId, ResourceId};
use trimtab_model::observed::{DrillObserved, ModificationObserved, VolumeObserved};
use trimtab_model::plan::{Change, Fingerprint};

use super::answer::{Answer, Refusal, made, refuse, taken};
use super::state::State;

/// Modifications of one volume in a day, as AWS allows since 2026.
const MODIFICATIONS_A_DAY: usize = 4;
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Limits of gp3.
const GP3_IOPS: std::ops::RangeInclusive<u32> = 3000..=80_000;
const GP3_THROUGHPUT: std::ops::RangeInclusive<u32> = 125..=2000;
const GP3_IOPS_A_GIB: u32 = 500;

/// A volume.
#[derive(Debug, Clone, PartialEq)]
pub struct Volume {
    /// Its settings.
    pub settings: VolumeSettings,
    /// Its size.
    pub size_gib: u32,
    /// `State`.
    pub state: String,
    /// The instance that has it.
    pub attached_to: Option<ResourceId>,
    /// Its key, where it is encrypted with one of the customer's.
    pub key: Option<String>,
    /// Whether the tag `trimtab:apply` is `allowed`.
    pub is_opted_in: bool,
    /// The tag `trimtab:quarantine-until`.
    pub quarantine_until: Option<Timestamp>,
    /// Whether a rule of the Recycle Bin matches it.
    pub is_recycled: bool,
    modifications: Vec<Modification>,
    drill: Option<Drill>,
}

/// What a volume of a restore drill is of.
#[derive(Debug, Clone, PartialEq)]
struct Drill {
    snapshot: ResourceId,
    change: ChangeId,
    token: String,
    due: Timestamp,
}

/// A volume that is asked for only to see whether a snapshot can be had back.
pub(super) struct DrillOrder<'a> {
    pub(super) snapshot: &'a ResourceId,
    pub(super) volume_type: &'a str,
    pub(super) change: &'a ChangeId,
    pub(super) token: &'a str,
}

#[derive(Debug, Clone, PartialEq)]
struct Modification {
    target: VolumeSettings,
    started_at: Timestamp,
    optimizing_at: Timestamp,
    completed_at: Timestamp,
}

impl Volume {
    /// Makes a volume that is attached to nothing.
    pub fn new(settings: VolumeSettings, size_gib: u32) -> Self {
        Self {
            settings,
            size_gib,
            state: "available".to_owned(),
            attached_to: None,
            key: None,
            is_opted_in: true,
            quarantine_until: None,
            is_recycled: false,
            modifications: Vec::new(),
            drill: None,
        }
    }

    pub(super) fn exists(&self) -> bool {
        self.state != "deleted"
    }
}

impl State {
    pub(super) fn has_dead_key(&self, volume: &ResourceId) -> bool {
        let key = self.volumes.get(volume).and_then(|one| one.key.as_ref());
        key.is_some_and(|key| self.dead_keys.contains(key))
    }

    pub(super) fn modify_volume(&mut self, id: &ResourceId, to: &VolumeSettings) -> Answer {
        let now = self.now;
        let optimizing_at = self.after(self.times.modifying_volume);
        let length = self.times.optimizing_volume;
        let volume = self.volume_mut(id)?;
        if volume.modifications.last().is_some_and(|last| now < last.completed_at) {
            return refuse("IncorrectModificationState", format!("{id} is being modified"));
        }
        let in_a_day = |one: &&Modification| now.duration_since(one.started_at) < DAY;
        if volume.modifications.iter().filter(in_a_day).count() >= MODIFICATIONS_A_DAY {
            return refuse(
                "VolumeModificationRateExceeded",
                format!("{id} was modified {MODIFICATIONS_A_DAY} times in 24 hours"),
            );
        }
        fits(to, volume.size_gib)?;
        volume.modifications.push(Modification {
            target: to.clone(),
            started_at: now,
            optimizing_at,
            completed_at: optimizing_at.saturating_add(length).unwrap_or(Timestamp::MAX),
        });
        taken()
    }

    pub(super) fn delete_volume(&mut self, id: &ResourceId) -> Answer {
        let volume = self.volume_mut(id)?;
        match volume.state.as_str() {
            "available" | "error" => {
                "deleted".clone_into(&mut volume.state);
                taken()
            }
            "in-use" => refuse("VolumeInUse", format!("{id} is attached")),
            other => refuse("IncorrectState", format!("{id} is {other}")),
        }
    }

    /// Makes a volume of a snapshot. The same token twice makes one.
    pub(super) fn create_drill(&mut self, order: &DrillOrder<'_>) -> Answer {
        let known = self.volumes.iter().find(|(_, one)| {
            one.exists() && one.drill.as_ref().is_some_and(|drill| drill.token == order.token)
        });
        if let Some((id, _)) = known {
            return made("volume", id.as_str());
        }
        let Some(snapshot) = self.snapshots.get(order.snapshot) else {
            return refuse("InvalidSnapshot.NotFound", format!("no {}", order.snapshot));
        };
        if snapshot.state != "completed" {
            return refuse("IncorrectState", format!("{} is {}", order.snapshot, snapshot.state));
        }
        let source = self.volumes.get(&snapshot.volume).cloned();
        let due = self.after(self.times.restoring_volume);
        let settings = VolumeSettings {
            volume_type: order.volume_type.to_owned(),
            iops: None,
            throughput_mib_s: None,
        };
        let mut volume = Volume::new(settings, source.as_ref().map_or(1, |one| one.size_gib));
        volume.key = source.and_then(|one| one.key);
        "creating".clone_into(&mut volume.state);
        volume.drill = Some(Drill {
            snapshot: order.snapshot.clone(),
            change: order.change.clone(),
            token: order.token.to_owned(),
            due,
        });
        let id = self.new_id("vol");
        self.volumes.insert(id.clone(), volume);
        made("volume", id.as_str())
    }

    /// A key that is disabled is missed once the volume is to be there.
    pub(super) fn finish_drills(&mut self, now: Timestamp) {
        let dead = &self.dead_keys;
        for volume in self.volumes.values_mut().filter(|one| one.state == "creating") {
            if volume.drill.as_ref().is_some_and(|drill| drill.due <= now) {
                let fails = volume.key.as_ref().is_some_and(|key| dead.contains(key));
                (if fails { "error" } else { "available" }).clone_into(&mut volume.state);
            }
        }
    }

    fn drills_of(&self, change: &ChangeId) -> Vec<DrillObserved> {
        let found = self.volumes.iter().filter(|(_, one)| one.exists()).filter_map(|(id, one)| {
            let drill = one.drill.as_ref().filter(|drill| drill.change == *change)?;
            Some(DrillObserved {
                id: id.clone(),
                state: one.state.clone(),
                snapshot: Some(drill.snapshot.clone()),
                size_gib: Some(one.size_gib),
                is_encrypted: Some(one.key.is_some()),
            })
        });
        found.collect()
    }

    /// Sets or takes away the tag of the quarantine.
    pub(super) fn quarantine(&mut self, id: &ResourceId, until: Option<Timestamp>) -> Answer {
        if let Some(volume) = self.volumes.get_mut(id).filter(|one| one.exists()) {
            volume.quarantine_until = until;
            return taken();
        }
        if let Some(address) = self.addresses.get_mut(id) {
            address.quarantine_until = until;
            return taken();
        }
        refuse("InvalidID", format!("no {id}"))
    }

    fn volume_mut(&mut self, id: &ResourceId) -> Result<&mut Volume, Refusal> {
        match self.volumes.get_mut(id).filter(|one| one.exists()) {
            Some(volume) => Ok(volume),
            None => refuse("InvalidVolume.NotFound", format!("no {id}")),
        }
    }

    pub(super) fn finish_modifications(&mut self, now: Timestamp) {
        for volume in self.volumes.values_mut() {
            // The new settings hold as soon as it is `optimizing`.
            if let Some(last) = volume.modifications.last().filter(|one| one.optimizing_at <= now) {
                volume.settings = last.target.clone();
            }
        }
    }

    pub(super) fn volume(&self, change: &Change) -> Option<VolumeObserved> {
        let id = &change.resource.id;
        let volume = self.volumes.get(id).filter(|one| one.exists())?;
        let state_of = |one: &Modification| match self.now {
            now if now < one.optimizing_at => "modifying",
            now if now < one.completed_at => "optimizing",
            _ => "completed",
        };
        Some(VolumeObserved {
            fingerprint: Fingerprint(BTreeMap::from([
                ("VolumeId".to_owned(), id.to_string()),
                ("Size".to_owned(), volume.size_gib.to_string()),
            ])),
            obstacles: Vec::new(),
            state: volume.state.clone(),
            settings: volume.settings.clone(),
            size_gib: volume.size_gib,
            is_attached: volume.attached_to.is_some(),
            is_opted_in: volume.is_opted_in,
            modification: volume.modifications.last().map(|last| ModificationObserved {
                state: state_of(last).to_owned(),
                progress: (self.now >= last.completed_at).then_some(100),
                target: last.target.clone(),
                started_at: Some(last.started_at),
            }),
            quarantine_until: volume.quarantine_until,
            is_recycled: Some(volume.is_recycled),
            snapshots: self.snapshots_of(&change.id, |of| of == id),
            is_encrypted: Some(volume.key.is_some()),
            drills: self.drills_of(&change.id),
        })
    }
}

/// Compares settings with the limits of their type.
fn fits(to: &VolumeSettings, size_gib: u32) -> Result<(), Refusal> {
    if to.volume_type != "gp3" {
        return if matches!(
            to.volume_type.as_str(),
            "gp2" | "io1" | "io2" | "st1" | "sc1" | "standard"
        ) {
            Ok(())
        } else {
            refuse("InvalidParameterValue", format!("no volume type {}", to.volume_type))
        };
    }
    let iops = to.iops.unwrap_or(*GP3_IOPS.start());
    let throughput = to.throughput_mib_s.unwrap_or(*GP3_THROUGHPUT.start());
    if iops > *GP3_IOPS.end() {
        return refuse("MaxIOPSLimitExceeded", format!("gp3 has no {iops} IOPS"));
    }
    let most = GP3_IOPS_A_GIB.saturating_mul(size_gib).max(*GP3_IOPS.start());
    let is_well = GP3_IOPS.contains(&iops)
        && GP3_THROUGHPUT.contains(&throughput)
        && iops <= most
        && throughput <= iops / 4;
    if is_well { Ok(()) } else { refuse("InvalidParameterCombination", "outside gp3's limits") }
}
