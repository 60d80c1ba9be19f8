//! The schedules of a resource, and whether it runs.

use std::collections::BTreeMap;

use aws_sdk_autoscaling::types::ScheduledUpdateGroupAction;
use aws_sdk_scheduler::operation::get_schedule::GetScheduleOutput;
use jiff::Timestamp;
use tokio::sync::Mutex;

use trimtab_model::action::{SCHEDULE_GROUP, ScheduleTarget, ScheduledCall, ScheduledSizes};
use trimtab_model::observed::{Observed, Obstacle, ScheduleObserved};
use trimtab_model::plan::{Change, Fingerprint};
use trimtab_model::resource::Tags;
use trimtab_model::resource::instance::InstanceState;
use trimtab_model::schedule::Schedule;
use trimtab_model::text::Reason;

use super::resource::{Facts, Look, incomplete, is_opted_in, unless_absent};
use super::{Known, db_instance, fingerprint, group, instance};
use crate::error::AwsError;
use crate::inventory;
use crate::page::pages;
use crate::session::Session;
use crate::{moment, tags};

pub(crate) const GET: &str = "scheduler:GetSchedule";
const GET_GROUP: &str = "scheduler:GetScheduleGroup";
pub(crate) const LIST: &str = "scheduler:ListSchedules";
const DESCRIBE_ACTIONS: &str = "autoscaling:DescribeScheduledActions";
const DESCRIBE_CLUSTERS: &str = "rds:DescribeDBClusters";

/// What is read: schedules, and their resources as for any other change of them.
pub(crate) const READS: &[&str] = &[
    GET,
    GET_GROUP,
    LIST,
    DESCRIBE_ACTIONS,
    DESCRIBE_CLUSTERS,
    "autoscaling:DescribeAutoScalingGroups",
    "autoscaling:DescribeAutoScalingInstances",
    "autoscaling:DescribeInstanceRefreshes",
    "cloudwatch:DescribeAlarms",
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeCapacityReservations",
    "ec2:DescribeHosts",
    "ec2:DescribeInstanceAttribute",
    "ec2:DescribeInstanceCreditSpecifications",
    "ec2:DescribeInstanceStatus",
    "ec2:DescribeInstanceTypeOfferings",
    "ec2:DescribeInstanceTypes",
    "ec2:DescribeInstances",
    "ec2:DescribePlacementGroups",
    "ec2:DescribeSnapshots",
    "ec2:DescribeVolumes",
    "ecs:ListClusters",
    "ecs:ListContainerInstances",
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetHealth",
    "rds:DescribeDBInstances",
    "rds:DescribeDBSnapshots",
];

/// Codes that say that there is no such schedule, or no such group.
const ABSENT: &[&str] = &["ResourceNotFoundException"];
/// Codes that say that there is no such cluster.
const NO_CLUSTER: &[&str] = &["DBClusterNotFoundFault", "DBClusterNotFound"];

/// How a description names the plan and the change: schedules have no tags.
const MADE_FOR: &str = "Made by trimtab:";

/// A resource that a schedule is for.
struct Scheduled {
    fingerprint: Fingerprint,
    obstacles: Vec<(Obstacle, Reason)>,
    is_running: Option<bool>,
    is_opted_in: bool,
}

/// One schedule of ours.
pub(crate) struct Listed {
    /// Its name.
    pub(crate) name: String,
    /// The ARN of the call that it makes.
    pub(crate) target: String,
    /// `CreationDate`.
    pub(crate) since: Option<Timestamp>,
    /// `Description`.
    pub(crate) description: Option<String>,
}

/// The schedules that are there, by name.
#[derive(Default)]
struct There {
    /// When they act; with what is different where they are not what is wanted.
    words: BTreeMap<String, String>,
    /// The roles that they act as, where they act as any.
    roles: BTreeMap<String, String>,
}

/// Looks at the resource of a change and at its schedules.
pub(super) async fn look(
    session: &Session,
    known: &Mutex<Known>,
    change: &Change,
    (schedule, target): (&Schedule, &ScheduleTarget),
) -> Result<Look, AwsError> {
    let (found, facts, unread) = match target {
        ScheduleTarget::Instance => {
            let look = instance::look(session, known, change).await?;
            (of_instance(look.observed), look.facts, look.unread)
        }
        ScheduleTarget::DbInstance => {
            let look = db_instance::look(session, change).await?;
            (of_database(look.observed), look.facts, look.unread)
        }
        ScheduleTarget::AutoScalingGroup { .. } => {
            let look = group::look(session, known, change).await?;
            (of_group(look.observed), look.facts, look.unread)
        }
        ScheduleTarget::DbCluster { .. } => {
            (cluster(session, change).await?, Facts::None, Vec::new())
        }
        ScheduleTarget::EcsService { .. } => {
            return Err(AwsError::Failed {
                action: change.resource.kind.as_str().to_owned(),
                code: "NotBuilt".to_owned(),
                message: "trimtab sets no schedule of ECS services up".to_owned(),
            });
        }
    };
    let Some(found) = found else { return Ok(Look::gone()) };
    let (there, has_group) = match target {
        ScheduleTarget::AutoScalingGroup { .. } => {
            let wanted = ScheduledSizes::of(schedule, target);
            (of_auto_scaling(session, change.resource.id.as_str(), &wanted).await?, true)
        }
        _ => {
            let wanted = ScheduledCall::of(schedule, target, &change.resource);
            let there = of_scheduler(session, &wanted).await?;
            let has_group = !there.words.is_empty() || has_group(session).await?;
            (there, has_group)
        }
    };
    let observed = ScheduleObserved {
        fingerprint: fingerprint::of_schedule(found.fingerprint),
        obstacles: found.obstacles,
        schedules: there.words,
        roles: there.roles,
        has_group,
        is_running: found.is_running,
        is_opted_in: found.is_opted_in,
    };
    Ok(Look { observed: Observed::Schedule(observed), facts, unread })
}

fn of_instance(seen: Observed) -> Option<Scheduled> {
    let Observed::Instance(one) = seen else { return None };
    Some(Scheduled {
        fingerprint: one.fingerprint,
        obstacles: one.obstacles,
        is_running: match one.state {
            InstanceState::Running => Some(true),
            InstanceState::Stopped => Some(false),
            _ => None,
        },
        is_opted_in: one.is_opted_in,
    })
}

fn of_database(seen: Observed) -> Option<Scheduled> {
    let Observed::DbInstance(one) = seen else { return None };
    Some(Scheduled {
        fingerprint: one.fingerprint,
        obstacles: one.obstacles,
        is_running: runs(&one.status),
        is_opted_in: one.is_opted_in,
    })
}

fn of_group(seen: Observed) -> Option<Scheduled> {
    let Observed::Group(one) = seen else { return None };
    Some(Scheduled {
        fingerprint: one.fingerprint,
        obstacles: one.obstacles,
        is_running: Some(one.sizes.desired_capacity > 0),
        is_opted_in: one.is_opted_in,
    })
}

/// Returns whether a database of a status runs; unknown while it starts or stops.
fn runs(status: &str) -> Option<bool> {
    match status {
        "stopped" => Some(false),
        "starting" | "stopping" => None,
        _ => Some(true),
    }
}

async fn cluster(session: &Session, change: &Change) -> Result<Option<Scheduled>, AwsError> {
    let id = change.resource.id.as_str();
    let answer = session.rds().describe_db_clusters().db_cluster_identifier(id).send().await;
    let answer = answer.map_err(|error| AwsError::of(DESCRIBE_CLUSTERS, &error));
    let all = unless_absent(answer, NO_CLUSTER)?.and_then(|answer| answer.db_clusters);
    let mut all = all.unwrap_or_default().into_iter();
    let found = all.find(|one| one.db_cluster_identifier.as_deref() == Some(id));
    let Some(found) = found else { return Ok(None) };
    let pairs = found.tag_list.clone().unwrap_or_default().into_iter();
    let tags = tags::of_pairs(pairs.map(|tag| (tag.key, tag.value)));
    let kind = inventory::db_cluster::kind(found).ok_or_else(|| incomplete(DESCRIBE_CLUSTERS))?;
    let resource = session.resource(id, tags, kind);
    Ok(Some(Scheduled {
        fingerprint: fingerprint::db_cluster(&resource),
        obstacles: Vec::new(),
        is_running: runs(&resource.kind.status),
        is_opted_in: is_opted_in(&resource.tags),
    }))
}

/// Returns those of the schedules that are there, with what they do and when.
async fn of_scheduler(session: &Session, wanted: &[ScheduledCall]) -> Result<There, AwsError> {
    let mut found = There::default();
    for one in wanted {
        let Some(there) = schedule(session, &one.name).await? else { continue };
        found.words.insert(one.name.clone(), words(&there, one));
        let role = there.target().map_or("", |target| target.role_arn());
        found.roles.insert(one.name.clone(), role.to_owned());
    }
    Ok(found)
}

/// Returns when a schedule acts; with what is different where it is not the one that is wanted.
fn words(there: &GetScheduleOutput, wanted: &ScheduledCall) -> String {
    let expression = there.schedule_expression().unwrap_or_default();
    let zone = there.schedule_expression_timezone().unwrap_or("UTC");
    let target = there.target().map_or("", |target| target.arn());
    let is_off = there.state() == Some(&aws_sdk_scheduler::types::ScheduleState::Disabled);
    let input = there.target().and_then(|target| target.input()).unwrap_or_default();
    // What it says may be anybody's: only that it is another is written down.
    let is_other = !is_same_input(input, &wanted.input);
    if zone == wanted.time_zone && target == wanted.target && !is_off && !is_other {
        return expression.to_owned();
    }
    let off = if is_off { " (disabled)" } else { "" };
    let other = if is_other { " (another input)" } else { "" };
    format!("{expression} {zone} {target}{other}{off}")
}

/// Returns whether two inputs say the same, however they are written.
fn is_same_input(one: &str, other: &str) -> bool {
    let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
    one == other || read(one).is_some_and(|one| read(other) == Some(one))
}

/// Returns when a scheduled action acts; with what is different where it is not the one that is
/// wanted.
fn words_of_action(there: &ScheduledUpdateGroupAction, wanted: &ScheduledSizes) -> String {
    let recurrence = there.recurrence().unwrap_or_default();
    let zone = there.time_zone().unwrap_or("UTC");
    let size = |value: Option<i32>| value.and_then(|value| u32::try_from(value).ok());
    let sizes = [there.min_size(), there.max_size(), there.desired_capacity()].map(size);
    let wanted_sizes = match wanted.sizes {
        // An action that empties the group leaves its maximum.
        None => [Some(0), None, Some(0)],
        Some(to) => [Some(to.min_size), Some(to.max_size), Some(to.desired_capacity)],
    };
    if zone == wanted.time_zone && sizes == wanted_sizes {
        return recurrence.to_owned();
    }
    let sizes = sizes.map(|size| size.map_or_else(|| "-".to_owned(), |size| size.to_string()));
    format!("{recurrence} {zone} {}", sizes.join("/"))
}

async fn schedule(session: &Session, name: &str) -> Result<Option<GetScheduleOutput>, AwsError> {
    let request = session.scheduler().get_schedule().group_name(SCHEDULE_GROUP).name(name);
    let answer = request.send().await.map_err(|error| AwsError::of(GET, &error));
    unless_absent(answer, ABSENT)
}

async fn has_group(session: &Session) -> Result<bool, AwsError> {
    let answer = session.scheduler().get_schedule_group().name(SCHEDULE_GROUP).send().await;
    let answer = answer.map_err(|error| AwsError::of(GET_GROUP, &error));
    Ok(unless_absent(answer, ABSENT)?.is_some())
}

async fn of_auto_scaling(
    session: &Session,
    group: &str,
    wanted: &[ScheduledSizes],
) -> Result<There, AwsError> {
    let listing = session.autoscaling().describe_scheduled_actions();
    let listing = listing.auto_scaling_group_name(group);
    let mut found = There::default();
    pages(DESCRIBE_ACTIONS, listing.into_paginator().send(), |page| {
        for one in page.scheduled_update_group_actions.unwrap_or_default() {
            let is_it =
                |want: &&ScheduledSizes| one.scheduled_action_name() == Some(want.name.as_str());
            let Some(want) = wanted.iter().find(is_it) else { continue };
            found.words.insert(want.name.clone(), words_of_action(&one, want));
        }
    })
    .await?;
    Ok(found)
}

/// Lists every schedule of our group.
pub(crate) async fn all(session: &Session) -> Result<Vec<Listed>, AwsError> {
    let listing = session.scheduler().list_schedules().group_name(SCHEDULE_GROUP);
    let mut names = Vec::new();
    let listed = pages(LIST, listing.into_paginator().send(), |page| {
        names.extend(page.schedules.into_iter().filter_map(|one| one.name));
    })
    .await;
    unless_absent(listed, ABSENT)?;
    let mut found = Vec::new();
    for name in names {
        let Some(one) = schedule(session, &name).await? else { continue };
        found.push(Listed {
            name,
            target: one.target().map_or_else(String::new, |target| target.arn().to_owned()),
            since: moment::optional(one.creation_date()),
            description: one.description,
        });
    }
    Ok(found)
}

/// Writes down what a schedule is made for.
pub(crate) fn description(tags: &[(&'static str, &str)]) -> String {
    let pairs: Vec<String> = tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
    format!("{MADE_FOR} {}", pairs.join(" "))
}

/// Reads what a schedule was made for, as if it were its tags.
pub(crate) fn tags_of(description: Option<&str>) -> Tags {
    let pairs = description.and_then(|text| text.strip_prefix(MADE_FOR)).unwrap_or_default();
    let pairs = pairs.split_whitespace().filter_map(|pair| pair.split_once('='));
    pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_says_what_tags_would() {
        let text = description(&[("trimtab:change", "C-1"), ("trimtab:plan", "P-1")]);
        assert_eq!(text, "Made by trimtab: trimtab:change=C-1 trimtab:plan=P-1");
        let tags = tags_of(Some(&text));
        assert_eq!(tags.get("trimtab:plan").map(String::as_str), Some("P-1"));
        assert!(tags_of(Some("the owner's own")).is_empty() && tags_of(None).is_empty());
    }

    #[test]
    fn a_resource_is_read_as_for_any_other_change() {
        let others = [instance::READS, db_instance::READS, group::READS].concat();
        let missing: Vec<&str> =
            others.into_iter().filter(|action| !READS.contains(action)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn d40_a_database_that_starts_or_stops_is_neither_on_nor_off() {
        assert_eq!(runs("available"), Some(true));
        assert_eq!(runs("stopped"), Some(false));
        assert_eq!((runs("starting"), runs("stopping")), (None, None));
    }
}
