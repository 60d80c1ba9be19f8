//! `describe-auto-scaling-groups`.

use serde::Deserialize;
use trimtab_model::resource::auto_scaling_group::{
    AutoScalingGroup, LaunchTemplateSpecification, MixedInstances,
};

use super::moment::Moment;
use super::place::Place;
use super::tables::Found;
use super::tag::{self, Tag};

/// One entry of `AutoScalingGroups`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Entry {
    auto_scaling_group_name: String,
    #[serde(rename = "AutoScalingGroupARN")]
    auto_scaling_group_arn: Option<String>,
    min_size: u32,
    max_size: u32,
    desired_capacity: u32,
    availability_zones: Option<Vec<String>>,
    instances: Option<Vec<Member>>,
    created_time: Option<Moment>,
    launch_configuration_name: Option<String>,
    launch_template: Option<Specification>,
    mixed_instances_policy: Option<Mixed>,
    suspended_processes: Option<Vec<Process>>,
    enabled_metrics: Option<Vec<Metric>>,
    warm_pool_size: Option<u32>,
    tags: Option<Vec<Tag>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Member {
    instance_id: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Specification {
    launch_template_id: Option<String>,
    launch_template_name: Option<String>,
    version: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Mixed {
    launch_template: Option<MixedTemplate>,
    instances_distribution: Option<Distribution>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MixedTemplate {
    launch_template_specification: Option<Specification>,
    overrides: Option<Vec<Override>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Override {
    instance_type: Option<String>,
    weighted_capacity: Option<String>,
    launch_template_specification: Option<Specification>,
    image_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Distribution {
    on_demand_base_capacity: Option<u32>,
    on_demand_percentage_above_base_capacity: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Process {
    process_name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Metric {
    metric: Option<String>,
}

impl Specification {
    fn kept(self) -> LaunchTemplateSpecification {
        LaunchTemplateSpecification {
            launch_template_id: self.launch_template_id,
            launch_template_name: self.launch_template_name,
            version: self.version,
            image_id: None,
        }
    }
}

/// Splits a mixed instances policy into what it launches from and what decides its price.
fn mixed(policy: Mixed) -> (Vec<LaunchTemplateSpecification>, MixedInstances) {
    let template = policy.launch_template.unwrap_or_default();
    let mut templates: Vec<LaunchTemplateSpecification> =
        template.launch_template_specification.into_iter().map(Specification::kept).collect();
    let mut instances = MixedInstances {
        instance_types: Vec::new(),
        on_demand_base_capacity: None,
        on_demand_percentage_above_base_capacity: None,
        is_weighted: false,
    };
    if let Some(distribution) = policy.instances_distribution {
        instances.on_demand_base_capacity = distribution.on_demand_base_capacity;
        instances.on_demand_percentage_above_base_capacity =
            distribution.on_demand_percentage_above_base_capacity;
    }
    for one in template.overrides.unwrap_or_default() {
        instances.is_weighted |= one.weighted_capacity.is_some();
        instances.instance_types.extend(one.instance_type.map(Into::into));
        templates.extend(one.launch_template_specification.map(Specification::kept));
        templates.extend(one.image_id.map(|image| LaunchTemplateSpecification {
            launch_template_id: None,
            launch_template_name: None,
            version: None,
            image_id: Some(image),
        }));
    }
    (templates, instances)
}

impl From<Entry> for Found<AutoScalingGroup> {
    fn from(entry: Entry) -> Self {
        let (mut launch_templates, mixed_instances) =
            entry.mixed_instances_policy.map(mixed).unzip();
        if let Some(one) = entry.launch_template {
            launch_templates.get_or_insert_default().push(one.kept());
        }
        // A group that uses a launch configuration has no template; else a listing without
        // either leaves out what it launches from.
        if entry.launch_configuration_name.is_some() {
            launch_templates.get_or_insert_default();
        }
        let zone = entry.availability_zones.as_ref().and_then(|zones| zones.first());
        Self {
            place: Place::of_arn(entry.auto_scaling_group_arn.as_deref())
                .or(Place::of_zone(zone.map(String::as_str))),
            id: entry.auto_scaling_group_name.into(),
            tags: tag::by_key(entry.tags),
            kind: AutoScalingGroup {
                min_size: entry.min_size,
                max_size: entry.max_size,
                desired_capacity: entry.desired_capacity,
                instance_ids: entry
                    .instances
                    .unwrap_or_default()
                    .into_iter()
                    .map(|member| member.instance_id.into())
                    .collect(),
                created_time: entry.created_time.map(|moment| moment.0),
                availability_zones: entry.availability_zones,
                launch_configuration_name: entry.launch_configuration_name,
                launch_templates,
                mixed_instances,
                suspended_processes: entry
                    .suspended_processes
                    .map(|list| list.into_iter().filter_map(|one| one.process_name).collect()),
                enabled_metrics: entry
                    .enabled_metrics
                    .map(|list| list.into_iter().filter_map(|one| one.metric).collect()),
                warm_pool_size: entry.warm_pool_size,
                scaling_policies: None,
                scheduled_actions: None,
                recent_activities: None,
            },
        }
    }
}
