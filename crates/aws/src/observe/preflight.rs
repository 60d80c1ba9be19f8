//! What decides whether an instance may be stopped, gathered.

use std::collections::BTreeSet;

use aws_sdk_cloudwatch::types::AlarmType;
use aws_sdk_ec2::types;
use tokio::sync::Mutex;

use trimtab_model::id::InstanceType;
use trimtab_model::observed::{InstancePreflight, TypeFacts};
use trimtab_model::resource::Resource;
use trimtab_model::resource::instance::Instance;

use super::Known;
use crate::error::AwsError;
use crate::number;
use crate::page::pages;
use crate::session::Session;

pub(super) const DESCRIBE_TYPES: &str = "ec2:DescribeInstanceTypes";
pub(super) const DESCRIBE_OFFERINGS: &str = "ec2:DescribeInstanceTypeOfferings";
pub(super) const DESCRIBE_ATTRIBUTE: &str = "ec2:DescribeInstanceAttribute";
pub(super) const DESCRIBE_MEMBERS: &str = "autoscaling:DescribeAutoScalingInstances";
pub(super) const DESCRIBE_ALARMS: &str = crate::inventory::alarm::DESCRIBE;

/// The tags that those leave who manage an instance, by their start.
const MANAGERS: &[(&str, &str)] = &[
    ("aws:cloudformation:stack-id", "CloudFormation"),
    ("elasticbeanstalk:environment-name", "Elastic Beanstalk"),
    ("eks:", "Amazon EKS"),
    ("kubernetes.io/cluster/", "Kubernetes"),
    ("karpenter.sh/nodepool", "Karpenter"),
    ("aws:elasticmapreduce:", "Amazon EMR"),
    ("aws:ec2:fleet-id", "EC2 Fleet"),
    ("aws:ec2spot:fleet-request-id", "Spot Fleet"),
];

/// What lies around an instance and seldom changes.
#[derive(Debug, Clone, Default)]
pub(super) struct Surroundings {
    is_stop_protected: Option<bool>,
    shutdown_behavior: Option<String>,
    auto_scaling_group: Option<String>,
    alarms: BTreeSet<String>,
    unread: Vec<(String, String)>,
}

impl Surroundings {
    /// Reads it, or returns what was read within the last minute. What cannot be read is noted,
    /// and does not keep the rest from being seen: the way back needs less than the way there.
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
        found.auto_scaling_group = found.read(member_of(session, instance).await).flatten();
        found.alarms = found.read(alarms(session, instance).await).unwrap_or_default();
        known.lock().await.set_surroundings(instance, found.clone());
        found
    }

    fn read<T>(&mut self, answer: Result<T, AwsError>) -> Option<T> {
        noted(answer, &mut self.unread)
    }
}

/// Returns what was read, or notes what could not be.
fn noted<T>(answer: Result<T, AwsError>, unread: &mut Vec<(String, String)>) -> Option<T> {
    let noted = answer.map_err(|error| unread.push((error.action().to_owned(), error.to_string())));
    noted.ok()
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

async fn member_of(session: &Session, instance: &str) -> Result<Option<String>, AwsError> {
    let request = session.autoscaling().describe_auto_scaling_instances().instance_ids(instance);
    let answer = request.send().await.map_err(|error| AwsError::of(DESCRIBE_MEMBERS, &error))?;
    let mut all = answer.auto_scaling_instances.unwrap_or_default().into_iter();
    Ok(all.find_map(|one| {
        let group = one.auto_scaling_group_name;
        group.filter(|_| one.instance_id.as_deref() == Some(instance))
    }))
}

/// Returns the alarms that stop, terminate, recover or reboot an instance.
async fn alarms(session: &Session, instance: &str) -> Result<BTreeSet<String>, AwsError> {
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
            let is_of = alarm
                .dimensions()
                .iter()
                .any(|one| one.name() == Some("InstanceId") && one.value() == Some(instance));
            let is_armed = is_of && alarm.actions_enabled != Some(false);
            found.extend(alarm.alarm_name.filter(|_| is_armed));
        }
    })
    .await?;
    Ok(found)
}

/// Gathers the facts about an instance. Events and target groups are read with its state.
pub(super) async fn facts(
    session: &Session,
    known: &Mutex<Known>,
    found: &types::Instance,
    instance: &Resource<Instance>,
    wanted: Option<InstanceType>,
    around: Surroundings,
) -> InstancePreflight {
    let kind = &instance.kind;
    let mut unread = around.unread;
    let current = noted(type_facts(session, known, &kind.instance_type).await, &mut unread);
    let target = match &wanted {
        Some(to) => noted(type_facts(session, known, to).await, &mut unread).flatten(),
        None => None,
    };
    let is_offered = match (&wanted, &kind.availability_zone) {
        (Some(to), Some(zone)) => noted(offered(session, known, to, zone).await, &mut unread),
        _ => None,
    };
    let placement = found.placement();
    let reservation = found.capacity_reservation_specification();
    let reservation = reservation.and_then(|one| one.capacity_reservation_target());
    let options = found.network_performance_options();
    InstancePreflight {
        state: kind.state.clone(),
        root_device_type: kind.root_device_type.clone(),
        lifecycle: kind.instance_lifecycle.clone(),
        is_managed_by_service: kind.is_managed_by_service,
        architecture: kind.architecture.clone(),
        virtualization_type: kind.virtualization_type.clone(),
        boot_mode: found.current_instance_boot_mode().map(|word| word.as_str().to_owned()),
        tpm: found.tpm_support().map(str::to_owned),
        ena_support: kind.ena_support,
        is_hibernation_configured: found.hibernation_options().and_then(|one| one.configured()),
        is_enclave_enabled: found.enclave_options().and_then(|one| one.enabled()),
        volumes: number::length(kind.volume_ids.len()),
        interfaces: number::length(found.network_interfaces().len()),
        addresses_of_interface: number::length(most_addresses(found)),
        bandwidth_weighting: options
            .and_then(|one| one.bandwidth_weighting())
            .map(|word| word.as_str().to_owned()),
        tenancy: kind.tenancy.clone(),
        placement_group: placement.and_then(|one| one.group_name()).and_then(filled),
        targeted_reservation: reservation
            .and_then(|one| one.capacity_reservation_id())
            .map(Into::into),
        fleeting_ip: fleeting_ip(found),
        has_product_codes: kind.has_product_codes == Some(true),
        has_licenses: !found.licenses().is_empty(),
        usage_operation: found.usage_operation().map(str::to_owned),
        outpost: found.outpost_arn().and_then(filled),
        managers: managers(instance.tags.keys().map(String::as_str)),
        current: current.flatten(),
        target,
        is_offered,
        is_stop_protected: around.is_stop_protected,
        shutdown_behavior: around.shutdown_behavior,
        auto_scaling_group: around
            .auto_scaling_group
            .or_else(|| kind.auto_scaling_group_name.clone()),
        events: Vec::new(),
        alarms: around.alarms,
        address_target_groups: BTreeSet::new(),
        wanted,
        unread,
    }
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn most_addresses(found: &types::Instance) -> usize {
    let interfaces = found.network_interfaces().iter();
    interfaces.map(|one| one.private_ip_addresses().len()).max().unwrap_or(0)
}

/// Returns the public address that a stop would lose: that of an Elastic IP address belongs to
/// an account, and another to Amazon.
fn fleeting_ip(found: &types::Instance) -> Option<String> {
    let mut associations = found.network_interfaces().iter().filter_map(|one| one.association());
    let lost = associations.find(|one| one.ip_owner_id() == Some("amazon"))?;
    lost.public_ip().map(str::to_owned)
}

fn managers<'a>(tags: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    tags.flat_map(|tag| {
        let of_tag = MANAGERS.iter().filter(move |(start, _)| tag.starts_with(start));
        of_tag.map(|(_, name)| (*name).to_owned())
    })
    .collect()
}

/// Reads what a type is; nothing where the region does not know it.
async fn type_facts(
    session: &Session,
    known: &Mutex<Known>,
    name: &InstanceType,
) -> Result<Option<TypeFacts>, AwsError> {
    if let Some(facts) = known.lock().await.types.get(name.as_str()) {
        return Ok(Some(facts.clone()));
    }
    let of = types::InstanceType::from(name.as_str());
    let request = session.ec2().describe_instance_types().instance_types(of);
    let answer = request.send().await.map_err(|error| AwsError::of(DESCRIBE_TYPES, &error))?;
    let found = answer.instance_types.unwrap_or_default().into_iter().next();
    let facts = found.map(|found| of_type(name, &found));
    if let Some(facts) = &facts {
        known.lock().await.types.insert(name.as_str().to_owned(), facts.clone());
    }
    Ok(facts)
}

fn of_type(name: &InstanceType, found: &types::InstanceTypeInfo) -> TypeFacts {
    let network = found.network_info();
    let ebs = found.ebs_info();
    let optimized = ebs.and_then(|one| one.ebs_optimized_info());
    let vcpus = found.v_cpu_info();
    let placement = found.placement_group_info();
    TypeFacts {
        instance_type: name.clone(),
        architectures: found
            .processor_info()
            .map(|one| one.supported_architectures().iter().map(|word| word.as_str().into()))
            .into_iter()
            .flatten()
            .collect(),
        virtualization_types: found
            .supported_virtualization_types()
            .iter()
            .map(|word| word.as_str().into())
            .collect(),
        boot_modes: found.supported_boot_modes().iter().map(|word| word.as_str().into()).collect(),
        hypervisor: found.hypervisor().map(|word| word.as_str().to_owned()),
        ena: network.and_then(|one| one.ena_support()).map(|word| word.as_str().to_owned()),
        nvme: ebs.and_then(|one| one.nvme_support()).map(|word| word.as_str().to_owned()),
        has_instance_store: found.instance_storage_supported(),
        nitro_tpm: found.nitro_tpm_support().map(|word| word.as_str().to_owned()),
        nitro_enclaves: found.nitro_enclaves_support().map(|word| word.as_str().to_owned()),
        placement_strategies: placement
            .map(|one| one.supported_strategies().iter().map(|word| word.as_str().into()))
            .into_iter()
            .flatten()
            .collect(),
        vcpus: number::positive(vcpus.and_then(|one| one.default_v_cpus())),
        threads_per_core: number::positive(vcpus.and_then(|one| one.default_threads_per_core())),
        memory_mib: number::count(found.memory_info().and_then(|one| one.size_in_mib())),
        most_interfaces: number::positive(network.and_then(|one| one.maximum_network_interfaces())),
        most_addresses: number::positive(
            network.and_then(|one| one.ipv4_addresses_per_interface()),
        ),
        most_attachments: number::positive(ebs.and_then(|one| one.maximum_ebs_attachments())),
        attachment_limit: ebs
            .and_then(|one| one.attachment_limit_type())
            .map(|word| word.as_str().to_owned()),
        baseline_iops: number::positive(optimized.and_then(|one| one.baseline_iops())),
        baseline_mbps: number::positive(optimized.and_then(|one| one.baseline_bandwidth_in_mbps())),
    }
}

/// Returns whether a zone offers a type. This says nothing about its capacity.
async fn offered(
    session: &Session,
    known: &Mutex<Known>,
    of: &InstanceType,
    zone: &str,
) -> Result<bool, AwsError> {
    let key = (zone.to_owned(), of.as_str().to_owned());
    if let Some(is_offered) = known.lock().await.offered.get(&key) {
        return Ok(*is_offered);
    }
    let filter =
        |name: &str, value: &str| types::Filter::builder().name(name).values(value).build();
    let answer = session
        .ec2()
        .describe_instance_type_offerings()
        .location_type(types::LocationType::AvailabilityZone)
        .filters(filter("instance-type", of.as_str()))
        .filters(filter("location", zone))
        .send()
        .await
        .map_err(|error| AwsError::of(DESCRIBE_OFFERINGS, &error))?;
    let is_offered = answer.instance_type_offerings().iter().any(|one| {
        let name = one.instance_type().map(|word| word.as_str());
        name == Some(of.as_str()) && one.location() == Some(zone)
    });
    known.lock().await.offered.insert(key, is_offered);
    Ok(is_offered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_manages_an_instance_is_read_from_its_tags() {
        let tags = ["Name", "kubernetes.io/cluster/arena", "aws:cloudformation:stack-id"];
        let found: Vec<String> = managers(tags.into_iter()).into_iter().collect();
        assert_eq!(found, ["CloudFormation", "Kubernetes"]);
        assert!(managers(["Name", "team"].into_iter()).is_empty());
    }

    #[test]
    fn an_address_of_the_owner_is_not_lost() {
        let of = |owner: &str| {
            let association = types::InstanceNetworkInterfaceAssociation::builder()
                .public_ip("203.0.113.7")
                .ip_owner_id(owner)
                .build();
            let interface =
                types::InstanceNetworkInterface::builder().association(association).build();
            types::Instance::builder().network_interfaces(interface).build()
        };
        assert_eq!(fleeting_ip(&of("amazon")).as_deref(), Some("203.0.113.7"));
        assert_eq!(fleeting_ip(&of("111122223333")), None);
    }
}
