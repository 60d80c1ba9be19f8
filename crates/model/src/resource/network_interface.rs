//! Network interfaces.

use serde::{Deserialize, Serialize};

use crate::id::ResourceId;

/// What `describe-network-interfaces` says of one interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkInterface {
    /// `Status`: `available` where nothing holds it, else `in-use` and the steps between.
    pub status: String,
    /// `InterfaceType`, such as `interface`, `nat_gateway` or `vpc_endpoint`.
    pub interface_type: Option<String>,
    /// `VpcId`.
    pub vpc_id: Option<String>,
    /// `SubnetId`.
    pub subnet_id: Option<String>,
    /// `RequesterManaged`: an AWS service made it and manages it.
    pub requester_managed: Option<bool>,
    /// `Attachment.InstanceId`.
    pub instance_id: Option<ResourceId>,
    /// `Association.PublicIp`.
    pub public_ip: Option<String>,
    /// `Association.AllocationId`: present where the address is an Elastic IP.
    pub allocation_id: Option<String>,
}
