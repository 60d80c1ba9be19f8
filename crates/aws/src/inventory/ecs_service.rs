//! `ecs:ListServices` and `ecs:DescribeServices` of every cluster, with the task definition that
//! each service runs.

use std::collections::BTreeMap;

use aws_sdk_ecs::types::{self, ServiceField};
use futures::FutureExt;
use jiff::{SignedDuration, Timestamp};

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::ecs_service::{CapacityShare, EcsService, TaskDefinition};

use super::ecs_cluster::{LIST as LIST_CLUSTERS, cluster_arns};
use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number, tags};

const LIST: &str = "ecs:ListServices";
const DESCRIBE: &str = "ecs:DescribeServices";
const DESCRIBE_TASK: &str = "ecs:DescribeTaskDefinition";
/// Services that one call describes.
const AT_ONCE: usize = 10;
/// How far back the sizes of earlier revisions are read: the longest look-back of metrics.
const HISTORY: SignedDuration = SignedDuration::from_hours(24 * 93);
/// How many earlier revisions of a family are read at most.
const MOST_REVISIONS: u32 = 50;

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::EcsService,
    reach: Reach::Region,
    actions: &[LIST_CLUSTERS, LIST, DESCRIBE, DESCRIBE_TASK],
    collect: |session, part| collect(session, part).boxed(),
};

/// Task definitions that were read, by name or ARN; several services may run one.
type Known = BTreeMap<String, Option<TaskDefinition>>;

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let (clusters, mut listed) = cluster_arns(session).await;
    let mut known = Known::new();
    for cluster in clusters {
        // A cluster whose services cannot be listed does not hide those of the others.
        let services = of_cluster(session, part, &cluster, &mut known).await;
        listed = listed.and(services);
    }
    listed
}

async fn of_cluster(
    session: &Session,
    part: &mut Part,
    cluster: &str,
    known: &mut Known,
) -> Result<(), AwsError> {
    let mut arns = Vec::new();
    let listing = session.ecs().list_services().cluster(cluster).max_results(100);
    let listed = pages(LIST, listing.into_paginator().send(), |page| {
        arns.extend(page.service_arns.unwrap_or_default());
    })
    .await;
    for arns in arns.chunks(AT_ONCE) {
        let answer = session
            .ecs()
            .describe_services()
            .cluster(cluster)
            .set_services(Some(arns.to_vec()))
            .include(ServiceField::Tags)
            .send()
            .await
            .map_err(|error| AwsError::of(DESCRIBE, &error))?;
        for service in answer.services.unwrap_or_default() {
            push(session, part, service, known).await;
        }
    }
    listed
}

async fn push(session: &Session, part: &mut Part, service: types::Service, known: &mut Known) {
    let cluster = service.cluster_arn.as_deref().and_then(|arn| arn.rsplit('/').next());
    let (Some(cluster), Some(name)) = (cluster.map(str::to_owned), service.service_name.clone())
    else {
        return;
    };
    let task_definition = match &service.task_definition {
        Some(arn) => task_definition(session, part, arn, known).await,
        None => None,
    };
    let pairs = service.tags.clone().unwrap_or_default().into_iter();
    let tags = tags::of_pairs(pairs.map(|tag| (tag.key, tag.value)));
    let id = format!("{cluster}/{name}");
    let kind = kind(service, cluster, name, task_definition);
    part.snapshot.ecs_services.push(session.resource(id, tags, kind));
}

fn kind(
    service: types::Service,
    cluster: String,
    service_name: String,
    task_definition: Option<TaskDefinition>,
) -> EcsService {
    let count = |value: i32| number::count(Some(value)).unwrap_or(0);
    let strategy = service.capacity_provider_strategy.unwrap_or_default().into_iter();
    let balancers = service.load_balancers.unwrap_or_default().into_iter();
    EcsService {
        service_arn: service.service_arn,
        cluster,
        service_name,
        status: service.status,
        desired_count: count(service.desired_count),
        running_count: count(service.running_count),
        pending_count: count(service.pending_count),
        launch_type: service.launch_type.map(|word| word.as_str().to_owned()),
        capacity_provider_strategy: strategy
            .map(|item| CapacityShare {
                capacity_provider: item.capacity_provider,
                weight: count(item.weight),
                base: count(item.base),
            })
            .collect(),
        scheduling_strategy: service.scheduling_strategy.map(|word| word.as_str().to_owned()),
        deployment_controller: service
            .deployment_controller
            .map(|controller| controller.r#type.as_str().to_owned()),
        deployments: number::length(service.deployments.unwrap_or_default().len()),
        created_at: moment::optional(service.created_at.as_ref()),
        target_groups: balancers
            .filter_map(|balancer| balancer.target_group_arn)
            .map(Into::into)
            .collect(),
        task_definition,
    }
}

/// Returns the task definition of a service, with how long its family has had this size.
async fn task_definition(
    session: &Session,
    part: &mut Part,
    arn: &str,
    known: &mut Known,
) -> Option<TaskDefinition> {
    let mut current = described(session, part, arn, known).await?;
    let Some(mut since) = current.same_size_since else { return Some(current) };
    let oldest = part.snapshot.taken_at.checked_sub(HISTORY).unwrap_or(Timestamp::MIN);
    for back in 1..=MOST_REVISIONS {
        if since <= oldest {
            break;
        }
        let Some(revision) = current.revision.checked_sub(back).filter(|one| *one > 0) else {
            break;
        };
        let name = format!("{}:{revision}", current.family);
        let Some(earlier) = earlier(session, part, &name, known).await else { break };
        let same =
            (earlier.cpu_units, earlier.memory_mib) == (current.cpu_units, current.memory_mib);
        match earlier.same_size_since {
            Some(registered) if same => since = registered,
            _ => break,
        }
    }
    current.same_size_since = Some(since);
    Some(current)
}

/// Reads the revision that a service runs, whose size is its own since it was registered.
async fn described(
    session: &Session,
    part: &mut Part,
    name: &str,
    known: &mut Known,
) -> Option<TaskDefinition> {
    if let Some(found) = known.get(name) {
        return found.clone();
    }
    let found = part.detail(describe(session, name).await).flatten();
    known.insert(name.to_owned(), found.clone());
    found
}

/// Reads an earlier revision. One that was deleted since is no shortfall.
async fn earlier(
    session: &Session,
    part: &mut Part,
    name: &str,
    known: &mut Known,
) -> Option<TaskDefinition> {
    if let Some(found) = known.get(name) {
        return found.clone();
    }
    let found = match describe(session, name).await {
        Err(AwsError::Failed { code, .. }) if code == "ClientException" => None,
        answer => part.detail(answer).flatten(),
    };
    known.insert(name.to_owned(), found.clone());
    found
}

async fn describe(session: &Session, name: &str) -> Result<Option<TaskDefinition>, AwsError> {
    let answer = session
        .ecs()
        .describe_task_definition()
        .task_definition(name)
        .send()
        .await
        .map_err(|error| AwsError::of(DESCRIBE_TASK, &error))?;
    Ok(answer.task_definition.and_then(revision))
}

fn revision(task: types::TaskDefinition) -> Option<TaskDefinition> {
    let containers = task.container_definitions.unwrap_or_default();
    let sum = |of: fn(&types::ContainerDefinition) -> i32| {
        containers.iter().filter_map(|one| number::count::<_, u32>(Some(of(one)))).sum()
    };
    let platform = task.runtime_platform;
    let architecture = platform.as_ref().and_then(|platform| platform.cpu_architecture.clone());
    let system = platform.and_then(|platform| platform.operating_system_family);
    Some(TaskDefinition {
        family: task.family?,
        revision: number::positive(Some(task.revision))?,
        cpu_units: task.cpu.and_then(|text| text.parse().ok()),
        memory_mib: task.memory.and_then(|text| text.parse().ok()),
        cpu_architecture: architecture.map(|word| word.as_str().to_owned()),
        operating_system_family: system.map(|word| word.as_str().to_owned()),
        requires_compatibilities: task
            .requires_compatibilities
            .unwrap_or_default()
            .iter()
            .map(|word| word.as_str().to_owned())
            .collect(),
        ephemeral_storage_gib: task
            .ephemeral_storage
            .and_then(|storage| number::positive(Some(storage.size_in_gib))),
        container_cpu_units: sum(|one| one.cpu),
        container_memory_mib: sum(|one| one.memory.or(one.memory_reservation).unwrap_or(0)),
        same_size_since: moment::optional(task.registered_at.as_ref()),
    })
}
