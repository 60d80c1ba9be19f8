//! CloudWatch log groups.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What `describe-log-groups` says of one log group. The resource's id is its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogGroup {
    /// `arn`.
    pub arn: Option<String>,
    /// `retentionInDays`: absent means that events are kept for ever.
    pub retention_in_days: Option<u32>,
    /// `storedBytes`.
    pub stored_bytes: Option<u64>,
    /// `creationTime`.
    pub creation_time: Option<Timestamp>,
    /// `logGroupClass`: `STANDARD`, `INFREQUENT_ACCESS` or `DELIVERY`.
    pub log_group_class: Option<String>,
    /// `metricFilterCount`.
    pub metric_filter_count: Option<u32>,
    /// How many subscriptions forward its events. Absent when that was not read: only the
    /// groups that hold much are asked.
    pub subscription_filter_count: Option<u32>,
    /// When an event came last. Absent when that was not read: only the groups that hold
    /// much are asked.
    pub last_ingestion_time: Option<Timestamp>,
}
