//! An instance, and what hangs on it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Obstacle;
use crate::call::Target;
use crate::id::{ChangeId, InstanceType, ResourceId};
use crate::plan::Fingerprint;
use crate::resource::instance::InstanceState;
use crate::text::Reason;

/// What an instance is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InstanceObserved {
    /// What identifies it, its type and state among it: it is compared until the first call that
    /// touches the instance, and not after.
    pub fingerprint: Fingerprint,
    /// What stands in the way of a change.
    pub obstacles: Vec<(Obstacle, Reason)>,
    /// `State.Name`.
    pub state: InstanceState,
    /// `StateReason.Code`, such as `Server.InsufficientInstanceCapacity`.
    pub state_reason: Option<String>,
    /// `InstanceType`.
    pub instance_type: InstanceType,
    /// `LaunchTime`: the latest start.
    pub launch_time: Option<Timestamp>,
    /// `Placement.AvailabilityZone`.
    pub availability_zone: Option<String>,
    /// `PlatformDetails`.
    pub platform: Option<String>,
    /// Its volumes.
    pub volumes: BTreeSet<ResourceId>,
    /// Status checks; absent while it does not run.
    pub checks: Option<StatusChecks>,
    /// `CpuCredits`; absent for types without credits.
    pub cpu_credits: Option<String>,
    /// Whether the tag `trimtab:apply` is `allowed`.
    pub is_opted_in: bool,
    /// The target groups that it is registered in.
    pub targets: Vec<TargetObserved>,
    /// Snapshots that carry the change's tag.
    pub snapshots: Vec<SnapshotObserved>,
    /// Capacity reservations that carry the change's tag.
    pub reservations: Vec<ReservationObserved>,
}

/// One status check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckState {
    /// `ok`.
    Ok,
    /// `impaired`.
    Impaired,
    /// `initializing`, `insufficient-data`, or a word that this version does not know.
    NotYet,
}

/// The three status checks of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusChecks {
    /// `SystemStatus`.
    pub system: CheckState,
    /// `InstanceStatus`.
    pub instance: CheckState,
    /// `AttachedEbsStatus`; absent for types that have none.
    pub attached_ebs: Option<CheckState>,
}

/// `TargetHealth.State`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TargetHealth {
    /// `healthy`.
    Healthy,
    /// `initial`.
    Initial,
    /// `draining`.
    Draining,
    /// `unused`: registered without traffic, as while it is stopped.
    Unused,
    /// `unhealthy`, `unavailable`, or a word that this version does not know.
    Unhealthy,
}

/// A registration in a target group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetObserved {
    /// The registration.
    pub target: Target,
    /// Its health.
    pub health: TargetHealth,
    /// How many others of the group are healthy.
    pub healthy_others: u32,
}

/// A snapshot of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotObserved {
    /// The snapshot.
    pub id: ResourceId,
    /// The volume it is of.
    pub volume: ResourceId,
    /// `pending`, `completed` or `error`.
    pub state: String,
    /// The change that it was made for.
    pub change: ChangeId,
}

/// A capacity reservation of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReservationObserved {
    /// The reservation.
    pub id: ResourceId,
    /// The type.
    pub instance_type: InstanceType,
    /// `active`, `pending`, `cancelled`, `failed`, `expired`.
    pub state: String,
}

impl StatusChecks {
    /// Returns whether all that there are say `ok`.
    pub fn are_ok(self) -> bool {
        self.system == CheckState::Ok
            && self.instance == CheckState::Ok
            && self.attached_ebs.is_none_or(|check| check == CheckState::Ok)
    }

    /// Returns whether any says `impaired`.
    pub fn is_impaired(self) -> bool {
        [Some(self.system), Some(self.instance), self.attached_ebs]
            .contains(&Some(CheckState::Impaired))
    }
}
