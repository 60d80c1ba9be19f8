//! Reads inventories as the AWS CLI prints them.
#![expect(clippy::unwrap_used, reason = "a helper of a test may panic too")]

use std::path::Path;

use trimtab_model::environment::Environment;
use trimtab_model::policy::EnvironmentTags;
use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::instance::InstanceState;
use trimtab_model::resource::load_balancer::{LoadBalancerType, TargetCount};
use trimtab_model::snapshot::Snapshot;
use trimtab_store::InputError;
use trimtab_store::inventory::{self, Place};

const HERE: &str = "111122223333/ap-northeast-2";

fn read_files(files: &[(&str, &str)]) -> (Snapshot, Vec<InputError>) {
    let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    read_bytes(&files)
}

fn read_bytes(files: &[(&str, &[u8])]) -> (Snapshot, Vec<InputError>) {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = dir.path().join("inventory").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    read(dir.path())
}

fn read(dir: &Path) -> (Snapshot, Vec<InputError>) {
    let taken_at = "2026-10-31T00:00:00Z".parse().unwrap();
    inventory::read(dir, taken_at, &EnvironmentTags::default(), &Place::default())
}

/// Reads one file that is fine, below the directories of account and region.
fn read_one(name: &str, text: &str) -> Snapshot {
    let (snapshot, errors) = read_files(&[(&format!("{HERE}/{name}"), text)]);
    assert_eq!(errors, []);
    assert_eq!(snapshot.gaps, []);
    snapshot
}

fn listed(snapshot: &Snapshot, kind: ResourceKind) -> bool {
    snapshot.was_listed(kind, &"111122223333".into(), &"ap-northeast-2".into())
}

fn codes(snapshot: &Snapshot) -> Vec<&str> {
    snapshot.gaps.iter().map(|gap| gap.reason.code.as_str()).collect()
}

const INSTANCES: &str = r#"{
    "Reservations": [{
        "ReservationId": "r-1", "OwnerId": "111122223333", "Groups": [],
        "Instances": [
            {
                "InstanceId": "i-2", "InstanceType": "m5.large", "Architecture": "x86_64",
                "State": {"Code": 80, "Name": "stopped"},
                "StateTransitionReason": "User initiated (2026-09-01 03:04:05 GMT)",
                "LaunchTime": "2026-08-01T00:00:00+00:00", "PlatformDetails": "Linux/UNIX",
                "VirtualizationType": "hvm", "EnaSupport": true, "RootDeviceType": "ebs",
                "EbsOptimized": true, "PublicIpAddress": "198.51.100.7",
                "Placement": {"AvailabilityZone": "ap-northeast-2a", "GroupName": "", "Tenancy": "default"},
                "BlockDeviceMappings": [
                    {"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": "vol-1", "Status": "attached", "DeleteOnTermination": true}}
                ],
                "Tags": [{"Key": "Name", "Value": "game"}, {"Key": "environment", "Value": "Production"},
                         {"Key": "aws:autoscaling:groupName", "Value": "workers"}]
            },
            {
                "InstanceId": "i-1", "InstanceType": "t3.small", "State": {"Code": 16, "Name": "running"},
                "PrivateIpAddress": "10.0.0.7", "PrivateDnsName": "ip-10-0-0-7.ap-northeast-2.compute.internal",
                "NetworkInterfaces": [{"PrivateIpAddress": "10.0.0.7"}, {"PrivateIpAddress": "10.0.1.7"}],
                "StateTransitionReason": "", "Placement": {"AvailabilityZone": "ap-northeast-2c"}
            }
        ]
    }]
}"#;

#[test]
fn instances_are_read_and_sorted() {
    let snapshot = read_one("describe-instances.json", INSTANCES);
    let ids: Vec<_> = snapshot.instances.iter().map(|instance| instance.id.as_str()).collect();
    assert_eq!(ids, ["i-1", "i-2"]);
    let stopped = &snapshot.instances[1];
    assert_eq!(stopped.environment, Environment::Prod);
    assert_eq!(stopped.name(), Some("game"));
    assert_eq!(stopped.kind.state, InstanceState::Stopped);
    assert_eq!(stopped.kind.stopped_at, Some("2026-09-01T03:04:05Z".parse().unwrap()));
    assert_eq!(stopped.kind.launch_time, Some("2026-08-01T00:00:00Z".parse().unwrap()));
    assert_eq!(stopped.kind.volume_ids, ["vol-1".into()]);
    assert_eq!(stopped.kind.has_public_ip, Some(true));
    assert_eq!(stopped.kind.auto_scaling_group_name.as_deref(), Some("workers"));
    let running = &snapshot.instances[0];
    assert_eq!(running.environment, Environment::Unknown);
    assert_eq!(running.kind.stopped_at, None);
    assert_eq!(running.kind.has_public_ip, Some(false));
    assert_eq!(
        running.kind.private_addresses,
        ["10.0.0.7", "10.0.1.7", "ip-10-0-0-7.ap-northeast-2.compute.internal"]
    );
    assert!(listed(&snapshot, ResourceKind::Instance));
    assert!(!listed(&snapshot, ResourceKind::Volume));
}

#[test]
fn a_group_listing_names_the_group_of_an_instance() {
    let groups = r#"{"AutoScalingGroups": [{
        "AutoScalingGroupName": "web", "MinSize": 1, "MaxSize": 4, "DesiredCapacity": 2,
        "AutoScalingGroupARN": "arn:aws:autoscaling:ap-northeast-2:111122223333:autoScalingGroup:1:autoScalingGroupName/web",
        "AvailabilityZones": ["ap-northeast-2a"],
        "Instances": [{"InstanceId": "i-1", "LifecycleState": "InService"}],
        "Tags": [{"Key": "env", "Value": "stg", "ResourceId": "web", "PropagateAtLaunch": true}]
    }]}"#;
    let (snapshot, errors) = read_files(&[
        (&format!("{HERE}/describe-instances.json"), INSTANCES),
        (&format!("{HERE}/describe-auto-scaling-groups.json"), groups),
    ]);
    assert_eq!(errors, []);
    assert_eq!(snapshot.instances[0].kind.auto_scaling_group_name.as_deref(), Some("web"));
    assert_eq!(snapshot.instances[1].kind.auto_scaling_group_name.as_deref(), Some("workers"));
    let group = &snapshot.auto_scaling_groups[0];
    assert_eq!(group.environment, Environment::Staging);
    assert_eq!((group.kind.min_size, group.kind.max_size, group.kind.desired_capacity), (1, 4, 2));
}

#[test]
fn a_listing_says_what_an_instance_was_started_from_and_how_it_is_watched() {
    let instances = r#"{"Reservations": [{"OwnerId": "111122223333", "Instances": [
        {"InstanceId": "i-1", "InstanceType": "t3.large", "State": {"Name": "running"},
         "ImageId": "ami-1", "Monitoring": {"State": "enabled"}, "ProductCodes": [],
         "CpuOptions": {"CoreCount": 1, "ThreadsPerCore": 2}, "Operator": {"Managed": false},
         "Placement": {"AvailabilityZone": "ap-northeast-2a", "HostId": "h-1"}},
        {"InstanceId": "i-2", "InstanceType": "t3.large", "State": {"Name": "running"}}
    ]}]}"#;
    let snapshot = read_one("describe-instances.json", instances);
    let (full, bare) = (&snapshot.instances[0].kind, &snapshot.instances[1].kind);
    assert_eq!(full.image_id, Some("ami-1".into()));
    assert_eq!(full.monitoring.as_deref(), Some("enabled"));
    assert_eq!(full.has_product_codes, Some(false));
    assert_eq!(full.is_managed_by_service, Some(false));
    assert_eq!(full.host_id, Some("h-1".into()));
    assert_eq!(full.cpu_options.map(|options| options.threads_per_core), Some(2));
    assert_eq!(bare.has_product_codes, None);
    assert_eq!(bare.monitoring, None);
}

#[test]
fn a_group_says_what_it_launches_from_or_leaves_it_open() {
    let groups = r#"{"AutoScalingGroups": [
        {"AutoScalingGroupName": "a", "MinSize": 1, "MaxSize": 4, "DesiredCapacity": 2,
         "LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "$Latest"},
         "SuspendedProcesses": [{"ProcessName": "AZRebalance"}], "EnabledMetrics": []},
        {"AutoScalingGroupName": "b", "MinSize": 1, "MaxSize": 4, "DesiredCapacity": 2,
         "MixedInstancesPolicy": {
            "LaunchTemplate": {
                "LaunchTemplateSpecification": {"LaunchTemplateId": "lt-1", "Version": "7"},
                "Overrides": [{"InstanceType": "m6i.large", "WeightedCapacity": "2"}]},
            "InstancesDistribution": {"OnDemandPercentageAboveBaseCapacity": 50}}},
        {"AutoScalingGroupName": "c", "MinSize": 0, "MaxSize": 1, "DesiredCapacity": 0,
         "LaunchConfigurationName": "old"},
        {"AutoScalingGroupName": "d", "MinSize": 0, "MaxSize": 1, "DesiredCapacity": 0}
    ]}"#;
    let snapshot = read_one("describe-auto-scaling-groups.json", groups);
    let kinds: Vec<_> = snapshot.auto_scaling_groups.iter().map(|group| &group.kind).collect();
    let versions = |index: usize| {
        let list = kinds[index].launch_templates.as_ref()?;
        Some(list.iter().filter_map(|one| one.version.as_deref()).collect::<Vec<_>>())
    };
    assert_eq!(versions(0), Some(vec!["$Latest"]));
    assert_eq!(kinds[0].suspended_processes, Some(vec!["AZRebalance".to_owned()]));
    assert_eq!(kinds[0].scaling_policies, None);
    assert_eq!(versions(1), Some(vec!["7"]));
    let mixed = kinds[1].mixed_instances.as_ref().unwrap();
    assert!(mixed.is_weighted);
    assert_eq!(mixed.on_demand_percentage_above_base_capacity, Some(50));
    assert_eq!(
        (versions(2), kinds[2].launch_configuration_name.as_deref()),
        (Some(Vec::new()), Some("old"))
    );
    assert_eq!(versions(3), None);
}

#[test]
fn a_volume_without_attachments_differs_from_one_that_does_not_say() {
    let volumes = r#"{"Volumes": [
        {"VolumeId": "vol-1", "VolumeType": "gp3", "Size": 100, "Iops": 3000, "Throughput": 125,
         "State": "in-use", "CreateTime": "2026-01-01T00:00:00.000Z", "AvailabilityZone": "ap-northeast-2a",
         "Encrypted": false, "MultiAttachEnabled": false, "SnapshotId": ""},
        {"VolumeId": "vol-2", "VolumeType": "gp2", "Size": 8, "State": "available", "Attachments": []},
        {"VolumeId": "vol-3", "VolumeType": "gp2", "Size": 8, "State": "in-use"},
        {"VolumeId": "vol-4", "VolumeType": "gp2", "Size": 8, "State": "in-use", "SnapshotId": "snap-1",
         "Attachments": [{"InstanceId": "i-9", "Device": "/dev/sdf", "State": "attached"}]}
    ]}"#;
    let (snapshot, errors) = read_files(&[
        (&format!("{HERE}/describe-instances.json"), INSTANCES),
        (&format!("{HERE}/describe-volumes.json"), volumes),
    ]);
    assert_eq!(errors, []);
    let attached: Vec<Vec<&str>> = snapshot
        .volumes
        .iter()
        .map(|volume| {
            volume.kind.attachments.iter().map(|held| held.instance_id.as_str()).collect()
        })
        .collect();
    assert_eq!(attached, [vec!["i-2"], vec![], vec![], vec!["i-9"]]);
    assert_eq!(codes(&snapshot), ["attachments-missing"]);
    assert_eq!(snapshot.volumes[0].kind.snapshot_id, None);
    assert_eq!(snapshot.volumes[0].kind.throughput_mib_s, Some(125));
    assert_eq!(snapshot.volumes[3].kind.snapshot_id, Some("snap-1".into()));
}

#[test]
fn snapshots_of_strangers_are_left_out() {
    let snapshots = r#"{"Snapshots": [
        {"SnapshotId": "snap-1", "OwnerId": "111122223333", "VolumeId": "vol-1", "VolumeSize": 8,
         "FullSnapshotSizeInBytes": 1024, "StartTime": "2026-01-01T00:00:00+00:00", "State": "completed",
         "StorageTier": "standard", "Description": "by hand"},
        {"SnapshotId": "snap-2", "OwnerId": "999988887777", "VolumeId": "vol-2", "VolumeSize": 8},
        {"SnapshotId": "snap-3", "OwnerId": "137112412989", "OwnerAlias": "amazon", "VolumeSize": 8}
    ]}"#;
    let snapshot = read_one("describe-snapshots.json", snapshots);
    assert_eq!(snapshot.snapshots.len(), 1);
    let kept = &snapshot.snapshots[0];
    assert_eq!(kept.id.as_str(), "snap-1");
    assert_eq!(kept.kind.full_snapshot_size_bytes, Some(1024));
    assert_eq!(kept.kind.storage_tier.as_deref(), Some("standard"));
}

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

#[test]
fn databases_are_read_with_their_tags() {
    let snapshot = read_one(
        "describe-db-instances.json",
        r#"{"DBInstances": [{
            "DBInstanceIdentifier": "game", "DBInstanceClass": "db.r6g.large", "Engine": "mysql", "EngineVersion": "8.0.40",
            "DBInstanceStatus": "available", "MultiAZ": true, "StorageType": "gp2", "AllocatedStorage": 200,
            "DbiResourceId": "db-ABC", "DBInstanceArn": "arn:aws:rds:ap-northeast-2:111122223333:db:game",
            "InstanceCreateTime": "2025-01-01T00:00:00+00:00", "ReadReplicaDBInstanceIdentifiers": ["game-2"],
            "PendingModifiedValues": {}, "PerformanceInsightsEnabled": false, "LicenseModel": "general-public-license",
            "DBParameterGroups": [{"DBParameterGroupName": "default.mysql8.0", "ParameterApplyStatus": "in-sync"}],
            "TagList": [{"Key": "env", "Value": "운영"}]
        }, {
            "DBInstanceIdentifier": "game-2", "DBInstanceClass": "db.r6g.large", "Engine": "mysql", "DBInstanceStatus": "available",
            "ReadReplicaSourceDBInstanceIdentifier": "game", "PendingModifiedValues": {"DBInstanceClass": "db.r6g.xlarge"}
        }]}"#,
    );
    let game = &snapshot.db_instances[0];
    assert_eq!(game.environment, Environment::Prod);
    assert_eq!(game.kind.allocated_storage_gib, Some(200));
    assert_eq!(game.kind.read_replicas, ["game-2".into()]);
    assert!(!game.kind.has_pending_modifications);
    assert_eq!(game.kind.db_parameter_groups, ["default.mysql8.0"]);
    let replica = &snapshot.db_instances[1];
    assert!(replica.kind.has_pending_modifications);
    assert_eq!(replica.kind.read_replica_source, Some("game".into()));
    assert_eq!(replica.kind.multi_az, None);
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

#[test]
fn log_groups_have_times_in_milliseconds() {
    let snapshot = read_one(
        "describe-log-groups.json",
        r#"{"logGroups": [{"logGroupName": "/aws/lambda/notice", "creationTime": 1767225600000, "metricFilterCount": 0,
            "arn": "arn:aws:logs:ap-northeast-2:111122223333:log-group:/aws/lambda/notice:*", "storedBytes": 5, "logGroupClass": "STANDARD"}]}"#,
    );
    let group = &snapshot.log_groups[0];
    assert_eq!(group.kind.creation_time, Some("2026-01-01T00:00:00Z".parse().unwrap()));
    assert_eq!(group.kind.retention_in_days, None);
    assert_eq!(group.kind.stored_bytes, Some(5));
}

#[test]
fn the_environment_of_a_function_never_enters_memory() {
    let snapshot = read_one(
        "list-functions.json",
        r#"{"Functions": [{"FunctionName": "notice", "FunctionArn": "arn:aws:lambda:ap-northeast-2:111122223333:function:notice",
            "Runtime": "python3.13", "Architectures": ["x86_64"], "MemorySize": 512, "Timeout": 30, "PackageType": "Zip",
            "LastModified": "2026-01-01T00:00:00.000+0000", "Layers": [{"Arn": "a"}, {"Arn": "b"}],
            "Environment": {"Variables": {"DB_PASSWORD": "hunter2-canary"}}}]}"#,
    );
    assert_eq!(snapshot.functions[0].kind.layer_count, 2);
    assert_eq!(snapshot.functions[0].kind.memory_size_mb, Some(512));
    assert!(!format!("{snapshot:?}").contains("canary"));
}

#[test]
fn pages_in_one_file_and_in_several_are_joined_and_duplicates_count_once() {
    let one = |id: &str| {
        format!(
            r#"{{"Volumes": [{{"VolumeId": "{id}", "VolumeType": "gp3", "Size": 1, "State": "in-use", "Attachments": []}}]}}"#
        )
    };
    let (snapshot, errors) = read_files(&[
        (&format!("{HERE}/describe-volumes.json"), &format!("{}{}", one("vol-1"), one("vol-2"))),
        (&format!("{HERE}/describe-volumes-2.json"), &one("vol-2")),
        (
            &format!("{HERE}/describe-volumes.more.json"),
            &format!("[{},{}]", one("vol-3"), one("vol-4")),
        ),
    ]);
    assert_eq!(errors, []);
    let ids: Vec<_> = snapshot.volumes.iter().map(|volume| volume.id.as_str()).collect();
    assert_eq!(ids, ["vol-1", "vol-2", "vol-3", "vol-4"]);
}

#[test]
fn an_empty_listing_is_a_listing() {
    let snapshot = read_one("describe-volumes.json", "\u{feff}{\"Volumes\": []}\n");
    assert!(listed(&snapshot, ResourceKind::Volume));
}

#[test]
fn a_listing_without_its_last_page_is_not_a_listing() {
    let page = r#"{"Volumes": [], "NextToken": "abc"}"#;
    let (snapshot, errors) = read_files(&[(&format!("{HERE}/describe-volumes.json"), page)]);
    assert_eq!(errors, []);
    assert!(!listed(&snapshot, ResourceKind::Volume));
    assert_eq!(codes(&snapshot), ["listing-incomplete"]);
    let both = format!("{page}{{\"Volumes\": []}}");
    assert!(listed(&read_one("describe-volumes.json", &both), ResourceKind::Volume));
}

#[test]
fn without_directories_the_listing_and_its_neighbours_say_where_it_is() {
    let (snapshot, errors) = read_files(&[
        ("describe-instances.json", INSTANCES),
        (
            "describe-nat-gateways.json",
            r#"{"NatGateways": [{"NatGatewayId": "nat-1", "State": "available"}]}"#,
        ),
        ("describe-volumes.json", r#"{"Volumes": []}"#),
    ]);
    assert_eq!(errors, []);
    assert_eq!(snapshot.gaps, []);
    assert_eq!(snapshot.nat_gateways[0].account.as_str(), "111122223333");
    assert_eq!(snapshot.nat_gateways[0].region.as_str(), "ap-northeast-2");
    assert!(listed(&snapshot, ResourceKind::Volume));
}

#[test]
fn a_place_that_nothing_names_is_a_gap() {
    let (snapshot, errors) = read_files(&[(
        "describe-volumes.json",
        r#"{"Volumes": [{"VolumeId": "vol-1", "VolumeType": "gp3", "Size": 1, "State": "available",
            "AvailabilityZone": "ap-northeast-2a", "Attachments": []}]}"#,
    )]);
    assert_eq!(errors, []);
    assert_eq!(snapshot.volumes[0].account.as_str(), inventory::UNKNOWN);
    assert_eq!(snapshot.volumes[0].region.as_str(), "ap-northeast-2");
    assert_eq!(codes(&snapshot), ["place-unknown"]);
}

#[test]
fn a_bad_file_is_an_error_and_a_gap_and_the_others_are_read() {
    let (snapshot, errors) = read_files(&[
        (&format!("{HERE}/describe-instances.json"), INSTANCES),
        (
            &format!("{HERE}/describe-volumes.json"),
            "{\"Volumes\": [\n {\"VolumeId\": \"vol-1\", \"VolumeType\": \"gp3\", \"Size\": \"big\"}]}",
        ),
    ]);
    assert_eq!(snapshot.instances.len(), 2);
    let [error] = errors.as_slice() else { panic!("{errors:?}") };
    assert_eq!(error.row, Some(2));
    assert!(error.problem.en.contains("invalid type: string \"big\", expected u32"), "{error}");
    assert_eq!(codes(&snapshot), ["file-rejected"]);
    assert_eq!(snapshot.gaps[0].kind, Some(ResourceKind::Volume));
    assert_eq!(snapshot.gaps[0].region, Some("ap-northeast-2".into()));
    assert!(!listed(&snapshot, ResourceKind::Volume));
}

#[test]
fn one_bad_part_means_that_the_kind_was_not_listed() {
    let (snapshot, errors) = read_files(&[
        (&format!("{HERE}/describe-volumes-1.json"), "{\"Volumes\": [{\"Vol"),
        (&format!("{HERE}/describe-volumes-2.json"), "{\"Volumes\": []}"),
    ]);
    assert_eq!(errors.len(), 1);
    assert!(!listed(&snapshot, ResourceKind::Volume));
}

#[test]
fn hostile_files_are_clean_errors() {
    let deep_known = format!("{{\"Volumes\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let deep_list = "[".repeat(100_000);
    for (bytes, problem) in [
        (&b""[..], "is empty"),
        (b"  \n", "is empty"),
        (b"{\"Volumes\": [", "ends in the middle"),
        (b"not json", "is not valid JSON"),
        (b"{\"Volumes\": []} trailing", "is not valid JSON"),
        (b"{\"Volumes\": 7}", "is not what the AWS CLI prints"),
        (b"[1, 2]", "is not what the AWS CLI prints"),
        (b"{\"Buckets\": []}", "holds none of the lists"),
        (b"{\"Volumes\": null}", "holds none of the lists"),
        (b"\xff\xfe{\0", "UTF-16"),
        (b"{\"Volumes\": [{\"VolumeId\": \"\xff\"}]}", "is not"),
        (b"{\"Volumes\": [{\"VolumeId\": \"vol-1\"}]}", "missing field"),
        (deep_known.as_bytes(), "is not"),
        (deep_list.as_bytes(), "is"),
    ] {
        let (snapshot, errors) = read_bytes(&[("describe-volumes.json", bytes)]);
        let [error] = errors.as_slice() else {
            panic!("{:?}: {errors:?}", String::from_utf8_lossy(bytes.get(..40).unwrap_or(bytes)))
        };
        assert!(error.problem.en.contains(problem), "{error}, expected {problem}");
        assert!(!error.hint.en.is_empty());
        assert_eq!(snapshot.volumes, []);
        assert_eq!(codes(&snapshot), ["file-rejected"]);
    }
}

#[test]
fn deep_nesting_in_a_field_that_nobody_reads_is_harmless() {
    let text =
        format!("{{\"Volumes\": [], \"X\": {}{}}}", "[".repeat(200_000), "]".repeat(200_000));
    assert!(listed(&read_one("describe-volumes.json", &text), ResourceKind::Volume));
}

#[test]
fn a_file_that_is_no_json_is_named() {
    let (_, errors) = read_files(&[("notes.txt", "hello")]);
    assert!(errors[0].problem.en.contains("is not a .json file"));
}

#[test]
fn the_real_machines_of_the_samples_are_read() {
    let data = std::env::var_os("TRIMTAB_SHARED_DATA")
        .map(std::path::PathBuf::from)
        .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"));
    for (sample, machines) in [("bitbrains", 268), ("planetlab", 440)] {
        let dir = data.join("samples").join(sample);
        if !dir.is_dir() {
            println!("skipped: {} is not here", dir.display());
            continue;
        }
        let (snapshot, errors) = read(&dir);
        assert_eq!(errors, []);
        assert_eq!(snapshot.instances.len(), machines, "{sample}");
    }
}
