//! `rds describe-db-instances`.

use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::BTreeMap;
use trimtab_model::id::ResourceId;
use trimtab_model::resource::db_instance::DbInstance;

use super::moment::Moment;
use super::place::Place;
use super::tables::Found;
use super::tag::{self, Tag};

/// One entry of `DBInstances`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Entry {
    #[serde(rename = "DBInstanceIdentifier")]
    db_instance_identifier: String,
    #[serde(rename = "DBInstanceArn")]
    db_instance_arn: Option<String>,
    dbi_resource_id: Option<String>,
    #[serde(rename = "DBInstanceClass")]
    db_instance_class: String,
    engine: String,
    engine_version: Option<String>,
    license_model: Option<String>,
    #[serde(rename = "DBInstanceStatus")]
    db_instance_status: String,
    instance_create_time: Option<Moment>,
    availability_zone: Option<String>,
    #[serde(rename = "MultiAZ")]
    multi_az: Option<bool>,
    storage_type: Option<String>,
    allocated_storage: Option<u32>,
    iops: Option<u32>,
    storage_throughput: Option<u32>,
    #[serde(rename = "DBClusterIdentifier")]
    db_cluster_identifier: Option<String>,
    #[serde(rename = "ReadReplicaSourceDBInstanceIdentifier")]
    read_replica_source: Option<String>,
    #[serde(rename = "ReadReplicaDBInstanceIdentifiers")]
    read_replicas: Option<Vec<String>>,
    performance_insights_enabled: Option<bool>,
    performance_insights_retention_period: Option<u32>,
    database_insights_mode: Option<String>,
    pending_modified_values: Option<BTreeMap<String, IgnoredAny>>,
    #[serde(rename = "DBParameterGroups")]
    db_parameter_groups: Option<Vec<ParameterGroup>>,
    max_allocated_storage: Option<u32>,
    engine_lifecycle_support: Option<String>,
    endpoint: Option<Endpoint>,
    tag_list: Option<Vec<Tag>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Endpoint {
    address: Option<String>,
}

#[derive(Debug, Deserialize)]
struct ParameterGroup {
    #[serde(rename = "DBParameterGroupName")]
    name: String,
}

impl From<Entry> for Found<DbInstance> {
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.db_instance_identifier.into(),
            place: Place::of_arn(entry.db_instance_arn.as_deref())
                .or(Place::of_zone(entry.availability_zone.as_deref())),
            tags: tag::by_key(entry.tag_list),
            kind: DbInstance {
                db_instance_arn: entry.db_instance_arn,
                dbi_resource_id: entry.dbi_resource_id,
                db_instance_class: entry.db_instance_class.into(),
                engine: entry.engine,
                engine_version: entry.engine_version,
                license_model: entry.license_model,
                db_instance_status: entry.db_instance_status,
                instance_create_time: entry.instance_create_time.map(|moment| moment.0),
                multi_az: entry.multi_az,
                storage_type: entry.storage_type,
                allocated_storage_gib: entry.allocated_storage,
                iops: entry.iops,
                storage_throughput_mib_s: entry.storage_throughput,
                db_cluster_identifier: entry.db_cluster_identifier.map(ResourceId::from),
                read_replica_source: entry.read_replica_source.map(ResourceId::from),
                read_replicas: entry
                    .read_replicas
                    .unwrap_or_default()
                    .into_iter()
                    .map(ResourceId::from)
                    .collect(),
                performance_insights_enabled: entry.performance_insights_enabled,
                performance_insights_retention_days: entry.performance_insights_retention_period,
                database_insights_mode: entry.database_insights_mode,
                has_pending_modifications: entry
                    .pending_modified_values
                    .is_some_and(|values| !values.is_empty()),
                db_parameter_groups: entry
                    .db_parameter_groups
                    .unwrap_or_default()
                    .into_iter()
                    .map(|group| group.name)
                    .collect(),
                max_allocated_storage_gib: entry.max_allocated_storage,
                engine_lifecycle_support: entry.engine_lifecycle_support,
                endpoint_address: entry.endpoint.and_then(|endpoint| endpoint.address),
            },
        }
    }
}
