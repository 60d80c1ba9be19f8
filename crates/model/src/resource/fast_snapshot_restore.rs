//! Fast snapshot restores: a snapshot kept warm in one zone, charged by the hour.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::ResourceId;

/// What `describe-fast-snapshot-restores` says of one snapshot in one zone.
///
/// The resource's id is the snapshot's, a slash and the zone: it has none of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FastSnapshotRestore {
    /// `SnapshotId`.
    pub snapshot_id: ResourceId,
    /// `AvailabilityZone`.
    pub availability_zone: String,
    /// `State`: `enabling`, `optimizing`, `enabled`, `disabling` or `disabled`.
    pub state: String,
    /// `EnabledTime`.
    pub enabled_time: Option<Timestamp>,
}
