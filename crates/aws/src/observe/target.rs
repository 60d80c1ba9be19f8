//! The target groups that an instance is registered in, and how its neighbours are.

use std::collections::BTreeSet;

use aws_sdk_elasticloadbalancingv2::types::{TargetHealthDescription, TargetHealthStateEnum};
use tokio::sync::Mutex;

use trimtab_model::call::Target;
use trimtab_model::id::ResourceId;
use trimtab_model::observed::{TargetHealth, TargetObserved};

use super::Known;
use super::known::TargetGroup;
use super::resource::unless_absent;
use crate::error::AwsError;
use crate::page::pages;
use crate::session::Session;

pub(super) const DESCRIBE_GROUPS: &str = "elasticloadbalancing:DescribeTargetGroups";
pub(super) const DESCRIBE_HEALTH: &str = "elasticloadbalancing:DescribeTargetHealth";

/// A group that is no more; its name goes with it.
const ABSENT: &[&str] = &["TargetGroupNotFound", "TargetGroupNotFoundException"];

/// The registrations of an instance.
#[derive(Debug, Default)]
pub(super) struct Targets {
    /// Those by its identifier.
    pub(super) by_id: Vec<TargetObserved>,
    /// The groups that know it by one of its addresses.
    pub(super) by_address: BTreeSet<ResourceId>,
}

/// Finds the registrations of an instance. All groups of its network are asked once in ten
/// minutes; meanwhile only those that it was in.
pub(super) async fn of_instance(
    session: &Session,
    known: &Mutex<Known>,
    instance: &aws_sdk_ec2::types::Instance,
) -> Result<Targets, AwsError> {
    let id = instance.instance_id().unwrap_or_default();
    let interfaces = instance.network_interfaces().iter();
    let addresses: BTreeSet<&str> = interfaces
        .flat_map(|one| one.private_ip_addresses())
        .filter_map(|one| one.private_ip_address())
        .chain(instance.private_ip_address())
        .collect();
    let (candidates, is_whole) = candidates(session, known, instance, id).await?;
    let mut targets = Targets::default();
    let mut members = BTreeSet::new();
    for group in candidates {
        let Some(all) = health(session, &group.arn).await? else { continue };
        let is_member = match group.target_type.as_str() {
            "ip" => {
                let is = all.iter().any(|one| addresses.contains(id_of(one)));
                if is {
                    targets.by_address.insert(group.arn.as_str().into());
                }
                is
            }
            _ => {
                let own = registrations(&group.arn, id, &all);
                let is = !own.is_empty();
                targets.by_id.extend(own);
                is
            }
        };
        if is_member {
            members.insert(group.arn);
        }
    }
    if is_whole {
        known.lock().await.set_membership(id, members);
    }
    Ok(targets)
}

/// Returns the groups to ask, and whether they are all of the instance's network.
async fn candidates(
    session: &Session,
    known: &Mutex<Known>,
    instance: &aws_sdk_ec2::types::Instance,
    id: &str,
) -> Result<(Vec<TargetGroup>, bool), AwsError> {
    let mut known = known.lock().await;
    if known.groups().is_none() {
        known.set_groups(list(session).await?);
    }
    let groups = known.groups().unwrap_or_default().to_vec();
    if let Some(members) = known.membership(id) {
        let own = groups.into_iter().filter(|group| members.contains(&group.arn));
        return Ok((own.collect(), false));
    }
    let is_near = |group: &TargetGroup| match (&group.vpc, instance.vpc_id()) {
        (Some(of), Some(own)) => of == own,
        _ => true,
    };
    Ok((groups.into_iter().filter(is_near).collect(), true))
}

async fn list(session: &Session) -> Result<Vec<TargetGroup>, AwsError> {
    let stream = session.elbv2().describe_target_groups().page_size(400).into_paginator().send();
    let mut groups = Vec::new();
    pages(DESCRIBE_GROUPS, stream, |page| {
        for group in page.target_groups.unwrap_or_default() {
            let target_type = group.target_type.map(|word| word.as_str().to_owned());
            let target_type = target_type.unwrap_or_else(|| "instance".to_owned());
            let Some(arn) = group.target_group_arn else { continue };
            if matches!(target_type.as_str(), "instance" | "ip") {
                groups.push(TargetGroup { arn, vpc: group.vpc_id, target_type });
            }
        }
    })
    .await?;
    Ok(groups)
}

async fn health(
    session: &Session,
    group: &str,
) -> Result<Option<Vec<TargetHealthDescription>>, AwsError> {
    let answer = session.elbv2().describe_target_health().target_group_arn(group).send().await;
    let answer = answer.map_err(|error| AwsError::of(DESCRIBE_HEALTH, &error));
    let answer = unless_absent(answer, ABSENT)?;
    Ok(answer.map(|answer| answer.target_health_descriptions.unwrap_or_default()))
}

/// Returns the registrations of an instance among those of a group.
fn registrations(group: &str, id: &str, all: &[TargetHealthDescription]) -> Vec<TargetObserved> {
    let healthy: BTreeSet<&str> = all
        .iter()
        .filter(|one| state(one) == TargetHealth::Healthy && id_of(one) != id)
        .map(id_of)
        .collect();
    let healthy_others = u32::try_from(healthy.len()).unwrap_or(u32::MAX);
    let own = all.iter().filter(|one| id_of(one) == id);
    own.map(|one| TargetObserved {
        target: Target {
            group: group.into(),
            instance: id.into(),
            port: one.target().and_then(|target| u16::try_from(target.port?).ok()),
        },
        health: state(one),
        healthy_others,
    })
    .collect()
}

fn id_of(one: &TargetHealthDescription) -> &str {
    one.target().and_then(|target| target.id()).unwrap_or_default()
}

fn state(one: &TargetHealthDescription) -> TargetHealth {
    match one.target_health().and_then(|health| health.state()) {
        Some(TargetHealthStateEnum::Healthy) => TargetHealth::Healthy,
        Some(TargetHealthStateEnum::Initial) => TargetHealth::Initial,
        Some(TargetHealthStateEnum::Draining | TargetHealthStateEnum::UnhealthyDraining) => {
            TargetHealth::Draining
        }
        Some(TargetHealthStateEnum::Unused) => TargetHealth::Unused,
        _ => TargetHealth::Unhealthy,
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_elasticloadbalancingv2::types;

    use super::*;

    fn registered(id: &str, port: i32, word: &str) -> TargetHealthDescription {
        TargetHealthDescription::builder()
            .target(types::TargetDescription::builder().id(id).port(port).build())
            .target_health(
                types::TargetHealth::builder().state(TargetHealthStateEnum::from(word)).build(),
            )
            .build()
    }

    #[test]
    fn others_are_counted_once_and_never_itself() {
        let all = [
            registered("i-1", 80, "healthy"),
            registered("i-1", 81, "unhealthy.draining"),
            registered("i-2", 80, "healthy"),
            registered("i-2", 81, "healthy"),
            registered("i-3", 80, "brand-new-word"),
        ];
        let own = registrations("arn:tg", "i-1", &all);
        let seen: Vec<_> =
            own.iter().map(|one| (one.target.port, one.health, one.healthy_others)).collect();
        assert_eq!(
            seen,
            [(Some(80), TargetHealth::Healthy, 1), (Some(81), TargetHealth::Draining, 1)]
        );
        let third = registrations("arn:tg", "i-3", &all);
        assert!(third.iter().all(|one| one.health == TargetHealth::Unhealthy));
    }
}
