//! Route tables of a VPC.

use serde::{Deserialize, Serialize};

/// What `describe-route-tables` says of one table, as far as a check asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteTable {
    /// `VpcId`.
    pub vpc_id: Option<String>,
    /// Whether it is the VPC's main table, which serves every subnet that names no other.
    pub main: bool,
    /// `Associations[].SubnetId`.
    pub subnet_ids: Vec<String>,
    /// The identifiers that its routes lead to, without `local`: the prefix tells what each is.
    pub targets: Vec<String>,
}
