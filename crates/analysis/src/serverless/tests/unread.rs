//! Load balancers that may call a server, and were not read.

use trimtab_model::id::ResourceId;
use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::load_balancer::LoadBalancerType;
use trimtab_model::serverless::Candidate;
use trimtab_model::snapshot::Gap;
use trimtab_model::text::Reason;

use super::{group, in_front, only, waiting, waiting_service};
use crate::scene::{Scene, outcome};

const OF_INSTANCES: &str = "ec2-instance-mostly-waiting";
const OF_SERVICES: &str = "ecs-service-mostly-waiting";

#[track_caller]
fn is_unknown(scene: &Scene, check: &str) {
    let found = only(scene).economics.expect_err("unknown");
    assert_eq!(found.reason.code, "requests-unknown");
    assert_eq!(verdict(scene, check), "unknown requests-unknown");
}

fn verdict(scene: &Scene, check: &str) -> String {
    let check = crate::checks::ALL.iter().find(|one| one.id == check).expect("the check");
    outcome(check, scene)
}

fn says_so(candidate: &Candidate) -> bool {
    candidate.signals_not_seen.iter().any(|signal| signal.name == "load_balancers")
}

/// The same, where nobody has load balancers of a kind.
fn without(mut scene: Scene, kind: ResourceKind) -> Scene {
    scene.snapshot.listed.remove(&kind);
    scene
}

/// The same, where somebody asked for them.
fn refused(scene: Scene, kind: ResourceKind) -> Scene {
    let mut scene = without(scene, kind);
    let instance = &scene.snapshot.instances[0];
    let gap = Gap {
        source: "describe-load-balancers".to_owned(),
        account: Some(instance.account.clone()),
        region: Some(instance.region.clone()),
        kind: Some(kind),
        reason: Reason::new("denied", "The role lacks it.", "권한이 없습니다."),
    };
    scene.snapshot.gaps.push(gap);
    scene
}

/// A service that names these target groups.
fn behind_groups(groups: &[&str]) -> Scene {
    let mut scene = waiting_service();
    scene.snapshot.ecs_services[0].kind.target_groups =
        groups.iter().map(|name| ResourceId::new(*name)).collect();
    scene
}

#[test]
fn a_service_that_names_a_target_group_without_a_load_balancer_is_unknown() {
    is_unknown(&behind_groups(&["match"]), OF_SERVICES);
    // Its load balancer is there, and its target groups were not read.
    is_unknown(&behind_groups(&["match"]).load_balancer(|_| ()), OF_SERVICES);
    // One of two is known, which counts no requests: of the other nobody knows.
    let half = behind_groups(&["match", "other"]).load_balancer(|balancer| {
        balancer.kind.load_balancer_type = LoadBalancerType::Network;
        balancer.kind.target_groups = Some(vec![group("match")]);
    });
    assert_eq!(only(&half).economics.expect_err("unknown").reason.code, "requests-unknown");
    // It says itself that no load balancer calls it.
    let alone = without(behind_groups(&[]), ResourceKind::LoadBalancer);
    assert!(only(&alone).economics.is_ok());
}

#[test]
fn an_instance_near_a_load_balancer_without_targets_is_unknown() {
    let near = waiting().load_balancer(|_| ());
    is_unknown(&near, OF_INSTANCES);
    assert!(says_so(&only(&near)));
    let mut elsewhere = near;
    elsewhere.snapshot.load_balancers[0].region = "eu-west-1".into();
    assert!(only(&elsewhere).economics.is_ok());
    // One is known to call it, whose requests are counted.
    let known = in_front(600.0, Some(0.05)).load_balancer(|balancer| balancer.id = "other".into());
    assert!(only(&known).economics.is_ok());
}

#[test]
fn an_instance_whose_load_balancers_could_not_be_listed_is_unknown() {
    for kind in [ResourceKind::LoadBalancer, ResourceKind::ClassicLoadBalancer] {
        let scene = refused(waiting(), kind);
        is_unknown(&scene, OF_INSTANCES);
        assert!(says_so(&only(&scene)));
        // What was listed before is there.
        let mut later = refused(waiting(), kind);
        later.snapshot.listed = waiting().snapshot.listed;
        assert!(only(&later).economics.is_ok());
        let mut elsewhere = refused(waiting(), kind);
        elsewhere.snapshot.gaps[0].region = Some("eu-west-1".into());
        assert!(only(&elsewhere).economics.is_ok());
    }
}

#[test]
fn where_nobody_asked_for_load_balancers_that_is_said_beside_the_costs() {
    assert!(!says_so(&only(&waiting())));
    let scene = without(waiting(), ResourceKind::LoadBalancer);
    let found = only(&scene);
    assert!(found.economics.is_ok() && says_so(&found));
    assert!(verdict(&scene, OF_INSTANCES).starts_with("recommend "));
}
