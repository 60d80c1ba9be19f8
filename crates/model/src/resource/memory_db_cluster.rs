//! MemoryDB clusters.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::ResourceId;

/// What `memorydb describe-clusters` says of one cluster. The resource's id is `Name`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryDbCluster {
    /// `ARN`.
    pub arn: Option<String>,
    /// `Engine`: `redis` or `valkey`.
    pub engine: Option<String>,
    /// `NodeType`, such as `db.r6g.large`.
    pub node_type: String,
    /// `Status`, such as `available`.
    pub status: String,
    /// `NumberOfShards`.
    pub number_of_shards: Option<u32>,
    /// `Shards[].Nodes[].Name`, sorted.
    pub nodes: Vec<ResourceId>,
    /// When the oldest node was made; a cluster itself does not say.
    pub create_time: Option<Timestamp>,
    /// `MultiRegionClusterName`.
    pub multi_region_cluster_name: Option<String>,
}
