//! The Arm type that can take the place of an x86 one.

use trimtab_model::environment::Environment;
use trimtab_model::id::RegionId;
use trimtab_model::price::InstanceTypeFacts;

use crate::check::Facts;
use crate::sizing::burstable::is_burstable;
use crate::sizing::fit::offers;

/// The share of network and EBS throughput that counts as the same: the `large` sizes of
/// Graviton list 3 % less EBS throughput than Intel's.
const SAME_SHARE: f64 = 0.95;

/// Finds the cheapest Arm type of the same series and size that gives at least as much and is
/// offered in the region.
pub fn arm_equal<'a>(
    facts: &Facts<'a>,
    region: &RegionId,
    environment: Environment,
    current: &InstanceTypeFacts,
) -> Option<&'a InstanceTypeFacts> {
    let policy = facts.policy.sizing(environment);
    offers(facts.prices, region, policy.estimated_prices)
        .into_iter()
        .map(|offer| offer.facts)
        .find(|to| is_equal(current, to))
}

fn is_equal(now: &InstanceTypeFacts, to: &InstanceTypeFacts) -> bool {
    let no_less = |to: Option<f64>, now: Option<f64>| match (to, now) {
        (Some(to), Some(now)) => to >= now * SAME_SHARE,
        (_, None) => true,
        (None, Some(_)) => false,
    };
    to.architecture == "arm64"
        && to.current_generation
        && to.series == now.series
        && to.size == now.size
        && to.generation >= now.generation
        && is_burstable(to) == is_burstable(now)
        && !to.bare_metal
        && to.accelerators == now.accelerators
        && to.vcpu >= now.vcpu
        && to.memory_mib >= now.memory_mib
        && to.instance_store_gb.unwrap_or_default() >= now.instance_store_gb.unwrap_or_default()
        && no_less(to.network_baseline_gbps, now.network_baseline_gbps)
        && no_less(to.ebs_baseline_mb_s, now.ebs_baseline_mb_s)
}
