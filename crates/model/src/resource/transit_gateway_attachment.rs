//! Attachments to a transit gateway.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::SubAccountId;

/// What `describe-transit-gateway-attachments` says of one attachment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransitGatewayAttachment {
    /// `TransitGatewayId`.
    pub transit_gateway_id: Option<String>,
    /// `ResourceType`: `vpc`, `vpn`, `direct-connect-gateway`, `peering` and others.
    pub resource_type: Option<String>,
    /// `ResourceId`: the VPC or whatever is attached.
    pub attached_id: Option<String>,
    /// `ResourceOwnerId`: the account that is charged.
    pub resource_owner_id: Option<SubAccountId>,
    /// `State`, such as `available`.
    pub state: Option<String>,
    /// `CreationTime`.
    pub creation_time: Option<Timestamp>,
}
