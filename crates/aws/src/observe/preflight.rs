//! What decides whether an instance may become one of another type, as far as a look at it tells.
//! What was measured of it, quotas and keys are not read here and stay absent.

use aws_sdk_ec2::types;
use tokio::sync::Mutex;

use trimtab_model::id::InstanceType;
use trimtab_model::observed::{InstancePreflight, InterfaceFacts, PublicAddress, TypeTraits};
use trimtab_model::resource::Resource;
use trimtab_model::resource::instance::Instance;

use super::Known;
use super::surroundings::{Surroundings, noted};
use super::type_traits::{self, KnownType};
use crate::error::AwsError;
use crate::number;
use crate::page::pages;
use crate::session::Session;

pub(super) const DESCRIBE_PLACEMENT: &str = "ec2:DescribePlacementGroups";
pub(super) const DESCRIBE_HOSTS: &str = "ec2:DescribeHosts";
pub(super) const DESCRIBE_VOLUMES: &str = crate::inventory::volume::DESCRIBE;

/// Volumes whose listing one filter takes.
const VOLUMES_AT_ONCE: usize = 200;
/// Throughput is told in MiB/s.
const MB_OF_A_MIB: f64 = 1.048_576;

/// Gathers the facts about an instance. Its events and registrations are read with its state.
pub(super) async fn facts(
    session: &Session,
    known: &Mutex<Known>,
    found: &types::Instance,
    instance: &Resource<Instance>,
    wanted: Option<&InstanceType>,
    around: &Surroundings,
    unread: &mut Vec<AwsError>,
) -> InstancePreflight {
    let kind = &instance.kind;
    let from = type_traits::of(session, known, &kind.instance_type).await;
    let from = noted(from, unread).unwrap_or_default();
    let to = match wanted {
        Some(to) => noted(type_traits::of(session, known, to).await, unread).map(|one| one.traits),
        None => Some(TypeTraits::default()),
    };
    let zone = kind.availability_zone.as_deref();
    let is_offered = match (wanted, zone) {
        (Some(to), Some(zone)) => {
            noted(type_traits::is_offered(session, known, to, zone).await, unread)
        }
        _ => None,
    };
    let zone_type = match zone {
        Some(zone) => noted(type_traits::zone_type(session, known, zone).await, unread).flatten(),
        None => None,
    };
    let host_takes_type = noted(host_takes_type(session, found, wanted).await, unread).flatten();
    let placement_strategy = noted(strategy(session, found).await, unread).flatten();
    let disks = noted(Disks::of(session, instance).await, unread);
    InstancePreflight {
        root_device_type: kind.root_device_type.clone(),
        lifecycle: Some(kind.instance_lifecycle.clone().unwrap_or_else(|| "on-demand".to_owned())),
        is_managed: Some(kind.is_managed_by_service == Some(true)),
        architecture: kind.architecture.clone(),
        virtualization_type: kind.virtualization_type.clone(),
        boot_mode: found.current_instance_boot_mode().map(|word| word.as_str().to_owned()),
        uses_tpm: Some(found.tpm_support().is_some_and(|version| !version.is_empty())),
        ena_support: Some(kind.ena_support == Some(true)),
        platform: kind.platform_details.clone(),
        is_hibernation_configured: Some(
            found.hibernation_options().and_then(|one| one.configured()) == Some(true),
        ),
        volumes: Some(number::length(kind.volume_ids.len())),
        interfaces: Some(found.network_interfaces().iter().map(interface).collect()),
        bandwidth_weighting: Some(bandwidth_weighting(found)),
        placement_strategy,
        tenancy: kind.tenancy.clone(),
        host_takes_type,
        is_reservation_targeted: Some(is_reservation_targeted(found)),
        is_in_reservation: Some(found.capacity_reservation_id().is_some_and(|id| !id.is_empty())),
        has_cpu_options: has_cpu_options(found, &from),
        features: Some(features(found)),
        uses_enclaves: Some(found.enclave_options().and_then(|one| one.enabled()) == Some(true)),
        is_stop_protected: around.is_stop_protected,
        shutdown_behavior: around.shutdown_behavior.clone(),
        groups: around.groups.clone(),
        tags: Some(instance.tags.clone()),
        is_container_instance: around.is_container_instance,
        is_offered,
        // Without an encrypted volume there is no key; the state of others is not read here.
        keys: disks.as_ref().filter(|disks| !disks.are_encrypted).map(|_| Vec::new()),
        public_address: Some(public_address(found)),
        acting_alarms: around.alarms.clone(),
        provisioned_iops: disks.as_ref().and_then(|disks| disks.iops),
        provisioned_mb_s: disks.as_ref().and_then(|disks| disks.mb_s),
        cpu_credits: match from.is_burstable {
            Some(false) => Some("none".to_owned()),
            _ => kind.cpu_credits.clone(),
        },
        usage_operation: found.usage_operation().map(str::to_owned),
        has_product_codes: Some(kind.has_product_codes == Some(true)),
        has_licences: Some(!found.licenses().is_empty()),
        is_on_outpost: Some(found.outpost_arn().is_some_and(|arn| !arn.is_empty())),
        zone_type,
        from: from.traits,
        to: to.unwrap_or_default(),
        ..InstancePreflight::default()
    }
}

fn interface(one: &types::InstanceNetworkInterface) -> InterfaceFacts {
    let attachment = one.attachment();
    let express = attachment.and_then(|one| one.ena_srd_specification());
    InterfaceFacts {
        ipv4: number::length(one.private_ip_addresses().len() + one.ipv4_prefixes().len()),
        ipv6: number::length(one.ipv6_addresses().len() + one.ipv6_prefixes().len()),
        uses_ena_express: express.and_then(|one| one.ena_srd_enabled()) == Some(true),
        is_efa: one.interface_type().is_some_and(|word| word.starts_with("efa")),
        card: number::count(attachment.and_then(|one| one.network_card_index())).unwrap_or(0),
    }
}

fn bandwidth_weighting(found: &types::Instance) -> String {
    let weighting = found.network_performance_options().and_then(|one| one.bandwidth_weighting());
    weighting.map_or("default", |word| word.as_str()).to_owned()
}

fn is_reservation_targeted(found: &types::Instance) -> bool {
    let specification = found.capacity_reservation_specification();
    specification.is_some_and(|one| one.capacity_reservation_target().is_some())
}

/// Returns whether somebody set other processor options than the type has by itself.
fn has_cpu_options(found: &types::Instance, of: &KnownType) -> Option<bool> {
    let Some(options) = found.cpu_options() else { return Some(false) };
    let cores = number::positive(options.core_count()).zip(of.cores);
    let threads = number::positive(options.threads_per_core()).zip(of.traits.threads_per_core);
    let ((cores, usual_cores), (threads, usual_threads)) = (cores?, threads?);
    Some(cores != usual_cores || threads != usual_threads)
}

fn features(found: &types::Instance) -> Vec<String> {
    let options = found.cpu_options();
    let is_on = |word: Option<&str>| word == Some("enabled");
    let sealed = options.and_then(|one| one.amd_sev_snp()).map(|word| word.as_str());
    let nested = options.and_then(|one| one.nested_virtualization()).map(|word| word.as_str());
    [("amd-sev-snp", is_on(sealed)), ("nested-virtualization", is_on(nested))]
        .into_iter()
        .filter(|(_, is_on)| *is_on)
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// Returns what a stop does to the public address: an Elastic IP address has an account as its
/// owner, and the others Amazon.
fn public_address(found: &types::Instance) -> PublicAddress {
    let mut owners = found
        .network_interfaces()
        .iter()
        .filter_map(|one| one.association())
        .map(|one| one.ip_owner_id());
    let is_changing = owners.clone().any(|owner| owner == Some("amazon"));
    if is_changing {
        PublicAddress::Changing
    } else if owners.next().is_some() {
        PublicAddress::Elastic
    } else {
        PublicAddress::None
    }
}

/// Returns whether the Dedicated Host of an instance takes another type and has room for it.
async fn host_takes_type(
    session: &Session,
    found: &types::Instance,
    wanted: Option<&InstanceType>,
) -> Result<Option<bool>, AwsError> {
    let host = found.placement().and_then(|one| one.host_id()).filter(|id| !id.is_empty());
    let (Some(host), Some(wanted)) = (host, wanted) else { return Ok(None) };
    let answer = session.ec2().describe_hosts().host_ids(host).send().await;
    let answer = answer.map_err(|error| AwsError::of(DESCRIBE_HOSTS, &error))?;
    let mut hosts = answer.hosts.unwrap_or_default().into_iter();
    let capacity = hosts.find(|one| one.host_id.as_deref() == Some(host));
    let capacity = capacity.and_then(|one| one.available_capacity);
    Ok(capacity.map(|capacity| {
        capacity.available_instance_capacity().iter().any(|one| {
            one.instance_type() == Some(wanted.as_str())
                && one.available_capacity().is_some_and(|free| free > 0)
        })
    }))
}

async fn strategy(session: &Session, found: &types::Instance) -> Result<Option<String>, AwsError> {
    let name = found.placement().and_then(|one| one.group_name()).unwrap_or_default();
    if name.is_empty() {
        return Ok(Some("none".to_owned()));
    }
    let answer = session.ec2().describe_placement_groups().group_names(name).send().await;
    let answer = answer.map_err(|error| AwsError::of(DESCRIBE_PLACEMENT, &error))?;
    let mut all = answer.placement_groups.unwrap_or_default().into_iter();
    let group = all.find(|one| one.group_name.as_deref() == Some(name));
    Ok(group.and_then(|one| one.strategy).map(|word| word.as_str().to_owned()))
}

/// The volumes of an instance together.
struct Disks {
    are_encrypted: bool,
    /// Absent where a volume's is not told.
    iops: Option<f64>,
    mb_s: Option<f64>,
}

impl Disks {
    async fn of(session: &Session, instance: &Resource<Instance>) -> Result<Self, AwsError> {
        let ids: Vec<String> =
            instance.kind.volume_ids.iter().map(|id| id.as_str().to_owned()).collect();
        let mut volumes = Vec::new();
        for ids in ids.chunks(VOLUMES_AT_ONCE) {
            let request = session.ec2().describe_volumes().set_volume_ids(Some(ids.to_vec()));
            pages(DESCRIBE_VOLUMES, request.into_paginator().send(), |page| {
                volumes.extend(page.volumes.unwrap_or_default());
            })
            .await?;
        }
        let sum = |of: fn(&types::Volume) -> Option<i32>| {
            let all: Option<Vec<f64>> = volumes.iter().map(|one| of(one).map(f64::from)).collect();
            all.map(|all| all.iter().sum())
        };
        Ok(Self {
            are_encrypted: volumes.iter().any(|one| one.encrypted() != Some(false)),
            iops: sum(types::Volume::iops),
            mb_s: sum(types::Volume::throughput).map(|mib| mib * MB_OF_A_MIB),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_owner_stays() {
        let of = |owner: &str| {
            let association =
                types::InstanceNetworkInterfaceAssociation::builder().ip_owner_id(owner).build();
            let interface =
                types::InstanceNetworkInterface::builder().association(association).build();
            types::Instance::builder().network_interfaces(interface).build()
        };
        assert_eq!(public_address(&of("amazon")), PublicAddress::Changing);
        assert_eq!(public_address(&of("111122223333")), PublicAddress::Elastic);
        assert_eq!(public_address(&types::Instance::builder().build()), PublicAddress::None);
    }

    #[test]
    fn processor_options_are_others_only_where_they_differ() {
        let usual = KnownType {
            traits: TypeTraits { threads_per_core: Some(2), ..TypeTraits::default() },
            cores: Some(2),
            is_burstable: None,
        };
        let of = |cores, threads| {
            let options =
                types::CpuOptions::builder().core_count(cores).threads_per_core(threads).build();
            types::Instance::builder().cpu_options(options).build()
        };
        assert_eq!(has_cpu_options(&of(2, 2), &usual), Some(false));
        assert_eq!(has_cpu_options(&of(2, 1), &usual), Some(true));
        assert_eq!(has_cpu_options(&of(2, 2), &KnownType::default()), None);
    }
}
