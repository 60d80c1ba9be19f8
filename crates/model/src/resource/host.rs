//! Dedicated Hosts.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::ResourceId;

/// What `describe-hosts` says of one host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// `State`, such as `available`.
    pub state: String,
    /// `HostProperties.InstanceType`, where the host takes one type only.
    pub instance_type: Option<String>,
    /// `HostProperties.InstanceFamily`, where it takes a family.
    pub instance_family: Option<String>,
    /// `AvailabilityZone`.
    pub availability_zone: Option<String>,
    /// `AllocationTime`.
    pub allocation_time: Option<Timestamp>,
    /// `AutoPlacement`: `on` or `off`.
    pub auto_placement: Option<String>,
    /// `HostReservationId`, where a reservation pays for it.
    pub host_reservation_id: Option<String>,
    /// `MemberOfServiceLinkedResourceGroup`: a licence configuration allocates it.
    pub member_of_service_linked_resource_group: Option<bool>,
    /// `Instances[].InstanceId`.
    pub instance_ids: Vec<ResourceId>,
}
