//! What Application Auto Scaling scales: capacity of tables, tasks of services, replicas.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::id::ResourceId;

/// What `describe-scalable-targets` says of one target.
///
/// The resource's id is its `ResourceId` and its `ScalableDimension`, such as
/// `table/scores dynamodb:table:ReadCapacityUnits`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScalableTarget {
    /// `ScalableTargetARN`.
    pub scalable_target_arn: Option<String>,
    /// `ServiceNamespace`, such as `dynamodb` or `ecs`.
    pub service_namespace: String,
    /// `ResourceId`, such as `table/scores`, `table/scores/index/by-day` or `service/arena/match`.
    pub resource_id: String,
    /// `ScalableDimension`, such as `ecs:service:DesiredCount`.
    pub scalable_dimension: String,
    /// `MinCapacity`.
    pub min_capacity: u32,
    /// `MaxCapacity`.
    pub max_capacity: u32,
    /// `SuspendedState.DynamicScalingInSuspended`.
    pub scaling_in_suspended: bool,
    /// `CreationTime`.
    pub creation_time: Option<Timestamp>,
    /// What `describe-scaling-policies` says. Absent where it was not read.
    pub policies: Option<Vec<TargetPolicy>>,
    /// What `describe-scheduled-actions` says. Absent where it was not read.
    pub scheduled_actions: Option<Vec<TargetSchedule>>,
}

/// A scaling policy of a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetPolicy {
    /// `PolicyName`.
    pub policy_name: String,
    /// `PolicyType`, such as `TargetTrackingScaling`.
    pub policy_type: String,
    /// `TargetTrackingScalingPolicyConfiguration.TargetValue`.
    pub target_value: Option<Decimal>,
    /// `TargetTrackingScalingPolicyConfiguration.DisableScaleIn`.
    pub scale_in_disabled: bool,
    /// `Alarms[].AlarmName`: what starts it.
    #[serde(default)]
    pub alarms: Vec<String>,
    /// `QueueName` of the metrics of `AWS/SQS` that
    /// `TargetTrackingScalingPolicyConfiguration.CustomizedMetricSpecification` follows.
    #[serde(default)]
    pub queues: Vec<ResourceId>,
}

/// A scheduled action of a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetSchedule {
    /// `ScheduledActionName`.
    pub scheduled_action_name: String,
    /// `Schedule`: an expression with `at`, `rate` or `cron`.
    pub schedule: String,
    /// `Timezone`.
    pub timezone: Option<String>,
    /// `ScalableTargetAction.MinCapacity`.
    pub min_capacity: Option<u32>,
    /// `ScalableTargetAction.MaxCapacity`.
    pub max_capacity: Option<u32>,
}

impl ScalableTarget {
    /// Returns whether a policy would take capacity away as the load falls; absent where the
    /// policies were not read.
    pub fn scales_in(&self) -> Option<bool> {
        let policies = self.policies.as_ref()?;
        Some(!self.scaling_in_suspended && policies.iter().any(|policy| !policy.scale_in_disabled))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scales_in(policies: Option<&[bool]>, scaling_in_suspended: bool) -> Option<bool> {
        let policy = |scale_in_disabled: &bool| TargetPolicy {
            policy_name: "cpu".to_owned(),
            policy_type: "TargetTrackingScaling".to_owned(),
            target_value: None,
            scale_in_disabled: *scale_in_disabled,
            alarms: Vec::new(),
            queues: Vec::new(),
        };
        ScalableTarget {
            scalable_target_arn: None,
            service_namespace: "ecs".to_owned(),
            resource_id: "service/arena/match".to_owned(),
            scalable_dimension: "ecs:service:DesiredCount".to_owned(),
            min_capacity: 2,
            max_capacity: 4,
            scaling_in_suspended,
            creation_time: None,
            policies: policies.map(|all| all.iter().map(policy).collect()),
            scheduled_actions: None,
        }
        .scales_in()
    }

    #[test]
    fn one_policy_that_may_take_away_suffices() {
        assert_eq!(scales_in(Some(&[true, false]), false), Some(true));
        assert_eq!(scales_in(Some(&[true]), false), Some(false));
        assert_eq!(scales_in(Some(&[false]), true), Some(false));
        assert_eq!(scales_in(Some(&[]), false), Some(false));
        assert_eq!(scales_in(None, false), None);
    }
}
