//! What must be known of a database before a copy takes its name over.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::resource::Tags;

/// What is known of a database before a blue/green deployment of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SwitchPreflight {
    /// `Engine`.
    pub engine: Option<String>,
    /// `DBInstanceStatus`.
    pub status: Option<String>,
    /// `PendingModifiedValues`, by name.
    pub pending: Option<BTreeMap<String, String>>,
    /// Whether it is a member of a cluster.
    pub is_member: Option<bool>,
    /// Whether it is a replica.
    pub is_replica: Option<bool>,
    /// Its replicas, those in other regions by their ARN.
    pub replicas: Option<Vec<String>>,
    /// `BackupRetentionPeriod` in days; 0 where automated backups are off.
    pub backup_days: Option<u32>,
    /// Whether Secrets Manager manages its master password.
    pub has_managed_password: Option<bool>,
    /// `StorageType`.
    pub storage_type: Option<String>,
    /// `MaxAllocatedStorage` in GiB; 0 where storage does not grow by itself.
    pub grows_to_gib: Option<u32>,
    /// Another blue/green deployment of it, by its status; `none` where there is none.
    pub deployment: Option<String>,
    /// Its tags.
    pub tags: Option<Tags>,
}
