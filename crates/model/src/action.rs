//! The changes that trimtab can recommend, and the commands that make them.

mod application;
mod capacity_minimum;
mod commands;
mod commitment;
mod configuration;
mod container;
mod conversion;
mod database_switch;
mod deletion;
mod instance_refresh;
mod removal;
mod schedule;
mod setting;
mod state;

use serde::{Deserialize, Serialize};

use crate::id::{DbInstanceClass, InstanceType, ResourceId};
use crate::resource::load_balancer::LoadBalancerType;
use crate::resource::volume::Volume;
use crate::schedule::Schedule;
use crate::serverless::Conversion;

pub use application::{ApplicationFault, QueryRepair, Repair};
pub use capacity_minimum::CapacityMinimum;
pub use commands::Commands;
pub use commitment::CommitmentUse;
pub use configuration::{CacheScope, Configuration, NotebookState, RunState, Standby};
pub use container::{ContainerSetting, MachineGroup, NodeShape, TaskLimits, TaskShape};
pub use conversion::ContainerMove;
pub use database_switch::DatabaseSwitch;
pub use deletion::Deletion;
pub use instance_refresh::InstanceRefresh;
pub use removal::{Removal, RemovedMember};
pub use schedule::{SCHEDULE_GROUP, ScheduleTarget, ScheduledCall, ScheduledSizes};
pub use setting::{BucketRule, Setting};

/// The settings of a volume that a change may touch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VolumeSettings {
    /// `VolumeType`.
    pub volume_type: String,
    /// `Iops`, where it is set.
    pub iops: Option<u32>,
    /// `Throughput` in MiB/s, where it is set.
    pub throughput_mib_s: Option<u32>,
}

impl From<&Volume> for VolumeSettings {
    fn from(volume: &Volume) -> Self {
        Self {
            volume_type: volume.volume_type.clone(),
            iops: volume.iops,
            throughput_mib_s: volume.throughput_mib_s,
        }
    }
}

/// The storage settings of a DB instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DbStorageSettings {
    /// `StorageType`.
    pub storage_type: String,
    /// `AllocatedStorage` in GiB.
    pub allocated_storage_gib: u32,
    /// `Iops`, where it is set.
    pub iops: Option<u32>,
    /// `StorageThroughput` in MiB/s, where it is set.
    pub storage_throughput_mib_s: Option<u32>,
}

/// The sizes of an Auto Scaling group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupSizes {
    /// `MinSize`.
    pub min_size: u32,
    /// `MaxSize`.
    pub max_size: u32,
    /// `DesiredCapacity`.
    pub desired_capacity: u32,
}

/// What a Dedicated Host takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum HostCapacity {
    /// Instances of one type.
    InstanceType(String),
    /// Instances of one family.
    InstanceFamily(String),
}

/// A change to one resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// Stop an instance, change its type, start it.
    ModifyInstanceType {
        /// The type now.
        from: InstanceType,
        /// The type afterwards.
        to: InstanceType,
    },
    /// Stop an instance that does nothing.
    StopInstance {
        /// The type that runs now.
        instance_type: InstanceType,
    },
    /// Start an instance of another architecture in the place of one.
    MigrateInstance {
        /// The type now.
        from: InstanceType,
        /// The type afterwards.
        to: InstanceType,
    },
    /// Send an instance's metrics every five minutes, without charge, and not every minute.
    UnmonitorInstance,
    /// Snapshot the volumes of a stopped instance and delete it.
    TerminateInstance {
        /// The type.
        instance_type: InstanceType,
        /// Its volumes, each of which gets a snapshot first.
        volume_ids: Vec<ResourceId>,
    },
    /// Snapshot a volume and delete it.
    DeleteVolume {
        /// What it is now.
        settings: VolumeSettings,
        /// Its size.
        size_gib: u32,
        /// Its zone, which the undo needs.
        availability_zone: Option<String>,
    },
    /// Change type, IOPS or throughput of a volume in place.
    ModifyVolume {
        /// The settings now.
        from: VolumeSettings,
        /// The settings afterwards.
        to: VolumeSettings,
        /// Its size.
        size_gib: u32,
    },
    /// Delete an EBS snapshot.
    DeleteSnapshot {
        /// The size of the volume it was taken of.
        volume_size_gib: Option<u32>,
    },
    /// Move an EBS snapshot to the archive tier.
    ArchiveSnapshot {
        /// The size of the volume it was taken of.
        volume_size_gib: Option<u32>,
    },
    /// Stop keeping a snapshot ready for fast restores in one zone.
    DisableFastSnapshotRestore {
        /// The snapshot.
        snapshot_id: ResourceId,
        /// The zone.
        availability_zone: String,
    },
    /// Deregister an image and delete its snapshots.
    DeregisterImage {
        /// Its name.
        name: Option<String>,
        /// Its snapshots.
        snapshot_ids: Vec<ResourceId>,
    },
    /// Change the sizes of an Auto Scaling group.
    ResizeAutoScalingGroup {
        /// The sizes now.
        from: GroupSizes,
        /// The sizes afterwards.
        to: GroupSizes,
    },
    /// Replace the instances of an Auto Scaling group by ones of another type.
    RefreshInstances(InstanceRefresh),
    /// Let an Auto Scaling group follow its CPU use.
    FollowLoad {
        /// The sizes now.
        from: GroupSizes,
        /// The sizes afterwards, between which the policy moves.
        to: GroupSizes,
        /// The mean CPU use that the policy keeps.
        target_cpu_percent: u32,
    },
    /// Give seats of a Capacity Reservation back, or all of it.
    ResizeCapacityReservation {
        /// What it reserves.
        instance_type: InstanceType,
        /// For which platform, which the undo needs.
        instance_platform: Option<String>,
        /// In which zone, which the undo needs.
        availability_zone: Option<String>,
        /// Seats now.
        from: u32,
        /// Seats afterwards; none cancels it.
        to: u32,
    },
    /// Release a Dedicated Host.
    ReleaseHost {
        /// `InstanceType` or `InstanceFamily`, as `--instance-type` or `--instance-family` takes it.
        capacity: HostCapacity,
        /// Its zone, which the undo needs.
        availability_zone: Option<String>,
    },
    /// Release an Elastic IP address.
    ReleaseAddress {
        /// The address.
        public_ip: Option<String>,
    },
    /// Delete a NAT gateway.
    DeleteNatGateway {
        /// The subnet, which the undo needs.
        subnet_id: Option<String>,
        /// The address it keeps, which the undo needs.
        allocation_id: Option<String>,
    },
    /// Delete a load balancer.
    DeleteLoadBalancer {
        /// Which of the four it is.
        load_balancer_type: LoadBalancerType,
    },
    /// Change the class of a DB instance.
    ModifyDbInstanceClass {
        /// The class now.
        from: DbInstanceClass,
        /// The class afterwards.
        to: DbInstanceClass,
    },
    /// Let a copy of a DB instance, of another class or size, take its name over.
    SwitchDatabase(DatabaseSwitch),
    /// Take a final snapshot of a DB instance and delete it.
    DeleteDbInstance {
        /// The class.
        db_instance_class: DbInstanceClass,
    },
    /// Change the storage type of a DB instance.
    ModifyDbStorage {
        /// The settings now.
        from: DbStorageSettings,
        /// The settings afterwards.
        to: DbStorageSettings,
    },
    /// Keep the events of a log group for so many days.
    PutRetentionPolicy {
        /// Days afterwards; now they are kept for ever.
        retention_in_days: u32,
    },
    /// Give a function another amount of memory, and of CPU with it.
    UpdateFunctionMemory {
        /// `MemorySize` in MB now.
        from_mb: u32,
        /// `MemorySize` in MB afterwards.
        to_mb: u32,
    },
    /// Run a function on another architecture.
    UpdateFunctionArchitecture {
        /// The architecture now.
        from: String,
        /// The architecture afterwards.
        to: String,
    },
    /// Bring usage under a commitment that covers too little.
    UseCommitment {
        /// The share of it that covers nothing, in percent.
        unused_percent: String,
        /// How.
        by: CommitmentUse,
    },
    /// Stop a resource in the hours of the week in which nobody uses it.
    ApplySchedule {
        /// When it runs.
        schedule: Schedule,
        /// What is stopped and started.
        target: ScheduleTarget,
    },
    /// Let a function do the work of a server that mostly waits, then stop the server.
    ConvertServerless(Conversion),
    /// Let containers do the work of a function that never rests.
    MoveToContainers(ContainerMove),
    /// Repair an application, then change the type of the instance that it runs on.
    FixApplication(Repair),
    /// Repair a query, then change the class of the DB instance that answers it.
    FixQuery(QueryRepair),
    /// Delete a resource of another kind.
    Delete(Deletion),
    /// Set a resource up in another way.
    Set(Setting),
    /// Delete a database, a cache or a copy of one.
    Remove {
        /// What is deleted.
        removal: Removal,
    },
    /// Change one setting of a database, a cache or a table.
    Configure {
        /// The value now.
        from: Configuration,
        /// The value afterwards.
        to: Configuration,
    },
}
