//! What a load balancer sees of the target group that a machine is registered in.
//!
//! Counted are the members that are ill. How many are well changes with a group that scales, and
//! each zone's part of a load balancer that keeps to its zone counts its own only. A machine that
//! is under way has left the group, or is stopped, and is not counted at all: one more that is ill
//! than before the change is a failure. Where a zone had several that were ill, as many of another
//! zone are not seen; the change itself does not end before its machine is healthy.

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
    let ill = |namespace| {
        Metric::new(namespace, "UnHealthyHostCount", Statistic::Maximum, A_MINUTE)
            .gate(watched, id, Signal::UnhealthyHosts, Presence::Required)
            .limit(f64::from(ill_before(group)))
    };
    match balancer_type {
        LoadBalancerType::Application => {
            let mut gates = balancer::requests(watched, id);
            gates.push(ill("AWS/ApplicationELB"));
            gates
        }
        LoadBalancerType::Network => vec![ill("AWS/NetworkELB")],
        LoadBalancerType::Gateway => vec![ill("AWS/GatewayELB")],
        // It has instances, and no groups.
        LoadBalancerType::Classic => Vec::new(),
    }
}

/// Returns how many members were ill when the plan was made; where only those that are well were
/// counted, the others.
fn ill_before(group: &TargetGroup) -> u32 {
    let all = u32::try_from(group.target_ids.len()).unwrap_or(u32::MAX);
    group.unhealthy.unwrap_or_else(|| all.saturating_sub(group.healthy))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_may_be_ill_as_were() {
        let of = |healthy, unhealthy| {
            let target_ids = ["i-1", "i-2", "i-3"].map(str::to_owned).into();
            ill_before(&TargetGroup {
                target_group_arn: "tg".into(),
                target_ids,
                healthy,
                unhealthy,
            })
        };
        // One that is stopped is registered and not ill.
        assert_eq!((of(3, Some(0)), of(2, Some(0)), of(2, Some(1))), (0, 0, 1));
        assert_eq!((of(3, None), of(2, None), of(4, None)), (0, 1, 0));
    }
}
