//! Addresses, gateways and load balancers.

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::load_balancer::{LoadBalancerType, TargetCount};

use crate::support::{HERE, codes, listed, read_files, read_one};

#[test]
fn addresses_are_read() {
    let snapshot = read_one(
        "describe-addresses.json",
        r#"{"Addresses": [
            {"PublicIp": "198.51.100.1", "AllocationId": "eipalloc-1", "Domain": "vpc",
             "PublicIpv4Pool": "amazon", "NetworkBorderGroup": "ap-northeast-2", "InstanceId": ""},
            {"PublicIp": "198.51.100.2", "AllocationId": "eipalloc-2", "AssociationId": "eipassoc-1",
             "InstanceId": "i-1", "NetworkInterfaceId": "eni-1"}
        ]}"#,
    );
    assert_eq!(snapshot.addresses[0].kind.association_id, None);
    assert_eq!(snapshot.addresses[0].kind.instance_id, None);
    assert_eq!(snapshot.addresses[1].kind.instance_id.as_deref(), Some("i-1"));
    assert_eq!(snapshot.addresses[1].id.as_str(), "eipalloc-2");
}

#[test]
fn nat_gateways_are_read() {
    let snapshot = read_one(
        "describe-nat-gateways.json",
        r#"{"NatGateways": [{"NatGatewayId": "nat-1", "State": "available", "VpcId": "vpc-1", "SubnetId": "subnet-1",
            "CreateTime": "2026-01-01T00:00:00+00:00", "ConnectivityType": "public",
            "NatGatewayAddresses": [{"AllocationId": "eipalloc-1", "PublicIp": "198.51.100.1"}]}]}"#,
    );
    let gateway = &snapshot.nat_gateways[0];
    assert_eq!(gateway.kind.state, "available");
    assert_eq!(gateway.kind.allocation_ids, ["eipalloc-1"]);
}

const BALANCER: &str = r#"{"LoadBalancers": [{
    "LoadBalancerArn": "arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:loadbalancer/app/web/50dc6c495c0c9188",
    "LoadBalancerName": "web", "Type": "application", "Scheme": "internet-facing", "State": {"Code": "active"},
    "CreatedTime": "2026-01-01T00:00:00.000Z"
}]}"#;
const GROUPS: &str = r#"{"TargetGroups": [
    {"TargetGroupArn": "arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:targetgroup/blue/1", "TargetGroupName": "blue",
     "LoadBalancerArns": ["arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:loadbalancer/app/web/50dc6c495c0c9188"]},
    {"TargetGroupArn": "arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:targetgroup/green/2", "TargetGroupName": "green",
     "LoadBalancerArns": ["arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:loadbalancer/app/web/50dc6c495c0c9188"]}
]}"#;
const HEALTH: &str = r#"{"TargetHealthDescriptions": [
    {"Target": {"Id": "i-1", "Port": 80}, "HealthCheckPort": "80", "TargetHealth": {"State": "healthy"}},
    {"Target": {"Id": "i-2", "Port": 80}, "TargetHealth": {"State": "unhealthy", "Reason": "Target.Timeout"}}
]}"#;
const HEALTH_WITH_ARN: &str = r#"{"TargetGroupArn": "arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:targetgroup/green/2",
    "TargetHealthDescriptions": [{"Target": {"Id": "i-3"}, "TargetHealth": {"State": "healthy"}}]}"#;

#[test]
fn target_health_is_matched_by_name_and_by_arn() {
    let (snapshot, errors) = read_files(&[
        (&format!("{HERE}/elbv2-describe-load-balancers.json"), BALANCER),
        (&format!("{HERE}/describe-target-groups.json"), GROUPS),
        (&format!("{HERE}/describe-target-health.blue.json"), HEALTH),
        (&format!("{HERE}/describe-target-health-2.json"), HEALTH_WITH_ARN),
    ]);
    assert_eq!(errors, []);
    assert_eq!(snapshot.gaps, []);
    let balancer = &snapshot.load_balancers[0];
    assert_eq!(balancer.kind.load_balancer_type, LoadBalancerType::Application);
    assert_eq!(balancer.kind.targets, Some(TargetCount { registered: 3, healthy: Some(2) }));
}

#[test]
fn target_health_that_cannot_be_matched_is_a_gap() {
    let (snapshot, errors) = read_files(&[
        (&format!("{HERE}/describe-load-balancers.json"), BALANCER),
        (&format!("{HERE}/describe-target-health.json"), HEALTH),
    ]);
    assert_eq!(errors, []);
    assert_eq!(snapshot.load_balancers[0].kind.targets, None);
    assert_eq!(codes(&snapshot), ["target-group-unknown"]);
}

#[test]
fn a_load_balancer_without_groups_has_no_targets() {
    let (snapshot, _) = read_files(&[
        (&format!("{HERE}/describe-load-balancers.json"), BALANCER),
        (&format!("{HERE}/describe-target-groups.json"), r#"{"TargetGroups": []}"#),
    ]);
    let none = Some(TargetCount { registered: 0, healthy: Some(0) });
    assert_eq!(snapshot.load_balancers[0].kind.targets, none);
}

#[test]
fn both_kinds_of_load_balancer_are_recognised_by_content() {
    let classic = r#"{"LoadBalancerDescriptions": [{"LoadBalancerName": "old", "DNSName": "old-1.ap-northeast-2.elb.amazonaws.com",
        "Instances": [{"InstanceId": "i-1"}], "Scheme": "internal", "CreatedTime": "2015-01-01T00:00:00.000Z"}]}"#;
    let both = format!("{classic}\n{BALANCER}");
    let snapshot = read_one("describe-load-balancers.json", &both);
    assert_eq!(snapshot.load_balancers.len(), 2);
    let old =
        snapshot.load_balancers.iter().find(|balancer| balancer.id.as_str() == "old").unwrap();
    assert_eq!(old.kind.targets, Some(TargetCount { registered: 1, healthy: None }));
    assert!(listed(&snapshot, ResourceKind::ClassicLoadBalancer));
    assert!(listed(&snapshot, ResourceKind::LoadBalancer));
}
