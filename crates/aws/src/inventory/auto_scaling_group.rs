//! `autoscaling:DescribeAutoScalingGroups`.

use futures::FutureExt;

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::auto_scaling_group::AutoScalingGroup;

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{number, tags};

const DESCRIBE: &str = "autoscaling:DescribeAutoScalingGroups";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::AutoScalingGroup,
    reach: Reach::Region,
    actions: &[DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let listing = session.autoscaling().describe_auto_scaling_groups().max_records(100);
    pages(DESCRIBE, listing.into_paginator().send(), |page| {
        for group in page.auto_scaling_groups.unwrap_or_default() {
            let sizes = (
                number::count(group.min_size),
                number::count(group.max_size),
                number::count(group.desired_capacity),
            );
            let (Some(min_size), Some(max_size), Some(desired_capacity)) = sizes else { continue };
            let Some(name) = group.auto_scaling_group_name else { continue };
            let kind = AutoScalingGroup {
                min_size,
                max_size,
                desired_capacity,
                instance_ids: group
                    .instances
                    .unwrap_or_default()
                    .into_iter()
                    .filter_map(|instance| Some(instance.instance_id?.into()))
                    .collect(),
            };
            let pairs = group.tags.unwrap_or_default().into_iter();
            let tags = tags::of_pairs(pairs.map(|tag| (tag.key, tag.value)));
            part.snapshot.auto_scaling_groups.push(session.resource(name, tags, kind));
        }
    })
    .await
}
