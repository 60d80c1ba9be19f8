//! An ECS service on Fargate as a candidate.

use rust_decimal::prelude::ToPrimitive;

use trimtab_model::action::TaskLimits;
use trimtab_model::id::ResourceId;
use trimtab_model::recommendation::{Unknown, Verdict};
use trimtab_model::resource::ecs_service::EcsService;
use trimtab_model::resource::load_balancer::{LoadBalancer, LoadBalancerType};
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::serverless::{ServiceTasks, TaskScaling};
use trimtab_model::text::counted;

use super::beside::Beside;
use super::fit::{Body, Limits};
use super::instance::unknown_requests;
use super::queue::Queues;
use super::server::{Found, Server};
use crate::balancer;
use crate::check::{Check, Facts};
use crate::fargate::cost::formula;
use crate::fargate::scaling::Scaling;
use crate::fargate::service::{CPU, MEMORY, NAMESPACE, names, running};
use crate::observation::{MIN_DAYS, Observation};
use crate::pricing::Tariff;
use crate::sizing::demand::{MEAN_THEN_PEAK, PEAK_THEN_MEAN};
use crate::verdict::{pass, unknown};

/// Looks at a service.
///
/// Its metrics are means over its tasks, so that the work of all of them is the mean of one times their number.
///
/// # Errors
/// Returns `Unknown` if its use was not measured long, completely or finely enough, or the listing lacks what it runs.
pub fn candidate(
    check: &Check,
    facts: &Facts<'_>,
    service: &Resource<EcsService>,
) -> Result<Found, Unknown> {
    let other = |verdict: Verdict| Ok(Found::Other(Box::new(verdict)));
    if service.kind.scheduling_strategy.as_deref() == Some("DAEMON") {
        return other(pass(
            "daemon",
            "It runs one task on each machine and serves the machine.",
            "인스턴스마다 하나씩 실행되어 그 인스턴스를 돕는 서비스입니다.",
        ));
    }
    let running = match running(facts, service)? {
        Ok(running) => running,
        Err(verdict) => return other(verdict),
    };
    let names = names(service);
    let cpu = Observation::complete(check, facts, service, &names, NAMESPACE, CPU, MEAN_THEN_PEAK)?;
    let tasks = running.tasks.to_f64().unwrap_or(1.0);
    let memory_mb = f64::from(running.size.memory_mib);
    let memory = Observation::find(facts, service, &names, NAMESPACE, MEMORY, PEAK_THEN_MEAN)
        .map(|seen| (seen, memory_mb));
    let tariff = Tariff::of(facts, service);
    let balancers = balancers(facts, service);
    let read_queues = facts.snapshot.queues_of_service(service);
    let queues = Queues::of(facts, service, &read_queues);
    let body = Body {
        balancers_unread: balancer::unread(facts, service),
        read_queues,
        connections_from: balancers
            .iter()
            .find(|one| passes_on(one))
            .map(|one| one.kind.load_balancer_name.clone()),
        ..Body::default()
    };
    let vcpu = running.size.vcpu().to_f64().unwrap_or_default();
    let server = Server {
        resource: service.reference(ResourceKind::EcsService),
        label: format!("{tasks:.0} × {vcpu} vCPU, {:.1} GB", memory_mb / 1024.0),
        processors: vcpu * tasks,
        cpu,
        memory,
        requests: None,
        requests_unknown: unread_balancers(service, &balancers)
            .or_else(|| unknown_requests(&balancers, false)),
        seconds_of_a_request: None,
        body,
        queues,
        now: formula(&tariff, &running, running.size, running.architecture),
        beside: Beside::of(facts, &tariff, service, &balancers),
        tariff,
        tasks: Some(ServiceTasks {
            desired: service.kind.desired_count,
            scaling: match Scaling::of(facts, service) {
                Scaling::Unknown => TaskScaling::Unknown,
                Scaling::Fixed => TaskScaling::Fixed,
                Scaling::Target(target) => TaskScaling::Target(TaskLimits {
                    min_capacity: target.min_capacity,
                    max_capacity: target.max_capacity,
                }),
            },
        }),
    };
    server.judged(Limits {
        max_duty_percent: check.threshold_f64(facts, "max_duty_percent"),
        min_days: check.threshold_f64(facts, MIN_DAYS.name),
    })
}

/// Returns the load balancers that call a service.
fn balancers<'a>(
    facts: &Facts<'a>,
    service: &Resource<EcsService>,
) -> Vec<&'a Resource<LoadBalancer>> {
    let groups = &service.kind.target_groups;
    let calls = |balancer: &&Resource<LoadBalancer>| {
        let mut own = balancer.kind.target_groups.iter().flatten();
        own.any(|group| groups.contains(&group.target_group_arn))
    };
    facts.snapshot.load_balancers.iter().filter(calls).collect()
}

/// Says why it is not known how often a service is asked: it names target groups, and which load balancers send to them was not
/// read of all.
fn unread_balancers(
    service: &Resource<EcsService>,
    balancers: &[&Resource<LoadBalancer>],
) -> Option<Unknown> {
    let is_known = |wanted: &ResourceId| {
        let mut groups = balancers.iter().flat_map(|one| one.kind.target_groups.iter().flatten());
        groups.any(|group| group.target_group_arn == *wanted)
    };
    let unread = service.kind.target_groups.iter().filter(|group| !is_known(group)).count();
    (unread > 0).then(|| {
        unknown(
            "requests-unknown",
            format!(
                "How often it is asked is not known: the load balancer before {} of it was not read.",
                counted(unread, "target group")
            ),
            format!(
                "이 서비스의 요청 수를 알 수 없습니다. 서비스의 대상 그룹 {unread}개로 요청을 보내는 로드 밸런서를 읽지 못했습니다."
            ),
            &["inventory:describe-load-balancers"],
        )
    })
}

/// Returns whether a load balancer sends connections and not requests.
fn passes_on(balancer: &Resource<LoadBalancer>) -> bool {
    match balancer.kind.load_balancer_type {
        LoadBalancerType::Network | LoadBalancerType::Gateway => true,
        LoadBalancerType::Application | LoadBalancerType::Classic => false,
    }
}
