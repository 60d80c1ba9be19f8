//! ECS services, and the task definition that each of them runs.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::ResourceId;

/// What `ecs describe-services` says of one service. The resource's id is its cluster's name and
/// its own, with a slash between: a service's name alone may be that of several.
///
/// Whether Application Auto Scaling moves its tasks is not here: a
/// [`ScalableTarget`](super::scalable_target::ScalableTarget) says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EcsService {
    /// `serviceArn`.
    pub service_arn: Option<String>,
    /// The name in `clusterArn`.
    pub cluster: String,
    /// `serviceName`.
    pub service_name: String,
    /// `status`, such as `ACTIVE`.
    pub status: Option<String>,
    /// `desiredCount`.
    pub desired_count: u32,
    /// `runningCount`.
    pub running_count: u32,
    /// `pendingCount`.
    pub pending_count: u32,
    /// `launchType`; absent where a capacity provider strategy takes its place.
    pub launch_type: Option<String>,
    /// `capacityProviderStrategy`.
    pub capacity_provider_strategy: Vec<CapacityShare>,
    /// `schedulingStrategy`: `REPLICA` or `DAEMON`.
    pub scheduling_strategy: Option<String>,
    /// `deploymentController.type`: `ECS`, `CODE_DEPLOY` or `EXTERNAL`.
    pub deployment_controller: Option<String>,
    /// How many `deployments` are there: more than one while one replaces another.
    pub deployments: u32,
    /// `createdAt` of the service.
    pub created_at: Option<Timestamp>,
    /// `loadBalancers[].targetGroupArn`.
    pub target_groups: Vec<ResourceId>,
    /// `taskDefinition`. Absent when it was not read.
    pub task_definition: Option<TaskDefinition>,
}

/// One item of `capacityProviderStrategy`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapacityShare {
    /// `capacityProvider`, such as `FARGATE` or `FARGATE_SPOT`.
    pub capacity_provider: String,
    /// `weight`.
    pub weight: u32,
    /// `base`.
    pub base: u32,
}

/// What `ecs describe-task-definition` says of the revision that a service runs.
///
/// Environment variables, secrets and commands are not here on purpose: they are dropped while
/// reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskDefinition {
    /// `family`.
    pub family: String,
    /// `revision`.
    pub revision: u32,
    /// `cpu`, in units of which 1,024 are a vCPU.
    pub cpu_units: Option<u32>,
    /// `memory`, in MiB.
    pub memory_mib: Option<u32>,
    /// `runtimePlatform.cpuArchitecture`; absent means `X86_64`.
    pub cpu_architecture: Option<String>,
    /// `runtimePlatform.operatingSystemFamily`; absent means `LINUX`.
    pub operating_system_family: Option<String>,
    /// `requiresCompatibilities`.
    pub requires_compatibilities: Vec<String>,
    /// `ephemeralStorage.sizeInGiB`.
    pub ephemeral_storage_gib: Option<u32>,
    /// `cpu` of all containers together; zero where none has its own.
    pub container_cpu_units: u32,
    /// `memory` of all containers together, else `memoryReservation`; zero where none has its own.
    pub container_memory_mib: u32,
    /// Since when the family has had this size: `registeredAt` of the oldest revision in an
    /// unbroken row that has the same `cpu` and `memory`.
    pub same_size_since: Option<Timestamp>,
}

impl TaskDefinition {
    /// Returns the name by which ECS knows the revision.
    pub fn name(&self) -> String {
        format!("{}:{}", self.family, self.revision)
    }
}
