//! `memorydb:DescribeClusters`, with shards and nodes.

use aws_sdk_memorydb::types;
use futures::FutureExt;

use trimtab_model::resource::memory_db_cluster::MemoryDbCluster;
use trimtab_model::resource::{ResourceKind, Tags};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number, tags};

const DESCRIBE: &str = "memorydb:DescribeClusters";
const LIST_TAGS: &str = "memorydb:ListTags";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::MemoryDbCluster,
    reach: Reach::Region,
    actions: &[DESCRIBE, LIST_TAGS],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let mut found = Vec::new();
    let listing = session.memorydb().describe_clusters().show_shard_details(true);
    let listed = pages(DESCRIBE, listing.into_paginator().send(), |page| {
        found.extend(page.clusters.unwrap_or_default());
    })
    .await;
    for cluster in found {
        let Some(name) = cluster.name.clone() else { continue };
        let tags = match &cluster.arn {
            Some(arn) => {
                let tags = tags_of(session, arn).await;
                part.detail(tags).unwrap_or_default()
            }
            None => Tags::new(),
        };
        let Some(kind) = kind(cluster) else { continue };
        part.snapshot.memory_db_clusters.push(session.resource(name, tags, kind));
    }
    listed
}

async fn tags_of(session: &Session, arn: &str) -> Result<Tags, AwsError> {
    let answer = session
        .memorydb()
        .list_tags()
        .resource_arn(arn)
        .send()
        .await
        .map_err(|error| AwsError::of(LIST_TAGS, &error))?;
    let pairs = answer.tag_list.unwrap_or_default().into_iter();
    Ok(tags::of_pairs(pairs.map(|tag| (tag.key, tag.value))))
}

fn kind(cluster: types::Cluster) -> Option<MemoryDbCluster> {
    let nodes: Vec<types::Node> = cluster
        .shards
        .unwrap_or_default()
        .into_iter()
        .flat_map(|shard| shard.nodes.unwrap_or_default())
        .collect();
    let create_time =
        nodes.iter().filter_map(|node| moment::optional(node.create_time.as_ref())).min();
    let mut names: Vec<_> = nodes.into_iter().filter_map(|node| node.name).collect();
    names.sort();
    Some(MemoryDbCluster {
        arn: cluster.arn,
        engine: cluster.engine,
        node_type: cluster.node_type?,
        status: cluster.status?,
        number_of_shards: number::positive(cluster.number_of_shards),
        nodes: names.into_iter().map(Into::into).collect(),
        create_time,
        multi_region_cluster_name: cluster.multi_region_cluster_name,
    })
}
