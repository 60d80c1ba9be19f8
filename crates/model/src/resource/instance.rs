//! EC2 instances.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::id::{InstanceType, ResourceId};

/// What `describe-instances` says of one instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    /// `InstanceType`.
    pub instance_type: InstanceType,
    /// `State.Name`.
    pub state: InstanceState,
    /// When the instance entered its state, read from `StateTransitionReason`,
    /// which carries it only for stops that a user asked for.
    pub stopped_at: Option<Timestamp>,
    /// `LaunchTime`: the latest start, not the creation.
    pub launch_time: Option<Timestamp>,
    /// `Architecture`: `x86_64` or `arm64`.
    pub architecture: Option<String>,
    /// `PlatformDetails`, such as `Linux/UNIX` or `Windows`.
    pub platform_details: Option<String>,
    /// `VirtualizationType`.
    pub virtualization_type: Option<String>,
    /// `EnaSupport`.
    pub ena_support: Option<bool>,
    /// `RootDeviceType`: `ebs` or `instance-store`.
    pub root_device_type: Option<String>,
    /// `EbsOptimized`.
    pub ebs_optimized: Option<bool>,
    /// `InstanceLifecycle`: absent for On-Demand, `spot`, `scheduled` or `capacity-block`.
    pub instance_lifecycle: Option<String>,
    /// `Placement.AvailabilityZone`.
    pub availability_zone: Option<String>,
    /// `Placement.Tenancy`.
    pub tenancy: Option<String>,
    /// `BlockDeviceMappings[].Ebs.VolumeId`.
    pub volume_ids: Vec<ResourceId>,
    /// `PublicIpAddress` exists.
    pub has_public_ip: Option<bool>,
    /// The Auto Scaling group that owns it, from the group's own listing or the
    /// tag `aws:autoscaling:groupName`.
    pub auto_scaling_group_name: Option<String>,
    /// `ImageId`.
    pub image_id: Option<ResourceId>,
    /// `Monitoring.State`: `enabled` is detailed monitoring.
    pub monitoring: Option<String>,
    /// `CpuCredits` of `describe-instance-credit-specifications`: `standard` or `unlimited`.
    /// Absent where it was not read, and for types without credits.
    pub cpu_credits: Option<String>,
    /// `CpuOptions`.
    pub cpu_options: Option<CpuOptions>,
    /// `ProductCodes` has any: the software comes from the Marketplace.
    pub has_product_codes: Option<bool>,
    /// `Operator.Managed`: another service of AWS decides about it.
    pub is_managed_by_service: Option<bool>,
    /// `Placement.HostId`.
    pub host_id: Option<ResourceId>,
    /// `PrivateIpAddress` of it and of its `NetworkInterfaces[]`, and `PrivateDnsName`: what
    /// monitoring knows a machine by. Secondary addresses are left out: containers have them.
    #[serde(default)]
    pub private_addresses: Vec<String>,
}

/// `CpuOptions` of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CpuOptions {
    /// `CoreCount`.
    pub core_count: u32,
    /// `ThreadsPerCore`.
    pub threads_per_core: u32,
}

/// `State.Name` of an instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InstanceState {
    /// Starting.
    Pending,
    /// Running, and billed.
    Running,
    /// Going away.
    ShuttingDown,
    /// Gone.
    Terminated,
    /// Stopping.
    Stopping,
    /// Stopped: its volumes are still billed.
    Stopped,
    /// A state that this version does not know.
    Other(String),
}

/// Reads the moment out of a `StateTransitionReason` such as
/// `User initiated (2026-09-01 03:04:05 GMT)`.
pub fn moment_of_transition(reason: &str) -> Option<Timestamp> {
    let (_, rest) = reason.rsplit_once('(')?;
    let (inside, _) = rest.split_once(')')?;
    let local = inside.strip_suffix(" GMT").or_else(|| inside.strip_suffix(" UTC"))?;
    let local: DateTime = local.parse().ok()?;
    TimeZone::UTC.to_timestamp(local).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transition_says_when_where_it_does() {
        let of = |reason| moment_of_transition(reason).map(|moment| moment.to_string());
        assert_eq!(
            of("User initiated (2026-09-01 03:04:05 GMT)").as_deref(),
            Some("2026-09-01T03:04:05Z")
        );
        assert_eq!(of("User initiated"), None);
        assert_eq!(of("Server.SpotInstanceTermination (soon)"), None);
        assert_eq!(of(""), None);
    }
}
