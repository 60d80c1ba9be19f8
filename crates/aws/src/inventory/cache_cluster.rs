//! `elasticache:DescribeCacheClusters`, with the replication groups that its nodes belong to.

use std::collections::BTreeMap;

use aws_sdk_elasticache::types;
use futures::FutureExt;

use trimtab_model::resource::cache_cluster::{CacheCluster, ReplicationGroup};
use trimtab_model::resource::{ResourceKind, Tags};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number, tags};

const DESCRIBE: &str = "elasticache:DescribeCacheClusters";
const DESCRIBE_GROUPS: &str = "elasticache:DescribeReplicationGroups";
const LIST_TAGS: &str = "elasticache:ListTagsForResource";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::CacheCluster,
    reach: Reach::Region,
    actions: &[DESCRIBE, DESCRIBE_GROUPS, LIST_TAGS],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let mut found = Vec::new();
    let listing = session.elasticache().describe_cache_clusters().show_cache_node_info(true);
    let listed = pages(DESCRIBE, listing.max_records(100).into_paginator().send(), |page| {
        found.extend(page.cache_clusters.unwrap_or_default());
    })
    .await;
    let groups = match found.iter().any(|cluster| cluster.replication_group_id.is_some()) {
        true => {
            let groups = groups(session).await;
            part.detail(groups).unwrap_or_default()
        }
        false => BTreeMap::new(),
    };
    for cluster in found {
        let Some(id) = cluster.cache_cluster_id.clone() else { continue };
        let tags = match &cluster.arn {
            Some(arn) => {
                let tags = tags_of(session, arn).await;
                part.detail(tags).unwrap_or_default()
            }
            None => Tags::new(),
        };
        let Some(kind) = kind(cluster, &groups) else { continue };
        part.snapshot.cache_clusters.push(session.resource(id, tags, kind));
    }
    listed
}

async fn groups(session: &Session) -> Result<BTreeMap<String, ReplicationGroup>, AwsError> {
    let mut groups = BTreeMap::new();
    let listing = session.elasticache().describe_replication_groups().max_records(100);
    pages(DESCRIBE_GROUPS, listing.into_paginator().send(), |page| {
        for group in page.replication_groups.unwrap_or_default() {
            let Some(id) = group.replication_group_id.clone() else { continue };
            groups.insert(id, replication_group(group));
        }
    })
    .await?;
    Ok(groups)
}

fn replication_group(group: types::ReplicationGroup) -> ReplicationGroup {
    let mut members = group.member_clusters.unwrap_or_default();
    members.sort();
    ReplicationGroup {
        arn: group.arn,
        status: group.status,
        member_clusters: members.into_iter().map(Into::into).collect(),
        node_group_count: number::length(group.node_groups.unwrap_or_default().len()),
        cluster_enabled: group.cluster_enabled,
        automatic_failover: group.automatic_failover.map(|word| word.as_str().to_owned()),
        global_replication_group_id: group
            .global_replication_group_info
            .and_then(|info| info.global_replication_group_id),
        data_tiering: group.data_tiering.map(|word| word.as_str().to_owned()),
    }
}

async fn tags_of(session: &Session, arn: &str) -> Result<Tags, AwsError> {
    let answer = session
        .elasticache()
        .list_tags_for_resource()
        .resource_name(arn)
        .send()
        .await
        .map_err(|error| AwsError::of(LIST_TAGS, &error))?;
    let pairs = answer.tag_list.unwrap_or_default().into_iter();
    Ok(tags::of_pairs(pairs.map(|tag| (tag.key, tag.value))))
}

fn kind(
    cluster: types::CacheCluster,
    groups: &BTreeMap<String, ReplicationGroup>,
) -> Option<CacheCluster> {
    Some(CacheCluster {
        arn: cluster.arn,
        engine: cluster.engine?,
        engine_version: cluster.engine_version,
        cache_node_type: cluster.cache_node_type?,
        num_cache_nodes: number::positive(cluster.num_cache_nodes),
        cache_cluster_status: cluster.cache_cluster_status?,
        cache_cluster_create_time: moment::optional(cluster.cache_cluster_create_time.as_ref()),
        snapshot_retention_limit_days: number::count(cluster.snapshot_retention_limit),
        has_pending_modifications: cluster
            .pending_modified_values
            .is_some_and(|values| values != types::PendingModifiedValues::builder().build()),
        replication_group: cluster
            .replication_group_id
            .as_ref()
            .and_then(|group| groups.get(group))
            .cloned(),
        replication_group_id: cluster.replication_group_id.map(Into::into),
    })
}
