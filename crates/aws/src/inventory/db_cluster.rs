//! `rds:DescribeDBClusters`. Amazon DocumentDB and Neptune list theirs here too.

use aws_sdk_rds::types;
use futures::FutureExt;

use rust_decimal::Decimal;

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::db_cluster::{DbCluster, DbClusterMember, ServerlessV2Scaling};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number, tags};

const DESCRIBE: &str = "rds:DescribeDBClusters";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::DbCluster,
    reach: Reach::Region,
    actions: &[DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let stream = session.rds().describe_db_clusters().max_records(100).into_paginator().send();
    pages(DESCRIBE, stream, |page| {
        for cluster in page.db_clusters.unwrap_or_default() {
            let pairs = cluster.tag_list.clone().unwrap_or_default().into_iter();
            let tags = tags::of_pairs(pairs.map(|tag| (tag.key, tag.value)));
            let Some(id) = cluster.db_cluster_identifier.clone() else { continue };
            let Some(kind) = kind(cluster) else { continue };
            part.snapshot.db_clusters.push(session.resource(id, tags, kind));
        }
    })
    .await
}

pub(crate) fn kind(cluster: types::DbCluster) -> Option<DbCluster> {
    Some(DbCluster {
        db_cluster_arn: cluster.db_cluster_arn,
        db_cluster_resource_id: cluster.db_cluster_resource_id,
        engine: cluster.engine?,
        engine_version: cluster.engine_version,
        engine_mode: cluster.engine_mode,
        status: cluster.status?,
        cluster_create_time: moment::optional(cluster.cluster_create_time.as_ref()),
        db_cluster_members: cluster
            .db_cluster_members
            .unwrap_or_default()
            .into_iter()
            .filter_map(|member| {
                Some(DbClusterMember {
                    db_instance_identifier: member.db_instance_identifier?.into(),
                    is_cluster_writer: member.is_cluster_writer,
                })
            })
            .collect(),
        storage_type: cluster.storage_type,
        io_optimized_next_allowed_modification_time: moment::optional(
            cluster.io_optimized_next_allowed_modification_time.as_ref(),
        ),
        serverless_v2_scaling: cluster.serverless_v2_scaling_configuration.map(|scaling| {
            ServerlessV2Scaling {
                min_capacity: capacity(scaling.min_capacity),
                max_capacity: capacity(scaling.max_capacity),
            }
        }),
        replication_source_identifier: cluster
            .replication_source_identifier
            .filter(|source| !source.is_empty())
            .map(Into::into),
        read_replica_identifiers: cluster
            .read_replica_identifiers
            .unwrap_or_default()
            .into_iter()
            .map(Into::into)
            .collect(),
        global_cluster_identifier: cluster
            .global_cluster_identifier
            .filter(|global| !global.is_empty()),
        deletion_protection: cluster.deletion_protection,
        backup_retention_period_days: number::count(cluster.backup_retention_period),
    })
}

/// Capacity comes in steps of a half, which a float holds exactly.
fn capacity(value: Option<f64>) -> Option<Decimal> {
    value.and_then(|value| Decimal::try_from(value).ok())
}
