//! Site-to-Site VPN connections.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What `describe-vpn-connections` says of one connection.
///
/// The answer also carries the configuration of the customer's router with its keys. It
/// never enters this struct.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VpnConnection {
    /// `State`, such as `available`.
    pub state: Option<String>,
    /// `CustomerGatewayId`.
    pub customer_gateway_id: Option<String>,
    /// `VpnGatewayId`, where it ends at a VPC.
    pub vpn_gateway_id: Option<String>,
    /// `TransitGatewayId`, where it ends at a transit gateway.
    pub transit_gateway_id: Option<String>,
    /// `VgwTelemetry`: the state of each tunnel.
    pub tunnels: Vec<VpnTunnel>,
}

/// One tunnel of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VpnTunnel {
    /// `Status`: `UP` or `DOWN`.
    pub status: String,
    /// `LastStatusChange`.
    pub last_status_change: Option<Timestamp>,
}
