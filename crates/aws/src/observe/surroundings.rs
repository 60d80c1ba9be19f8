//! What lies around an instance and seldom changes: its protection, its group, who acts on it.

use std::collections::BTreeSet;

use aws_sdk_cloudwatch::types::AlarmType;
use aws_sdk_ec2::types;
use tokio::sync::Mutex;

use super::Known;
use crate::error::AwsError;
use crate::page::pages;
use crate::session::Session;

pub(super) const DESCRIBE_ATTRIBUTE: &str = "ec2:DescribeInstanceAttribute";
pub(super) const DESCRIBE_MEMBERS: &str = "autoscaling:DescribeAutoScalingInstances";
pub(super) const DESCRIBE_ALARMS: &str = crate::inventory::alarm::DESCRIBE;
pub(super) const LIST_CLUSTERS: &str = "ecs:ListClusters";
pub(super) const LIST_MACHINES: &str = "ecs:ListContainerInstances";

/// What lies around an instance. What is absent could not be read; `unread` says why.
#[derive(Debug, Clone, Default)]
pub(super) struct Surroundings {
    pub(super) is_stop_protected: Option<bool>,
    pub(super) shutdown_behavior: Option<String>,
    pub(super) groups: Option<Vec<String>>,
    pub(super) alarms: Option<Vec<String>>,
    pub(super) is_container_instance: Option<bool>,
    pub(super) unread: Vec<AwsError>,
}

impl Surroundings {
    /// Reads it, or returns what was read some minutes ago. What cannot be read is noted, and
    /// does not keep the rest from being seen: the way back needs less than the way there.
    pub(super) async fn of(session: &Session, known: &Mutex<Known>, instance: &str) -> Self {
        if let Some(found) = known.lock().await.surroundings(instance) {
            return found.clone();
        }
        let mut found = Self::default();
        let protected = attribute(session, instance, types::InstanceAttributeName::DisableApiStop);
        if let Some(answer) = found.read(protected.await) {
            found.is_stop_protected = answer.disable_api_stop.and_then(|one| one.value);
        }
        let name = types::InstanceAttributeName::InstanceInitiatedShutdownBehavior;
        if let Some(answer) = found.read(attribute(session, instance, name).await) {
            let behavior = answer.instance_initiated_shutdown_behavior;
            found.shutdown_behavior = behavior.and_then(|one| one.value);
        }
        found.groups = found.read(groups(session, instance).await);
        found.alarms = found.read(alarms(session, instance).await);
        found.is_container_instance = found.read(is_container_instance(session, instance).await);
        known.lock().await.set_surroundings(instance, found.clone());
        found
    }

    fn read<T>(&mut self, answer: Result<T, AwsError>) -> Option<T> {
        noted(answer, &mut self.unread)
    }
}

/// Returns what was read, or notes why it was not.
pub(super) fn noted<T>(answer: Result<T, AwsError>, unread: &mut Vec<AwsError>) -> Option<T> {
    answer.map_err(|error| unread.push(error)).ok()
}

/// Reads one attribute: each call gives only the one that it names, and so no user data.
async fn attribute(
    session: &Session,
    instance: &str,
    name: types::InstanceAttributeName,
) -> Result<
    aws_sdk_ec2::operation::describe_instance_attribute::DescribeInstanceAttributeOutput,
    AwsError,
> {
    let request = session.ec2().describe_instance_attribute().instance_id(instance);
    let answer = request.attribute(name).send().await;
    answer.map_err(|error| AwsError::of(DESCRIBE_ATTRIBUTE, &error))
}

/// Returns the Auto Scaling groups that an instance is in: one at the most.
async fn groups(session: &Session, instance: &str) -> Result<Vec<String>, AwsError> {
    let request = session.autoscaling().describe_auto_scaling_instances().instance_ids(instance);
    let answer = request.send().await.map_err(|error| AwsError::of(DESCRIBE_MEMBERS, &error))?;
    let all = answer.auto_scaling_instances.unwrap_or_default().into_iter();
    let own = all.filter(|one| one.instance_id.as_deref() == Some(instance));
    Ok(own.filter_map(|one| one.auto_scaling_group_name).collect())
}

/// Returns the alarms that stop, terminate, recover or reboot an instance.
async fn alarms(session: &Session, instance: &str) -> Result<Vec<String>, AwsError> {
    let partition = session.partition();
    let actions = format!("arn:{partition}:automate:{}:ec2:", session.region());
    let request = session
        .cloudwatch()
        .describe_alarms()
        .alarm_types(AlarmType::MetricAlarm)
        .action_prefix(actions)
        .max_records(100);
    let mut found = BTreeSet::new();
    pages(DESCRIBE_ALARMS, request.into_paginator().send(), |page| {
        for alarm in page.metric_alarms.unwrap_or_default() {
            let names = |one: &aws_sdk_cloudwatch::types::Dimension| {
                one.name() == Some("InstanceId") && one.value() == Some(instance)
            };
            let is_armed =
                alarm.dimensions().iter().any(names) && alarm.actions_enabled != Some(false);
            found.extend(alarm.alarm_name.filter(|_| is_armed));
        }
    })
    .await?;
    Ok(found.into_iter().collect())
}

/// Returns whether a cluster of ECS runs tasks on an instance.
async fn is_container_instance(session: &Session, instance: &str) -> Result<bool, AwsError> {
    let stream = session.ecs().list_clusters().max_results(100).into_paginator().send();
    let mut clusters = Vec::new();
    pages(LIST_CLUSTERS, stream, |page| clusters.extend(page.cluster_arns.unwrap_or_default()))
        .await?;
    for cluster in clusters {
        let request = session.ecs().list_container_instances().cluster(cluster);
        let answer = request.filter(format!("ec2InstanceId == {instance}")).send().await;
        let answer = answer.map_err(|error| AwsError::of(LIST_MACHINES, &error))?;
        if !answer.container_instance_arns().is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}
