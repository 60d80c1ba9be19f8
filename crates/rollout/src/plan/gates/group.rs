//! What a load balancer sees of the target group that a machine is registered in.

use trimtab_model::gate::{Presence, Signal};
use trimtab_model::metric::Statistic;
use trimtab_model::resource::Resource;
use trimtab_model::resource::instance::Instance;
use trimtab_model::resource::load_balancer::{LoadBalancer, LoadBalancerType, TargetGroup};

use super::source::{A_MINUTE, Gate, Metric};
use super::{Watched, balancer};
use crate::plan::units;

/// Returns the gates of everything that a load balancer sends to an instance: those of its target
/// groups, else those of the balancer, which stands for groups of which nothing is known.
pub(super) fn gates(
    watched: &Watched<'_>,
    instance: &Resource<Instance>,
    of: &Resource<LoadBalancer>,
) -> Vec<Gate> {
    let own: Vec<&TargetGroup> = units::groups(instance, of).collect();
    if own.is_empty() {
        return balancer::gates(watched, of);
    }
    let mut gates: Vec<Gate> = own
        .into_iter()
        .flat_map(|group| of_group(watched, of.kind.load_balancer_type, group))
        .collect();
    // Connections are counted by the balancer alone.
    if of.kind.load_balancer_type != LoadBalancerType::Application {
        gates.extend(balancer::gates(watched, of));
    }
    gates
}

fn of_group(
    watched: &Watched<'_>,
    balancer_type: LoadBalancerType,
    group: &TargetGroup,
) -> Vec<Gate> {
    let id = &group.target_group_arn;
    let healthy = |namespace| {
        Metric::new(namespace, "HealthyHostCount", Statistic::Minimum, A_MINUTE)
            .gate(watched, id, Signal::HealthyHosts, Presence::Required)
            .limit(fewest(group.healthy, watched.rules.budget_percent))
    };
    match balancer_type {
        LoadBalancerType::Application => {
            let mut gates = balancer::requests(watched, id);
            gates.push(healthy("AWS/ApplicationELB"));
            gates
        }
        LoadBalancerType::Network => vec![healthy("AWS/NetworkELB")],
        LoadBalancerType::Gateway => vec![healthy("AWS/GatewayELB")],
        // It has instances, and no groups.
        LoadBalancerType::Classic => Vec::new(),
    }
}

/// Returns how many members must be healthy: all that were, less those that the budget allows to
/// be under way. Of a group that had none nothing is known.
fn fewest(healthy: u32, budget_percent: u8) -> Option<f64> {
    let under_way = (u64::from(healthy) * u64::from(budget_percent) / 100).max(1);
    let fewest = u64::from(healthy).saturating_sub(under_way).max(1);
    (healthy > 0).then_some(fewest as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_must_be_healthy_as_the_budget_leaves() {
        let of = |healthy| fewest(healthy, 10);
        assert_eq!((of(0), of(1), of(2), of(3)), (None, Some(1.0), Some(1.0), Some(2.0)));
        assert_eq!((of(10), of(19), of(20)), (Some(9.0), Some(18.0), Some(18.0)));
    }
}
