//! What must be known of a resource before it is changed, beyond what it is.
//!
//! Every field is absent where it could not be read. A rule that needs it then lets nothing
//! happen, and says what was not read.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::TargetObserved;
use crate::gate::AlarmState;
use crate::resource::Tags;

/// What an owner vouches for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attestation {
    /// Drivers for NVMe and ENA are there at boot, and disks are mounted by UUID or label.
    GuestIsReady,
    /// What lies on instance stores may be lost.
    InstanceStoreIsScratch,
    /// The public address may become another.
    PublicAddressMayChange,
    /// The licences of its software allow the new type.
    LicenceAllowsIt,
    /// The function's code and layers run on the new architecture.
    CodeRunsThere,
    /// The role that starts the instance may create grants on the keys of its volumes.
    KeysMayBeGranted,
    /// What no API of AWS tells this program was looked up elsewhere, and lets it happen.
    ReadElsewhere,
    /// Cores and threads may become those that the new type has by itself.
    ProcessorOptionsMayChange,
    /// What a function took over is not sent to the server any more.
    WorkHasMoved,
}

/// What `DescribeInstanceTypes` says of one type, as far as a change asks.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TypeTraits {
    /// `SupportedArchitectures`.
    pub architectures: Option<Vec<String>>,
    /// `SupportedVirtualizationTypes`.
    pub virtualization_types: Option<Vec<String>>,
    /// `SupportedBootModes`.
    pub boot_modes: Option<Vec<String>>,
    /// `NitroTpmSupport` is `supported`.
    pub has_tpm: Option<bool>,
    /// `EnaSupport`: `unsupported`, `supported` or `required`.
    pub ena: Option<String>,
    /// `EbsInfo.NvmeSupport`: `unsupported`, `supported` or `required`.
    pub nvme: Option<String>,
    /// `InstanceStorageSupported`.
    pub has_instance_store: Option<bool>,
    /// How many disks of `InstanceStorageInfo` there are.
    pub instance_store_disks: Option<u32>,
    /// `EbsInfo.AttachmentLimitType` is `shared`: interfaces and instance stores count too.
    pub is_attachment_limit_shared: Option<bool>,
    /// `EbsInfo.MaximumEbsAttachments`.
    pub most_attachments: Option<u32>,
    /// `NetworkInfo.MaximumNetworkInterfaces`.
    pub most_interfaces: Option<u32>,
    /// `NetworkInfo.Ipv4AddressesPerInterface`.
    pub ipv4_per_interface: Option<u32>,
    /// `NetworkInfo.Ipv6AddressesPerInterface`.
    pub ipv6_per_interface: Option<u32>,
    /// `NetworkInfo.MaximumNetworkCards`.
    pub network_cards: Option<u32>,
    /// `NetworkInfo.EnaSrdSupported`.
    pub has_ena_express: Option<bool>,
    /// `NetworkInfo.EfaSupported`.
    pub has_efa: Option<bool>,
    /// `NetworkInfo.BandwidthWeightings`.
    pub bandwidth_weightings: Option<Vec<String>>,
    /// `PlacementGroupInfo.SupportedStrategies`.
    pub placement_strategies: Option<Vec<String>>,
    /// `NitroEnclavesSupport` is `supported`.
    pub has_enclaves: Option<bool>,
    /// `ProcessorInfo.SupportedFeatures`.
    pub features: Option<Vec<String>>,
    /// `VCpuInfo.DefaultVCpus`.
    pub vcpu: Option<u32>,
    /// `MemoryInfo.SizeInMiB`.
    pub memory_mib: Option<u64>,
    /// `VCpuInfo.DefaultThreadsPerCore`.
    pub threads_per_core: Option<u32>,
    /// `ProcessorInfo.Manufacturer`.
    pub manufacturer: Option<String>,
    /// The load that its credits sustain, in vCPUs; of burstable types only.
    pub sustained_vcpu: Option<f64>,
    /// `BurstablePerformanceSupported`.
    pub is_burstable: Option<bool>,
    /// `EbsInfo.EbsOptimizedInfo.BaselineIops`.
    pub ebs_baseline_iops: Option<f64>,
    /// `EbsInfo.EbsOptimizedInfo.BaselineThroughputInMBps`.
    pub ebs_baseline_mb_s: Option<f64>,
    /// `NetworkInfo.NetworkCards[].BaselineBandwidthInGbps`, of all cards together.
    pub network_baseline_gbps: Option<f64>,
}

/// One network interface of an instance.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct InterfaceFacts {
    /// Its IPv4 addresses, prefixes included.
    pub ipv4: u32,
    /// Its IPv6 addresses, prefixes included.
    pub ipv6: u32,
    /// Whether ENA Express is on.
    pub uses_ena_express: bool,
    /// Whether it is an EFA.
    pub is_efa: bool,
    /// `Attachment.NetworkCardIndex`.
    pub card: u32,
}

/// What becomes of the public address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PublicAddress {
    /// There is none.
    None,
    /// It is an Elastic IP address, and stays.
    Elastic,
    /// It becomes another with every stop.
    Changing,
}

/// The key of an encrypted volume.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyFacts {
    /// The key.
    pub id: String,
    /// `KeyState`.
    pub state: String,
    /// Whether whoever starts the instance may `kms:CreateGrant` on it; unknown where that could
    /// not be simulated.
    pub may_grant: Option<bool>,
}

/// What Compute Optimizer says of the new type.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OptimizerView {
    /// `platformDifferences`.
    pub platform_differences: Vec<String>,
    /// `performanceRisk`, from 0 to 4.
    pub performance_risk: Option<f64>,
}

/// What is known of an instance before its type is changed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct InstancePreflight {
    /// The type that it has.
    pub from: TypeTraits,
    /// The type that it gets.
    pub to: TypeTraits,
    /// What its owner vouches for.
    pub attested: BTreeSet<Attestation>,
    /// `RootDeviceType`.
    pub root_device_type: Option<String>,
    /// `InstanceLifecycle`; `on-demand` where AWS names none.
    pub lifecycle: Option<String>,
    /// `Operator.Managed`.
    pub is_managed: Option<bool>,
    /// `Architecture`.
    pub architecture: Option<String>,
    /// `VirtualizationType`.
    pub virtualization_type: Option<String>,
    /// `CurrentInstanceBootMode`.
    pub boot_mode: Option<String>,
    /// `TpmSupport` is named.
    pub uses_tpm: Option<bool>,
    /// `EnaSupport`.
    pub ena_support: Option<bool>,
    /// `PlatformDetails`.
    pub platform: Option<String>,
    /// `HibernationOptions.Configured`.
    pub is_hibernation_configured: Option<bool>,
    /// How many volumes are attached.
    pub volumes: Option<u32>,
    /// Its interfaces.
    pub interfaces: Option<Vec<InterfaceFacts>>,
    /// `NetworkPerformanceOptions.BandwidthWeighting`; `default` where AWS names none.
    pub bandwidth_weighting: Option<String>,
    /// The strategy of its placement group; `none` where it is in none.
    pub placement_strategy: Option<String>,
    /// `Placement.Tenancy`.
    pub tenancy: Option<String>,
    /// Whether the Dedicated Host takes the new type; only of tenancy `host`.
    pub host_takes_type: Option<bool>,
    /// Whether it is aimed at one capacity reservation.
    pub is_reservation_targeted: Option<bool>,
    /// Whether it runs in a capacity reservation, aimed at or open: `CapacityReservationId`.
    #[serde(default)]
    pub is_in_reservation: Option<bool>,
    /// Whether `CpuOptions` differ from the type's default.
    pub has_cpu_options: Option<bool>,
    /// Processor features that are switched on, such as `amd-sev-snp`.
    pub features: Option<Vec<String>>,
    /// `EnclaveOptions.Enabled`.
    pub uses_enclaves: Option<bool>,
    /// `disableApiStop`.
    pub is_stop_protected: Option<bool>,
    /// `instanceInitiatedShutdownBehavior`.
    pub shutdown_behavior: Option<String>,
    /// The Auto Scaling groups that it is in.
    pub groups: Option<Vec<String>>,
    /// Its tags.
    pub tags: Option<Tags>,
    /// Whether a cluster of ECS runs tasks on it.
    pub is_container_instance: Option<bool>,
    /// Whether the new type is offered in its zone.
    pub is_offered: Option<bool>,
    /// vCPUs of the new type's quota that run now, its own included where they count.
    pub vcpu_running: Option<u32>,
    /// Whether its own vCPUs count for the quota of the new type's family.
    pub is_same_quota: Option<bool>,
    /// That quota.
    pub vcpu_quota: Option<u32>,
    /// The keys of its encrypted volumes.
    pub keys: Option<Vec<KeyFacts>>,
    /// What becomes of its public address.
    pub public_address: Option<PublicAddress>,
    /// Events that AWS has scheduled within the window.
    pub events: Option<Vec<String>>,
    /// Alarms that act on it, or on its state.
    pub acting_alarms: Option<Vec<String>>,
    /// Its registrations.
    pub targets: Option<Vec<TargetObserved>>,
    /// IOPS of its volumes together, 99th percentile.
    pub ebs_iops: Option<f64>,
    /// Throughput of its volumes together in MB/s, 99th percentile.
    pub ebs_mb_s: Option<f64>,
    /// IOPS that are provisioned on its volumes together.
    pub provisioned_iops: Option<f64>,
    /// Throughput that is provisioned on its volumes together, in MB/s.
    pub provisioned_mb_s: Option<f64>,
    /// Network in and out together in Gbit/s, 99th percentile.
    pub network_gbps: Option<f64>,
    /// What the `*_allowance_exceeded` counters rose by.
    pub allowance_exceeded: Option<u64>,
    /// The most memory that was used, in MiB.
    pub memory_peak_mib: Option<f64>,
    /// The load of the busiest day, in vCPUs: its mean.
    pub busy_vcpu: Option<f64>,
    /// `CpuCredits`; `none` for types without.
    pub cpu_credits: Option<String>,
    /// `UsageOperation`.
    pub usage_operation: Option<String>,
    /// Whether it has `ProductCodes`.
    pub has_product_codes: Option<bool>,
    /// Whether it has `Licenses`.
    pub has_licences: Option<bool>,
    /// Whether it has an `OutpostArn`.
    pub is_on_outpost: Option<bool>,
    /// The type of its zone.
    pub zone_type: Option<String>,
    /// What Compute Optimizer says; absent where it was not asked.
    pub optimizer: Option<OptimizerView>,
    /// The function that took its work over.
    #[serde(default)]
    pub successor: SuccessorFacts,
}

/// What is known of a function that took the work of a server over.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SuccessorFacts {
    /// Whether it is there.
    pub exists: Option<bool>,
    /// Whether it works; absent where its environment was not read.
    #[serde(default)]
    pub mode: Option<SuccessorMode>,
    /// Whole days since its code or configuration was changed last: `LastModified`.
    #[serde(default)]
    pub unchanged_days: Option<u32>,
    /// How often it ran in the days that were looked at; none where CloudWatch answered and had no
    /// point.
    pub runs: Option<f64>,
    /// How many of those runs failed; absent where there is no point of it.
    #[serde(default)]
    pub errors: Option<f64>,
    /// The days that were looked at.
    pub days: u32,
    /// What the alarms of its project's checks are, by name; `None` within for one that is not there.
    #[serde(default)]
    pub alarms: Option<BTreeMap<String, Option<AlarmState>>>,
}

/// What the variable `MODE` of a function that took work over says. Nothing else of its environment
/// is kept: there may be passwords in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SuccessorMode {
    /// `live`: it does the work.
    Live,
    /// `shadow`: it writes nothing.
    Shadow,
    /// Another word.
    Other,
    /// It has no such variable.
    Absent,
}

/// What is known of a database before its class is changed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct DbInstancePreflight {
    /// `Engine`.
    pub engine: Option<String>,
    /// `DBInstanceStatus`.
    pub status: Option<String>,
    /// `PendingModifiedValues`, by name.
    pub pending: Option<BTreeMap<String, String>>,
    /// Maintenance that is pending.
    pub maintenance: Option<Vec<String>>,
    /// Whether it is a writer of a cluster without another member.
    pub is_lone_writer: Option<bool>,
    /// Whether it has a standby or readable standbys.
    pub is_multi_az: Option<bool>,
    /// Whether the new class is orderable for its exact engine version, licence and zones.
    pub is_orderable: Option<bool>,
    /// Whether the new class can have a standby.
    pub to_multi_az: Option<bool>,
    /// Whether the new class has Performance Insights.
    pub to_performance_insights: Option<bool>,
    /// Whether Performance Insights is on.
    pub uses_performance_insights: Option<bool>,
    /// `max_connections` of its parameter group, as it stands there, or the engine's default.
    pub max_connections: Option<String>,
    /// `DBInstanceClassMemory` of the new class in bytes: the least that it may be.
    pub to_memory_bytes: Option<u64>,
    /// vCPUs of the new class.
    pub to_vcpu: Option<u32>,
    /// `AllocatedStorage` in bytes.
    pub storage_bytes: Option<u64>,
    /// Whether it is a replica.
    pub is_replica: Option<bool>,
    /// The most connections that were open.
    pub peak_connections: Option<f64>,
    /// Parameters of its group that are a fixed number of bytes, by name.
    pub fixed_memory: Option<BTreeMap<String, u64>>,
    /// The least `FreeableMemory` in bytes.
    pub least_freeable_bytes: Option<f64>,
    /// `DBInstanceClassMemory` of the class that it has, in bytes.
    pub memory_bytes: Option<u64>,
    /// The most swap that was used, in bytes.
    pub most_swap_bytes: Option<f64>,
    /// IOPS, 99th percentile.
    pub iops: Option<f64>,
    /// Throughput in MB/s, 99th percentile.
    pub mb_s: Option<f64>,
    /// IOPS that the new class sustains.
    pub to_iops: Option<f64>,
    /// Throughput that the new class sustains, in MB/s.
    pub to_mb_s: Option<f64>,
    /// Whether the new class lives on CPU credits.
    pub to_burstable: Option<bool>,
    /// The classes of its replicas that still have to become smaller, by name.
    pub larger_replicas: Option<Vec<String>>,
    /// The largest lag of a replica, in seconds; 0 where there is none.
    pub replica_lag_seconds: Option<f64>,
    /// Whether it runs on reserved capacity that the change would give up.
    pub uses_capacity_reservation: Option<bool>,
    /// Whether `ProcessorFeatures` are set.
    pub has_processor_features: Option<bool>,
    /// Whether the change would reach into its backup or maintenance window.
    pub meets_aws_window: Option<bool>,
    /// Its tags.
    pub tags: Option<Tags>,
}

/// What is known of a database before its storage is changed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct DbStoragePreflight {
    /// `Engine`.
    pub engine: Option<String>,
    /// `DBInstanceStatus`.
    pub status: Option<String>,
    /// `PendingModifiedValues`, by name.
    pub pending: Option<BTreeMap<String, String>>,
    /// IOPS, 99th percentile.
    pub iops: Option<f64>,
    /// Throughput in MB/s, 99th percentile.
    pub mb_s: Option<f64>,
    /// Its tags.
    pub tags: Option<Tags>,
}

/// What is known of a volume before it is changed or deleted.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct VolumePreflight {
    /// `State`.
    pub state: Option<String>,
    /// `MultiAttachEnabled`.
    pub is_multi_attach: Option<bool>,
    /// Whether it is the root of an instance.
    pub is_root: Option<bool>,
    /// IOPS, 99th percentile.
    pub iops: Option<f64>,
    /// Throughput in MiB/s, 99th percentile.
    pub mib_s: Option<f64>,
    /// What still names the snapshot that would be all that is left: images, shares, locks, AWS
    /// Backup.
    pub snapshot_uses: Option<Vec<String>>,
    /// `ModificationState` of its latest modification; `none` where there was none.
    pub modification: Option<String>,
    /// How many days the Recycle Bin keeps it; 0 where no rule matches.
    pub recycle_bin_days: Option<u32>,
    /// Its tags.
    pub tags: Option<Tags>,
}

/// What is known of an address before it is released.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AddressPreflight {
    /// Whether something uses it.
    pub is_associated: Option<bool>,
    /// Records of DNS that name it.
    pub dns_records: Option<Vec<String>>,
    /// Rules of security groups, prefix lists and firewalls that name it.
    pub allow_lists: Option<Vec<String>>,
    /// Whether it is of the owner's own pool: then it is theirs to give.
    pub is_of_own_pool: Option<bool>,
    /// Its tags.
    pub tags: Option<Tags>,
}

/// What is known of a function before it is changed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FunctionPreflight {
    /// `LastUpdateStatus`.
    pub last_update_status: Option<String>,
    /// `PackageType`: `Zip` or `Image`.
    pub package_type: Option<String>,
    /// Layers and extensions that it uses.
    pub layers: Option<Vec<String>>,
    /// Whether provisioned concurrency is set on an alias or version.
    pub has_provisioned_concurrency: Option<bool>,
    /// `SnapStart.ApplyOn` is not `None`.
    pub uses_snap_start: Option<bool>,
    /// `Timeout` in seconds.
    pub timeout_seconds: Option<u32>,
    /// The longest run that was seen, in milliseconds.
    pub longest_ms: Option<f64>,
    /// The most memory that was used, in MB.
    pub memory_peak_mb: Option<f64>,
    /// `MemorySize` in MB.
    pub memory_mb: Option<u32>,
    /// How many aliases it has.
    pub aliases: Option<u32>,
    /// What its owner vouches for.
    pub attested: BTreeSet<Attestation>,
    /// Its tags.
    pub tags: Option<Tags>,
}

/// What is known of a log group before its retention is set.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LogGroupPreflight {
    /// Policies of the account that set the retention of the group.
    pub account_policies: Option<Vec<String>>,
    /// `deletionProtectionEnabled`.
    pub is_protected: Option<bool>,
    /// Its tags.
    pub tags: Option<Tags>,
}

/// What is known of a group before its sizes are changed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct GroupPreflight {
    /// `Status` of the latest refresh of its instances; `none` where there was none.
    pub refresh_status: Option<String>,
    /// The most instances that were in service in the time that was watched.
    pub peak_in_service: Option<u32>,
    /// `SuspendedProcesses`.
    pub suspended: Option<Vec<String>>,
    /// The version of the launch template that it uses, such as `4` or `$Latest`.
    pub template_version: Option<String>,
    /// Whether that launch template exists.
    pub has_template: Option<bool>,
    /// Its tags.
    pub tags: Option<Tags>,
}
