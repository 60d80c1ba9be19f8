//! The names that the metrics of a load balancer carry, and those of which nobody read whom they call.

use trimtab_model::id::ResourceId;
use trimtab_model::resource::load_balancer::LoadBalancer;
use trimtab_model::resource::{Resource, ResourceKind};

use crate::check::Facts;

/// Load balancers are listed by two APIs.
const KINDS: [ResourceKind; 2] = [ResourceKind::LoadBalancer, ResourceKind::ClassicLoadBalancer];

/// Lists the names under which a load balancer is measured: its identifier, the part of its ARN that is the dimension,
/// and its own name.
pub fn names(balancer: &Resource<LoadBalancer>) -> Vec<ResourceId> {
    let id = balancer.id.as_str();
    let suffix = id.split_once(":loadbalancer/").map(|(_, suffix)| ResourceId::new(suffix));
    let name = ResourceId::new(balancer.kind.load_balancer_name.as_str());
    std::iter::once(balancer.id.clone()).chain(suffix).chain(std::iter::once(name)).collect()
}

/// Returns how many load balancers of a resource's account and region there are whose targets were not read.
pub fn unread<K>(facts: &Facts<'_>, resource: &Resource<K>) -> usize {
    let is_near = |balancer: &&Resource<LoadBalancer>| {
        balancer.kind.target_ids.is_none()
            && balancer.account == resource.account
            && balancer.region == resource.region
    };
    facts.snapshot.load_balancers.iter().filter(is_near).count()
}

/// Returns whether the load balancers of a resource's account and region were listed, the Classic ones too.
pub fn were_listed<K>(facts: &Facts<'_>, resource: &Resource<K>) -> bool {
    KINDS.iter().all(|kind| facts.snapshot.was_listed(*kind, &resource.account, &resource.region))
}

/// Returns whether somebody asked for the load balancers of a resource's account and region and did not get them all: a
/// call was refused, or a file could not be read.
pub fn were_refused<K>(facts: &Facts<'_>, resource: &Resource<K>) -> bool {
    let (account, region) = (&resource.account, &resource.region);
    facts.snapshot.gaps.iter().any(|gap| {
        let kind = gap.kind.filter(|kind| KINDS.contains(kind));
        kind.is_some_and(|kind| !facts.snapshot.was_listed(kind, account, region))
            && gap.account.as_ref().is_none_or(|one| one == account)
            && gap.region.as_ref().is_none_or(|one| one == region)
    })
}
