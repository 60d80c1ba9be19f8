//! What a load balancer sees of the machines behind it.

use trimtab_model::gate::{Presence, Signal};
use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::resource::Resource;
use trimtab_model::resource::load_balancer::{LoadBalancer, LoadBalancerType};

use super::Watched;
use super::source::{A_MINUTE, Gate, Metric};

/// Returns the gates of a load balancer. Errors are counted only when there are any, so their
/// silence says nothing; requests are counted as long as there are some, and their silence says
/// that clients lost their way.
pub(super) fn gates(watched: &Watched<'_>, balancer: &Resource<LoadBalancer>) -> Vec<Gate> {
    let of = |namespace, name, statistic, signal, presence| {
        let metric = Metric::new(namespace, name, statistic, A_MINUTE);
        metric.gate(watched, &balancer.id, signal, presence)
    };
    let (sum, average) = (Statistic::Sum, Statistic::Average);
    let (required, optional) = (Presence::Required, Presence::Optional);
    let latency = Some(watched.rules.limits.latency_p95_ms);
    match balancer.kind.load_balancer_type {
        LoadBalancerType::Application => requests(watched, &balancer.id),
        LoadBalancerType::Classic => {
            let time = of("AWS/ELB", "Latency", average, Signal::LatencyP95, required);
            vec![
                time.percentile("p95").scaled(1_000.0).limit(latency),
                of("AWS/ELB", "HTTPCode_Backend_5XX", sum, Signal::FailedRequests, optional),
                of("AWS/ELB", "RequestCount", sum, Signal::Requests, required),
            ]
        }
        // New flows; connections that last, as of a game, make few of them.
        LoadBalancerType::Network => {
            vec![of("AWS/NetworkELB", "NewFlowCount", sum, Signal::Requests, optional)]
        }
        LoadBalancerType::Gateway => {
            vec![of("AWS/GatewayELB", "NewFlowCount", sum, Signal::Requests, optional)]
        }
    }
}

/// Returns the gates of the requests of an Application Load Balancer, or of one of its target
/// groups.
pub(super) fn requests(watched: &Watched<'_>, id: &ResourceId) -> Vec<Gate> {
    let of = |name, statistic, signal, presence| {
        let metric = Metric::new("AWS/ApplicationELB", name, statistic, A_MINUTE);
        metric.gate(watched, id, signal, presence)
    };
    let (sum, average) = (Statistic::Sum, Statistic::Average);
    let (required, optional) = (Presence::Required, Presence::Optional);
    let time = of("TargetResponseTime", average, Signal::LatencyP95, required);
    vec![
        time.percentile("p95").scaled(1_000.0).limit(watched.rules.limits.latency_p95_ms),
        of("HTTPCode_Target_5XX_Count", sum, Signal::FailedRequests, optional),
        of("RequestCount", sum, Signal::Requests, required),
    ]
}
