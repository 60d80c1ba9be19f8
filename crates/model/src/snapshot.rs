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
use crate::resource::load_balancer::{LoadBalancer, LoadBalancerType};
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

    /// Returns this snapshot brought up to date by a newer one.
    ///
    /// Where the newer one listed a kind at a place, its resources replace those of
    /// that kind and place: what it no longer lists is gone. Everything else stays.
    pub fn updated_by(self, newer: Self) -> Self {
        let listed = &newer.listed;
        let mut places = self.listed;
        for (kind, newer_places) in listed {
            places.entry(*kind).or_default().extend(newer_places.iter().cloned());
        }
        Self {
            taken_at: newer.taken_at,
            instances: merged(self.instances, newer.instances, listed, |_| ResourceKind::Instance),
            volumes: merged(self.volumes, newer.volumes, listed, |_| ResourceKind::Volume),
            snapshots: merged(self.snapshots, newer.snapshots, listed, |_| ResourceKind::Snapshot),
            addresses: merged(self.addresses, newer.addresses, listed, |_| ResourceKind::Address),
            nat_gateways: merged(self.nat_gateways, newer.nat_gateways, listed, |_| {
                ResourceKind::NatGateway
            }),
            load_balancers: merged(self.load_balancers, newer.load_balancers, listed, |kind| {
                match kind.load_balancer_type {
                    LoadBalancerType::Classic => ResourceKind::ClassicLoadBalancer,
                    LoadBalancerType::Application
                    | LoadBalancerType::Network
                    | LoadBalancerType::Gateway => ResourceKind::LoadBalancer,
                }
            }),
            auto_scaling_groups: merged(
                self.auto_scaling_groups,
                newer.auto_scaling_groups,
                listed,
                |_| ResourceKind::AutoScalingGroup,
            ),
            db_instances: merged(self.db_instances, newer.db_instances, listed, |_| {
                ResourceKind::DbInstance
            }),
            log_groups: merged(self.log_groups, newer.log_groups, listed, |_| {
                ResourceKind::LogGroup
            }),
            functions: merged(self.functions, newer.functions, listed, |_| ResourceKind::Function),
            gaps: newer.gaps,
            listed: places,
        }
    }

    /// Returns whether `kind` was listed in `account` and `region`.
    pub fn was_listed(
        &self,
        kind: ResourceKind,
        account: &SubAccountId,
        region: &RegionId,
    ) -> bool {
        self.listed
            .get(&kind)
            .is_some_and(|places| places.contains(&(account.clone(), region.clone())))
    }
}

/// Places at which a kind was listed.
type Listed = BTreeMap<ResourceKind, BTreeSet<(SubAccountId, RegionId)>>;

/// Puts newer resources in the place of older ones, sorted by account, region and id.
fn merged<K>(
    older: Vec<Resource<K>>,
    newer: Vec<Resource<K>>,
    listed: &Listed,
    kind: fn(&K) -> ResourceKind,
) -> Vec<Resource<K>> {
    let replaced = |resource: &Resource<K>| {
        listed.get(&kind(&resource.kind)).is_some_and(|places| {
            places.contains(&(resource.account.clone(), resource.region.clone()))
        })
    };
    let place = |resource: &Resource<K>| {
        (resource.account.clone(), resource.region.clone(), resource.id.clone())
    };
    let names: BTreeSet<_> = newer.iter().map(place).collect();
    let mut table: Vec<Resource<K>> = older
        .into_iter()
        .filter(|resource| !replaced(resource) && !names.contains(&place(resource)))
        .collect();
    table.extend(newer);
    table.sort_by(|left, right| {
        (&left.account, &left.region, &left.id).cmp(&(&right.account, &right.region, &right.id))
    });
    table
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::Environment;
    use crate::resource::auto_scaling_group::AutoScalingGroup;

    fn snapshot(region: &str, names: &[&str]) -> Snapshot {
        let mut snapshot = Snapshot::empty(Timestamp::UNIX_EPOCH);
        snapshot.auto_scaling_groups = names
            .iter()
            .map(|name| Resource {
                id: (*name).into(),
                account: "111122223333".into(),
                region: region.into(),
                environment: Environment::Unknown,
                tags: BTreeMap::new(),
                kind: AutoScalingGroup {
                    min_size: 0,
                    max_size: 1,
                    desired_capacity: 0,
                    instance_ids: Vec::new(),
                },
            })
            .collect();
        snapshot.listed.insert(
            ResourceKind::AutoScalingGroup,
            BTreeSet::from([("111122223333".into(), region.into())]),
        );
        snapshot
    }

    #[test]
    fn a_newer_listing_replaces_its_place_and_leaves_the_others() {
        let seoul = snapshot("ap-northeast-2", &["lobby", "match"]);
        let tokyo = snapshot("ap-northeast-1", &["relay"]);
        let newer = snapshot("ap-northeast-2", &["lobby"]);
        let names: Vec<String> = seoul
            .updated_by(tokyo)
            .updated_by(newer)
            .auto_scaling_groups
            .iter()
            .map(|group| group.id.to_string())
            .collect();
        assert_eq!(names, ["relay", "lobby"]);
    }
}
