//! A look at an instance, from the answers of several services to one observation.

use trimtab_model::action::Action;
use trimtab_model::migration::{Migration, MigrationCheck, Replaced};
use trimtab_model::observed::{InstanceObserved, Observed, Obstacle, SuccessorFacts, TargetHealth};
use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::instance::InstanceState;

use crate::actuator::{Actuator, Facts};
use crate::wire::{Answer, Wire, bodies, change};

const INSTANCE: &str = "<DescribeInstancesResponse><reservationSet><item><instancesSet><item>\
    <instanceId>i-1</instanceId><imageId>ami-1</imageId><instanceState><name>running</name></instanceState>\
    <instanceType>m6i.xlarge</instanceType><launchTime>2026-11-01T00:00:00.000Z</launchTime>\
    <placement><availabilityZone>ap-northeast-2a</availabilityZone></placement><vpcId>vpc-1</vpcId>\
    <architecture>x86_64</architecture><rootDeviceType>ebs</rootDeviceType><enaSupport>true</enaSupport>\
    <platformDetails>Linux/UNIX</platformDetails>\
    <blockDeviceMapping><item><deviceName>/dev/xvda</deviceName><ebs><volumeId>vol-1</volumeId></ebs></item></blockDeviceMapping>\
    <tagSet><item><key>trimtab:apply</key><value>allowed</value></item></tagSet>\
    </item></instancesSet></item></reservationSet></DescribeInstancesResponse>";

const STATUS: &str = "<DescribeInstanceStatusResponse><instanceStatusSet><item><instanceId>i-1</instanceId>\
    <instanceState><name>running</name></instanceState><systemStatus><status>ok</status></systemStatus>\
    <instanceStatus><status>ok</status></instanceStatus><attachedEbsStatus><status>not-applicable</status></attachedEbsStatus>\
    </item></instanceStatusSet></DescribeInstanceStatusResponse>";

const SNAPSHOTS: &str = "<DescribeSnapshotsResponse><snapshotSet><item><snapshotId>snap-1</snapshotId>\
    <volumeId>vol-1</volumeId><status>completed</status><tagSet><item><key>trimtab:change</key><value>C-0a1b</value></item></tagSet>\
    </item></snapshotSet></DescribeSnapshotsResponse>";

const RESERVATIONS: &str = "<DescribeCapacityReservationsResponse><capacityReservationSet>\
    <item><capacityReservationId>cr-1</capacityReservationId><instanceType>m7i.large</instanceType><state>active</state>\
    <tagSet><item><key>trimtab:change</key><value>C-0a1b</value></item></tagSet></item>\
    <item><capacityReservationId>cr-2</capacityReservationId><instanceType>m7i.large</instanceType><state>active</state>\
    <tagSet><item><key>trimtab:change</key><value>C-9999</value></item></tagSet></item>\
    </capacityReservationSet></DescribeCapacityReservationsResponse>";

const GROUPS: &str = "<DescribeTargetGroupsResponse><DescribeTargetGroupsResult><TargetGroups>\
    <member><TargetGroupArn>arn:near</TargetGroupArn><VpcId>vpc-1</VpcId><TargetType>instance</TargetType></member>\
    <member><TargetGroupArn>arn:far</TargetGroupArn><VpcId>vpc-2</VpcId><TargetType>instance</TargetType></member>\
    </TargetGroups></DescribeTargetGroupsResult></DescribeTargetGroupsResponse>";

const HEALTH: &str = "<DescribeTargetHealthResponse><DescribeTargetHealthResult><TargetHealthDescriptions>\
    <member><Target><Id>i-1</Id><Port>80</Port></Target><TargetHealth><State>healthy</State></TargetHealth></member>\
    <member><Target><Id>i-2</Id><Port>80</Port></Target><TargetHealth><State>healthy</State></TargetHealth></member>\
    </TargetHealthDescriptions></DescribeTargetHealthResult></DescribeTargetHealthResponse>";

/// Answers about an instance; those in `with` take the place of others.
fn answers(with: &[(&'static str, &str)]) -> Answer {
    let usual = [
        ("DescribeInstances", INSTANCE),
        ("DescribeInstanceStatus", STATUS),
        ("DescribeSnapshots", SNAPSHOTS),
        ("DescribeCapacityReservations", RESERVATIONS),
        ("DescribeTargetGroups", GROUPS),
        ("DescribeTargetHealth", HEALTH),
    ];
    let all: Vec<(&'static str, &str)> = usual.into_iter().chain(with.iter().copied()).collect();
    bodies(&all)
}

async fn look(wire: &Wire) -> Observed {
    let action = Action::ModifyInstanceType { from: "m6i.xlarge".into(), to: "m7i.large".into() };
    let change = change(ResourceKind::Instance, "i-1", action);
    let actuator = Actuator::new(&wire.session(), "P-1".into());
    actuator.observe(&change).await.expect("an observation")
}

fn instance(observed: Observed) -> InstanceObserved {
    match observed {
        Observed::Instance(instance) => instance,
        other => unreachable!("{other:?}"),
    }
}

fn codes(found: &InstanceObserved, of: &Obstacle) -> Vec<String> {
    let all = found.obstacles.iter().filter(|(obstacle, _)| obstacle == of);
    all.map(|(_, reason)| reason.code.clone()).collect()
}

#[tokio::test]
async fn an_instance_is_seen_with_what_hangs_on_it() {
    let wire = Wire::new(answers(&[]));
    let found = instance(look(&wire).await);
    assert_eq!(found.state, InstanceState::Running);
    assert_eq!(found.instance_type.as_str(), "m6i.xlarge");
    assert!(found.is_opted_in);
    assert!(found.checks.is_some_and(trimtab_model::observed::StatusChecks::are_ok));
    let snapshots: Vec<&str> = found.snapshots.iter().map(|one| one.state.as_str()).collect();
    assert_eq!(snapshots, ["completed"]);
    let reservations: Vec<&str> = found.reservations.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(reservations, ["cr-1"], "that of another change is not ours");
    let targets: Vec<_> = found
        .targets
        .iter()
        .map(|one| (one.target.group.as_str(), one.target.port, one.health, one.healthy_others))
        .collect();
    assert_eq!(targets, [("arn:near", Some(80), TargetHealth::Healthy, 1)]);
    assert_eq!(found.cpu_credits, None);
    let asked: Vec<String> = wire.sent().into_iter().map(|one| one.operation).collect();
    assert_eq!(asked.iter().filter(|one| *one == "DescribeTargetHealth").count(), 1);
}

#[tokio::test]
async fn what_may_not_be_read_is_said_and_does_not_hide_the_rest() {
    let wire = Wire::new(answers(&[]));
    let found = instance(look(&wire).await);
    assert!(codes(&found, &Obstacle::Block).is_empty());
    let action = Action::ModifyInstanceType { from: "m6i.xlarge".into(), to: "m7i.large".into() };
    let change = change(ResourceKind::Instance, "i-1", action);
    let actuator = Actuator::new(&wire.session(), "P-1".into());
    let now = "2026-12-01T03:00:00Z".parse().expect("a moment");
    let inspected = actuator.inspect(&change, now).await.expect("facts");
    let Facts::Instance(facts) = inspected.facts else { unreachable!() };
    assert_eq!((facts.is_stop_protected, facts.vcpu_quota, facts.keys), (None, None, None));
    assert_eq!(facts.to, trimtab_model::observed::TypeTraits::default());
    let texts: Vec<&str> = inspected.unread.iter().map(|reason| reason.text.en.as_str()).collect();
    for action in ["ec2:DescribeInstanceAttribute", "servicequotas:GetServiceQuota"] {
        assert!(texts.iter().any(|text| text.contains(action)), "{action}: {texts:?}");
    }
    // Whatever is asked is only asked.
    let verbs = ["Describe", "Get", "List"];
    let asked: Vec<String> = wire.sent().into_iter().map(|one| one.operation).collect();
    assert!(asked.iter().all(|one| verbs.iter().any(|verb| one.starts_with(verb))), "{asked:?}");
}

#[tokio::test]
async fn d20_stop_protection_and_another_architecture_are_seen_before_anything_is_done() {
    let protected = "<DescribeInstanceAttributeResponse><instanceId>i-1</instanceId><disableApiStop><value>true</value></disableApiStop></DescribeInstanceAttributeResponse>";
    let arm = "<DescribeInstanceTypesResponse><instanceTypeSet><item><instanceType>m7i.large</instanceType>\
        <processorInfo><supportedArchitectures><item>arm64</item></supportedArchitectures></processorInfo>\
        </item></instanceTypeSet></DescribeInstanceTypesResponse>";
    let none = "<DescribeInstanceTypeOfferingsResponse><instanceTypeOfferingSet/></DescribeInstanceTypeOfferingsResponse>";
    let wire = Wire::new(answers(&[
        ("DescribeInstanceAttribute", protected),
        ("DescribeInstanceTypes", arm),
        ("DescribeInstanceTypeOfferings", none),
    ]));
    let found = instance(look(&wire).await);
    let blocked = codes(&found, &Obstacle::Block);
    for code in ["stop-protected", "architecture", "type-not-offered"] {
        assert!(blocked.iter().any(|one| one == code), "{code}: {blocked:?}");
    }
}

#[tokio::test]
async fn c06_an_instance_that_is_not_there_is_gone() {
    let empty = "<DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>";
    let wire = Wire::new(answers(&[("DescribeInstances", empty)]));
    assert_eq!(look(&wire).await, Observed::Gone);
    let not_found = Wire::new(Answer::Status(
        400,
        "<Response><Errors><Error><Code>InvalidInstanceID.NotFound</Code><Message>no</Message></Error></Errors></Response>",
    ));
    assert_eq!(look(&not_found).await, Observed::Gone);
}

#[tokio::test]
async fn an_instance_that_a_function_replaces_is_inspected_with_the_function() {
    let wire = Wire::new(answers(&[]));
    let action = Action::StopInstance { instance_type: "m6i.xlarge".into() };
    let mut change = change(ResourceKind::Instance, "i-1", action);
    let actuator = Actuator::new(&wire.session(), "P-1".into());
    let now = "2026-12-01T03:00:00Z".parse().expect("a moment");
    let plain = actuator.inspect(&change, now).await.expect("facts");
    let Facts::Instance(facts) = plain.facts else { unreachable!() };
    assert_eq!(facts.successor, SuccessorFacts::default());
    change.migration = Some(Box::new(Migration {
        name: "notice".to_owned(),
        region: "ap-northeast-2".into(),
        account: None,
        replaces: Replaced::Instance { id: "i-1".into() },
        soak_days: 14,
        stop_days: 1,
        checks: vec![MigrationCheck {
            id: "dead_letters".to_owned(),
            namespace: "AWS/SQS".to_owned(),
            metric: "ApproximateNumberOfMessagesVisible".to_owned(),
            statistic: "Maximum".to_owned(),
            dimension: "QueueName".to_owned(),
            of: Some("notice-dead-letter".to_owned()),
            fails_above: 0,
        }],
        stop: Vec::new(),
    }));
    let inspected = actuator.inspect(&change, now).await.expect("facts");
    let Facts::Instance(facts) = inspected.facts else { unreachable!() };
    // Nothing of it was answered: it is not known, and neither missing nor idle.
    assert_eq!(facts.successor, SuccessorFacts { days: 14, ..SuccessorFacts::default() });
    let texts: Vec<&str> = inspected.unread.iter().map(|reason| reason.text.en.as_str()).collect();
    let read = [
        "lambda:GetFunctionConfiguration",
        "cloudwatch:GetMetricData",
        "cloudwatch:DescribeAlarms",
    ];
    for action in read {
        assert!(texts.iter().any(|text| text.contains(action)), "{action}: {texts:?}");
    }
}
