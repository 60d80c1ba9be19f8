//! Redshift clusters of provisioned nodes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What `redshift describe-clusters` says of one cluster. The resource's id is `ClusterIdentifier`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedshiftCluster {
    /// The ARN, made of region, account and `ClusterIdentifier`: the name on the bill.
    pub arn: Option<String>,
    /// `ClusterNamespaceArn`.
    pub cluster_namespace_arn: Option<String>,
    /// `NodeType`, such as `ra3.xlplus`.
    pub node_type: String,
    /// `NumberOfNodes`.
    pub number_of_nodes: Option<u32>,
    /// `ClusterStatus`, such as `available` or `paused`.
    pub cluster_status: String,
    /// `ClusterCreateTime`.
    pub cluster_create_time: Option<Timestamp>,
    /// `MultiAZ`: `Enabled` or `Disabled`.
    pub multi_az: Option<String>,
    /// `ElasticResizeNumberOfNodeOptions`: the node counts it can be resized to in place.
    pub elastic_resize_node_options: Vec<u32>,
    /// `TotalStorageCapacityInMegaBytes`.
    pub total_storage_capacity_mb: Option<u64>,
}
