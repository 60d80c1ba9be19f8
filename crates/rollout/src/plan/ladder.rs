//! Types that may stand in where there is no capacity for the chosen one.

use trimtab_model::id::{InstanceType, RegionId};
use trimtab_model::price::{InstanceTypeFacts, PriceBook};

/// How many stand by. Each is tried several times, while the machine is down.
const MOST: usize = 3;

/// Returns other families of the same size and architecture that do no less than the chosen
/// type and cost no more than the present one, the cheapest first; none where the catalogue
/// does not know both types and their prices.
pub(super) fn ladder(
    prices: Option<&PriceBook>,
    region: &RegionId,
    from: &InstanceType,
    to: &InstanceType,
) -> Vec<InstanceType> {
    let Some(prices) = prices else { return Vec::new() };
    let (Some(chosen), Some(ceiling)) =
        (prices.instance_types.get(to), prices.instance_hour(region, from))
    else {
        return Vec::new();
    };
    let offered = prices.regions.get(region).and_then(|region| region.offered.as_ref());
    let mut steps: Vec<_> = prices
        .instance_types
        .values()
        .filter(|one| one.instance_type != *to && one.instance_type != *from)
        .filter(|one| stands_in(one, chosen))
        .filter(|one| offered.is_none_or(|offered| offered.contains(&one.instance_type)))
        .filter_map(|one| {
            let price = prices.instance_hour(region, &one.instance_type)?;
            (price.usd <= ceiling.usd).then_some((price.usd, &one.instance_type))
        })
        .collect();
    steps.sort_unstable();
    steps.into_iter().take(MOST).map(|(_, name)| name.clone()).collect()
}

/// Returns whether a type does no less than the chosen one, as far as it was measured.
fn stands_in(one: &InstanceTypeFacts, chosen: &InstanceTypeFacts) -> bool {
    let is_as_fast = match (one.coremark, chosen.coremark) {
        (Some(its), Some(wanted)) => its >= wanted,
        _ => one.generation >= chosen.generation,
    };
    let at_least = |its: Option<f64>, wanted: Option<f64>| match (its, wanted) {
        (Some(its), Some(wanted)) => its >= wanted,
        (None, Some(_)) => false,
        (_, None) => true,
    };
    one.size == chosen.size
        && one.family != chosen.family
        && one.architecture == chosen.architecture
        && one.hypervisor == chosen.hypervisor
        && one.current_generation
        && !one.bare_metal
        && (!one.burstable || chosen.burstable)
        && one.vcpu >= chosen.vcpu
        && one.memory_mib >= chosen.memory_mib
        && one.accelerators == chosen.accelerators
        && is_as_fast
        && at_least(one.network_baseline_gbps, chosen.network_baseline_gbps)
        && at_least(one.ebs_baseline_mb_s, chosen.ebs_baseline_mb_s)
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn check(from: &str, to: &str, expected: &[&str]) {
        let book = sample::prices();
        let found = ladder(Some(&book), &sample::REGION.into(), &from.into(), &to.into());
        assert_eq!(found.iter().map(InstanceType::as_str).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn the_cheapest_that_does_no_less_comes_first_and_none_costs_more_than_now() {
        check("m5.xlarge", "m6i.large", &["m6a.large", "m7i.large", "r6i.large"]);
    }

    #[test]
    fn what_the_catalogue_does_not_know_has_no_ladder() {
        check("m5.xlarge", "m99.large", &[]);
        assert!(ladder(None, &"r".into(), &"m5.xlarge".into(), &"m6i.large".into()).is_empty());
    }
}
