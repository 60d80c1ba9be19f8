//! Managed node groups of EKS clusters.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{InstanceType, ResourceId};

/// What `eks describe-nodegroup` says of one group. The resource's id is its cluster's name and
/// its own, with a slash between.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EksNodegroup {
    /// `nodegroupArn`.
    pub nodegroup_arn: Option<String>,
    /// `clusterName`.
    pub cluster_name: String,
    /// `status`, such as `ACTIVE`.
    pub status: Option<String>,
    /// `version` of Kubernetes.
    pub version: Option<String>,
    /// `createdAt`.
    pub created_at: Option<Timestamp>,
    /// `capacityType`: `ON_DEMAND`, `SPOT` or `CAPACITY_BLOCK`.
    pub capacity_type: Option<String>,
    /// `amiType`, such as `AL2023_ARM_64_STANDARD`.
    pub ami_type: Option<String>,
    /// `instanceTypes`; empty where a launch template names the type.
    pub instance_types: Vec<InstanceType>,
    /// `scalingConfig.minSize`.
    pub min_size: Option<u32>,
    /// `scalingConfig.maxSize`.
    pub max_size: Option<u32>,
    /// `scalingConfig.desiredSize`.
    pub desired_size: Option<u32>,
    /// `resources.autoScalingGroups[].name`.
    pub auto_scaling_groups: Vec<ResourceId>,
}
