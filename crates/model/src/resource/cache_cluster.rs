//! ElastiCache clusters: a Memcached cluster, or one Valkey or Redis node.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::ResourceId;

/// What `describe-cache-clusters` and `describe-replication-groups` say of one cache cluster.
///
/// The resource's id is `CacheClusterId`. A node of a replication group is a cache cluster of
/// its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CacheCluster {
    /// `ARN`.
    pub arn: Option<String>,
    /// `Engine`: `redis`, `valkey` or `memcached`.
    pub engine: String,
    /// `EngineVersion`.
    pub engine_version: Option<String>,
    /// `CacheNodeType`, such as `cache.r6g.large`.
    pub cache_node_type: String,
    /// `NumCacheNodes`; one but for Memcached.
    pub num_cache_nodes: Option<u32>,
    /// `CacheClusterStatus`, such as `available`.
    pub cache_cluster_status: String,
    /// `CacheClusterCreateTime`.
    pub cache_cluster_create_time: Option<Timestamp>,
    /// `SnapshotRetentionLimit`: days for which automatic backups are kept; 0 for none.
    pub snapshot_retention_limit_days: Option<u32>,
    /// `PendingModifiedValues` has anything in it.
    pub has_pending_modifications: bool,
    /// `ReplicationGroupId`, for a node of a group.
    pub replication_group_id: Option<ResourceId>,
    /// The group; absent where there is none or it was not read.
    pub replication_group: Option<ReplicationGroup>,
}

/// What `describe-replication-groups` says of one group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicationGroup {
    /// `ARN`.
    pub arn: Option<String>,
    /// `Status`, such as `available`.
    pub status: Option<String>,
    /// `MemberClusters`, sorted.
    pub member_clusters: Vec<ResourceId>,
    /// How many `NodeGroups` (shards) it has.
    pub node_group_count: u32,
    /// `ClusterEnabled`: whether keys are spread over shards.
    pub cluster_enabled: Option<bool>,
    /// `AutomaticFailover`: `enabled`, `disabled` or in between.
    pub automatic_failover: Option<String>,
    /// `GlobalReplicationGroupInfo.GlobalReplicationGroupId`, in a global datastore.
    pub global_replication_group_id: Option<String>,
    /// `DataTiering`: `enabled` where a part of the data is on disks.
    pub data_tiering: Option<String>,
}
