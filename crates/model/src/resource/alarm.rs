//! CloudWatch alarms.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::ResourceId;
use crate::queue::{DIMENSION, NAMESPACE};

/// What `describe-alarms` says of one metric alarm. The resource's id is its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// `AlarmArn`.
    pub alarm_arn: Option<String>,
    /// `StateValue`: `OK`, `ALARM` or `INSUFFICIENT_DATA`.
    pub state_value: Option<String>,
    /// `StateTransitionedTimestamp`, else `StateUpdatedTimestamp`.
    pub state_since: Option<Timestamp>,
    /// `ActionsEnabled`.
    pub actions_enabled: Option<bool>,
    /// `Namespace`; absent for an alarm on an expression.
    pub namespace: Option<String>,
    /// `MetricName`; absent for an alarm on an expression.
    pub metric_name: Option<String>,
    /// `Dimensions`.
    pub dimensions: BTreeMap<String, String>,
    /// `Period`, in seconds.
    pub period_seconds: Option<u32>,
    /// How many metrics it watches, each of which is charged.
    pub metric_count: u32,
    /// `QueueName` of the metrics of `AWS/SQS` in the expression it is on; empty for an alarm on one metric.
    #[serde(default)]
    pub expression_queues: Vec<ResourceId>,
}

impl Alarm {
    /// Returns the queues in SQS whose metrics it watches.
    pub fn queues(&self) -> impl Iterator<Item = ResourceId> {
        let is_of_queue = self.namespace.as_deref() == Some(NAMESPACE);
        let own = self.dimensions.get(DIMENSION).filter(|_| is_of_queue);
        let own = own.map(|name| ResourceId::from(name.as_str()));
        own.into_iter().chain(self.expression_queues.iter().cloned())
    }
}
