//! Elastic IP addresses.

use serde::{Deserialize, Serialize};

/// What `describe-addresses` says of one address. The resource's id is `AllocationId`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// `PublicIp`.
    pub public_ip: Option<String>,
    /// `AssociationId`: absent when nothing holds the address.
    pub association_id: Option<String>,
    /// `InstanceId`, where an instance holds it.
    pub instance_id: Option<String>,
    /// `NetworkInterfaceId`, where an interface holds it.
    pub network_interface_id: Option<String>,
    /// `PublicIpv4Pool`: `amazon`, or a pool that the customer brought along.
    pub public_ipv4_pool: Option<String>,
}
