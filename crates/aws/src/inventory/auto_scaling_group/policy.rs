//! `autoscaling:DescribePolicies` and `autoscaling:DescribeScheduledActions`, of all groups at once.

use std::collections::BTreeMap;

use trimtab_model::resource::auto_scaling_group::{ScalingPolicy, ScheduledAction};

use crate::error::AwsError;
use crate::number;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;

pub(super) const DESCRIBE_POLICIES: &str = "autoscaling:DescribePolicies";
pub(super) const DESCRIBE_ACTIONS: &str = "autoscaling:DescribeScheduledActions";

/// Adds to each group what moves its size.
pub(super) async fn read(session: &Session, part: &mut Part) {
    let policies = policies(session).await;
    let mut policies = part.detail(policies);
    let actions = actions(session).await;
    let mut actions = part.detail(actions);
    for group in &mut part.snapshot.auto_scaling_groups {
        let name = group.id.as_str();
        group.kind.scaling_policies =
            policies.as_mut().map(|all| all.remove(name).unwrap_or_default());
        group.kind.scheduled_actions =
            actions.as_mut().map(|all| all.remove(name).unwrap_or_default());
    }
}

async fn policies(session: &Session) -> Result<BTreeMap<String, Vec<ScalingPolicy>>, AwsError> {
    let listing = session.autoscaling().describe_policies().max_records(100);
    let mut all: BTreeMap<String, Vec<ScalingPolicy>> = BTreeMap::new();
    pages(DESCRIBE_POLICIES, listing.into_paginator().send(), |page| {
        for policy in page.scaling_policies.unwrap_or_default() {
            let (Some(group), Some(policy_name)) =
                (policy.auto_scaling_group_name, policy.policy_name)
            else {
                continue;
            };
            all.entry(group).or_default().push(ScalingPolicy {
                policy_name,
                policy_type: policy.policy_type,
                enabled: policy.enabled,
            });
        }
    })
    .await?;
    Ok(all)
}

async fn actions(session: &Session) -> Result<BTreeMap<String, Vec<ScheduledAction>>, AwsError> {
    let listing = session.autoscaling().describe_scheduled_actions().max_records(100);
    let mut all: BTreeMap<String, Vec<ScheduledAction>> = BTreeMap::new();
    pages(DESCRIBE_ACTIONS, listing.into_paginator().send(), |page| {
        for action in page.scheduled_update_group_actions.unwrap_or_default() {
            let (Some(group), Some(scheduled_action_name)) =
                (action.auto_scaling_group_name, action.scheduled_action_name)
            else {
                continue;
            };
            all.entry(group).or_default().push(ScheduledAction {
                scheduled_action_name,
                recurrence: action.recurrence,
                min_size: number::count(action.min_size),
                max_size: number::count(action.max_size),
                desired_capacity: number::count(action.desired_capacity),
            });
        }
    })
    .await?;
    Ok(all)
}
