//! EFS file systems.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What `describe-file-systems` and `describe-lifecycle-configuration` say of one file system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileSystem {
    /// `FileSystemArn`.
    pub file_system_arn: Option<String>,
    /// `LifeCycleState`, such as `available`.
    pub life_cycle_state: Option<String>,
    /// `CreationTime`.
    pub creation_time: Option<Timestamp>,
    /// `ThroughputMode`: `bursting`, `provisioned` or `elastic`.
    pub throughput_mode: Option<String>,
    /// `ProvisionedThroughputInMibps`.
    pub provisioned_throughput_mib_s: Option<f64>,
    /// `SizeInBytes.ValueInStandard`.
    pub standard_bytes: Option<u64>,
    /// `SizeInBytes.ValueInIA`.
    pub ia_bytes: Option<u64>,
    /// `NumberOfMountTargets`.
    pub number_of_mount_targets: Option<u32>,
    /// `AvailabilityZoneName`: present where it is kept in one zone.
    pub availability_zone_name: Option<String>,
    /// Its lifecycle. Absent when it was not read.
    pub lifecycle: Option<FileSystemLifecycle>,
}

/// When files move between the storage classes of a file system.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSystemLifecycle {
    /// `TransitionToIA`, such as `AFTER_30_DAYS`.
    pub transition_to_ia: Option<String>,
    /// `TransitionToArchive`.
    pub transition_to_archive: Option<String>,
    /// `TransitionToPrimaryStorageClass`.
    pub transition_to_primary_storage_class: Option<String>,
}
