//! Manual snapshots of DB instances.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::ResourceId;

/// What `describe-db-snapshots` says of one manual snapshot. The resource's id is `DBSnapshotIdentifier`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DbSnapshot {
    /// `DBSnapshotArn`.
    pub db_snapshot_arn: Option<String>,
    /// `DBInstanceIdentifier` of the instance it was taken of.
    pub db_instance_identifier: Option<ResourceId>,
    /// `DbiResourceId` of that instance: tells a later instance of the same name apart.
    pub dbi_resource_id: Option<String>,
    /// `Engine`.
    pub engine: Option<String>,
    /// `SnapshotCreateTime`.
    pub snapshot_create_time: Option<Timestamp>,
    /// `AllocatedStorage` in GiB: the size of the instance's storage, not of the snapshot.
    pub allocated_storage_gib: Option<u32>,
    /// `Status`, such as `available`.
    pub status: Option<String>,
    /// `SnapshotType`: `manual`, `automated`, `awsbackup`, `shared` or `public`.
    pub snapshot_type: Option<String>,
    /// `SourceDBSnapshotIdentifier`, where it is a copy.
    pub source_db_snapshot_identifier: Option<String>,
}
