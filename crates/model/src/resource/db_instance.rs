//! RDS DB instances.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{DbInstanceClass, ResourceId};

/// What `describe-db-instances` says of one DB instance. The resource's id is `DBInstanceIdentifier`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DbInstance {
    /// `DBInstanceArn`, which bills use.
    pub db_instance_arn: Option<String>,
    /// `DbiResourceId`: survives a rename.
    pub dbi_resource_id: Option<String>,
    /// `DBInstanceClass`.
    pub db_instance_class: DbInstanceClass,
    /// `Engine`, such as `mysql` or `aurora-postgresql`.
    pub engine: String,
    /// `EngineVersion`.
    pub engine_version: Option<String>,
    /// `LicenseModel`.
    pub license_model: Option<String>,
    /// `DBInstanceStatus`, such as `available`.
    pub db_instance_status: String,
    /// `InstanceCreateTime`.
    pub instance_create_time: Option<Timestamp>,
    /// `MultiAZ`.
    pub multi_az: Option<bool>,
    /// `StorageType`: `gp2`, `gp3`, `io1`, `io2`, `standard` or `aurora`.
    pub storage_type: Option<String>,
    /// `AllocatedStorage`, in GiB.
    pub allocated_storage_gib: Option<u32>,
    /// `Iops`.
    pub iops: Option<u32>,
    /// `StorageThroughput`, in MiB/s.
    pub storage_throughput_mib_s: Option<u32>,
    /// `DBClusterIdentifier`, for members of a cluster.
    pub db_cluster_identifier: Option<ResourceId>,
    /// `ReadReplicaSourceDBInstanceIdentifier`, for a replica.
    pub read_replica_source: Option<ResourceId>,
    /// `ReadReplicaDBInstanceIdentifiers`.
    pub read_replicas: Vec<ResourceId>,
    /// `PerformanceInsightsEnabled`.
    pub performance_insights_enabled: Option<bool>,
    /// `PerformanceInsightsRetentionPeriod`, in days.
    #[serde(default)]
    pub performance_insights_retention_days: Option<u32>,
    /// `DatabaseInsightsMode`: `standard` or `advanced`.
    #[serde(default)]
    pub database_insights_mode: Option<String>,
    /// `PendingModifiedValues` has anything in it.
    pub has_pending_modifications: bool,
    /// `DBParameterGroups[].DBParameterGroupName`.
    pub db_parameter_groups: Vec<String>,
    /// `MaxAllocatedStorage` in GiB: how far storage may grow by itself.
    #[serde(default)]
    pub max_allocated_storage_gib: Option<u32>,
    /// `EngineLifecycleSupport`: `open-source-rds-extended-support` or its `-disabled` form.
    #[serde(default)]
    pub engine_lifecycle_support: Option<String>,
    /// `Endpoint.Address`: what clients and monitoring connect to.
    #[serde(default)]
    pub endpoint_address: Option<String>,
}
