//! CloudWatch alarms.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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
}
