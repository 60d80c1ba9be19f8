//! The names that the metrics of a load balancer carry, and those of which nobody read whom they call.

use trimtab_model::id::ResourceId;
use trimtab_model::resource::Resource;
use trimtab_model::resource::load_balancer::LoadBalancer;

use crate::check::Facts;

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
