//! `redshift:DescribeClusters`.

use futures::FutureExt;

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::redshift_cluster::RedshiftCluster;

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number, tags};

const DESCRIBE: &str = "redshift:DescribeClusters";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::RedshiftCluster,
    reach: Reach::Region,
    actions: &[DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let stream = session.redshift().describe_clusters().max_records(100).into_paginator().send();
    pages(DESCRIBE, stream, |page| {
        for cluster in page.clusters.unwrap_or_default() {
            let pairs = cluster.tags.unwrap_or_default().into_iter();
            let tags = tags::of_pairs(pairs.map(|tag| (tag.key, tag.value)));
            let (Some(id), Some(node_type), Some(cluster_status)) =
                (cluster.cluster_identifier, cluster.node_type, cluster.cluster_status)
            else {
                continue;
            };
            let options = cluster.elastic_resize_number_of_node_options.unwrap_or_default();
            let kind = RedshiftCluster {
                arn: Some(arn(session, &id)),
                cluster_namespace_arn: cluster.cluster_namespace_arn,
                node_type,
                number_of_nodes: number::positive(cluster.number_of_nodes),
                cluster_status,
                cluster_create_time: moment::optional(cluster.cluster_create_time.as_ref()),
                multi_az: cluster.multi_az,
                elastic_resize_node_options: node_counts(&options),
                total_storage_capacity_mb: number::count(
                    cluster.total_storage_capacity_in_mega_bytes,
                ),
            };
            part.snapshot.redshift_clusters.push(session.resource(id, tags, kind));
        }
    })
    .await
}

/// The listing has no ARN, which is what the bill calls a cluster.
fn arn(session: &Session, id: &str) -> String {
    let (partition, region, account) = (session.partition(), session.region(), session.account());
    format!("arn:{partition}:redshift:{region}:{account}:cluster:{id}")
}

/// Reads a list such as `[2,4,8]`.
fn node_counts(text: &str) -> Vec<u32> {
    text.trim_matches(['[', ']']).split(',').filter_map(|one| one.trim().parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::node_counts;

    #[test]
    fn a_list_in_a_string_is_read() {
        assert_eq!(node_counts("[2,4, 8]"), [2, 4, 8]);
        assert!(node_counts("").is_empty());
    }
}
