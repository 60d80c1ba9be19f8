//! Auto Scaling groups.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{InstanceType, ResourceId};

/// What `describe-auto-scaling-groups` says of one group. The resource's id is its name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AutoScalingGroup {
    /// `MinSize`.
    pub min_size: u32,
    /// `MaxSize`.
    pub max_size: u32,
    /// `DesiredCapacity`.
    pub desired_capacity: u32,
    /// `Instances[].InstanceId`.
    pub instance_ids: Vec<ResourceId>,
    /// `CreatedTime`.
    pub created_time: Option<Timestamp>,
    /// `AvailabilityZones`.
    pub availability_zones: Option<Vec<String>>,
    /// `LaunchConfigurationName`, where the group still uses one.
    pub launch_configuration_name: Option<String>,
    /// Every `LaunchTemplateSpecification` it launches from, those of a mixed instances policy
    /// and its overrides included. Absent where the listing does not say.
    pub launch_templates: Option<Vec<LaunchTemplateSpecification>>,
    /// `MixedInstancesPolicy`, where it has one.
    pub mixed_instances: Option<MixedInstances>,
    /// `SuspendedProcesses[].ProcessName`.
    pub suspended_processes: Option<Vec<String>>,
    /// `EnabledMetrics[].Metric`: the group metrics that CloudWatch gets.
    pub enabled_metrics: Option<Vec<String>>,
    /// `WarmPoolSize`.
    pub warm_pool_size: Option<u32>,
    /// What `describe-policies` says. Absent where it was not read.
    pub scaling_policies: Option<Vec<ScalingPolicy>>,
    /// What `describe-scheduled-actions` says. Absent where it was not read.
    pub scheduled_actions: Option<Vec<ScheduledAction>>,
    /// How many of `describe-scaling-activities` began in the last 30 days. Absent where the
    /// listing was not read that far back for this group.
    pub recent_activities: Option<u32>,
}

/// Which version of which launch template a group launches from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaunchTemplateSpecification {
    /// `LaunchTemplateId`.
    pub launch_template_id: Option<String>,
    /// `LaunchTemplateName`.
    pub launch_template_name: Option<String>,
    /// `Version`: a number, `$Latest` or `$Default`, which stands where AWS leaves it out.
    pub version: Option<String>,
    /// The image that this version names, where it was read for the group.
    pub image_id: Option<String>,
}

/// What of `MixedInstancesPolicy` decides the price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MixedInstances {
    /// `LaunchTemplate.Overrides[].InstanceType`.
    pub instance_types: Vec<InstanceType>,
    /// `InstancesDistribution.OnDemandBaseCapacity`.
    pub on_demand_base_capacity: Option<u32>,
    /// `InstancesDistribution.OnDemandPercentageAboveBaseCapacity`.
    pub on_demand_percentage_above_base_capacity: Option<u32>,
    /// Any override has a `WeightedCapacity`: sizes then count units, not instances.
    pub is_weighted: bool,
}

/// One scaling policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScalingPolicy {
    /// `PolicyName`.
    pub policy_name: String,
    /// `PolicyType`, such as `TargetTrackingScaling`.
    pub policy_type: Option<String>,
    /// `Enabled`.
    pub enabled: Option<bool>,
}

/// One scheduled action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledAction {
    /// `ScheduledActionName`.
    pub scheduled_action_name: String,
    /// `Recurrence`, where it comes again.
    pub recurrence: Option<String>,
    /// `MinSize`, where it sets it.
    pub min_size: Option<u32>,
    /// `MaxSize`, where it sets it.
    pub max_size: Option<u32>,
    /// `DesiredCapacity`, where it sets it.
    pub desired_capacity: Option<u32>,
}
