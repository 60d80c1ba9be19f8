//! EBS snapshots.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::ResourceId;

/// What `describe-snapshots` says of one snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// `VolumeId` that it was taken of. `vol-ffffffff` stands for a copy.
    pub volume_id: Option<ResourceId>,
    /// `VolumeSize` in GiB: the size of the volume, not what is stored.
    pub volume_size_gib: Option<u32>,
    /// `FullSnapshotSizeInBytes`: the blocks the snapshot refers to, where given.
    pub full_snapshot_size_bytes: Option<u64>,
    /// `StartTime`.
    pub start_time: Option<Timestamp>,
    /// `State`, such as `completed`.
    pub state: Option<String>,
    /// `StorageTier`: `standard` or `archive`.
    pub storage_tier: Option<String>,
    /// `Description`; AMIs and AWS Backup leave their mark here.
    pub description: Option<String>,
}
