//! `ec2:DescribeInstances`.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::types;
use futures::FutureExt;

use trimtab_model::resource::instance::{
    CpuOptions, Instance, InstanceState, moment_of_transition,
};
use trimtab_model::resource::{Resource, ResourceKind};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number, tags};

pub(crate) const DESCRIBE: &str = "ec2:DescribeInstances";
pub(crate) const DESCRIBE_CREDITS: &str = "ec2:DescribeInstanceCreditSpecifications";
/// Instances that one call for credit specifications takes.
const CREDITS_AT_ONCE: usize = 1000;
/// The tag that EC2 Auto Scaling puts on what it starts.
pub(crate) const GROUP_TAG: &str = "aws:autoscaling:groupName";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::Instance,
    reach: Reach::Region,
    actions: &[DESCRIBE, DESCRIBE_CREDITS],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let stream = session.ec2().describe_instances().max_results(1000).into_paginator().send();
    let listed = pages(DESCRIBE, stream, |page| {
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
    .await;
    let credits = credits(session, &part.snapshot.instances).await;
    let mut credits = part.detail(credits).unwrap_or_default();
    for instance in &mut part.snapshot.instances {
        instance.kind.cpu_credits = credits.remove(instance.id.as_str());
    }
    listed
}

/// Reads the credit mode of the instances whose type lives on credits.
pub(crate) async fn credits(
    session: &Session,
    instances: &[Resource<Instance>],
) -> Result<BTreeMap<String, String>, AwsError> {
    // Asked for another type, or for one that is going away, AWS refuses the whole call.
    let ids: Vec<String> = instances
        .iter()
        .filter(|instance| {
            instance.kind.instance_type.as_str().starts_with('t')
                && !instance.kind.instance_type.as_str().starts_with("t1.")
                && !instance.kind.instance_type.as_str().starts_with("trn")
                && matches!(instance.kind.state, InstanceState::Running | InstanceState::Stopped)
        })
        .map(|instance| instance.id.as_str().to_owned())
        .collect();
    let mut all = BTreeMap::new();
    for ids in ids.chunks(CREDITS_AT_ONCE) {
        let listing = session
            .ec2()
            .describe_instance_credit_specifications()
            .set_instance_ids(Some(ids.to_vec()));
        pages(DESCRIBE_CREDITS, listing.into_paginator().send(), |page| {
            for one in page.instance_credit_specifications.unwrap_or_default() {
                if let (Some(id), Some(mode)) = (one.instance_id, one.cpu_credits) {
                    all.insert(id, mode);
                }
            }
        })
        .await?;
    }
    Ok(all)
}

/// Returns what the answer says of an instance; nothing where it lacks what each has.
pub(crate) fn kind(instance: types::Instance, group: Option<String>) -> Option<Instance> {
    let private_addresses = private_addresses(&instance);
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
    let host_id =
        placement.as_ref().and_then(|one| one.host_id.clone()).filter(|id| !id.is_empty());
    let host_id = host_id.map(Into::into);
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
        image_id: instance.image_id.map(Into::into),
        monitoring: instance
            .monitoring
            .and_then(|one| one.state)
            .map(|word| word.as_str().to_owned()),
        cpu_credits: None,
        cpu_options: instance.cpu_options.and_then(|options| {
            Some(CpuOptions {
                core_count: number::positive(options.core_count)?,
                threads_per_core: number::positive(options.threads_per_core)?,
            })
        }),
        has_product_codes: Some(instance.product_codes.is_some_and(|codes| !codes.is_empty())),
        is_managed_by_service: instance.operator.and_then(|operator| operator.managed),
        host_id,
        private_addresses,
    })
}

/// Returns the addresses and names by which others in the network know an instance, once each.
fn private_addresses(instance: &types::Instance) -> Vec<String> {
    let of_interfaces =
        instance.network_interfaces().iter().filter_map(|one| one.private_ip_address());
    let all: BTreeSet<&str> = instance
        .private_ip_address()
        .into_iter()
        .chain(of_interfaces)
        .chain(instance.private_dns_name())
        .filter(|address| !address.is_empty())
        .collect();
    all.into_iter().map(str::to_owned).collect()
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
