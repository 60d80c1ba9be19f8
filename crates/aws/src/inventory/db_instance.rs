//! `rds:DescribeDBInstances`. Amazon DocumentDB and Neptune list theirs here too.

use aws_sdk_rds::types;
use futures::FutureExt;

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::db_instance::DbInstance;

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number, tags};

pub(crate) const DESCRIBE: &str = "rds:DescribeDBInstances";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::DbInstance,
    reach: Reach::Region,
    actions: &[DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

/// Lists the DB instances, for collectors of what belongs to them.
pub(super) async fn instances(session: &Session) -> Result<Vec<types::DbInstance>, AwsError> {
    let mut found = Vec::new();
    let stream = session.rds().describe_db_instances().max_records(100).into_paginator().send();
    pages(DESCRIBE, stream, |page| found.extend(page.db_instances.unwrap_or_default())).await?;
    Ok(found)
}

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let stream = session.rds().describe_db_instances().max_records(100).into_paginator().send();
    pages(DESCRIBE, stream, |page| {
        for db in page.db_instances.unwrap_or_default() {
            let pairs = db.tag_list.clone().unwrap_or_default().into_iter();
            let tags = tags::of_pairs(pairs.map(|tag| (tag.key, tag.value)));
            let Some(id) = db.db_instance_identifier.clone() else { continue };
            let Some(kind) = kind(db) else { continue };
            part.snapshot.db_instances.push(session.resource(id, tags, kind));
        }
    })
    .await
}

/// Returns what the answer says of a database; nothing where it lacks what each has.
pub(crate) fn kind(db: types::DbInstance) -> Option<DbInstance> {
    Some(DbInstance {
        db_instance_arn: db.db_instance_arn,
        dbi_resource_id: db.dbi_resource_id,
        db_instance_class: db.db_instance_class?.into(),
        engine: db.engine?,
        engine_version: db.engine_version,
        license_model: db.license_model,
        db_instance_status: db.db_instance_status?,
        instance_create_time: moment::optional(db.instance_create_time.as_ref()),
        multi_az: db.multi_az,
        storage_type: db.storage_type,
        allocated_storage_gib: number::positive(db.allocated_storage),
        iops: number::positive(db.iops),
        storage_throughput_mib_s: number::positive(db.storage_throughput),
        db_cluster_identifier: db.db_cluster_identifier.map(Into::into),
        read_replica_source: db.read_replica_source_db_instance_identifier.map(Into::into),
        read_replicas: db
            .read_replica_db_instance_identifiers
            .unwrap_or_default()
            .into_iter()
            .map(Into::into)
            .collect(),
        performance_insights_enabled: db.performance_insights_enabled,
        performance_insights_retention_days: number::positive(
            db.performance_insights_retention_period,
        ),
        database_insights_mode: db.database_insights_mode.map(|mode| mode.as_str().to_owned()),
        has_pending_modifications: db
            .pending_modified_values
            .is_some_and(|values| values != types::PendingModifiedValues::builder().build()),
        db_parameter_groups: db
            .db_parameter_groups
            .unwrap_or_default()
            .into_iter()
            .filter_map(|group| group.db_parameter_group_name)
            .collect(),
        max_allocated_storage_gib: number::positive(db.max_allocated_storage),
        engine_lifecycle_support: db.engine_lifecycle_support,
        endpoint_address: db.endpoint.and_then(|endpoint| endpoint.address),
    })
}
