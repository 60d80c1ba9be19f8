//! An EC2 instance as a candidate.

use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::Unknown;
use trimtab_model::resource::instance::Instance;
use trimtab_model::resource::load_balancer::{LoadBalancer, LoadBalancerType};
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::counted;

use super::beside::Beside;
use super::fit::{Body, Limits, Network};
use super::queue::Queues;
use super::server::{Found, Requests, Server};
use crate::application::service::service_of;
use crate::balancer;
use crate::check::{Check, Facts};
use crate::observation::{MIN_DAYS, Observation};
use crate::pricing::Tariff;
use crate::sizing::demand::{MEAN_THEN_PEAK, PEAK_THEN_MEAN};
use crate::sizing::exemption;
use crate::verdict::unknown;

const SUM: &[Statistic] = &[Statistic::Sum];

/// Looks at an instance.
///
/// # Errors
/// Returns `Unknown` if its use was not measured long, completely or finely enough, or its type is not known.
pub fn candidate(
    check: &Check,
    facts: &Facts<'_>,
    instance: &Resource<Instance>,
) -> Result<Found, Unknown> {
    if let Some(verdict) = exemption::verdict(instance) {
        return Ok(Found::Other(Box::new(verdict)));
    }
    if instance.kind.is_managed_by_service == Some(true) {
        let reason = crate::verdict::exempt(
            "managed",
            "A service of AWS runs this instance and decides about it.",
            "AWS 서비스가 운영하고 관리하는 인스턴스입니다.",
        );
        return Ok(Found::Other(Box::new(reason)));
    }
    let names = std::slice::from_ref(&instance.id);
    let cpu = Observation::complete(
        check,
        facts,
        instance,
        names,
        "AWS/EC2",
        "CPUUtilization",
        MEAN_THEN_PEAK,
    )?;
    let instance_type = &instance.kind.instance_type;
    let Some(known) = facts.prices.instance_types.get(instance_type) else {
        return Err(unknown(
            "type-unknown",
            format!("How many vCPUs {instance_type} has is not known."),
            format!("{instance_type}의 vCPU 수를 알 수 없습니다."),
            &["prices"],
        ));
    };
    let memory =
        Observation::find(facts, instance, names, "CWAgent", "mem_used_percent", PEAK_THEN_MEAN)
            .map(|seen| (seen, known.memory_mib as f64));
    let balancers = balancers(facts, instance);
    let requests = requests(facts, &balancers);
    let requests_unknown = match balancers.is_empty() {
        true => unread_balancers(facts, instance),
        false => unknown_requests(&balancers, requests.is_some()),
    };
    let read_queues = facts.snapshot.queues_of_instance(instance);
    let queues = Queues::of(facts, instance, &read_queues);
    let sent = Observation::find(facts, instance, names, "AWS/EC2", "NetworkOut", SUM);
    let body = Body {
        read_queues,
        balancers_unread: balancer::unread(facts, instance),
        has_unlisted_balancers: balancers.is_empty() && !balancer::were_listed(facts, instance),
        network: sent.as_ref().map(|sent| {
            let seconds = f64::from(sent.profile.period_seconds.max(1));
            Network { usual: sent.profile.p50 / seconds, mean: sent.profile.mean / seconds }
        }),
        accelerators: known.accelerators,
        other_system: other_system(&instance.kind),
        data_volumes: instance.kind.volume_ids.len().saturating_sub(1),
        connections_from: balancers
            .iter()
            .find(|one| !has_requests(one))
            .map(|one| one.kind.load_balancer_name.clone()),
        is_called_by_address: balancers.is_empty() && instance.kind.has_public_ip == Some(true),
        bytes_of_an_answer: requests.and_then(|Requests { seen, share, seconds }| {
            let sent = sent.as_ref()?;
            let requests = seen.profile.sum / (seconds / 3600.0).max(1.0) * share;
            let bytes = sent.profile.sum / sent.profile.hours_observed().max(1.0);
            (requests > 0.0).then(|| bytes / requests)
        }),
    };
    let tariff = Tariff::of(facts, instance);
    let server = Server {
        resource: instance.reference(ResourceKind::Instance),
        label: instance_type.as_str().to_owned(),
        processors: f64::from(known.vcpu),
        cpu,
        memory,
        requests,
        requests_unknown,
        seconds_of_a_request: seconds_of_a_request(facts, instance),
        body,
        queues,
        now: tariff.running_hours(&instance.kind).map(|part| vec![part]),
        beside: Beside::of_instance(facts, &tariff, instance, &balancers),
        tariff,
        tasks: None,
    };
    server.judged(Limits {
        max_duty_percent: check.threshold_f64(facts, "max_duty_percent"),
        min_days: check.threshold_f64(facts, MIN_DAYS.name),
    })
}

/// Returns the seconds that a server worked on a request, the mean of the access logs that are tied to the instance.
fn seconds_of_a_request(facts: &Facts<'_>, instance: &Resource<Instance>) -> Option<f64> {
    let (service, _) = service_of(facts, instance)?;
    let (mut requests, mut seconds) = (0_u64, 0.0);
    for hour in &service.hours {
        if let Some(of_hour) = hour.server_seconds {
            requests += hour.timed_requests;
            seconds += of_hour;
        }
    }
    (requests > 0).then(|| seconds / requests as f64)
}

/// Says why it is not known how often a server is asked that a load balancer calls: then its work may be waiting that no
/// processor shows.
pub(super) fn unknown_requests(
    balancers: &[&Resource<LoadBalancer>],
    are_counted: bool,
) -> Option<Unknown> {
    let calls = balancers.iter().any(|one| has_requests(one));
    (calls && !are_counted).then(|| {
        unknown(
            "requests-unknown",
            "A load balancer calls it, and how often is not known of this server alone: RequestCount was not read, or counts other servers too.",
            "로드 밸런서가 호출하는 서버인데 이 서버만의 요청 수를 알 수 없습니다. RequestCount를 읽지 못했거나 다른 서버의 요청이 섞여 있습니다.",
            &["metrics:AWS/ApplicationELB:RequestCount", "traffic"],
        )
    })
}

/// Says why it is not known how often an instance is asked that no load balancer is known to call: one may, of those that could not
/// be read.
///
/// Where nobody asked for load balancers, it is said beside the costs and not in their place.
fn unread_balancers(facts: &Facts<'_>, instance: &Resource<Instance>) -> Option<Unknown> {
    let unread = balancer::unread(facts, instance);
    let (en, ko) = if unread > 0 {
        (
            format!(
                "How often it is asked is not known: the targets of {} of its region were not read.",
                counted(unread, "load balancer")
            ),
            format!(
                "이 서버의 요청 수를 알 수 없습니다. 같은 리전의 로드 밸런서 {unread}개의 대상을 읽지 못했습니다."
            ),
        )
    } else if balancer::were_refused(facts, instance) {
        (
            "How often it is asked is not known: the load balancers of its region could not all be listed.".to_owned(),
            "이 서버의 요청 수를 알 수 없습니다. 같은 리전의 로드 밸런서를 모두 나열하지 못했습니다.".to_owned(),
        )
    } else {
        return None;
    };
    Some(unknown("requests-unknown", en, ko, &["inventory:describe-load-balancers"]))
}

/// Returns the load balancers of which an instance is a target.
fn balancers<'a>(
    facts: &Facts<'a>,
    instance: &Resource<Instance>,
) -> Vec<&'a Resource<LoadBalancer>> {
    let is_target = |balancer: &&Resource<LoadBalancer>| {
        let mut targets = balancer.kind.target_ids.iter().flatten();
        balancer.account == instance.account
            && balancer.region == instance.region
            && targets.any(|target| {
                target == instance.id.as_str() || instance.kind.private_addresses.contains(target)
            })
    };
    facts.snapshot.load_balancers.iter().filter(is_target).collect()
}

/// Returns whether a load balancer counts requests; the others pass connections on.
fn has_requests(balancer: &Resource<LoadBalancer>) -> bool {
    match balancer.kind.load_balancer_type {
        LoadBalancerType::Application | LoadBalancerType::Classic => true,
        LoadBalancerType::Network | LoadBalancerType::Gateway => false,
    }
}

/// Returns the requests of the one load balancer before an instance, and the share of them that it answers: as large as
/// that of any other target.
fn requests<'a>(
    facts: &Facts<'a>,
    balancers: &[&'a Resource<LoadBalancer>],
) -> Option<Requests<'a>> {
    let [balancer] = balancers else { return None };
    // What it counts is of all its target groups together.
    if balancer.kind.target_groups.as_ref().is_some_and(|groups| groups.len() > 1) {
        return None;
    }
    let namespace = match balancer.kind.load_balancer_type {
        LoadBalancerType::Application => "AWS/ApplicationELB",
        LoadBalancerType::Classic => "AWS/ELB",
        LoadBalancerType::Network | LoadBalancerType::Gateway => return None,
    };
    let names = balancer::names(balancer);
    let seen = Observation::find(facts, balancer, &names, namespace, "RequestCount", SUM)?;
    let targets = balancer.kind.target_ids.as_ref()?.len().max(1);
    let seconds = seen.seconds(facts, balancer);
    Some(Requests { seen, share: 1.0 / targets as f64, seconds })
}

fn other_system(instance: &Instance) -> Option<String> {
    let system = instance.platform_details.as_deref()?;
    // The others are Linux: `Linux/UNIX`, `Red Hat Enterprise Linux`, `Ubuntu Pro`.
    system.starts_with("Windows").then(|| system.to_owned())
}
