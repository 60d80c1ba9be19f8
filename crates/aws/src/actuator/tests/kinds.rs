//! A look at each of the other kinds.

use trimtab_model::action::{
    Action, DatabaseSwitch, DbStorageSettings, GroupSizes, InstanceRefresh, VolumeSettings,
};
use trimtab_model::observed::Observed;
use trimtab_model::resource::ResourceKind;

use crate::actuator::{Actuator, Facts, Look};
use crate::wire::{Answer, Wire, bodies, change};

const VOLUME: &str = "<DescribeVolumesResponse><volumeSet><item><volumeId>vol-1</volumeId><size>100</size>\
    <status>in-use</status><volumeType>gp2</volumeType><iops>300</iops><createTime>2026-01-01T00:00:00.000Z</createTime>\
    <tagSet><item><key>trimtab:apply</key><value>allowed</value></item>\
    <item><key>trimtab:quarantine-until</key><value>2026-12-15T00:00:00Z</value></item></tagSet>\
    </item></volumeSet></DescribeVolumesResponse>";
const MODIFICATIONS: &str = "<DescribeVolumesModificationsResponse><volumeModificationSet>\
    <item><volumeId>vol-1</volumeId><modificationState>completed</modificationState><progress>100</progress>\
    <targetVolumeType>gp2</targetVolumeType><startTime>2026-11-01T00:00:00.000Z</startTime></item>\
    <item><volumeId>vol-1</volumeId><modificationState>optimizing</modificationState><progress>42</progress>\
    <targetVolumeType>gp3</targetVolumeType><targetIops>3000</targetIops><targetThroughput>250</targetThroughput>\
    <startTime>2026-11-30T00:00:00.000Z</startTime></item>\
    </volumeModificationSet></DescribeVolumesModificationsResponse>";
const NO_SNAPSHOTS: &str = "<DescribeSnapshotsResponse><snapshotSet/></DescribeSnapshotsResponse>";

async fn look(answer: Answer, kind: ResourceKind, id: &str, action: Action) -> Look {
    let wire = Wire::new(answer);
    let actuator = Actuator::new(&wire.session(), "P-1".into());
    actuator.look(&change(kind, id, action)).await.expect("a look")
}

fn modify_volume() -> Action {
    let settings = |word: &str| VolumeSettings {
        volume_type: word.to_owned(),
        iops: None,
        throughput_mib_s: None,
    };
    Action::ModifyVolume { from: settings("gp2"), to: settings("gp3"), size_gib: 100 }
}

#[tokio::test]
async fn a_volume_is_seen_with_its_latest_modification() {
    let answer = bodies(&[
        ("DescribeVolumes", VOLUME),
        ("DescribeVolumesModifications", MODIFICATIONS),
        ("DescribeSnapshots", NO_SNAPSHOTS),
    ]);
    let seen = look(answer, ResourceKind::Volume, "vol-1", modify_volume()).await;
    let Observed::Volume(volume) = seen.observed else { unreachable!() };
    assert_eq!(
        (volume.state.as_str(), volume.size_gib, volume.is_attached),
        ("in-use", 100, false)
    );
    assert!(volume.is_opted_in);
    assert_eq!(volume.is_recycled, None);
    let until = volume.quarantine_until.map(|at| at.to_string());
    assert_eq!(until.as_deref(), Some("2026-12-15T00:00:00Z"));
    let modification = volume.modification.expect("a modification");
    assert_eq!((modification.state.as_str(), modification.progress), ("optimizing", Some(42)));
    assert_eq!(modification.target.throughput_mib_s, Some(250));
    assert!(matches!(seen.facts, Facts::Volume(_)));
}

#[tokio::test]
async fn a_volume_that_is_not_there_is_gone() {
    let answer = Answer::Status(
        400,
        "<Response><Errors><Error><Code>InvalidVolume.NotFound</Code><Message>no</Message></Error></Errors></Response>",
    );
    let seen = look(answer, ResourceKind::Volume, "vol-1", modify_volume()).await;
    assert_eq!(seen.observed, Observed::Gone);
}

#[tokio::test]
async fn a_database_is_seen_with_what_waits_and_whose_snapshots_are_ours() {
    let database = "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances><DBInstance>\
        <DBInstanceIdentifier>arena-main</DBInstanceIdentifier><DBInstanceClass>db.r6g.xlarge</DBInstanceClass>\
        <Engine>mysql</Engine><DBInstanceStatus>available</DBInstanceStatus><AllocatedStorage>500</AllocatedStorage>\
        <StorageType>gp3</StorageType><Iops>12000</Iops><DbiResourceId>db-ABC</DbiResourceId><MultiAZ>true</MultiAZ>\
        <AvailabilityZone>ap-northeast-2a</AvailabilityZone>\
        <PendingModifiedValues><DBInstanceClass>db.r6g.large</DBInstanceClass><MasterUserPassword>hunter2</MasterUserPassword></PendingModifiedValues>\
        <DBParameterGroups><DBParameterGroup><ParameterApplyStatus>in-sync</ParameterApplyStatus></DBParameterGroup></DBParameterGroups>\
        <TagList><Tag><Key>trimtab:apply</Key><Value>allowed</Value></Tag></TagList>\
        </DBInstance></DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>";
    let snapshots = "<DescribeDBSnapshotsResponse><DescribeDBSnapshotsResult><DBSnapshots>\
        <DBSnapshot><DBSnapshotIdentifier>ours</DBSnapshotIdentifier><Status>available</Status>\
        <TagList><Tag><Key>trimtab:change</Key><Value>C-0a1b</Value></Tag></TagList></DBSnapshot>\
        <DBSnapshot><DBSnapshotIdentifier>theirs</DBSnapshotIdentifier><Status>available</Status></DBSnapshot>\
        </DBSnapshots></DescribeDBSnapshotsResult></DescribeDBSnapshotsResponse>";
    let storage = |gib| DbStorageSettings {
        storage_type: "gp3".to_owned(),
        allocated_storage_gib: gib,
        iops: None,
        storage_throughput_mib_s: None,
    };
    let action = Action::ModifyDbStorage { from: storage(500), to: storage(500) };
    let answer = bodies(&[("DescribeDBInstances", database), ("DescribeDBSnapshots", snapshots)]);
    let seen = look(answer, ResourceKind::DbInstance, "arena-main", action).await;
    assert!(!format!("{seen:?}").contains("hunter2"));
    assert!(matches!(seen.facts, Facts::DbStorage(_)));
    let Observed::DbInstance(found) = seen.observed else { unreachable!() };
    assert_eq!(found.class.as_str(), "db.r6g.xlarge");
    assert_eq!(found.storage.iops, Some(12_000));
    assert_eq!(found.pending.len(), 2);
    assert_eq!(found.parameters, ["in-sync"]);
    assert_eq!(found.availability_zone.as_deref(), Some("ap-northeast-2a"));
    assert!(found.is_multi_az && found.is_opted_in);
    let ids: Vec<&str> = found.snapshots.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["ours"]);
}

#[tokio::test]
async fn c17_a_database_that_took_the_name_over_is_seen_with_the_deployment_of_the_change() {
    let database = "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances><DBInstance>\
        <DBInstanceIdentifier>game</DBInstanceIdentifier><DBInstanceClass>db.r6g.large</DBInstanceClass>\
        <Engine>mysql</Engine><DBInstanceStatus>available</DBInstanceStatus><AllocatedStorage>400</AllocatedStorage>\
        <StorageType>gp3</StorageType><DbiResourceId>db-GREEN</DbiResourceId><MultiAZ>true</MultiAZ>\
        <BackupRetentionPeriod>0</BackupRetentionPeriod>\
        <TagList><Tag><Key>trimtab:apply</Key><Value>allowed</Value></Tag></TagList>\
        </DBInstance></DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>";
    let deployment = |change: &str| {
        format!(
            "<DescribeBlueGreenDeploymentsResponse><DescribeBlueGreenDeploymentsResult><BlueGreenDeployments><member>\
            <BlueGreenDeploymentIdentifier>bgd-1</BlueGreenDeploymentIdentifier><Status>SWITCHOVER_COMPLETED</Status>\
            <Source>arn:aws:rds:ap-northeast-2:111122223333:db:game-old1</Source>\
            <Target>arn:aws:rds:ap-northeast-2:111122223333:db:game</Target>\
            <TagList><Tag><Key>trimtab:change</Key><Value>{change}</Value></Tag></TagList>\
            </member></BlueGreenDeployments></DescribeBlueGreenDeploymentsResult></DescribeBlueGreenDeploymentsResponse>"
        )
    };
    let snapshots =
        "<DescribeDBSnapshotsResponse><DescribeDBSnapshotsResult/></DescribeDBSnapshotsResponse>";
    let action = || {
        Action::SwitchDatabase(DatabaseSwitch {
            source_arn: "arn:aws:rds:ap-northeast-2:111122223333:db:game".to_owned(),
            from_class: "db.r6g.xlarge".into(),
            to_class: "db.r6g.large".into(),
            from_storage_gib: 1_000,
            to_storage_gib: 400,
        })
    };
    let seen = async |change: &str| {
        let answer = bodies(&[
            ("DescribeDBInstances", database),
            ("DescribeDBSnapshots", snapshots),
            ("DescribeBlueGreenDeployments", &deployment(change)),
        ]);
        look(answer, ResourceKind::DbInstance, "game", action()).await
    };
    let Observed::DbInstance(ours) = seen("C-0a1b").await.observed else { unreachable!() };
    let found = ours.deployment.clone().expect("a deployment");
    assert_eq!((found.id.as_str(), found.status.as_str()), ("bgd-1", "SWITCHOVER_COMPLETED"));
    assert_eq!(found.blue.as_ref().map(|one| one.as_str()), Some("game-old1"));
    let green = found.green.expect("a copy");
    assert_eq!(
        (green.dbi_resource_id.as_deref(), green.storage_gib),
        (Some("db-GREEN"), Some(400))
    );
    let codes = |found: &trimtab_model::observed::DbInstanceObserved| -> Vec<String> {
        found.obstacles.iter().map(|(_, why)| why.code.clone()).collect()
    };
    assert!(!codes(&ours).contains(&"deployment-exists".to_owned()));
    // One of the same name that is not of this change stands in the way.
    let Observed::DbInstance(theirs) = seen("C-other").await.observed else { unreachable!() };
    assert_eq!(theirs.deployment, None);
    assert!(codes(&theirs).contains(&"deployment-exists".to_owned()));
    assert!(codes(&theirs).contains(&"no-backups".to_owned()));
}

#[tokio::test]
async fn an_address_that_was_asked_for_again_is_found_by_its_change() {
    let recovered = "<DescribeAddressesResponse><addressesSet><item><publicIp>203.0.113.7</publicIp>\
        <allocationId>eipalloc-2</allocationId><tagSet><item><key>trimtab:change</key><value>C-0a1b</value></item></tagSet>\
        </item></addressesSet></DescribeAddressesResponse>";
    let action = Action::ReleaseAddress { public_ip: Some("203.0.113.7".to_owned()) };
    let answer = bodies(&[("DescribeAddresses", recovered)]);
    let seen = look(answer, ResourceKind::Address, "eipalloc-1", action).await;
    let Observed::Address(address) = seen.observed else { unreachable!() };
    assert_eq!(address.public_ip.as_deref(), Some("203.0.113.7"));
    assert!(!address.is_associated);
}

#[tokio::test]
async fn a_log_group_is_told_from_others_that_begin_like_it() {
    let groups = r#"{"logGroups":[
        {"logGroupName":"/app-old","retentionInDays":7,"arn":"arn:aws:logs:ap-northeast-2:111122223333:log-group:/app-old:*"},
        {"logGroupName":"/app","creationTime":1760000000000,"arn":"arn:aws:logs:ap-northeast-2:111122223333:log-group:/app:*"}]}"#;
    let tags = r#"{"tags":{"trimtab:apply":"allowed"}}"#;
    let action = Action::PutRetentionPolicy { retention_in_days: 90 };
    let answer = bodies(&[("DescribeLogGroups", groups), ("ListTagsForResource", tags)]);
    let seen = look(answer, ResourceKind::LogGroup, "/app", action).await;
    let Observed::LogGroup(group) = seen.observed else { unreachable!() };
    assert_eq!(group.retention_days, None);
    assert!(group.is_opted_in);
}

#[tokio::test]
async fn a_group_is_seen_with_its_latest_refresh() {
    let group = "<DescribeAutoScalingGroupsResponse><DescribeAutoScalingGroupsResult><AutoScalingGroups><member>\
        <AutoScalingGroupName>web</AutoScalingGroupName><MinSize>1</MinSize><MaxSize>6</MaxSize><DesiredCapacity>3</DesiredCapacity>\
        <Instances><member><InstanceId>i-1</InstanceId><LifecycleState>InService</LifecycleState></member>\
        <member><InstanceId>i-2</InstanceId><LifecycleState>Pending</LifecycleState></member></Instances>\
        <Tags><member><Key>trimtab:apply</Key><Value>allowed</Value></member></Tags>\
        </member></AutoScalingGroups></DescribeAutoScalingGroupsResult></DescribeAutoScalingGroupsResponse>";
    let refreshes = "<DescribeInstanceRefreshesResponse><DescribeInstanceRefreshesResult><InstanceRefreshes><member>\
        <Status>Baking</Status><PercentageComplete>100</PercentageComplete><StartTime>2026-11-30T00:00:00Z</StartTime>\
        <DesiredConfiguration><LaunchTemplate><Version>4</Version></LaunchTemplate></DesiredConfiguration>\
        </member></InstanceRefreshes></DescribeInstanceRefreshesResult></DescribeInstanceRefreshesResponse>";
    let sizes = GroupSizes { min_size: 1, max_size: 6, desired_capacity: 3 };
    let action = Action::ResizeAutoScalingGroup { from: sizes, to: sizes };
    let answer =
        bodies(&[("DescribeAutoScalingGroups", group), ("DescribeInstanceRefreshes", refreshes)]);
    let seen = look(answer, ResourceKind::AutoScalingGroup, "web", action).await;
    let Observed::Group(found) = seen.observed else { unreachable!() };
    assert_eq!((found.sizes, found.in_service), (sizes, 1));
    assert!(found.is_opted_in);
    let refresh = found.refresh.expect("a refresh");
    assert_eq!((refresh.status.as_str(), refresh.version.as_deref()), ("Baking", Some("4")));
}

/// A group of one on version 3 of a template, whose user data nobody may see.
fn refreshed(version: &str, tags: &str) -> Answer {
    let group = format!(
        "<DescribeAutoScalingGroupsResponse><DescribeAutoScalingGroupsResult><AutoScalingGroups><member>\
        <AutoScalingGroupName>web</AutoScalingGroupName><MinSize>1</MinSize><MaxSize>6</MaxSize><DesiredCapacity>1</DesiredCapacity>\
        <AvailabilityZones><member>ap-northeast-2a</member></AvailabilityZones>\
        <LaunchTemplate><LaunchTemplateId>lt-1</LaunchTemplateId><Version>{version}</Version></LaunchTemplate>\
        <Instances><member><InstanceId>i-1</InstanceId><LifecycleState>InService</LifecycleState>\
        <ProtectedFromScaleIn>true</ProtectedFromScaleIn><LaunchTemplate><Version>3</Version></LaunchTemplate></member></Instances>\
        <Tags><member><Key>trimtab:apply</Key><Value>allowed</Value></member></Tags>\
        </member></AutoScalingGroups></DescribeAutoScalingGroupsResult></DescribeAutoScalingGroupsResponse>"
    );
    let templates = format!(
        "<DescribeLaunchTemplatesResponse><launchTemplates><item><launchTemplateId>lt-1</launchTemplateId>\
        <tagSet>{tags}</tagSet></item></launchTemplates></DescribeLaunchTemplatesResponse>"
    );
    let versions = "<DescribeLaunchTemplateVersionsResponse><launchTemplateVersionSet>\
        <item><versionNumber>3</versionNumber><launchTemplateData><imageId>ami-1</imageId><instanceType>m6i.xlarge</instanceType>\
        <userData>aHVudGVyMg==</userData></launchTemplateData></item>\
        <item><versionNumber>4</versionNumber><versionDescription>C-0a1b</versionDescription>\
        <launchTemplateData><instanceType>m7i.large</instanceType></launchTemplateData></item>\
        </launchTemplateVersionSet></DescribeLaunchTemplateVersionsResponse>";
    let types = "<DescribeInstanceTypesResponse><instanceTypeSet>\
        <item><instanceType>m6i.xlarge</instanceType><processorInfo><supportedArchitectures><item>x86_64</item></supportedArchitectures></processorInfo></item>\
        <item><instanceType>m7i.large</instanceType><processorInfo><supportedArchitectures><item>x86_64</item></supportedArchitectures></processorInfo></item>\
        </instanceTypeSet></DescribeInstanceTypesResponse>";
    bodies(&[
        ("DescribeAutoScalingGroups", &group),
        (
            "DescribeInstanceRefreshes",
            "<DescribeInstanceRefreshesResponse><DescribeInstanceRefreshesResult/></DescribeInstanceRefreshesResponse>",
        ),
        (
            "DescribeLifecycleHooks",
            "<DescribeLifecycleHooksResponse><DescribeLifecycleHooksResult/></DescribeLifecycleHooksResponse>",
        ),
        ("DescribeLaunchTemplates", &templates),
        ("DescribeLaunchTemplateVersions", versions),
        ("DescribeInstanceTypes", types),
        (
            "DescribeInstanceTypeOfferings",
            "<DescribeInstanceTypeOfferingsResponse><instanceTypeOfferingSet><item><instanceType>m7i.large</instanceType>\
            <location>ap-northeast-2a</location></item></instanceTypeOfferingSet></DescribeInstanceTypeOfferingsResponse>",
        ),
    ])
}

fn refresh() -> Action {
    Action::RefreshInstances(InstanceRefresh {
        from: "m6i.xlarge".into(),
        to: "m7i.large".into(),
        launch_template: "lt-1".to_owned(),
        from_version: "3".to_owned(),
        to_version: None,
        instances: 1,
        alarms: Vec::new(),
    })
}

#[tokio::test]
async fn a_group_whose_instances_are_replaced_is_seen_with_its_version_and_what_is_in_the_way() {
    let opted = "<item><key>trimtab:apply</key><value>allowed</value></item>";
    let group = ResourceKind::AutoScalingGroup;
    let seen = look(refreshed("3", opted), group, "web", refresh()).await;
    assert!(!format!("{seen:?}").contains("aHVudGVyMg"), "user data is never kept");
    let Observed::Group(found) = seen.observed else { unreachable!() };
    assert_eq!(found.version.as_deref(), Some("3"));
    assert_eq!(found.launched_from.get("3"), Some(&1));
    let numbers: Vec<&str> = found.versions.iter().map(|one| one.number.as_str()).collect();
    assert_eq!(numbers, ["4"]);
    let of = |found: &trimtab_model::observed::GroupObserved| -> Vec<String> {
        found.obstacles.iter().map(|(_, why)| why.code.clone()).collect()
    };
    assert_eq!(of(&found), ["scale-in-protected"]);
    // A version that moves, on a template whose owner was not asked.
    let seen = look(refreshed("$Latest", ""), group, "web", refresh()).await;
    let Observed::Group(found) = seen.observed else { unreachable!() };
    assert_eq!(of(&found), ["template-moves", "scale-in-protected", "template-not-opted-in"]);
}

#[tokio::test]
async fn g10_environment_variables_of_a_function_are_never_kept() {
    let secret = r#""Environment":{"Variables":{"DB_PASSWORD":"hunter2"}}"#;
    let configuration = format!(
        r#"{{"FunctionName":"resize","FunctionArn":"arn:aws:lambda:ap-northeast-2:111122223333:function:resize","Version":"$LATEST","MemorySize":512,"CodeSha256":"c2hh","RevisionId":"r-1","LastUpdateStatus":"Successful","Architectures":["arm64"],{secret}}}"#
    );
    let version = |number: &str, memory: u32, description: &str| {
        format!(
            r#"{{"FunctionName":"resize","Version":"{number}","MemorySize":{memory},"CodeSha256":"c2hh","Description":"{description}",{secret}}}"#
        )
    };
    let versions = format!(
        r#"{{"Versions":[{},{}]}}"#,
        version("$LATEST", 512, ""),
        version("8", 1024, "C-0a1b")
    );
    let aliases = r#"{"Aliases":[{"Name":"live","FunctionVersion":"8","RevisionId":"a-1","RoutingConfig":{"AdditionalVersionWeights":{"9":0.1}}}]}"#;
    let answer = bodies(&[
        ("configuration", &configuration),
        ("versions", &versions),
        ("aliases", aliases),
        ("tags", r#"{"Tags":{"trimtab:apply":"allowed"}}"#),
    ]);
    let action = Action::UpdateFunctionMemory { from_mb: 512, to_mb: 1024 };
    let seen = look(answer, ResourceKind::Function, "resize", action).await;
    assert!(!format!("{seen:?}").contains("hunter2"));
    let Observed::Function(found) = seen.observed else { unreachable!() };
    assert_eq!((found.memory_mb, found.architecture.as_str()), (512, "arm64"));
    assert_eq!(found.last_update_status, "Successful");
    assert!(found.is_opted_in);
    assert_eq!(found.versions, [("8".to_owned(), "C-0a1b".into())]);
    let alias = found.aliases.first().expect("an alias");
    assert_eq!((alias.version.as_str(), alias.is_latest), ("8", Some(true)));
    assert_eq!(alias.canary, Some(("9".to_owned(), 10)));
}
