//! What was there at one moment, and what could not be seen.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{RegionId, SubAccountId};
use crate::resource::address::Address;
use crate::resource::auto_scaling_group::AutoScalingGroup;
use crate::resource::db_instance::DbInstance;
use crate::resource::function::Function;
use crate::resource::instance::Instance;
use crate::resource::load_balancer::LoadBalancer;
use crate::resource::log_group::LogGroup;
use crate::resource::nat_gateway::NatGateway;
use crate::resource::snapshot::Snapshot as VolumeSnapshot;
use crate::resource::volume::Volume;
use crate::resource::{Resource, ResourceKind};
use crate::text::Reason;

/// The inventory: one table per kind, each sorted by account, region and id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// When it was taken; for files, the analysis date.
    pub taken_at: Timestamp,
    /// EC2 instances.
    pub instances: Vec<Resource<Instance>>,
    /// EBS volumes.
    pub volumes: Vec<Resource<Volume>>,
    /// EBS snapshots.
    pub snapshots: Vec<Resource<VolumeSnapshot>>,
    /// Elastic IP addresses.
    pub addresses: Vec<Resource<Address>>,
    /// NAT gateways.
    pub nat_gateways: Vec<Resource<NatGateway>>,
    /// Load balancers of all four types.
    pub load_balancers: Vec<Resource<LoadBalancer>>,
    /// Auto Scaling groups.
    pub auto_scaling_groups: Vec<Resource<AutoScalingGroup>>,
    /// RDS DB instances.
    pub db_instances: Vec<Resource<DbInstance>>,
    /// CloudWatch log groups.
    pub log_groups: Vec<Resource<LogGroup>>,
    /// Lambda functions.
    pub functions: Vec<Resource<Function>>,
    /// Which kinds were listed where. A kind that is not here was not read, so
    /// an empty table for it means nothing.
    pub listed: BTreeMap<ResourceKind, BTreeSet<(SubAccountId, RegionId)>>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
}

impl Snapshot {
    /// Makes a snapshot in which nothing was read yet.
    pub fn empty(taken_at: Timestamp) -> Self {
        Self {
            taken_at,
            instances: Vec::new(),
            volumes: Vec::new(),
            snapshots: Vec::new(),
            addresses: Vec::new(),
            nat_gateways: Vec::new(),
            load_balancers: Vec::new(),
            auto_scaling_groups: Vec::new(),
            db_instances: Vec::new(),
            log_groups: Vec::new(),
            functions: Vec::new(),
            listed: BTreeMap::new(),
            gaps: Vec::new(),
        }
    }

    /// Returns whether `kind` was listed in `account` and `region`.
    pub fn was_listed(&self, kind: ResourceKind, account: &SubAccountId, region: &RegionId) -> bool {
        self.listed
            .get(&kind)
            .is_some_and(|places| places.contains(&(account.clone(), region.clone())))
    }
}

/// Something that could not be read, and what it costs us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The source: a file, or an operation.
    pub source: String,
    /// The account, where it is known.
    pub account: Option<SubAccountId>,
    /// The region, where it is known.
    pub region: Option<RegionId>,
    /// The kind that is missing, where it is known.
    pub kind: Option<ResourceKind>,
    /// What went wrong and what to do.
    pub reason: Reason,
}
