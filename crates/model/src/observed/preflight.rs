//! What decides whether an instance may be stopped and started as another type.
//!
//! Facts only: what follows from them is judged elsewhere. A fact that is absent was not told,
//! or could not be read; then `unread` says why.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{InstanceType, ResourceId};
use crate::resource::instance::InstanceState;

/// The facts about one instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstancePreflight {
    /// `State.Name`.
    pub state: InstanceState,
    /// The type that it is to have; absent where the type stays.
    pub wanted: Option<InstanceType>,
    /// `RootDeviceType`.
    pub root_device_type: Option<String>,
    /// `InstanceLifecycle`: absent for On-Demand.
    pub lifecycle: Option<String>,
    /// `Operator.Managed`.
    pub is_managed_by_service: Option<bool>,
    /// `Architecture`.
    pub architecture: Option<String>,
    /// `VirtualizationType`.
    pub virtualization_type: Option<String>,
    /// `CurrentInstanceBootMode`.
    pub boot_mode: Option<String>,
    /// `TpmSupport`, where it has a TPM.
    pub tpm: Option<String>,
    /// `EnaSupport`.
    pub ena_support: Option<bool>,
    /// `HibernationOptions.Configured`.
    pub is_hibernation_configured: Option<bool>,
    /// `EnclaveOptions.Enabled`.
    pub is_enclave_enabled: Option<bool>,
    /// How many EBS volumes are attached.
    pub volumes: u32,
    /// How many network interfaces are attached.
    pub interfaces: u32,
    /// The most IPv4 addresses of one interface.
    pub addresses_of_interface: u32,
    /// `NetworkPerformanceOptions.BandwidthWeighting`.
    pub bandwidth_weighting: Option<String>,
    /// `Placement.Tenancy`.
    pub tenancy: Option<String>,
    /// `Placement.GroupName`.
    pub placement_group: Option<String>,
    /// The capacity reservation that it names.
    pub targeted_reservation: Option<ResourceId>,
    /// `PublicIpAddress`, if no Elastic IP address stands behind it: a stop loses it.
    pub fleeting_ip: Option<String>,
    /// `ProductCodes` has any.
    pub has_product_codes: bool,
    /// `Licenses` has any.
    pub has_licenses: bool,
    /// `UsageOperation`, which tells the licence.
    pub usage_operation: Option<String>,
    /// `OutpostArn`.
    pub outpost: Option<String>,
    /// Who manages it besides its owner, by the tags that they leave.
    pub managers: BTreeSet<String>,
    /// The type that it has.
    pub current: Option<TypeFacts>,
    /// The type that it is to have.
    pub target: Option<TypeFacts>,
    /// Whether the zone offers the type that it is to have.
    pub is_offered: Option<bool>,
    /// `disableApiStop`.
    pub is_stop_protected: Option<bool>,
    /// `instanceInitiatedShutdownBehavior`: `stop` or `terminate`.
    pub shutdown_behavior: Option<String>,
    /// The Auto Scaling group that it belongs to.
    pub auto_scaling_group: Option<String>,
    /// Events that AWS has scheduled for it.
    pub events: Vec<ScheduledEvent>,
    /// Alarms that stop, terminate, recover or reboot it.
    pub alarms: BTreeSet<String>,
    /// Target groups that know it by its address instead of its identifier.
    pub address_target_groups: BTreeSet<ResourceId>,
    /// What could not be read, by IAM action, with AWS's words.
    pub unread: Vec<(String, String)>,
}

/// `DescribeInstanceStatus`, `Events`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledEvent {
    /// `Code`, such as `instance-retirement`.
    pub code: String,
    /// `NotBefore`.
    pub not_before: Option<Timestamp>,
}

/// What `describe-instance-types` says of a type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeFacts {
    /// `InstanceType`.
    pub instance_type: InstanceType,
    /// `ProcessorInfo.SupportedArchitectures`.
    pub architectures: BTreeSet<String>,
    /// `SupportedVirtualizationTypes`.
    pub virtualization_types: BTreeSet<String>,
    /// `SupportedBootModes`.
    pub boot_modes: BTreeSet<String>,
    /// `Hypervisor`: `xen` or `nitro`; absent for bare metal.
    pub hypervisor: Option<String>,
    /// `NetworkInfo.EnaSupport`: `unsupported`, `supported` or `required`.
    pub ena: Option<String>,
    /// `EbsInfo.NvmeSupport`: `unsupported`, `supported` or `required`.
    pub nvme: Option<String>,
    /// `InstanceStorageSupported`.
    pub has_instance_store: Option<bool>,
    /// `NitroTpmSupport`.
    pub nitro_tpm: Option<String>,
    /// `NitroEnclavesSupport`.
    pub nitro_enclaves: Option<String>,
    /// `PlacementGroupInfo.SupportedStrategies`.
    pub placement_strategies: BTreeSet<String>,
    /// `VCpuInfo.DefaultVCpus`.
    pub vcpus: Option<u32>,
    /// `VCpuInfo.DefaultThreadsPerCore`.
    pub threads_per_core: Option<u32>,
    /// `MemoryInfo.SizeInMiB`.
    pub memory_mib: Option<u64>,
    /// `NetworkInfo.MaximumNetworkInterfaces`.
    pub most_interfaces: Option<u32>,
    /// `NetworkInfo.Ipv4AddressesPerInterface`.
    pub most_addresses: Option<u32>,
    /// `EbsInfo.MaximumEbsAttachments`.
    pub most_attachments: Option<u32>,
    /// `EbsInfo.AttachmentLimitType`: `shared` with interfaces, or `dedicated`.
    pub attachment_limit: Option<String>,
    /// `EbsInfo.EbsOptimizedInfo.BaselineIops`.
    pub baseline_iops: Option<u32>,
    /// `EbsInfo.EbsOptimizedInfo.BaselineBandwidthInMbps`.
    pub baseline_mbps: Option<u32>,
}
