//! EBS volumes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::ResourceId;

/// What `describe-volumes` says of one volume.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Volume {
    /// `VolumeType`: `gp2`, `gp3`, `io1`, `io2`, `st1`, `sc1` or `standard`.
    pub volume_type: String,
    /// `Size`, in GiB.
    pub size_gib: u32,
    /// `Iops`: the provisioned or baseline figure, where the type has one.
    pub iops: Option<u32>,
    /// `Throughput`, in MiB/s: gp3 only.
    pub throughput_mib_s: Option<u32>,
    /// `State`, such as `available` or `in-use`.
    pub state: String,
    /// `CreateTime`.
    pub create_time: Option<Timestamp>,
    /// `AvailabilityZone`.
    pub availability_zone: Option<String>,
    /// `SnapshotId` that it was made from.
    pub snapshot_id: Option<ResourceId>,
    /// `Encrypted`.
    pub encrypted: Option<bool>,
    /// `MultiAttachEnabled`.
    pub multi_attach_enabled: Option<bool>,
    /// `Attachments`. Empty means the listing says that there are none.
    pub attachments: Vec<VolumeAttachment>,
}

/// One entry of `Attachments`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VolumeAttachment {
    /// `InstanceId`.
    pub instance_id: ResourceId,
    /// `Device`, such as `/dev/xvda`.
    pub device: Option<String>,
    /// `State`, such as `attached`.
    pub state: Option<String>,
}
