//! `ecs:ListClusters` and `ecs:DescribeClusters`, with the machines that joined each cluster.

use aws_sdk_ecs::types::{Cluster, ClusterField};
use futures::FutureExt;

use trimtab_model::id::ResourceId;
use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::ecs_cluster::EcsCluster;

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{number, tags};

/// The action that lists the clusters, which the collector of services calls too.
pub(super) const LIST: &str = "ecs:ListClusters";
const DESCRIBE: &str = "ecs:DescribeClusters";
const LIST_MACHINES: &str = "ecs:ListContainerInstances";
const DESCRIBE_MACHINES: &str = "ecs:DescribeContainerInstances";
/// Clusters, or container instances, that one call describes.
const AT_ONCE: usize = 100;

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::EcsCluster,
    reach: Reach::Region,
    actions: &[LIST, DESCRIBE, LIST_MACHINES, DESCRIBE_MACHINES],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let (arns, listed) = cluster_arns(session).await;
    for arns in arns.chunks(AT_ONCE) {
        let answer = session
            .ecs()
            .describe_clusters()
            .set_clusters(Some(arns.to_vec()))
            .include(ClusterField::Tags)
            .send()
            .await
            .map_err(|error| AwsError::of(DESCRIBE, &error))?;
        for cluster in answer.clusters.unwrap_or_default() {
            let Some(name) = cluster.cluster_name.clone() else { continue };
            let ec2_instance_ids = match cluster.registered_container_instances_count {
                0 => Some(Vec::new()),
                _ => part.detail(machines(session, &name).await),
            };
            push(session, part, name, cluster, ec2_instance_ids);
        }
    }
    listed
}

/// Lists the ARNs of every cluster, as far as they could be read.
pub(super) async fn cluster_arns(session: &Session) -> (Vec<String>, Result<(), AwsError>) {
    let mut arns = Vec::new();
    let stream = session.ecs().list_clusters().max_results(100).into_paginator().send();
    let listed = pages(LIST, stream, |page| arns.extend(page.cluster_arns.unwrap_or_default()));
    let listed = listed.await;
    (arns, listed)
}

fn push(
    session: &Session,
    part: &mut Part,
    name: String,
    cluster: Cluster,
    ec2_instance_ids: Option<Vec<ResourceId>>,
) {
    let pairs = cluster.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value));
    let count = |value: i32| number::count(Some(value)).unwrap_or(0);
    let kind = EcsCluster {
        cluster_arn: cluster.cluster_arn,
        status: cluster.status,
        registered_container_instances: count(cluster.registered_container_instances_count),
        running_tasks: count(cluster.running_tasks_count),
        pending_tasks: count(cluster.pending_tasks_count),
        active_services: count(cluster.active_services_count),
        capacity_providers: cluster.capacity_providers.unwrap_or_default(),
        ec2_instance_ids,
    };
    part.snapshot.ecs_clusters.push(session.resource(name, tags::of_pairs(pairs), kind));
}

async fn machines(session: &Session, cluster: &str) -> Result<Vec<ResourceId>, AwsError> {
    let mut arns = Vec::new();
    let listing = session.ecs().list_container_instances().cluster(cluster).into_paginator();
    pages(LIST_MACHINES, listing.send(), |page| {
        arns.extend(page.container_instance_arns.unwrap_or_default());
    })
    .await?;
    let mut ids: Vec<ResourceId> = Vec::new();
    for arns in arns.chunks(AT_ONCE) {
        let answer = session
            .ecs()
            .describe_container_instances()
            .cluster(cluster)
            .set_container_instances(Some(arns.to_vec()))
            .send()
            .await
            .map_err(|error| AwsError::of(DESCRIBE_MACHINES, &error))?;
        let machines = answer.container_instances.unwrap_or_default();
        ids.extend(
            machines.into_iter().filter_map(|machine| machine.ec2_instance_id).map(Into::into),
        );
    }
    ids.sort();
    Ok(ids)
}
