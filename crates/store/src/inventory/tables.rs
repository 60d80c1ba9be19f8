//! What was found so far, and where each find came from.

use trimtab_model::id::ResourceId;
use trimtab_model::resource::address::Address;
use trimtab_model::resource::auto_scaling_group::AutoScalingGroup;
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::function::Function;
use trimtab_model::resource::instance::Instance;
use trimtab_model::resource::load_balancer::LoadBalancer;
use trimtab_model::resource::log_group::LogGroup;
use trimtab_model::resource::nat_gateway::NatGateway;
use trimtab_model::resource::snapshot::Snapshot;
use trimtab_model::resource::{ResourceKind, Tags};

use super::place::Place;
use super::target_health::{TargetGroup, TargetHealth};
use super::volumes::ListedVolume;

/// One resource of a listing, before it is settled where it is.
#[derive(Debug)]
pub(super) struct Found<K> {
    /// The resource.
    pub(super) id: ResourceId,
    /// What the listing itself says of account and region.
    pub(super) place: Place,
    /// Its tags.
    pub(super) tags: Tags,
    /// What is particular to its kind.
    pub(super) kind: K,
}

/// A find, and the number of the file that it was found in.
#[derive(Debug)]
pub(super) struct Sourced<T> {
    /// Which file.
    pub(super) source: usize,
    /// What was found.
    pub(super) found: T,
}

/// That a kind was listed: one page of it.
#[derive(Debug)]
pub(super) struct Listing {
    /// Which kind.
    pub(super) kind: ResourceKind,
    /// Which file.
    pub(super) source: usize,
    /// What the resources on the page say of account and region.
    pub(super) places: Vec<Place>,
    /// Whether another page follows.
    pub(super) follows: Follows,
}

/// Whether a page is the last one of its listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Follows {
    /// The listing ends with this page.
    Nothing,
    /// The page names a token for the next one.
    AnotherPage,
}

/// Everything found in all files.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) instances: Vec<Sourced<Found<Instance>>>,
    pub(super) volumes: Vec<Sourced<Found<ListedVolume>>>,
    pub(super) snapshots: Vec<Sourced<Found<Snapshot>>>,
    pub(super) addresses: Vec<Sourced<Found<Address>>>,
    pub(super) nat_gateways: Vec<Sourced<Found<NatGateway>>>,
    pub(super) load_balancers: Vec<Sourced<Found<LoadBalancer>>>,
    pub(super) auto_scaling_groups: Vec<Sourced<Found<AutoScalingGroup>>>,
    pub(super) db_instances: Vec<Sourced<Found<DbInstance>>>,
    pub(super) log_groups: Vec<Sourced<Found<LogGroup>>>,
    pub(super) functions: Vec<Sourced<Found<Function>>>,
    pub(super) target_groups: Vec<Sourced<TargetGroup>>,
    /// One entry per page of target groups, for those that list none.
    pub(super) target_group_pages: Vec<Sourced<Follows>>,
    pub(super) target_healths: Vec<Sourced<TargetHealth>>,
    pub(super) listings: Vec<Listing>,
}
