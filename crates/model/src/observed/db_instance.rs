//! A database.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{DeploymentObserved, Obstacle};
use crate::action::DbStorageSettings;
use crate::id::{ChangeId, DbInstanceClass};
use crate::plan::Fingerprint;
use crate::text::Reason;

/// What a database is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DbInstanceObserved {
    /// What identifies it: `DbiResourceId` first, for names move.
    pub fingerprint: Fingerprint,
    /// What stands in the way of a change.
    pub obstacles: Vec<(Obstacle, Reason)>,
    /// `DBInstanceStatus`.
    pub status: String,
    /// `DBInstanceClass`.
    pub class: DbInstanceClass,
    /// Its storage.
    pub storage: DbStorageSettings,
    /// `PendingModifiedValues`, by name.
    pub pending: BTreeMap<String, String>,
    /// `ParameterApplyStatus` of each parameter group.
    pub parameters: Vec<String>,
    /// `StatusInfos` that are not normal: replication that stands still.
    pub replication_errors: Vec<String>,
    /// Whether the tag `trimtab:apply` is `allowed`.
    pub is_opted_in: bool,
    /// `Engine`; unknown where that was not read.
    #[serde(default)]
    pub engine: Option<String>,
    /// `AvailabilityZone`: that of the primary, which a failover changes.
    #[serde(default)]
    pub availability_zone: Option<String>,
    /// Whether it has a standby in another zone.
    pub is_multi_az: bool,
    /// Snapshots that carry the change's tag.
    pub snapshots: Vec<DbSnapshotObserved>,
    /// The blue/green deployment that the change made.
    #[serde(default)]
    pub deployment: Option<DeploymentObserved>,
}

/// A snapshot of a database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DbSnapshotObserved {
    /// Its identifier.
    pub id: String,
    /// `creating`, `available` or `failed`.
    pub status: String,
    /// The change that it was made for.
    pub change: ChangeId,
}
