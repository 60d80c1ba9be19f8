//! What the parts say together.

mod cut;
mod queue;
mod unread;

use jiff::SignedDuration;
use rust_decimal::Decimal;

use trimtab_model::action::TaskLimits;
use trimtab_model::metric::Statistic;
use trimtab_model::profile::UsageProfile;
use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::load_balancer::TargetGroup;
use trimtab_model::serverless::{
    Candidate, Fit, RunsBy, ServiceTasks, SimulationFault, TaskScaling, Trigger, TriggerKind,
};

use super::economics::{cautious_cost, seconds, sum};
use super::{Assumed, candidates, simulate};
use crate::check::Need;
use crate::scene::{Scene, flat, instance_facts, logs, now, now_and_then, scene};

/// An instance of four vCPUs that works now and then, and whatever else is added.
fn waiting() -> Scene {
    scene()
        .instance(|instance| instance.kind.instance_type = "m5.xlarge".into())
        .instance_type(instance_facts("m5.xlarge", 4, 16), "0.192")
        .price("lambda/request", "0.0000002")
        .price("lambda/gb_second_arm", "0.0000133334")
        .price("lambda/gb_second_x86", "0.0000166667")
        .price("lambda/provisioned_gb_second_arm", "0.0000033334")
        .price("cloudwatch/logs_ingestion", "0.5")
        .metric("i-1", "AWS/EC2", "CPUUtilization", Statistic::Average, now_and_then(16.0, 1.0, 14))
}

fn only(scene: &Scene) -> Candidate {
    let mut found = candidates(crate::checks::ALL, &scene.facts(), &[]);
    assert_eq!(found.len(), 1);
    found.remove(0)
}

#[test]
fn a_run_takes_no_less_than_its_work_and_no_more_than_all_of_the_time() {
    let workload = only(&waiting()).workload;
    // 15 % of four vCPUs for 300 s.
    assert!((workload.processors - 0.6).abs() < 1e-9);
    let (low, high) = seconds(&workload, 1769);
    assert!((low - 180.0).abs() < 1.0 && (high - 300.0).abs() < 1.0, "{low} {high}");
    // 0.145 of a vCPU takes four times as long.
    let (low, high) = seconds(&workload, 256);
    assert!((high - 300.0 * 0.6 / (256.0 / 1769.0)).abs() < 2.0, "{high}");
    assert!((low - high).abs() < 2.0, "{low} {high}");
}

#[test]
fn what_is_proposed_ends_in_time_and_costs_least() {
    let economics = only(&waiting()).economics.expect("priced");
    let proposed = &economics.options[0];
    assert!(proposed.is_proposed && proposed.unfit.is_none());
    let others = economics.options.iter().filter(|one| one.unfit.is_none() && one.memory_mb >= 256);
    assert!(others.clone().all(|one| one.monthly_high >= proposed.monthly_high));
    assert!(economics.options.iter().any(|one| one.unfit.is_some()), "256 MB take too long");
    assert_eq!(economics.options.iter().filter(|one| one.is_proposed).count(), 1);
}

#[test]
fn costs_are_equal_at_the_break_even_and_the_cautious_cost_is_twice_or_that_of_all_memory() {
    let economics = only(&waiting()).economics.expect("priced");
    let (server, function) =
        (sum(&economics.now).expect("small"), economics.options[0].monthly_high);
    let at_break_even = function * economics.break_even.expect("it costs something");
    assert!((at_break_even - server).abs() < Decimal::ONE, "{at_break_even} {server}");
    assert_eq!(cautious_cost(&economics, None), function + function);
    // All of the memory that was in use.
    let large = economics.options.iter().filter(|one| one.memory_mb == 10_240);
    let large = large.map(|one| one.monthly_high).min().expect("a size");
    assert_eq!(cautious_cost(&economics, Some(9_000.0)), large.max(function + function));
}

#[test]
fn stretches_that_stand_out_from_work_are_no_proof_of_waiting() {
    let profile = now_and_then(90.0, 50.0, 14);
    let scene = waiting().metric("i-1", "AWS/EC2", "CPUUtilization", Statistic::Average, profile);
    assert!(candidates(crate::checks::ALL, &scene.facts(), &[]).is_empty());
}

#[test]
fn a_clock_is_told_from_events() {
    let mut scene = waiting();
    assert_eq!(only(&scene).trigger, Trigger::Event);
    let mut regular = now_and_then(16.0, 1.0, 14);
    if let Some(bursts) = &mut regular.bursts {
        bursts.regularity = Some(0.95);
    }
    scene = scene.metric("i-1", "AWS/EC2", "CPUUtilization", Statistic::Average, regular);
    assert_eq!(only(&scene).trigger, Trigger::Schedule);
}

/// The same behind a load balancer with so many requests in each five minutes, of which access logs are there or not.
fn behind(requests: f64, seconds: Option<f64>) -> Candidate {
    only(&in_front(requests, seconds))
}

fn in_front(requests: f64, seconds: Option<f64>) -> Scene {
    let mut scene = waiting().load_balancer(|balancer| {
        balancer.kind.target_ids = Some(vec!["i-1".to_owned()]);
    });
    let id = scene.snapshot.load_balancers[0].id.as_str().to_owned();
    let counted = flat(requests, 14);
    scene = scene.metric(&id, "AWS/ApplicationELB", "RequestCount", Statistic::Sum, counted);
    if let Some(seconds) = seconds {
        let mut service = logs("web");
        for hour in &mut service.hours {
            hour.timed_requests = hour.requests;
            hour.server_seconds = Some(hour.requests as f64 * seconds);
        }
        scene = scene.requests(service);
    }
    scene
}

#[test]
fn requests_of_the_load_balancer_are_runs_and_few_of_them_wait_for_an_environment() {
    let busy = behind(600.0, Some(0.05));
    assert_eq!((busy.workload.runs_by, busy.trigger), (RunsBy::Requests, Trigger::Request));
    assert!((busy.workload.runs - 600.0 * 12.0 * 730.0).abs() < 1.0, "{}", busy.workload.runs);
    let economics = busy.economics.expect("priced");
    assert!(economics.cold_starts.share < 1e-9 && economics.cold_starts.kept_ready.is_none());
    let rare = behind(0.25, Some(60.0)).economics.expect("priced");
    assert!(rare.cold_starts.share > 0.7 && rare.cold_starts.kept_ready.is_some());
}

#[test]
fn overlapping_requests_are_each_paid_for_and_without_their_time_nothing_is_priced() {
    let priced = behind(600.0, Some(0.05));
    // 50 ms each, and longer where the function has fewer vCPUs than work takes.
    let (_, high) = seconds(&priced.workload, 1769);
    assert!((high - 0.05).abs() < 1e-9, "{high}");
    let unknown = behind(600.0, None).economics.expect_err("nobody knows how long they take");
    assert_eq!(unknown.reason.code, "duration-unknown");
}

#[test]
fn connections_do_not_fit_and_a_second_disk_has_to_change() {
    let mut scene = waiting().load_balancer(|balancer| {
        balancer.kind.load_balancer_type =
            trimtab_model::resource::load_balancer::LoadBalancerType::Network;
        balancer.kind.target_ids = Some(vec!["i-1".to_owned()]);
    });
    let codes = |reasons: &[trimtab_model::text::Reason]| -> Vec<String> {
        reasons.iter().map(|reason| reason.code.clone()).collect()
    };
    let refused = only(&scene);
    assert_eq!(
        (refused.fit, codes(&refused.obstacles)),
        (Fit::DoesNotFit, vec!["connections".to_owned()])
    );
    scene.snapshot.load_balancers.clear();
    scene.snapshot.instances[0].kind.volume_ids = vec!["vol-1".into(), "vol-2".into()];
    let found = only(&scene);
    assert_eq!(
        (found.fit, codes(&found.changes)),
        (Fit::FitsAfterChanges, vec!["state-on-disk".to_owned()])
    );
}

#[test]
fn what_nobody_measured_is_said() {
    let names = |candidate: &Candidate| -> Vec<String> {
        candidate.signals_not_seen.iter().map(|signal| signal.name.clone()).collect()
    };
    let found = only(&waiting());
    assert_eq!(
        names(&found),
        ["requests", "queue", "network", "memory", "state", "open_connections", "duration"]
    );
    assert_eq!(found.workload.memory_mb, None);
}

#[test]
fn a_simulation_without_assumptions_is_the_proposal_and_others_are_priced_or_refused() {
    let candidate = only(&waiting());
    let economics = candidate.economics.clone().expect("priced");
    let as_it_is = simulate(&candidate, &Assumed::default()).expect("it can be");
    assert!((as_it_is.function - economics.options[0].monthly_high).abs() < Decimal::new(1, 2));
    let tenfold = Assumed { factor: Some(Decimal::TEN), ..Assumed::default() };
    let tenfold = simulate(&candidate, &tenfold).expect("it can be");
    assert!((tenfold.function - as_it_is.function * Decimal::TEN).abs() < Decimal::new(1, 2));
    let short = Assumed { seconds: Some(Decimal::ONE), ..Assumed::default() };
    assert!(simulate(&candidate, &short).expect("it can be").function < as_it_is.function);
    let refused = |assumed: Assumed| simulate(&candidate, &assumed).expect_err("it cannot be");
    let memory = Assumed { memory_mb: Some(64), ..Assumed::default() };
    assert_eq!(refused(memory), SimulationFault::Memory(64));
    let long = Assumed { seconds: Some(Decimal::from(901)), ..Assumed::default() };
    assert_eq!(refused(long), SimulationFault::Seconds(Decimal::from(901)));
}

#[test]
fn what_costs_on_is_told_apart_and_a_volume_that_nobody_listed_is_said() {
    let mut scene = in_front(600.0, Some(0.05)).volume(|volume| volume.id = "vol-1".into());
    let targets = vec!["i-1".to_owned(), "i-2".to_owned()];
    scene.snapshot.load_balancers[0].kind.target_ids = Some(targets);
    let instance = &mut scene.snapshot.instances[0];
    (instance.region, instance.account) = {
        let volume = &scene.snapshot.volumes[0];
        (volume.region.clone(), volume.account.clone())
    };
    instance.kind.volume_ids = vec!["vol-1".into(), "vol-2".into()];
    instance.kind.has_public_ip = Some(true);
    let economics = only(&scene).economics.expect("priced");
    let names: Vec<&str> = economics.ends_later.iter().map(|part| part.name.as_str()).collect();
    assert!(
        names.first().is_some_and(|name| name.starts_with("share of load balancer")),
        "{names:?}"
    );
    assert!(names.iter().any(|name| name.ends_with("storage")), "{names:?}");
    assert_eq!(names.last(), Some(&"public IPv4"));
    assert_eq!(economics.ends_later[0].quantity, Decimal::from(365));
    assert!(economics.ends_later_unknown[0].en.contains("vol-2"));
    // None of it is in what the server costs.
    assert_eq!(economics.now.len(), 1);
}

#[test]
fn what_starts_the_function_is_paid_for_where_its_price_is_known() {
    let ways = |candidate: &Candidate| -> Vec<(TriggerKind, bool)> {
        let economics = candidate.economics.as_ref().expect("priced");
        economics.triggers.iter().map(|one| (one.kind, one.is_generated)).collect()
    };
    let event = only(&waiting());
    assert_eq!(ways(&event), [(TriggerKind::Bucket, true), (TriggerKind::Queue, false)]);
    let economics = event.economics.expect("priced");
    assert_eq!(economics.triggers[0].cost, Ok(None));
    assert!(economics.triggers[1].cost.is_err(), "the catalogue of the scene has no price of it");
    assert_eq!(economics.options[0].components.len(), 3);

    let without = behind(600.0, Some(0.05)).economics.expect("priced");
    assert!(without.triggers[0].cost.is_err() && without.options[0].components.len() == 3);
    let with = only(&in_front(600.0, Some(0.05)).price("apigateway/http_request", "0.000001"));
    assert_eq!(ways(&with)[0], (TriggerKind::HttpApi, true));
    let runs = Decimal::try_from(with.workload.runs).expect("a number");
    let with = with.economics.expect("priced");
    let more = with.options[0].monthly_high - without.options[0].monthly_high;
    assert!((more - runs * Decimal::new(1, 6)).abs() < Decimal::new(1, 4), "{more}");
    // The load balancer is there and costs as before.
    assert_eq!(with.triggers[2].cost, Ok(None));
    let tenfold = Assumed { factor: Some(Decimal::TEN), ..Assumed::default() };
    let candidate = only(&in_front(600.0, Some(0.05)).price("apigateway/http_request", "0.000001"));
    assert_eq!(simulate(&candidate, &tenfold).expect("it can be").components.len(), 4);
}

#[test]
fn answers_in_time_depend_on_the_run_and_on_new_environments() {
    let often = behind(600.0, Some(0.05)).economics.expect("priced").cold_starts;
    assert!(often.matters && !often.is_seen);
    assert_eq!(often.target_milliseconds, 200);
    // 50 ms where it has a vCPU; the proposed size may have less.
    assert_ne!(often.keeps_target, Some(false));
    let rare = behind(0.25, Some(60.0)).economics.expect("priced").cold_starts;
    assert!(rare.is_seen);
    let minutes = only(&waiting()).economics.expect("priced").cold_starts;
    assert!(!minutes.matters && minutes.keeps_target == Some(false));
}

#[test]
fn who_sends_all_of_the_time_holds_connections_or_streams() {
    let sends = |bytes: f64| {
        let sent = flat(bytes * 300.0, 14);
        only(&waiting().metric("i-1", "AWS/EC2", "NetworkOut", Statistic::Sum, sent))
    };
    let steady = sends(25_000.0);
    assert_eq!(steady.fit, Fit::FitsAfterChanges);
    assert_eq!(steady.changes[0].code, "steady-traffic");
    // What an agent of monitoring sends.
    assert_eq!(sends(2_000.0).fit, Fit::Fits);
}

/// A service that works now and then, and whatever else is added.
fn waiting_service() -> Scene {
    let profile = now_and_then(30.0, 1.0, 14);
    scene()
        .price("fargate/vcpu_hour_x86", "0.04048")
        .price("fargate/gb_hour_x86", "0.004445")
        .price("lambda/request", "0.0000002")
        .price("lambda/gb_second_arm", "0.0000133334")
        .price("lambda/gb_second_x86", "0.0000166667")
        .price("cloudwatch/logs_ingestion", "0.5")
        .ecs_service(|service| service.kind.desired_count = 3)
        .metric("arena/match", "AWS/ECS", "CPUUtilization", Statistic::Average, profile)
}

#[test]
fn the_tasks_of_a_service_are_those_of_the_inventory_with_what_moves_them() {
    let tasks = |scene: &Scene| only(scene).tasks.expect("a service has tasks");
    let fixed = ServiceTasks { desired: 3, scaling: TaskScaling::Fixed };
    assert_eq!(tasks(&waiting_service()), fixed);
    let limits = TaskLimits { min_capacity: 2, max_capacity: 8 };
    let moved = tasks(&waiting_service().scalable_target(|_| ()));
    assert_eq!(moved.scaling, TaskScaling::Target(limits));
    let mut unknown = waiting_service();
    unknown.snapshot.listed.remove(&ResourceKind::ScalableTarget);
    assert_eq!(tasks(&unknown).scaling, TaskScaling::Unknown);
    assert_eq!(only(&waiting()).tasks, None);
}

#[test]
fn a_load_balancer_whose_requests_are_not_counted_leaves_costs_unknown() {
    let code = |candidate: Candidate| candidate.economics.expect_err("unknown").reason.code;
    let mut scene = in_front(600.0, Some(0.05));
    let groups = vec![group("web"), group("api")];
    scene.snapshot.load_balancers[0].kind.target_groups = Some(groups);
    assert_eq!(code(only(&scene)), "requests-unknown", "it counts those of two services");
    let uncounted = waiting().load_balancer(|balancer| {
        balancer.kind.target_ids = Some(vec!["i-1".to_owned()]);
    });
    assert_eq!(code(only(&uncounted)), "requests-unknown");
    let mut service = waiting_service().load_balancer(|_| ());
    let called = service.snapshot.load_balancers[0].kind.target_groups.get_or_insert_default();
    called.push(group("match"));
    service.snapshot.ecs_services[0].kind.target_groups = vec!["match".into()];
    assert_eq!(code(only(&service)), "requests-unknown");
    // Whom it calls, nobody read: that is said, for it may pass connections on.
    let unread = waiting().load_balancer(|balancer| balancer.kind.target_ids = None);
    let names: Vec<String> =
        only(&unread).signals_not_seen.iter().map(|one| one.name.clone()).collect();
    assert!(names.contains(&"load_balancers".to_owned()), "{names:?}");
}

fn group(name: &str) -> TargetGroup {
    TargetGroup {
        target_group_arn: name.into(),
        target_ids: Vec::new(),
        healthy: 0,
        unhealthy: None,
    }
}

#[test]
fn work_beside_the_requests_is_not_dropped() {
    // Three requests an hour, of 50 ms each, and 180 vCPU-seconds of work in two hours.
    let batch = behind(0.25, Some(0.05)).economics.expect_err("unknown");
    assert_eq!(batch.reason.code, "work-beside-requests");
}

/// The same where the load balancer counted one request alone, so many hours ago.
fn asked_once(hours: i64) -> Candidate {
    let scene = in_front(0.0, Some(0.05));
    let id = scene.snapshot.load_balancers[0].id.as_str().to_owned();
    let moment = now() - SignedDuration::from_hours(hours);
    let once = UsageProfile {
        first: moment,
        last: moment,
        count: 1,
        covered_seconds: 300,
        sum: 1.0,
        ..flat(1.0, 14)
    };
    only(&scene.metric(&id, "AWS/ApplicationELB", "RequestCount", Statistic::Sum, once))
}

#[test]
fn a_single_request_is_not_taken_for_one_in_each_five_minutes() {
    let seldom = asked_once(240);
    assert!((seldom.workload.runs - 730.0 / 240.0).abs() < 1e-6, "{}", seldom.workload.runs);
    assert_eq!(seldom.economics.expect_err("unknown").reason.code, "work-beside-requests");
    // An hour says nothing of a month.
    let new = asked_once(1);
    assert_eq!((new.workload.runs_by, new.trigger), (RunsBy::Stretches, Trigger::Event));
    assert_eq!(new.economics.expect_err("unknown").reason.code, "requests-unknown");
}

#[test]
fn a_day_of_fine_samples_is_no_fortnight() {
    let mut profile = now_and_then(16.0, 1.0, 14);
    if let Some(bursts) = &mut profile.bursts {
        bursts.seconds = 86_400;
    }
    let scene = waiting().metric("i-1", "AWS/EC2", "CPUUtilization", Statistic::Average, profile);
    assert!(candidates(crate::checks::ALL, &scene.facts(), &[]).is_empty());
}

#[test]
fn work_of_half_an_hour_is_priced_as_runs_that_end_in_time() {
    let mut profile = now_and_then(16.0, 1.0, 14);
    if let Some(bursts) = &mut profile.bursts {
        bursts.longest_seconds = 1_800;
        bursts.stretches /= 6;
    }
    let scene = waiting().metric("i-1", "AWS/EC2", "CPUUtilization", Statistic::Average, profile);
    let found = only(&scene);
    assert_eq!(found.fit, Fit::FitsAfterChanges);
    let economics = found.economics.expect("priced");
    let proposed = &economics.options[0];
    assert!(proposed.unfit.is_none() && proposed.seconds_high <= Decimal::from(900));
    assert!(proposed.components[0].quantity > Decimal::try_from(found.workload.runs).unwrap());
}

#[test]
fn a_few_percent_of_a_large_machine_are_work() {
    let scene = scene()
        .instance(|instance| instance.kind.instance_type = "m5.24xlarge".into())
        .instance_type(instance_facts("m5.24xlarge", 96, 384), "4.608")
        .metric(
            "i-1",
            "AWS/EC2",
            "CPUUtilization",
            Statistic::Average,
            now_and_then(16.0, 4.0, 14),
        );
    assert!(candidates(crate::checks::ALL, &scene.facts(), &[]).is_empty());
}

#[test]
fn the_peak_of_memory_is_asked_for_as_it_is_read() {
    for id in ["ec2-instance-mostly-waiting", "ecs-service-mostly-waiting"] {
        let check = crate::checks::ALL.iter().find(|check| check.id == id).expect("a check");
        let first = check.needs.iter().find_map(|need| {
            let Need::OptionalMetric(_, metric, statistics) = need else { return None };
            ["mem_used_percent", "MemoryUtilization"].contains(metric).then(|| statistics.first())
        });
        assert_eq!(first, Some(Some(&Statistic::Maximum)), "{id}");
    }
}
