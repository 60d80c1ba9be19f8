//! ECS clusters.

use serde::{Deserialize, Serialize};

use crate::id::ResourceId;

/// What `ecs describe-clusters` says of one cluster, with the machines that joined it.
///
/// The resource's id is `clusterName`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EcsCluster {
    /// `clusterArn`.
    pub cluster_arn: Option<String>,
    /// `status`, such as `ACTIVE`.
    pub status: Option<String>,
    /// `registeredContainerInstancesCount`.
    pub registered_container_instances: u32,
    /// `runningTasksCount`.
    pub running_tasks: u32,
    /// `pendingTasksCount`.
    pub pending_tasks: u32,
    /// `activeServicesCount`.
    pub active_services: u32,
    /// `capacityProviders`.
    pub capacity_providers: Vec<String>,
    /// `ec2InstanceId` of each container instance, sorted; machines outside EC2 begin with `mi-`.
    /// Absent when they were not read.
    pub ec2_instance_ids: Option<Vec<ResourceId>>,
}
