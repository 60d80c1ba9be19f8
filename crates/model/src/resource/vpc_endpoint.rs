//! VPC endpoints.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What `describe-vpc-endpoints` says of one endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VpcEndpoint {
    /// `VpcEndpointType`: `Interface`, `Gateway`, `GatewayLoadBalancer` or a newer one.
    pub vpc_endpoint_type: String,
    /// `VpcId`.
    pub vpc_id: Option<String>,
    /// `ServiceName`, such as `com.amazonaws.us-east-1.s3`.
    pub service_name: String,
    /// `State`, such as `available`.
    pub state: Option<String>,
    /// `SubnetIds`: one per zone in which an interface is charged.
    pub subnet_ids: Vec<String>,
    /// `RouteTableIds`: the tables that a gateway endpoint serves.
    pub route_table_ids: Vec<String>,
    /// `PrivateDnsEnabled`.
    pub private_dns_enabled: Option<bool>,
    /// `DnsOptions.PrivateDnsOnlyForInboundResolverEndpoint`.
    pub private_dns_only_for_inbound_resolver_endpoint: Option<bool>,
    /// `RequesterManaged`: another AWS service made it.
    pub requester_managed: Option<bool>,
    /// `CreationTimestamp`.
    pub creation_timestamp: Option<Timestamp>,
}

impl VpcEndpoint {
    /// Returns whether it is an interface endpoint, which is charged per zone.
    pub fn is_interface(&self) -> bool {
        self.vpc_endpoint_type == "Interface"
    }

    /// Returns whether it is a gateway endpoint, which is free.
    pub fn is_gateway(&self) -> bool {
        self.vpc_endpoint_type == "Gateway"
    }
}
