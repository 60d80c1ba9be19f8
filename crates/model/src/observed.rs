//! What a resource is right now, as far as a change of it must know.
//!
//! Other than a snapshot, an observation is of one resource and of its parts, is read again
//! and again while a change is under way, and is believed only as long as it is young.

mod address;
mod db_instance;
mod deployment;
mod facts;
mod function;
mod group;
mod instance;
mod log_group;
mod preflight;
mod refresh_preflight;
mod schedule;
mod switch_preflight;
mod volume;

use serde::{Deserialize, Serialize};

use crate::plan::Fingerprint;

pub use address::AddressObserved;
pub use db_instance::{DbInstanceObserved, DbSnapshotObserved};
pub use deployment::{DeploymentObserved, GreenObserved};
pub use facts::{Attested, Facts, Inspected, JudgedRow, RowVerdict};
pub use function::{AliasObserved, FunctionObserved};
pub use group::{GroupObserved, RefreshObserved, TemplateVersionObserved};
pub use instance::{
    CheckState, InstanceObserved, ReservationObserved, SnapshotObserved, StatusChecks,
    TargetHealth, TargetObserved,
};
pub use log_group::LogGroupObserved;
pub use preflight::{
    AddressPreflight, Attestation, DbInstancePreflight, DbStoragePreflight, FunctionPreflight,
    GroupPreflight, InstancePreflight, InterfaceFacts, KeyFacts, LogGroupPreflight, OptimizerView,
    PublicAddress, SuccessorFacts, SuccessorMode, TypeTraits, VolumePreflight,
};
pub use refresh_preflight::RefreshPreflight;
pub use schedule::ScheduleObserved;
pub use switch_preflight::SwitchPreflight;
pub use volume::{DrillObserved, ModificationObserved, VolumeObserved};

/// One observation.
#[expect(clippy::large_enum_variant, reason = "there is one for each change, never many")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Observed {
    /// The resource does not exist, or not any more.
    Gone,
    /// An instance.
    Instance(InstanceObserved),
    /// A volume.
    Volume(VolumeObserved),
    /// A database.
    DbInstance(DbInstanceObserved),
    /// An Elastic IP address.
    Address(AddressObserved),
    /// A function.
    Function(FunctionObserved),
    /// A log group.
    LogGroup(LogGroupObserved),
    /// An Auto Scaling group.
    Group(GroupObserved),
    /// The schedules of a resource, and the resource.
    Schedule(ScheduleObserved),
}

/// What lets nothing be changed: found by looking, before anything is done.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Obstacle {
    /// Never in place.
    Block,
    /// Only after another step, which is not made here.
    Prep,
    /// Only with a word of the owner or a look into the machine.
    Attest,
    /// Later.
    Wait,
    /// Said, and no more.
    Warn,
}

impl Observed {
    /// Returns what identifies the resource now.
    pub fn fingerprint(&self) -> Fingerprint {
        match self {
            Self::Gone => Fingerprint::default(),
            Self::Instance(instance) => instance.fingerprint.clone(),
            Self::Volume(volume) => volume.fingerprint.clone(),
            Self::DbInstance(database) => database.fingerprint.clone(),
            Self::Address(address) => address.fingerprint.clone(),
            Self::Function(function) => function.fingerprint.clone(),
            Self::LogGroup(group) => group.fingerprint.clone(),
            Self::Group(group) => group.fingerprint.clone(),
            Self::Schedule(schedule) => schedule.fingerprint.clone(),
        }
    }

    /// Returns what stands in the way of a change.
    pub fn obstacles(&self) -> &[(Obstacle, crate::text::Reason)] {
        match self {
            Self::Gone => &[],
            Self::Instance(instance) => &instance.obstacles,
            Self::Volume(volume) => &volume.obstacles,
            Self::DbInstance(database) => &database.obstacles,
            Self::Address(address) => &address.obstacles,
            Self::Function(function) => &function.obstacles,
            Self::LogGroup(group) => &group.obstacles,
            Self::Group(group) => &group.obstacles,
            Self::Schedule(schedule) => &schedule.obstacles,
        }
    }
}
