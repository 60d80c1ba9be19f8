//! A volume.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Obstacle, SnapshotObserved};
use crate::action::VolumeSettings;
use crate::id::ResourceId;
use crate::plan::Fingerprint;
use crate::text::Reason;

/// What a volume is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VolumeObserved {
    /// What identifies it.
    pub fingerprint: Fingerprint,
    /// What stands in the way of a change.
    pub obstacles: Vec<(Obstacle, Reason)>,
    /// `State`: `available`, `in-use`, `deleting`, …
    pub state: String,
    /// Its settings.
    pub settings: VolumeSettings,
    /// Its size.
    pub size_gib: u32,
    /// Whether it is encrypted; unknown where the API does not say.
    #[serde(default)]
    pub is_encrypted: Option<bool>,
    /// Whether it is attached.
    pub is_attached: bool,
    /// Whether the tag `trimtab:apply` is `allowed`.
    pub is_opted_in: bool,
    /// The latest modification, where there was one.
    pub modification: Option<ModificationObserved>,
    /// The tag `trimtab:quarantine-until`.
    pub quarantine_until: Option<Timestamp>,
    /// Whether a rule of the Recycle Bin keeps it after its deletion; unknown where that could not
    /// be read.
    pub is_recycled: Option<bool>,
    /// Snapshots that carry the change's tag.
    pub snapshots: Vec<SnapshotObserved>,
    /// Volumes that this change made of a snapshot only to see whether it can be had back.
    #[serde(default)]
    pub drills: Vec<DrillObserved>,
}

/// A volume of a restore drill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrillObserved {
    /// Its identifier.
    pub id: ResourceId,
    /// `State`: `creating`, `available`, `error`, `deleting`, …
    pub state: String,
    /// The snapshot that it was made of.
    pub snapshot: Option<ResourceId>,
    /// Its size.
    pub size_gib: Option<u32>,
    /// Whether it is encrypted.
    pub is_encrypted: Option<bool>,
}

/// `DescribeVolumesModifications`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModificationObserved {
    /// `modifying`, `optimizing`, `completed` or `failed`.
    pub state: String,
    /// `Progress` in percent.
    pub progress: Option<u8>,
    /// What it leads to.
    pub target: VolumeSettings,
    /// When it began.
    pub started_at: Option<Timestamp>,
}
