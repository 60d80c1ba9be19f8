//! What a type of instances is, and where it is offered.

use aws_sdk_ec2::types;
use tokio::sync::Mutex;

use trimtab_model::id::InstanceType;
use trimtab_model::observed::TypeTraits;

use super::Known;
use crate::error::AwsError;
use crate::number;
use crate::session::Session;

pub(crate) const DESCRIBE_TYPES: &str = "ec2:DescribeInstanceTypes";
pub(super) const DESCRIBE_OFFERINGS: &str = "ec2:DescribeInstanceTypeOfferings";
pub(super) const DESCRIBE_ZONES: &str = "ec2:DescribeAvailabilityZones";

/// A type, and the processor options that it has where nobody sets others.
#[derive(Debug, Clone, Default)]
pub(crate) struct KnownType {
    pub(crate) traits: TypeTraits,
    pub(super) cores: Option<u32>,
    pub(super) is_burstable: Option<bool>,
}

/// Reads what a type is; one that the region does not know has no traits.
pub(crate) async fn of(
    session: &Session,
    known: &Mutex<Known>,
    name: &InstanceType,
) -> Result<KnownType, AwsError> {
    if let Some(found) = known.lock().await.types.get(name.as_str()) {
        return Ok(found.clone());
    }
    let wanted = types::InstanceType::from(name.as_str());
    let request = session.ec2().describe_instance_types().instance_types(wanted);
    let answer = request.send().await.map_err(|error| AwsError::of(DESCRIBE_TYPES, &error))?;
    let mut all = answer.instance_types.unwrap_or_default().into_iter();
    let Some(found) = all.find(|one| is(one, name)) else { return Ok(KnownType::default()) };
    let vcpu = found.v_cpu_info();
    let found = KnownType {
        traits: traits(&found),
        cores: number::positive(vcpu.and_then(|one| one.default_cores())),
        is_burstable: found.burstable_performance_supported(),
    };
    known.lock().await.types.insert(name.as_str().to_owned(), found.clone());
    Ok(found)
}

fn is(found: &types::InstanceTypeInfo, name: &InstanceType) -> bool {
    found.instance_type().is_some_and(|one| one.as_str() == name.as_str())
}

fn traits(found: &types::InstanceTypeInfo) -> TypeTraits {
    let network = found.network_info();
    let ebs = found.ebs_info();
    let vcpu = found.v_cpu_info();
    let processor = found.processor_info();
    TypeTraits {
        architectures: processor
            .map(|one| words(one.supported_architectures(), |word| word.as_str())),
        virtualization_types: Some(words(found.supported_virtualization_types(), |word| {
            word.as_str()
        })),
        boot_modes: Some(words(found.supported_boot_modes(), |word| word.as_str())),
        has_tpm: found.nitro_tpm_support().map(|word| word.as_str() == "supported"),
        ena: network.and_then(|one| one.ena_support()).map(|word| word.as_str().to_owned()),
        nvme: ebs.and_then(|one| one.nvme_support()).map(|word| word.as_str().to_owned()),
        has_instance_store: found.instance_storage_supported(),
        instance_store_disks: Some(disks(found)),
        is_attachment_limit_shared: ebs
            .and_then(|one| one.attachment_limit_type())
            .map(|word| word.as_str() == "shared"),
        most_attachments: number::positive(ebs.and_then(|one| one.maximum_ebs_attachments())),
        most_interfaces: number::positive(network.and_then(|one| one.maximum_network_interfaces())),
        ipv4_per_interface: number::positive(
            network.and_then(|one| one.ipv4_addresses_per_interface()),
        ),
        ipv6_per_interface: number::count(
            network.and_then(|one| one.ipv6_addresses_per_interface()),
        ),
        network_cards: number::positive(network.and_then(|one| one.maximum_network_cards())),
        has_ena_express: network.and_then(|one| one.ena_srd_supported()),
        has_efa: network.and_then(|one| one.efa_supported()),
        bandwidth_weightings: network
            .map(|one| words(one.bandwidth_weightings(), |word| word.as_str())),
        placement_strategies: found
            .placement_group_info()
            .map(|one| words(one.supported_strategies(), |word| word.as_str())),
        has_enclaves: found.nitro_enclaves_support().map(|word| word.as_str() == "supported"),
        features: processor.map(|one| words(one.supported_features(), |word| word.as_str())),
        vcpu: number::positive(vcpu.and_then(|one| one.default_v_cpus())),
        memory_mib: number::count(found.memory_info().and_then(|one| one.size_in_mib())),
        threads_per_core: number::positive(vcpu.and_then(|one| one.default_threads_per_core())),
        manufacturer: processor.and_then(|one| one.manufacturer()).map(str::to_owned),
        // The API does not tell what credits sustain.
        sustained_vcpu: None,
        is_burstable: found.burstable_performance_supported(),
        ebs_baseline_iops: ebs
            .and_then(|one| one.ebs_optimized_info())
            .and_then(|one| one.baseline_iops())
            .map(f64::from),
        ebs_baseline_mb_s: ebs
            .and_then(|one| one.ebs_optimized_info())
            .and_then(|one| one.baseline_throughput_in_m_bps()),
        network_baseline_gbps: network.and_then(baseline),
    }
}

/// Returns what all network cards sustain together; absent where one of them does not say.
fn baseline(network: &types::NetworkInfo) -> Option<f64> {
    let cards = network.network_cards().iter();
    let all: Option<Vec<f64>> = cards.map(|one| one.baseline_bandwidth_in_gbps()).collect();
    all.filter(|all| !all.is_empty()).map(|all| all.iter().sum())
}

fn words<T>(all: &[T], word: impl Fn(&T) -> &str) -> Vec<String> {
    all.iter().map(|one| word(one).to_owned()).collect()
}

fn disks(found: &types::InstanceTypeInfo) -> u32 {
    let disks = found.instance_storage_info().map(|one| one.disks()).unwrap_or_default();
    disks.iter().filter_map(|one| number::count::<_, u32>(one.count())).sum()
}

/// Returns whether a zone offers a type. This says nothing about its capacity.
pub(super) async fn is_offered(
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

/// Returns what a zone is: of a region, or a local one.
pub(super) async fn zone_type(
    session: &Session,
    known: &Mutex<Known>,
    zone: &str,
) -> Result<Option<String>, AwsError> {
    if let Some(found) = known.lock().await.zones.get(zone) {
        return Ok(Some(found.clone()));
    }
    let answer = session.ec2().describe_availability_zones().zone_names(zone).send().await;
    let answer = answer.map_err(|error| AwsError::of(DESCRIBE_ZONES, &error))?;
    let mut all = answer.availability_zones.unwrap_or_default().into_iter();
    let found = all.find(|one| one.zone_name.as_deref() == Some(zone));
    let found = found.and_then(|one| one.zone_type);
    if let Some(found) = &found {
        known.lock().await.zones.insert(zone.to_owned(), found.clone());
    }
    Ok(found)
}
