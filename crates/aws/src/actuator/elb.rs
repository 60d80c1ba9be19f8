//! Elastic Load Balancing: registrations in target groups.

use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::types::TargetDescription;

use trimtab_model::call::{CallResult, Target};

use super::answer::{nothing, result};

/// Takes a target out of its group.
pub(super) async fn deregister(client: &Client, target: &Target) -> CallResult {
    let answer = client
        .deregister_targets()
        .target_group_arn(target.group.as_str())
        .targets(description(target))
        .send()
        .await;
    result(answer, nothing)
}

/// Puts a target into its group.
pub(super) async fn register(client: &Client, target: &Target) -> CallResult {
    let answer = client
        .register_targets()
        .target_group_arn(target.group.as_str())
        .targets(description(target))
        .send()
        .await;
    result(answer, nothing)
}

fn description(target: &Target) -> TargetDescription {
    TargetDescription::builder()
        .id(target.instance.as_str())
        .set_port(target.port.map(i32::from))
        .build()
}
