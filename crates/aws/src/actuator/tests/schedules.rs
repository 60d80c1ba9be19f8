//! A look at schedules and at what they are for.

use std::collections::BTreeMap;

use trimtab_model::action::{Action, GroupSizes, ScheduleTarget};
use trimtab_model::observed::{Observed, ScheduleObserved};
use trimtab_model::resource::ResourceKind;
use trimtab_model::schedule::{PlannedHour, Schedule, WeekPlan};

use crate::actuator::Actuator;
use crate::wire::{Answer, Wire, bodies, change};

const CLUSTER: &str = "<DescribeDBClustersResponse><DescribeDBClustersResult><DBClusters><DBCluster>\
    <DBClusterIdentifier>game</DBClusterIdentifier><DbClusterResourceId>cluster-1</DbClusterResourceId>\
    <Engine>aurora-mysql</Engine><EngineMode>provisioned</EngineMode><Status>stopped</Status>\
    <TagList><Tag><Key>trimtab:apply</Key><Value>allowed</Value></Tag></TagList>\
    </DBCluster></DBClusters></DescribeDBClustersResult></DescribeDBClustersResponse>";
const GROUP: &str = "<DescribeAutoScalingGroupsResponse><DescribeAutoScalingGroupsResult><AutoScalingGroups><member>\
    <AutoScalingGroupName>web</AutoScalingGroupName><MinSize>1</MinSize><MaxSize>4</MaxSize>\
    <DesiredCapacity>0</DesiredCapacity></member></AutoScalingGroups></DescribeAutoScalingGroupsResult></DescribeAutoScalingGroupsResponse>";
const REFRESHES: &str = "<DescribeInstanceRefreshesResponse><DescribeInstanceRefreshesResult>\
    <InstanceRefreshes/></DescribeInstanceRefreshesResult></DescribeInstanceRefreshesResponse>";
const ACTIONS: &str = "<DescribeScheduledActionsResponse><DescribeScheduledActionsResult><ScheduledUpdateGroupActions>\
    <member><ScheduledActionName>trimtab-stop-1</ScheduledActionName><Recurrence>0 19 * * *</Recurrence>\
    <TimeZone>Asia/Seoul</TimeZone><MinSize>0</MinSize><DesiredCapacity>0</DesiredCapacity></member>\
    <member><ScheduledActionName>the-owners</ScheduledActionName><Recurrence>0 1 * * *</Recurrence></member>\
    </ScheduledUpdateGroupActions></DescribeScheduledActionsResult></DescribeScheduledActionsResponse>";

fn schedule() -> Schedule {
    let week = WeekPlan::new(|hour| match hour.hour() {
        9..19 => PlannedHour::Used,
        _ => PlannedHour::Off,
    });
    Schedule { time_zone: "Asia/Seoul".to_owned(), week }
}

async fn look(
    answer: Answer,
    kind: ResourceKind,
    id: &str,
    target: ScheduleTarget,
) -> ScheduleObserved {
    let wire = Wire::new(answer);
    let actuator = Actuator::new(&wire.session(), "P-1".into());
    let action = Action::ApplySchedule { schedule: schedule(), target };
    let seen = actuator.observe(&change(kind, id, action)).await.expect("a look");
    let Observed::Schedule(seen) = seen else { unreachable!("{seen:?}") };
    seen
}

#[tokio::test]
async fn a_schedule_that_is_not_the_planned_one_is_told_apart() {
    let there = |expression: &str, zone: &str, call: &str, state: &str| {
        format!(
            r#"{{"ScheduleExpression":"{expression}","ScheduleExpressionTimezone":"{zone}","State":"{state}","Target":{{"Arn":"arn:aws:scheduler:::aws-sdk:rds:{call}","RoleArn":"arn:aws:iam::111122223333:role/x","Input":"{{\"DbClusterIdentifier\": \"game\"}}"}}}}"#
        )
    };
    let stop = there("cron(0 19 ? * MON-SUN *)", "Asia/Seoul", "stopDBCluster", "ENABLED");
    let start = there("cron(0 9 ? * MON-SUN *)", "Asia/Seoul", "startDBCluster", "DISABLED");
    let answer = bodies(&[
        ("DescribeDBClusters", CLUSTER),
        ("trimtab-game-stop-1", &stop),
        ("trimtab-game-start-1", &start),
    ]);
    let target = ScheduleTarget::DbCluster { members: Vec::new() };
    let seen = look(answer, ResourceKind::DbCluster, "game", target).await;
    assert!(seen.is_opted_in && seen.has_group);
    assert_eq!(seen.is_running, Some(false));
    let of = |name: &str| seen.schedules.get(name).map(String::as_str).unwrap_or_default();
    assert_eq!(of("trimtab-game-stop-1"), "cron(0 19 ? * MON-SUN *)");
    // Somebody switched it off for a day: the run sees that it is not as it was made.
    assert!(of("trimtab-game-start-1").ends_with("(disabled)"), "{seen:?}");
    let role = seen.roles.get("trimtab-game-stop-1").map(String::as_str);
    assert_eq!(role, Some("arn:aws:iam::111122223333:role/x"));
    let id = seen.fingerprint.0.get("DbClusterResourceId").map(String::as_str);
    assert_eq!(id, Some("cluster-1"));
    assert!(!seen.fingerprint.0.contains_key("Engine"));
}

#[tokio::test]
async fn only_our_scheduled_actions_of_a_group_are_seen() {
    let answer = bodies(&[
        ("DescribeAutoScalingGroups", GROUP),
        ("DescribeInstanceRefreshes", REFRESHES),
        ("DescribeScheduledActions", ACTIONS),
    ]);
    let sizes = GroupSizes { min_size: 1, max_size: 4, desired_capacity: 2 };
    let target = ScheduleTarget::AutoScalingGroup { sizes };
    let seen = look(answer, ResourceKind::AutoScalingGroup, "web", target).await;
    let ours = BTreeMap::from([("trimtab-stop-1".to_owned(), "0 19 * * *".to_owned())]);
    assert_eq!((seen.schedules, seen.is_running, seen.is_opted_in), (ours, Some(false), false));
}

#[tokio::test]
async fn a_schedule_of_another_input_is_told_apart() {
    let stop = r#"{"ScheduleExpression":"cron(0 19 ? * MON-SUN *)","ScheduleExpressionTimezone":"Asia/Seoul","State":"ENABLED","Target":{"Arn":"arn:aws:scheduler:::aws-sdk:rds:stopDBCluster","RoleArn":"arn:aws:iam::111122223333:role/x","Input":"{\"DbClusterIdentifier\":\"live\"}"}}"#;
    let answer = bodies(&[
        ("DescribeDBClusters", CLUSTER),
        ("trimtab-game-stop-1", stop),
        ("trimtab-game-start-1", stop),
    ]);
    let target = ScheduleTarget::DbCluster { members: Vec::new() };
    let seen = look(answer, ResourceKind::DbCluster, "game", target).await;
    let found = seen.schedules.get("trimtab-game-stop-1").map(String::as_str).unwrap_or_default();
    assert!(found.ends_with("(another input)") && !found.contains("live"), "{found}");
}

#[tokio::test]
async fn scheduled_actions_of_another_zone_or_other_sizes_are_told_apart() {
    let sizes = GroupSizes { min_size: 1, max_size: 4, desired_capacity: 2 };
    for (from, to, expected) in [
        ("Asia/Seoul", "Asia/Tokyo", "0 19 * * * Asia/Tokyo 0/-/0"),
        ("<TimeZone>Asia/Seoul</TimeZone>", "", "0 19 * * * UTC 0/-/0"),
        ("<MinSize>0", "<MinSize>1", "0 19 * * * Asia/Seoul 1/-/0"),
        ("<MinSize>0", "<MaxSize>9</MaxSize><MinSize>0", "0 19 * * * Asia/Seoul 0/9/0"),
        ("<DesiredCapacity>0</DesiredCapacity>", "", "0 19 * * * Asia/Seoul 0/-/-"),
    ] {
        let actions = ACTIONS.replace(from, to);
        let answer = bodies(&[
            ("DescribeAutoScalingGroups", GROUP),
            ("DescribeInstanceRefreshes", REFRESHES),
            ("DescribeScheduledActions", &actions),
        ]);
        let target = ScheduleTarget::AutoScalingGroup { sizes };
        let seen = look(answer, ResourceKind::AutoScalingGroup, "web", target).await;
        let found = seen.schedules.get("trimtab-stop-1").map(String::as_str);
        assert_eq!(found, Some(expected));
    }
}
