//! DB clusters: Aurora, Multi-AZ DB clusters, Amazon DocumentDB and Neptune.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::id::ResourceId;

/// What `describe-db-clusters` says of one DB cluster. The resource's id is `DBClusterIdentifier`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DbCluster {
    /// `DBClusterArn`.
    pub db_cluster_arn: Option<String>,
    /// `DbClusterResourceId`: survives a rename, and is the name of its storage on the bill.
    pub db_cluster_resource_id: Option<String>,
    /// `Engine`, such as `aurora-mysql`, `aurora-postgresql`, `docdb` or `neptune`.
    pub engine: String,
    /// `EngineVersion`.
    pub engine_version: Option<String>,
    /// `EngineMode`: `provisioned` (with or without serverless v2), `serverless` (v1) or `global`.
    pub engine_mode: Option<String>,
    /// `Status`, such as `available` or `stopped`.
    pub status: String,
    /// `ClusterCreateTime`.
    pub cluster_create_time: Option<Timestamp>,
    /// `DBClusterMembers`.
    pub db_cluster_members: Vec<DbClusterMember>,
    /// `StorageType`: `aurora-iopt1` for I/O-Optimized; `aurora`, or absent, for Standard.
    pub storage_type: Option<String>,
    /// `IOOptimizedNextAllowedModificationTime`.
    pub io_optimized_next_allowed_modification_time: Option<Timestamp>,
    /// `ServerlessV2ScalingConfiguration`.
    pub serverless_v2_scaling: Option<ServerlessV2Scaling>,
    /// `ReplicationSourceIdentifier`, where it copies another cluster or instance.
    pub replication_source_identifier: Option<ResourceId>,
    /// `ReadReplicaIdentifiers`.
    pub read_replica_identifiers: Vec<ResourceId>,
    /// `GlobalClusterIdentifier`, where it takes part in a global database.
    pub global_cluster_identifier: Option<String>,
    /// `DeletionProtection`.
    pub deletion_protection: Option<bool>,
    /// `BackupRetentionPeriod`, in days.
    pub backup_retention_period_days: Option<u32>,
}

/// One entry of `DBClusterMembers`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DbClusterMember {
    /// `DBInstanceIdentifier`.
    pub db_instance_identifier: ResourceId,
    /// `IsClusterWriter`.
    pub is_cluster_writer: Option<bool>,
}

/// `ServerlessV2ScalingConfiguration`, in Aurora capacity units of about 2 GiB of memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerlessV2Scaling {
    /// `MinCapacity`.
    pub min_capacity: Option<Decimal>,
    /// `MaxCapacity`.
    pub max_capacity: Option<Decimal>,
}
