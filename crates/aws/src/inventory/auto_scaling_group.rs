//! `autoscaling:DescribeAutoScalingGroups`, with policies, schedules, recent activities and the
//! images of pinned launch template versions.

mod activity;
mod pinned;
mod policy;

use aws_sdk_autoscaling::types;
use futures::FutureExt;

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::auto_scaling_group::{
    AutoScalingGroup, LaunchTemplateSpecification, MixedInstances,
};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number, tags};

pub(crate) const DESCRIBE: &str = "autoscaling:DescribeAutoScalingGroups";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::AutoScalingGroup,
    reach: Reach::Region,
    actions: &[
        DESCRIBE,
        policy::DESCRIBE_POLICIES,
        policy::DESCRIBE_ACTIONS,
        activity::DESCRIBE,
        pinned::DESCRIBE,
    ],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let listing = session.autoscaling().describe_auto_scaling_groups().max_records(100);
    let listed = pages(DESCRIBE, listing.into_paginator().send(), |page| {
        for mut group in page.auto_scaling_groups.unwrap_or_default() {
            let pairs = group.tags.take().unwrap_or_default().into_iter();
            let tags = tags::of_pairs(pairs.map(|tag| (tag.key, tag.value)));
            let Some(name) = group.auto_scaling_group_name.take() else { continue };
            let Some(kind) = kind(group) else { continue };
            part.snapshot.auto_scaling_groups.push(session.resource(name, tags, kind));
        }
    })
    .await;
    if !part.snapshot.auto_scaling_groups.is_empty() {
        policy::read(session, part).await;
        activity::read(session, part).await;
        pinned::read(session, part).await;
    }
    listed
}

/// Returns what the answer says of a group; nothing where it lacks what each has.
pub(crate) fn kind(group: types::AutoScalingGroup) -> Option<AutoScalingGroup> {
    let launch_templates = launch_templates(&group);
    let mixed_instances = group.mixed_instances_policy.and_then(mixed);
    Some(AutoScalingGroup {
        min_size: number::count(group.min_size)?,
        max_size: number::count(group.max_size)?,
        desired_capacity: number::count(group.desired_capacity)?,
        instance_ids: group
            .instances
            .unwrap_or_default()
            .into_iter()
            .filter_map(|instance| Some(instance.instance_id?.into()))
            .collect(),
        created_time: moment::optional(group.created_time.as_ref()),
        availability_zones: group.availability_zones,
        launch_configuration_name: group.launch_configuration_name.filter(|name| !name.is_empty()),
        launch_templates: Some(launch_templates),
        mixed_instances,
        suspended_processes: Some(
            group
                .suspended_processes
                .unwrap_or_default()
                .into_iter()
                .filter_map(|process| process.process_name)
                .collect(),
        ),
        enabled_metrics: Some(
            group
                .enabled_metrics
                .unwrap_or_default()
                .into_iter()
                .filter_map(|metric| metric.metric)
                .collect(),
        ),
        warm_pool_size: number::count(group.warm_pool_size),
        scaling_policies: None,
        scheduled_actions: None,
        recent_activities: None,
    })
}

fn launch_templates(group: &types::AutoScalingGroup) -> Vec<LaunchTemplateSpecification> {
    let mixed =
        group.mixed_instances_policy.as_ref().and_then(|policy| policy.launch_template.as_ref());
    let overrides = mixed.and_then(|mixed| mixed.overrides.as_ref()).into_iter().flatten();
    let mut all: Vec<LaunchTemplateSpecification> = group
        .launch_template
        .iter()
        .chain(mixed.and_then(|mixed| mixed.launch_template_specification.as_ref()))
        .chain(overrides.clone().filter_map(|one| one.launch_template_specification.as_ref()))
        .map(|one| LaunchTemplateSpecification {
            launch_template_id: one.launch_template_id.clone(),
            launch_template_name: one.launch_template_name.clone(),
            version: one.version.clone(),
            image_id: None,
        })
        .collect();
    // An override may name an image of its own beside the template.
    all.extend(overrides.filter_map(|one| one.image_id.clone()).map(|image| {
        LaunchTemplateSpecification {
            launch_template_id: None,
            launch_template_name: None,
            version: None,
            image_id: Some(image),
        }
    }));
    all
}

fn mixed(policy: types::MixedInstancesPolicy) -> Option<MixedInstances> {
    let overrides = policy.launch_template?.overrides.unwrap_or_default();
    let distribution = policy.instances_distribution;
    Some(MixedInstances {
        is_weighted: overrides.iter().any(|one| one.weighted_capacity.is_some()),
        instance_types: overrides
            .into_iter()
            .filter_map(|one| Some(one.instance_type?.into()))
            .collect(),
        on_demand_base_capacity: distribution
            .as_ref()
            .and_then(|one| number::count(one.on_demand_base_capacity)),
        on_demand_percentage_above_base_capacity: distribution
            .and_then(|one| number::count(one.on_demand_percentage_above_base_capacity)),
    })
}
