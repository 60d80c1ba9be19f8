//! Auto Scaling groups.

use serde::{Deserialize, Serialize};

use crate::id::ResourceId;

/// What `describe-auto-scaling-groups` says of one group. The resource's id is its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AutoScalingGroup {
    /// `MinSize`.
    pub min_size: u32,
    /// `MaxSize`.
    pub max_size: u32,
    /// `DesiredCapacity`.
    pub desired_capacity: u32,
    /// `Instances[].InstanceId`.
    pub instance_ids: Vec<ResourceId>,
}
