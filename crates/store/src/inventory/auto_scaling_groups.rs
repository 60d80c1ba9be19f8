//! `describe-auto-scaling-groups`.

use serde::Deserialize;
use trimtab_model::resource::auto_scaling_group::AutoScalingGroup;

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
    tags: Option<Vec<Tag>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Member {
    instance_id: String,
}

impl From<Entry> for Found<AutoScalingGroup> {
    fn from(entry: Entry) -> Self {
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
            },
        }
    }
}
