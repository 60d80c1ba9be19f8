//! `ec2 describe-instances`.

use std::collections::BTreeSet;

use serde::Deserialize;
use trimtab_model::resource::instance::{
    CpuOptions, Instance, InstanceState, moment_of_transition,
};

use super::moment::Moment;
use super::place::Place;
use super::tables::Found;
use super::tag::{self, Tag};

/// The tag that EC2 Auto Scaling puts on what it starts.
const GROUP_TAG: &str = "aws:autoscaling:groupName";

/// One entry of `Reservations`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Reservation {
    owner_id: Option<String>,
    instances: Option<Vec<Entry>>,
}

/// One entry of `Instances`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    instance_id: String,
    instance_type: String,
    state: State,
    state_transition_reason: Option<String>,
    launch_time: Option<Moment>,
    architecture: Option<String>,
    platform_details: Option<String>,
    virtualization_type: Option<String>,
    ena_support: Option<bool>,
    root_device_type: Option<String>,
    ebs_optimized: Option<bool>,
    instance_lifecycle: Option<String>,
    placement: Option<Placement>,
    block_device_mappings: Option<Vec<Mapping>>,
    public_ip_address: Option<String>,
    private_ip_address: Option<String>,
    private_dns_name: Option<String>,
    network_interfaces: Option<Vec<Interface>>,
    image_id: Option<String>,
    monitoring: Option<Monitoring>,
    cpu_options: Option<CpuOption>,
    product_codes: Option<Vec<serde::de::IgnoredAny>>,
    operator: Option<Operator>,
    tags: Option<Vec<Tag>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Interface {
    private_ip_address: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Monitoring {
    state: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CpuOption {
    core_count: Option<u32>,
    threads_per_core: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Operator {
    managed: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct State {
    name: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Placement {
    availability_zone: Option<String>,
    tenancy: Option<String>,
    host_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Mapping {
    ebs: Option<Ebs>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Ebs {
    volume_id: Option<String>,
}

impl Reservation {
    /// Returns its instances.
    pub(super) fn found(self) -> impl Iterator<Item = Found<Instance>> {
        let owner = self.owner_id;
        self.instances
            .unwrap_or_default()
            .into_iter()
            .map(move |entry| found(entry, owner.as_deref()))
    }
}

fn found(entry: Entry, owner: Option<&str>) -> Found<Instance> {
    let private_addresses = private_addresses(&entry);
    let placement = entry.placement.unwrap_or_default();
    let tags = tag::by_key(entry.tags);
    let state = state(entry.state.name);
    let stopped_at = match state {
        InstanceState::Stopped | InstanceState::Stopping => {
            entry.state_transition_reason.as_deref().and_then(moment_of_transition)
        }
        InstanceState::Pending
        | InstanceState::Running
        | InstanceState::ShuttingDown
        | InstanceState::Terminated
        | InstanceState::Other(_) => None,
    };
    Found {
        id: entry.instance_id.into(),
        place: Place::of_zone(placement.availability_zone.as_deref()).owned_by(owner),
        kind: Instance {
            instance_type: entry.instance_type.into(),
            state,
            stopped_at,
            launch_time: entry.launch_time.map(|moment| moment.0),
            architecture: entry.architecture,
            platform_details: entry.platform_details,
            virtualization_type: entry.virtualization_type,
            ena_support: entry.ena_support,
            root_device_type: entry.root_device_type,
            ebs_optimized: entry.ebs_optimized,
            instance_lifecycle: entry.instance_lifecycle,
            availability_zone: placement.availability_zone,
            tenancy: placement.tenancy,
            volume_ids: entry
                .block_device_mappings
                .unwrap_or_default()
                .into_iter()
                .filter_map(|mapping| Some(mapping.ebs?.volume_id?.into()))
                .collect(),
            has_public_ip: Some(entry.public_ip_address.is_some_and(|ip| !ip.is_empty())),
            auto_scaling_group_name: tags.get(GROUP_TAG).cloned(),
            image_id: entry.image_id.map(Into::into),
            monitoring: entry.monitoring.and_then(|one| one.state),
            cpu_credits: None,
            cpu_options: entry.cpu_options.and_then(|options| {
                Some(CpuOptions {
                    core_count: options.core_count?,
                    threads_per_core: options.threads_per_core?,
                })
            }),
            // A listing with --query may leave the codes out, which says nothing of them.
            has_product_codes: entry.product_codes.map(|codes| !codes.is_empty()),
            is_managed_by_service: entry.operator.and_then(|operator| operator.managed),
            host_id: placement.host_id.filter(|id| !id.is_empty()).map(Into::into),
            private_addresses,
        },
        tags,
    }
}

/// Returns the addresses and names by which others in the network know an instance, once each.
fn private_addresses(entry: &Entry) -> Vec<String> {
    let interfaces = entry.network_interfaces.iter().flatten();
    let all: BTreeSet<&String> = interfaces
        .map(|one| &one.private_ip_address)
        .chain([&entry.private_ip_address, &entry.private_dns_name])
        .flatten()
        .filter(|address| !address.is_empty())
        .collect();
    all.into_iter().cloned().collect()
}

fn state(name: String) -> InstanceState {
    match name.as_str() {
        "pending" => InstanceState::Pending,
        "running" => InstanceState::Running,
        "shutting-down" => InstanceState::ShuttingDown,
        "terminated" => InstanceState::Terminated,
        "stopping" => InstanceState::Stopping,
        "stopped" => InstanceState::Stopped,
        _ => InstanceState::Other(name),
    }
}
