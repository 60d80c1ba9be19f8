//! What every resource has, whatever its kind.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::environment::Environment;
use crate::id::{RegionId, ResourceId, SubAccountId};
use crate::metric::Origin;

/// Tags, by key.
pub type Tags = BTreeMap<String, String>;

/// A resource of kind `K`, and where it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resource<K> {
    /// The resource as its own service names it.
    pub id: ResourceId,
    /// The account that owns it.
    pub account: SubAccountId,
    /// The region it lives in.
    pub region: RegionId,
    /// The environment its tags name.
    pub environment: Environment,
    /// Its tags.
    pub tags: Tags,
    /// What is particular to its kind.
    pub kind: K,
}

impl<K> Resource<K> {
    /// Returns the `Name` tag.
    pub fn name(&self) -> Option<&str> {
        self.tags.get("Name").map(String::as_str).filter(|name| !name.is_empty())
    }

    /// Returns where its metrics are from.
    pub fn origin(&self) -> Origin {
        Origin { account: self.account.clone(), region: self.region.clone() }
    }

    /// Returns what identifies the resource, without what is particular to its kind.
    pub fn reference(&self, kind: ResourceKind) -> ResourceRef {
        ResourceRef {
            id: self.id.clone(),
            kind,
            account: self.account.clone(),
            region: self.region.clone(),
            environment: self.environment,
            name: self.name().map(str::to_owned),
        }
    }
}

/// The kinds of resources that trimtab reads, named as CloudFormation names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ResourceKind {
    /// An EC2 instance.
    #[serde(rename = "AWS::EC2::Instance")]
    Instance,
    /// An EBS volume.
    #[serde(rename = "AWS::EC2::Volume")]
    Volume,
    /// An EBS snapshot.
    #[serde(rename = "AWS::EC2::Snapshot")]
    Snapshot,
    /// An Elastic IP address.
    #[serde(rename = "AWS::EC2::EIP")]
    Address,
    /// A NAT gateway.
    #[serde(rename = "AWS::EC2::NatGateway")]
    NatGateway,
    /// A Classic Load Balancer.
    #[serde(rename = "AWS::ElasticLoadBalancing::LoadBalancer")]
    ClassicLoadBalancer,
    /// An Application, Network or Gateway Load Balancer.
    #[serde(rename = "AWS::ElasticLoadBalancingV2::LoadBalancer")]
    LoadBalancer,
    /// An Auto Scaling group.
    #[serde(rename = "AWS::AutoScaling::AutoScalingGroup")]
    AutoScalingGroup,
    /// An RDS DB instance.
    #[serde(rename = "AWS::RDS::DBInstance")]
    DbInstance,
    /// A CloudWatch log group.
    #[serde(rename = "AWS::Logs::LogGroup")]
    LogGroup,
    /// A Lambda function.
    #[serde(rename = "AWS::Lambda::Function")]
    Function,
}

impl ResourceKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::Instance,
        Self::Volume,
        Self::Snapshot,
        Self::Address,
        Self::NatGateway,
        Self::ClassicLoadBalancer,
        Self::LoadBalancer,
        Self::AutoScalingGroup,
        Self::DbInstance,
        Self::LogGroup,
        Self::Function,
    ];

    /// Returns the CloudFormation type name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Instance => "AWS::EC2::Instance",
            Self::Volume => "AWS::EC2::Volume",
            Self::Snapshot => "AWS::EC2::Snapshot",
            Self::Address => "AWS::EC2::EIP",
            Self::NatGateway => "AWS::EC2::NatGateway",
            Self::ClassicLoadBalancer => "AWS::ElasticLoadBalancing::LoadBalancer",
            Self::LoadBalancer => "AWS::ElasticLoadBalancingV2::LoadBalancer",
            Self::AutoScalingGroup => "AWS::AutoScaling::AutoScalingGroup",
            Self::DbInstance => "AWS::RDS::DBInstance",
            Self::LogGroup => "AWS::Logs::LogGroup",
            Self::Function => "AWS::Lambda::Function",
        }
    }

    /// Returns the operation whose output describes this kind, as the AWS CLI spells it.
    pub fn operation(self) -> &'static str {
        match self {
            Self::Instance => "describe-instances",
            Self::Volume => "describe-volumes",
            Self::Snapshot => "describe-snapshots",
            Self::Address => "describe-addresses",
            Self::NatGateway => "describe-nat-gateways",
            Self::ClassicLoadBalancer | Self::LoadBalancer => "describe-load-balancers",
            Self::AutoScalingGroup => "describe-auto-scaling-groups",
            Self::DbInstance => "describe-db-instances",
            Self::LogGroup => "describe-log-groups",
            Self::Function => "list-functions",
        }
    }
}

impl fmt::Display for ResourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Which resource a verdict is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ResourceRef {
    /// The resource as its own service names it.
    pub id: ResourceId,
    /// Its kind.
    pub kind: ResourceKind,
    /// The account that owns it.
    pub account: SubAccountId,
    /// The region it lives in.
    pub region: RegionId,
    /// The environment its tags name.
    pub environment: Environment,
    /// Its `Name` tag.
    pub name: Option<String>,
}
