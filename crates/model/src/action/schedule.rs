//! Stopping and starting a resource at set hours, and the commands that set it up.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::GroupSizes;
use super::commands::quoted;
use super::container::{
    TaskLimits, cluster_and_service, register_tasks, scalable_tasks, update_service,
};
use crate::id::ResourceId;
use crate::resource::ResourceRef;
use crate::schedule::{Schedule, Switch};

/// The longest name that EventBridge Scheduler takes.
const LONGEST_NAME: usize = 64;

/// Letters of a hash that tell long names apart.
const HASH_LETTERS: usize = 8;

/// The role that the schedules act as: whoever sets them up makes it.
const ROLE: &str = "<ARN of a role that EventBridge Scheduler may use to stop and start it>";

/// What a schedule stops and starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ScheduleTarget {
    /// An EC2 instance.
    Instance,
    /// An RDS DB instance.
    DbInstance,
    /// An Aurora cluster, which stops and starts with all its members.
    DbCluster {
        /// Its members.
        members: Vec<ResourceId>,
    },
    /// An Auto Scaling group, which becomes empty.
    AutoScalingGroup {
        /// Its sizes while it runs.
        sizes: GroupSizes,
    },
    /// An ECS service, which runs no task.
    EcsService {
        /// How many tasks it runs while it is on.
        tasks: u32,
        /// Between how many Application Auto Scaling keeps it, where it does: it would start
        /// tasks again that only the service was told to stop.
        #[serde(default)]
        limits: Option<TaskLimits>,
    },
}

/// One schedule of EventBridge Scheduler, without the role that it acts as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduledCall {
    /// Its name: the resource's own.
    pub name: String,
    /// Its expression, such as `cron(0 19 ? * MON-FRI *)`.
    pub expression: String,
    /// The zone of the expression, as IANA names it.
    pub time_zone: String,
    /// The ARN of the API call that it makes.
    pub target: String,
    /// The input of that call, as JSON.
    pub input: String,
}

/// Which way a switch goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Off,
    On,
}

impl Turn {
    fn word(self) -> &'static str {
        match self {
            Self::Off => "stop",
            Self::On => "start",
        }
    }
}

/// The group of EventBridge Scheduler that every schedule of ours is in.
pub const SCHEDULE_GROUP: &str = "trimtab";

/// One scheduled action of an Auto Scaling group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduledSizes {
    /// Its name, one of the group's.
    pub name: String,
    /// When, such as `0 19 * * MON-FRI`.
    pub recurrence: String,
    /// The zone, as IANA names it.
    pub time_zone: String,
    /// The sizes; absent to empty the group.
    pub sizes: Option<GroupSizes>,
}

impl ScheduledCall {
    /// Returns the schedules that stop and start an instance, a database or a cluster of
    /// databases; none for what other schedules than those of EventBridge Scheduler switch.
    pub fn of(schedule: &Schedule, target: &ScheduleTarget, resource: &ResourceRef) -> Vec<Self> {
        match target {
            ScheduleTarget::Instance
            | ScheduleTarget::DbInstance
            | ScheduleTarget::DbCluster { .. } => turns(schedule)
                .iter()
                .map(|(turn, number, switch)| {
                    scheduled_call(schedule, target, resource, *turn, *number, switch)
                })
                .collect(),
            ScheduleTarget::AutoScalingGroup { .. } | ScheduleTarget::EcsService { .. } => {
                Vec::new()
            }
        }
    }
}

impl ScheduledSizes {
    /// Returns the scheduled actions that empty an Auto Scaling group and fill it again; none for
    /// any other target.
    pub fn of(schedule: &Schedule, target: &ScheduleTarget) -> Vec<Self> {
        let ScheduleTarget::AutoScalingGroup { sizes } = target else { return Vec::new() };
        turns(schedule)
            .iter()
            .map(|(turn, number, switch)| Self {
                name: action_name(*turn, *number),
                recurrence: recurrence(switch),
                time_zone: schedule.time_zone.clone(),
                sizes: match turn {
                    Turn::Off => None,
                    Turn::On => Some(*sizes),
                },
            })
            .collect()
    }
}

/// Lists the stops, then the starts, each numbered from 1 on.
fn turns(schedule: &Schedule) -> Vec<(Turn, usize, Switch)> {
    let numbered = |turn: Turn, switches: Vec<Switch>| {
        let numbered = switches.into_iter().enumerate();
        numbered.map(move |(index, switch)| (turn, index + 1, switch))
    };
    let stops = numbered(Turn::Off, schedule.stops());
    stops.chain(numbered(Turn::On, schedule.starts())).collect()
}

pub(super) fn current() -> Map<String, Value> {
    Map::from_iter([("state".to_owned(), json!("running"))])
}

pub(super) fn recommended(schedule: &Schedule) -> Map<String, Value> {
    let words =
        |switches: Vec<Switch>| -> Vec<String> { switches.iter().map(Switch::words).collect() };
    Map::from_iter([
        ("time_zone".to_owned(), json!(schedule.time_zone)),
        ("stop".to_owned(), json!(words(schedule.stops()))),
        ("start".to_owned(), json!(words(schedule.starts()))),
    ])
}

/// Returns the commands that set a schedule up, and those that take it away and leave the
/// resource running.
pub(super) fn commands(
    schedule: &Schedule,
    target: &ScheduleTarget,
    resource: &ResourceRef,
) -> (Vec<String>, Vec<String>) {
    let id = quoted(resource.id.as_str());
    let turns = turns(schedule);
    let apply = turns.iter().map(|(turn, number, switch)| match target {
        ScheduleTarget::AutoScalingGroup { sizes } => {
            group_action(&id, &schedule.time_zone, *turn, *number, switch, *sizes)
        }
        ScheduleTarget::EcsService { limits: Some(limits), .. } => {
            tasks_action(schedule, resource, *turn, *number, switch, *limits)
        }
        ScheduleTarget::Instance
        | ScheduleTarget::DbInstance
        | ScheduleTarget::DbCluster { .. }
        | ScheduleTarget::EcsService { limits: None, .. } => {
            create(schedule, target, resource, *turn, *number, switch)
        }
    });
    let remove = turns.iter().map(|(turn, number, _)| match target {
        ScheduleTarget::AutoScalingGroup { .. } => format!(
            "autoscaling delete-scheduled-action --auto-scaling-group-name={id} --scheduled-action-name trimtab-{}-{number}",
            turn.word()
        ),
        ScheduleTarget::EcsService { limits: Some(_), .. } => format!(
            "application-autoscaling delete-scheduled-action {} --scheduled-action-name {}",
            scalable_tasks(resource),
            action_name(*turn, *number),
        ),
        ScheduleTarget::Instance
        | ScheduleTarget::DbInstance
        | ScheduleTarget::DbCluster { .. }
        | ScheduleTarget::EcsService { limits: None, .. } => {
            format!("scheduler delete-schedule --name {}", quoted(&name(resource, *turn, *number)))
        }
    });
    let running = match target {
        ScheduleTarget::Instance => format!("ec2 start-instances --instance-ids {id}"),
        ScheduleTarget::DbInstance => {
            format!("rds start-db-instance --db-instance-identifier {id}")
        }
        ScheduleTarget::DbCluster { .. } => {
            format!("rds start-db-cluster --db-cluster-identifier {id}")
        }
        ScheduleTarget::AutoScalingGroup { sizes } => format!(
            "autoscaling update-auto-scaling-group --auto-scaling-group-name={id} {}",
            size_flags(*sizes)
        ),
        ScheduleTarget::EcsService { limits: Some(limits), .. } => {
            register_tasks(resource, *limits)
        }
        ScheduleTarget::EcsService { tasks, limits: None } => {
            update_service(resource, &format!("--desired-count {tasks}"))
        }
    };
    (apply.collect(), remove.chain([running]).collect())
}

fn group_action(
    id: &str,
    time_zone: &str,
    turn: Turn,
    number: usize,
    switch: &Switch,
    sizes: GroupSizes,
) -> String {
    let sizes = match turn {
        Turn::Off => "--min-size 0 --desired-capacity 0".to_owned(),
        Turn::On => size_flags(sizes),
    };
    format!(
        "autoscaling put-scheduled-update-group-action --auto-scaling-group-name={id} --scheduled-action-name trimtab-{}-{number} --recurrence {} --time-zone {} {sizes}",
        turn.word(),
        quoted(&recurrence(switch)),
        quoted(time_zone),
    )
}

/// Returns when a switch happens, as Auto Scaling writes it.
fn recurrence(switch: &Switch) -> String {
    format!("0 {} * * {}", switch.hour, switch.cron_days())
}

/// Makes both limits 0, or what they were: at its minimum a service has tasks again.
fn tasks_action(
    schedule: &Schedule,
    resource: &ResourceRef,
    turn: Turn,
    number: usize,
    switch: &Switch,
    limits: TaskLimits,
) -> String {
    let limits = match turn {
        Turn::Off => TaskLimits { min_capacity: 0, max_capacity: 0 },
        Turn::On => limits,
    };
    format!(
        "application-autoscaling put-scheduled-action {} --scheduled-action-name {} --schedule {} --timezone {} --scalable-target-action MinCapacity={},MaxCapacity={}",
        scalable_tasks(resource),
        action_name(turn, number),
        quoted(&cron(switch)),
        quoted(&schedule.time_zone),
        limits.min_capacity,
        limits.max_capacity,
    )
}

fn action_name(turn: Turn, number: usize) -> String {
    format!("trimtab-{}-{number}", turn.word())
}

/// Returns when a switch happens, as EventBridge and Application Auto Scaling write it.
fn cron(switch: &Switch) -> String {
    format!("cron(0 {} ? * {} *)", switch.hour, switch.cron_days())
}

fn size_flags(sizes: GroupSizes) -> String {
    format!(
        "--min-size {} --max-size {} --desired-capacity {}",
        sizes.min_size, sizes.max_size, sizes.desired_capacity
    )
}

fn create(
    schedule: &Schedule,
    target: &ScheduleTarget,
    resource: &ResourceRef,
    turn: Turn,
    number: usize,
    switch: &Switch,
) -> String {
    let call = scheduled_call(schedule, target, resource, turn, number, switch);
    let target = json!({ "Arn": call.target, "RoleArn": ROLE, "Input": call.input });
    format!(
        "scheduler create-schedule --name {} --schedule-expression {} --schedule-expression-timezone {} --flexible-time-window Mode=OFF --target {}",
        quoted(&call.name),
        quoted(&call.expression),
        quoted(&call.time_zone),
        quoted(&target.to_string()),
    )
}

fn scheduled_call(
    schedule: &Schedule,
    target: &ScheduleTarget,
    resource: &ResourceRef,
    turn: Turn,
    number: usize,
    switch: &Switch,
) -> ScheduledCall {
    let (id, verb) = (resource.id.as_str(), turn.word());
    let (call, input) = match target {
        ScheduleTarget::DbInstance => {
            (format!("rds:{verb}DBInstance"), json!({ "DbInstanceIdentifier": id }))
        }
        ScheduleTarget::DbCluster { .. } => {
            (format!("rds:{verb}DBCluster"), json!({ "DbClusterIdentifier": id }))
        }
        ScheduleTarget::Instance | ScheduleTarget::AutoScalingGroup { .. } => {
            (format!("ec2:{verb}Instances"), json!({ "InstanceIds": [id] }))
        }
        ScheduleTarget::EcsService { tasks, .. } => {
            let (cluster, service) = cluster_and_service(resource);
            let count = match turn {
                Turn::Off => 0,
                Turn::On => *tasks,
            };
            let input = json!({ "Cluster": cluster, "Service": service, "DesiredCount": count });
            ("ecs:updateService".to_owned(), input)
        }
    };
    ScheduledCall {
        name: name(resource, turn, number),
        expression: cron(switch),
        time_zone: schedule.time_zone.clone(),
        target: format!("arn:aws:scheduler:::aws-sdk:{call}"),
        input: input.to_string(),
    }
}

/// Returns a name that is the resource's own, of letters that EventBridge Scheduler takes.
fn name(resource: &ResourceRef, turn: Turn, number: usize) -> String {
    let id = resource.id.as_str();
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let plain: String = id.chars().map(|c| if is_allowed(c) { c } else { '-' }).collect();
    let (front, back) = ("trimtab-", format!("-{}-{number}", turn.word()));
    let room = LONGEST_NAME - front.len() - back.len();
    if plain == id && plain.len() <= room {
        return format!("{front}{plain}{back}");
    }
    let hash: String =
        Sha256::digest(id.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let kept: String = plain.chars().take(room - HASH_LETTERS - 1).collect();
    let hash: String = hash.chars().take(HASH_LETTERS).collect();
    format!("{front}{kept}-{hash}{back}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::Action;
    use crate::environment::Environment;
    use crate::resource::ResourceKind;
    use crate::schedule::{PlannedHour, WeekPlan};

    fn nights() -> Schedule {
        let week = WeekPlan::new(|hour| match (hour.day() < 5, hour.hour()) {
            (true, 9..19) => PlannedHour::Used,
            _ => PlannedHour::Off,
        });
        Schedule { time_zone: "Asia/Seoul".to_owned(), week }
    }

    fn both(id: &str, target: ScheduleTarget) -> (Vec<String>, Vec<String>) {
        let resource = ResourceRef {
            id: id.into(),
            kind: ResourceKind::Instance,
            account: "111122223333".into(),
            region: "ap-northeast-2".into(),
            environment: Environment::Dev,
            name: None,
        };
        let commands = Action::ApplySchedule { schedule: nights(), target }.commands(&resource);
        (commands.apply, commands.undo)
    }

    #[test]
    fn an_instance_gets_a_stop_and_a_start_and_loses_both() {
        let (apply, undo) = both("i-1", ScheduleTarget::Instance);
        assert_eq!((apply.len(), undo.len()), (2, 3));
        let stop = &apply[0];
        assert!(stop.contains("--name trimtab-i-1-stop-1 "), "{stop}");
        assert!(stop.contains("'cron(0 19 ? * MON-FRI *)'"), "{stop}");
        assert!(stop.contains("aws-sdk:ec2:stopInstances"), "{stop}");
        assert!(stop.contains(r#"{\"InstanceIds\":[\"i-1\"]}"#), "{stop}");
        assert!(
            apply[1].contains("cron(0 9 ? * MON-FRI *)") && apply[1].contains("startInstances")
        );
        assert!(undo[0].contains("delete-schedule --name trimtab-i-1-stop-1"), "{undo:?}");
        assert!(undo[2].contains("ec2 start-instances --instance-ids i-1"), "{undo:?}");
    }

    #[test]
    fn databases_are_named_as_their_api_wants_it() {
        let (apply, _) = both("game", ScheduleTarget::DbCluster { members: Vec::new() });
        assert!(apply[0].contains("aws-sdk:rds:stopDBCluster"), "{apply:?}");
        assert!(apply[0].contains(r#"{\"DbClusterIdentifier\":\"game\"}"#), "{apply:?}");
        let (apply, _) = both("db", ScheduleTarget::DbInstance);
        assert!(apply[1].contains("aws-sdk:rds:startDBInstance"), "{apply:?}");
    }

    #[test]
    fn a_group_gets_scheduled_actions_with_its_own_sizes() {
        let sizes = GroupSizes { min_size: 2, max_size: 8, desired_capacity: 3 };
        let (apply, undo) = both("web", ScheduleTarget::AutoScalingGroup { sizes });
        assert!(apply[0].contains("--recurrence '0 19 * * MON-FRI' --time-zone Asia/Seoul"));
        assert!(apply[0].contains("--min-size 0 --desired-capacity 0"), "{apply:?}");
        assert!(apply[1].contains("--min-size 2 --max-size 8 --desired-capacity 3"), "{apply:?}");
        assert!(undo[2].contains("update-auto-scaling-group"), "{undo:?}");
    }

    #[test]
    fn a_service_runs_no_task_and_then_as_many_as_before() {
        let (apply, undo) =
            both("arena/match", ScheduleTarget::EcsService { tasks: 3, limits: None });
        assert!(apply[0].contains("aws-sdk:ecs:updateService"), "{apply:?}");
        for (command, count) in apply.iter().zip([0, 3]) {
            for (key, value) in [
                ("Cluster", r#"\"arena\""#),
                ("Service", r#"\"match\""#),
                ("DesiredCount", &count.to_string()),
            ] {
                let part = format!(r#"\"{key}\":{value}"#);
                assert!(command.contains(&part), "{part} is not in {command}");
            }
        }
        assert!(undo[0].contains("delete-schedule --name trimtab-arena-match-"), "{undo:?}");
        let count = "ecs update-service --cluster arena --service match --desired-count 3";
        assert!(undo[2].contains(count), "{undo:?}");
    }

    #[test]
    fn the_limits_of_a_scaled_service_become_zero_and_come_back() {
        let limits = TaskLimits { min_capacity: 2, max_capacity: 8 };
        let target = ScheduleTarget::EcsService { tasks: 3, limits: Some(limits) };
        let (apply, undo) = both("arena/match", target);
        let named = "--service-namespace ecs --resource-id service/arena/match --scalable-dimension ecs:service:DesiredCount";
        let when = "--schedule 'cron(0 19 ? * MON-FRI *)' --timezone Asia/Seoul";
        assert!(apply.iter().chain(&undo).all(|one| one.contains(named)), "{apply:?} {undo:?}");
        assert!(apply[0].contains(when) && apply[0].contains("MinCapacity=0,MaxCapacity=0"));
        assert!(apply[1].contains("MinCapacity=2,MaxCapacity=8"), "{apply:?}");
        assert!(undo[0].contains("delete-scheduled-action"), "{undo:?}");
        assert!(undo[2].contains("register-scalable-target"), "{undo:?}");
    }

    #[test]
    fn a_long_name_is_cut_and_stays_its_own() {
        let named = |id: &str| {
            both(id, ScheduleTarget::DbInstance).0[0]
                .split(' ')
                .nth(4)
                .unwrap_or_default()
                .to_owned()
        };
        let (one, other) = ("a".repeat(63), format!("{}b", "a".repeat(62)));
        assert!(
            named(&one).len() <= LONGEST_NAME && named(&one) != named(&other),
            "{}",
            named(&one)
        );
        assert_ne!(named("a/b"), named("a-b"));
    }
}
