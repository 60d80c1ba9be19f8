//! Instances, their groups and their volumes.

use trimtab_model::environment::Environment;
use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::instance::InstanceState;

use crate::support::{HERE, INSTANCES, codes, listed, read_files, read_one};

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
