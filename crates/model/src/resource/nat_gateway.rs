//! NAT gateways.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What `describe-nat-gateways` says of one gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NatGateway {
    /// `State`, such as `available` or `deleted`.
    pub state: String,
    /// `CreateTime`.
    pub create_time: Option<Timestamp>,
    /// `VpcId`.
    pub vpc_id: Option<String>,
    /// `SubnetId`.
    pub subnet_id: Option<String>,
    /// `ConnectivityType`: `public` or `private`.
    pub connectivity_type: Option<String>,
    /// `NatGatewayAddresses[].AllocationId`.
    pub allocation_ids: Vec<String>,
}
