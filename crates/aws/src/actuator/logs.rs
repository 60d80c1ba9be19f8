//! CloudWatch Logs: how long events are kept.

use aws_sdk_cloudwatchlogs::Client;

use trimtab_model::call::CallResult;
use trimtab_model::id::ResourceId;

use super::answer::{self, nothing, result};

/// Keeps the events of a group for so many days.
pub(super) async fn put_retention(client: &Client, group: &ResourceId, days: u32) -> CallResult {
    let Ok(days) = i32::try_from(days) else {
        return answer::refused("NotSent", "no retention is so long", None);
    };
    let request = client.put_retention_policy().log_group_name(group.as_str());
    result(request.retention_in_days(days).send().await, nothing)
}

/// Keeps the events of a group for ever.
pub(super) async fn delete_retention(client: &Client, group: &ResourceId) -> CallResult {
    let request = client.delete_retention_policy().log_group_name(group.as_str());
    result(request.send().await, nothing)
}
