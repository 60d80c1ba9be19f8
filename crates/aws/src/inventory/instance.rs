//! `ec2:DescribeInstances`.

use aws_sdk_ec2::types;
use futures::FutureExt;

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::instance::{Instance, InstanceState, moment_of_transition};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, tags};

const DESCRIBE: &str = "ec2:DescribeInstances";
/// The tag that EC2 Auto Scaling puts on what it starts.
const GROUP_TAG: &str = "aws:autoscaling:groupName";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::Instance,
    reach: Reach::Region,
    actions: &[DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let stream = session.ec2().describe_instances().max_results(1000).into_paginator().send();
    pages(DESCRIBE, stream, |page| {
        for instance in page
            .reservations
            .unwrap_or_default()
            .into_iter()
            .flat_map(|one| one.instances.unwrap_or_default())
        {
            let tags = tags::ec2(instance.tags.clone());
            let Some(id) = instance.instance_id.clone() else { continue };
            let Some(kind) = kind(instance, tags.get(GROUP_TAG).cloned()) else { continue };
            part.snapshot.instances.push(session.resource(id, tags, kind));
        }
    })
    .await
}

fn kind(instance: types::Instance, group: Option<String>) -> Option<Instance> {
    let state = state(instance.state?.name?);
    let stopped_at = match state {
        InstanceState::Stopped | InstanceState::Stopping => {
            instance.state_transition_reason.as_deref().and_then(moment_of_transition)
        }
        InstanceState::Pending
        | InstanceState::Running
        | InstanceState::ShuttingDown
        | InstanceState::Terminated
        | InstanceState::Other(_) => None,
    };
    let placement = instance.placement;
    Some(Instance {
        instance_type: instance.instance_type?.as_str().into(),
        state,
        stopped_at,
        launch_time: moment::optional(instance.launch_time.as_ref()),
        architecture: instance.architecture.map(|word| word.as_str().to_owned()),
        platform_details: instance.platform_details,
        virtualization_type: instance.virtualization_type.map(|word| word.as_str().to_owned()),
        ena_support: instance.ena_support,
        root_device_type: instance.root_device_type.map(|word| word.as_str().to_owned()),
        ebs_optimized: instance.ebs_optimized,
        instance_lifecycle: instance.instance_lifecycle.map(|word| word.as_str().to_owned()),
        availability_zone: placement.as_ref().and_then(|one| one.availability_zone.clone()),
        tenancy: placement.and_then(|one| one.tenancy).map(|word| word.as_str().to_owned()),
        volume_ids: instance
            .block_device_mappings
            .unwrap_or_default()
            .into_iter()
            .filter_map(|mapping| Some(mapping.ebs?.volume_id?.into()))
            .collect(),
        has_public_ip: Some(instance.public_ip_address.is_some_and(|ip| !ip.is_empty())),
        auto_scaling_group_name: group,
    })
}

fn state(name: types::InstanceStateName) -> InstanceState {
    use types::InstanceStateName as Name;
    match name {
        Name::Pending => InstanceState::Pending,
        Name::Running => InstanceState::Running,
        Name::ShuttingDown => InstanceState::ShuttingDown,
        Name::Terminated => InstanceState::Terminated,
        Name::Stopping => InstanceState::Stopping,
        Name::Stopped => InstanceState::Stopped,
        other => InstanceState::Other(other.as_str().to_owned()),
    }
}
