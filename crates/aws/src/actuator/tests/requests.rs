//! Each call as a request, and what its answer means.

use trimtab_model::action::Action;
use trimtab_model::call::{Call, CallResult};
use trimtab_model::resource::ResourceKind;

use crate::actions::tests::calls;
use crate::actuator::Actuator;
use crate::wire::{Answer, Wire, change};

/// What the request of a call holds; nothing for one that something is read for first.
fn expected(call: &Call) -> Option<&'static [&'static str]> {
    Some(match call {
        Call::CreateSnapshots { .. } => &[
            "Action=CreateSnapshots",
            "InstanceSpecification.InstanceId=i-0a1b2c3d4e5f60718",
            "TagSpecification.1.ResourceType=snapshot",
            "TagSpecification.1.Tag.1.Key=trimtab%3Achange",
            "TagSpecification.1.Tag.1.Value=C-1",
            "TagSpecification.1.Tag.2.Key=trimtab%3Aplan",
            "TagSpecification.1.Tag.2.Value=P-1",
        ],
        Call::CreateSnapshot { .. } => &[
            "Action=CreateSnapshot&",
            "VolumeId=vol-0a1b2c3d",
            "TagSpecification.1.Tag.1.Value=C-1",
        ],
        Call::CreateCapacityReservation { .. } => &[
            "Action=CreateCapacityReservation",
            "ClientToken=token-1",
            "InstanceType=m7i.large",
            "InstancePlatform=Linux%2FUNIX",
            "AvailabilityZone=ap-northeast-2a",
            "InstanceCount=1",
            "InstanceMatchCriteria=targeted",
            "EndDateType=limited",
            "EndDate=2026-12-01T03%3A00%3A00Z",
            "Tag.1.Value=C-1",
        ],
        Call::CancelCapacityReservation { .. } => {
            &["Action=CancelCapacityReservation", "CapacityReservationId=cr-0a1b"]
        }
        Call::DeregisterTarget(_) => &[
            "Action=DeregisterTargets",
            "targetgroup%2Fweb%2F0a1b",
            "Targets.member.1.Id=i-0a1b2c3d4e5f60718",
            "Targets.member.1.Port=8080",
        ],
        Call::RegisterTarget(_) => &["Action=RegisterTargets", "Targets.member.1.Port=8080"],
        Call::StopInstance { .. } => &["Action=StopInstances", "InstanceId.1=i-0a1b2c3d4e5f60718"],
        Call::StartInstance { .. } => {
            &["Action=StartInstances", "InstanceId.1=i-0a1b2c3d4e5f60718"]
        }
        Call::ModifyInstanceType { .. } => &[
            "Action=ModifyInstanceAttribute",
            "InstanceId=i-0a1b2c3d4e5f60718",
            "InstanceType.Value=m7i.large",
        ],
        Call::ModifyCreditSpecification { .. } => &[
            "Action=ModifyInstanceCreditSpecification",
            "InstanceCreditSpecification.1.CpuCredits=standard",
        ],
        Call::ModifyVolume { .. } => &[
            "Action=ModifyVolume",
            "VolumeId=vol-0a1b2c3d",
            "VolumeType=gp3",
            "Iops=3000",
            "Throughput=250",
        ],
        Call::DeleteVolume { .. } | Call::DeleteDrillVolume { .. } => {
            &["Action=DeleteVolume", "VolumeId=vol-0a1b2c3d"]
        }
        Call::CreateDrillVolume { .. } => &[
            "Action=CreateVolume",
            "SnapshotId=snap-0a1b",
            "AvailabilityZone=ap-northeast-2a",
            "VolumeType=gp3",
            "ClientToken=token-2",
            "Key=trimtab%3Adrill",
        ],
        Call::Quarantine { .. } => &[
            "Action=CreateTags",
            "Tag.1.Key=trimtab%3Aquarantine-until",
            "Tag.1.Value=2026-12-01T03%3A00%3A00Z",
        ],
        Call::EndQuarantine { .. } => {
            &["Action=DeleteTags", "Tag.1.Key=trimtab%3Aquarantine-until"]
        }
        Call::ReleaseAddress { .. } => &["Action=ReleaseAddress", "AllocationId=eipalloc-0a1b"],
        Call::RecoverAddress { .. } => &[
            "Action=AllocateAddress",
            "Address=203.0.113.7",
            "Domain=vpc",
            "TagSpecification.1.ResourceType=elastic-ip",
        ],
        Call::CreateDbSnapshot { .. } => &[
            "Action=CreateDBSnapshot",
            "DBInstanceIdentifier=arena-main",
            "DBSnapshotIdentifier=trimtab-c-1",
            "Tags.Tag.1.Key=trimtab%3Achange",
        ],
        Call::ModifyDbInstanceClass { .. } => {
            &["Action=ModifyDBInstance", "DBInstanceClass=db.r6g.large", "ApplyImmediately=true"]
        }
        Call::ModifyDbStorage { .. } => &[
            "Action=ModifyDBInstance",
            "StorageType=gp3",
            "AllocatedStorage=500",
            "Iops=12000",
            "StorageThroughput=500",
            "ApplyImmediately=true",
        ],
        Call::CreateBlueGreenDeployment { .. } => &[
            "Action=CreateBlueGreenDeployment",
            "BlueGreenDeploymentName=trimtab-c-1",
            "db%3Aarena-main",
            "TargetDBInstanceClass=db.r6g.large",
            "TargetAllocatedStorage=400",
            "Tags.Tag.1.Key=trimtab%3Achange",
        ],
        Call::SwitchoverBlueGreenDeployment { .. } => &[
            "Action=SwitchoverBlueGreenDeployment",
            "BlueGreenDeploymentIdentifier=bgd-0a1b",
            "SwitchoverTimeout=300",
        ],
        Call::StopDbInstance { .. } => &["Action=StopDBInstance"],
        Call::StartDbInstance { .. } => &["Action=StartDBInstance"],
        Call::UpdateFunctionMemory { .. } => &[
            "PUT ",
            "/functions/resize/configuration",
            r#""MemorySize":512"#,
            r#""RevisionId":"revision-1""#,
        ],
        Call::PublishVersion { .. } => {
            &["/functions/resize/versions", r#""CodeSha256":"c2hh""#, r#""Description":"C-1""#]
        }
        Call::UpdateAlias { .. } => &[
            "/functions/resize/aliases/live",
            r#""FunctionVersion":"7""#,
            r#""AdditionalVersionWeights":{"8":0.05}"#,
            r#""RevisionId":"revision-2""#,
        ],
        Call::PutRetentionPolicy { .. } => {
            &["PutRetentionPolicy", r#""logGroupName":"/app""#, r#""retentionInDays":90"#]
        }
        Call::DeleteRetentionPolicy { .. } => {
            &["DeleteRetentionPolicy", r#""logGroupName":"/app""#]
        }
        Call::ResizeGroup { .. } => {
            &["Action=UpdateAutoScalingGroup", "MinSize=1", "MaxSize=4", "DesiredCapacity=2"]
        }
        Call::StartInstanceRefresh { .. } => &[
            "Action=StartInstanceRefresh",
            "DesiredConfiguration.LaunchTemplate.LaunchTemplateId=lt-0a1b",
            "DesiredConfiguration.LaunchTemplate.Version=4",
            "Preferences.MinHealthyPercentage=100",
            "Preferences.MaxHealthyPercentage=110",
            "Preferences.CheckpointPercentages.member.1=1&",
            "Preferences.CheckpointPercentages.member.3=100",
            "Preferences.CheckpointDelay=600",
            "Preferences.AlarmSpecification.Alarms.member.1=errors",
            "Preferences.AutoRollback=true",
            "Preferences.SkipMatching=true",
        ],
        Call::CreateLaunchTemplateVersion { .. } => &[
            "Action=CreateLaunchTemplateVersion",
            "ClientToken=trimtab-C-1",
            "LaunchTemplateId=lt-0a1b",
            "SourceVersion=3",
            "VersionDescription=C-1",
            "LaunchTemplateData.InstanceType=m7i.large",
        ],
        Call::RollbackInstanceRefresh { .. } => &["Action=RollbackInstanceRefresh"],
        Call::StartDbCluster { .. } => &["Action=StartDBCluster", "DBClusterIdentifier=arena-main"],
        Call::PutGroupSchedule { .. } => &[
            "Action=PutScheduledUpdateGroupAction",
            "ScheduledActionName=trimtab-stop-1",
            "MinSize=0",
            "DesiredCapacity=0",
            "TimeZone=Asia",
        ],
        Call::DeleteGroupSchedule { .. } => {
            &["Action=DeleteScheduledAction", "ScheduledActionName=trimtab-stop-1"]
        }
        Call::CreateScheduleGroup { .. } => {
            &["/schedule-groups/trimtab", r#""Key":"trimtab:group""#]
        }
        Call::CreateSchedule { .. } => &[
            "/schedules/night",
            r#""GroupName":"trimtab""#,
            r#""Description":"Made by trimtab: trimtab:change=C-1 trimtab:plan=P-1""#,
            r#""ScheduleExpression":"cron(0 19 ? * MON-FRI *)""#,
            r#""ScheduleExpressionTimezone":"Asia/Seoul""#,
            r#""Mode":"OFF""#,
            r#""RoleArn":"arn:aws:iam::111122223333:role/trimtab-scheduler""#,
        ],
        Call::DeleteSchedule { .. } => &["/schedules/night", "groupName=trimtab"],
        // Nothing is sent before the package is there: see `packages`.
        Call::UpdateFunctionArchitecture { .. } => return None,
    })
}

/// What no request of ours ever holds.
const NEVER: &[&str] =
    &["DryRun", "Force", "SkipOsShutdown", "UserData", "Password", "Environment", "GroupId"];

fn actuator(wire: &Wire) -> Actuator {
    Actuator::new(&wire.session(), "P-1".into())
}

async fn perform(answer: Answer, call: &Call) -> (CallResult, usize) {
    let wire = Wire::new(answer);
    let result = actuator(&wire).send(&"C-1".into(), call).await;
    (result, wire.sent().len())
}

#[tokio::test]
async fn each_call_is_one_request_that_says_what_is_meant() {
    for call in calls() {
        let wire = Wire::new(Answer::Done);
        let result = actuator(&wire).send(&"C-1".into(), &call).await;
        let sent = wire.sent();
        let Some(expected) = expected(&call) else {
            assert_eq!(result.refusal(), Some("PackageNotRead"), "{call:?}");
            assert!(sent.iter().all(|one| one.text.starts_with("GET ")), "{sent:?}");
            continue;
        };
        assert_eq!(sent.len(), 1, "{call:?}");
        let text = sent.first().map(|one| format!("{}&", one.text)).unwrap_or_default();
        for part in expected {
            assert!(text.contains(part), "{part} is not in {text}");
        }
        for part in NEVER {
            assert!(!text.contains(part), "{part} is in {text}");
        }
        assert!(
            matches!(&result, CallResult::Accepted { request_id: Some(id), .. } if id == "request-1"),
            "{call:?}: {result:?}"
        );
    }
}

#[tokio::test]
async fn a04_an_answer_that_is_lost_is_unknown_and_not_asked_for_again() {
    for call in calls().iter().filter(|call| expected(call).is_some()) {
        for answer in [Answer::Reset, Answer::Late] {
            let (result, sent) = perform(answer, call).await;
            assert!(matches!(result, CallResult::Unknown { .. }), "{call:?}: {result:?}");
            assert_eq!(sent, 1, "{call:?}");
        }
    }
}

#[tokio::test]
async fn d25_what_is_no_answer_of_aws_is_unknown() {
    let stop = Call::StopInstance { instance: "i-1".into() };
    for (status, body) in [
        (200, ""),
        (200, "<html><body>Sign in to the network</body></html>"),
        (502, "<html>Bad Gateway</html>"),
        (
            500,
            "<Response><Errors><Error><Code>InternalError</Code><Message>An internal error has occurred</Message></Error></Errors></Response>",
        ),
        (
            503,
            "<Response><Errors><Error><Code>Unavailable</Code><Message>The server is overloaded</Message></Error></Errors></Response>",
        ),
    ] {
        let (result, sent) = perform(Answer::Status(status, body), &stop).await;
        assert!(matches!(result, CallResult::Unknown { .. }), "{status} {body}: {result:?}");
        assert_eq!(sent, 1);
    }
}

#[tokio::test]
async fn d01_a_throttle_and_a_lack_of_room_are_refusals_and_not_asked_again() {
    let start = Call::StartInstance { instance: "i-1".into() };
    for (status, body, code) in [
        (
            503,
            "<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>Request limit exceeded.</Message></Error></Errors></Response>",
            "RequestLimitExceeded",
        ),
        (
            500,
            "<Response><Errors><Error><Code>InsufficientInstanceCapacity</Code><Message>No capacity.</Message></Error></Errors></Response>",
            "InsufficientInstanceCapacity",
        ),
        (
            400,
            "<Response><Errors><Error><Code>IncorrectInstanceState</Code><Message>It runs.</Message></Error></Errors></Response>",
            "IncorrectInstanceState",
        ),
        (
            403,
            "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>No. Encoded authorization failure message: abc</Message></Error></Errors></Response>",
            "UnauthorizedOperation",
        ),
    ] {
        let (result, sent) = perform(Answer::Status(status, body), &start).await;
        assert_eq!(result.refusal(), Some(code), "{result:?}");
        assert_eq!(sent, 1);
        let CallResult::Refused { message, request_id, .. } = result else { unreachable!() };
        assert_eq!(request_id.as_deref(), Some("request-1"));
        assert!(!message.contains("Encoded"), "{message}");
    }
}

#[tokio::test]
async fn a_call_that_the_action_does_not_make_is_not_sent() {
    let wire = Wire::new(Answer::Done);
    let actuator = actuator(&wire);
    let action = Action::ModifyInstanceType { from: "m6i.xlarge".into(), to: "m7i.large".into() };
    let change = change(ResourceKind::Instance, "i-1", action);
    let delete = Call::DeleteVolume { volume: "vol-1".into() };
    assert_eq!(actuator.perform(&change, &delete).await.refusal(), Some("NotSent"));

    let mut elsewhere = change.clone();
    elsewhere.resource.account = "444455556666".into();
    let stop = Call::StopInstance { instance: "i-1".into() };
    assert_eq!(actuator.perform(&elsewhere, &stop).await.refusal(), Some("NotSent"));

    let mut unknown = change.clone();
    unknown.action = Action::UnmonitorInstance;
    assert_eq!(actuator.perform(&unknown, &stop).await.refusal(), Some("NotBuilt"));
    assert!(wire.sent().is_empty());

    assert!(matches!(actuator.perform(&change, &stop).await, CallResult::Accepted { .. }));
    assert_eq!(wire.sent().len(), 1);
}

#[tokio::test]
async fn credits_that_are_refused_within_an_answer_are_refused() {
    let body = "<ModifyInstanceCreditSpecificationResponse><requestId>request-1</requestId><unsuccessfulInstanceCreditSpecificationSet><item><instanceId>i-1</instanceId><error><code>IncorrectInstanceState</code><message>It is stopping.</message></error></item></unsuccessfulInstanceCreditSpecificationSet></ModifyInstanceCreditSpecificationResponse>";
    let call =
        Call::ModifyCreditSpecification { instance: "i-1".into(), cpu_credits: "standard".into() };
    let (result, _) = perform(Answer::Status(200, body), &call).await;
    assert_eq!(result.refusal(), Some("IncorrectInstanceState"));
}

#[tokio::test]
async fn what_is_made_is_named() {
    let body = "<CreateSnapshotsResponse><requestId>request-1</requestId><snapshotSet><item><snapshotId>snap-1</snapshotId></item><item><snapshotId>snap-2</snapshotId></item></snapshotSet></CreateSnapshotsResponse>";
    let call = Call::CreateSnapshots { instance: "i-1".into(), change: "C-1".into() };
    let (result, _) = perform(Answer::Status(200, body), &call).await;
    let CallResult::Accepted { made, .. } = result else { unreachable!("{result:?}") };
    assert_eq!(made.get("snapshots").map(String::as_str), Some("snap-1,snap-2"));
}
