//! Manual snapshots of DB clusters.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::ResourceId;

/// What `describe-db-cluster-snapshots` says of one manual snapshot. The resource's id is
/// `DBClusterSnapshotIdentifier`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DbClusterSnapshot {
    /// `DBClusterSnapshotArn`.
    pub db_cluster_snapshot_arn: Option<String>,
    /// `DBClusterIdentifier` of the cluster it was taken of.
    pub db_cluster_identifier: Option<ResourceId>,
    /// `DbClusterResourceId` of that cluster.
    pub db_cluster_resource_id: Option<String>,
    /// `Engine`.
    pub engine: Option<String>,
    /// `SnapshotCreateTime`.
    pub snapshot_create_time: Option<Timestamp>,
    /// `AllocatedStorage` in GiB; 0 or 1 for Aurora, which does not say.
    pub allocated_storage_gib: Option<u32>,
    /// `Status`, such as `available`.
    pub status: Option<String>,
    /// `SnapshotType`: `manual`, `automated`, `awsbackup`, `shared` or `public`.
    pub snapshot_type: Option<String>,
    /// `SourceDBClusterSnapshotArn`, where it is a copy.
    pub source_db_cluster_snapshot_arn: Option<String>,
}
