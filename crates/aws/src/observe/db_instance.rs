//! A database, what waits to be applied to it, and its snapshots.

use std::collections::BTreeMap;

use aws_sdk_rds::types;

use trimtab_model::action::{Action, DbStorageSettings};
use trimtab_model::id::ChangeId;
use trimtab_model::observed::{
    DbInstanceObserved, DbInstancePreflight, DbSnapshotObserved, DbStoragePreflight, Observed,
    SwitchPreflight,
};
use trimtab_model::plan::Change;
use trimtab_rollout::preflight;

use super::resource::{Facts, Look, incomplete, is_opted_in, unless_absent};
use super::{deployment, fingerprint};
use crate::actuator::CHANGE_TAG;
use crate::error::AwsError;
use crate::inventory;
use crate::inventory::db_instance::DESCRIBE;
use crate::page::pages;
use crate::session::Session;
use crate::{number, tags};

const DESCRIBE_SNAPSHOTS: &str = "rds:DescribeDBSnapshots";

/// What is read.
pub(crate) const READS: &[&str] = &[DESCRIBE, DESCRIBE_SNAPSHOTS];

/// What is read where a copy takes its name over.
pub(crate) const SWITCH_READS: &[&str] =
    &[DESCRIBE, DESCRIBE_SNAPSHOTS, deployment::DESCRIBE, deployment::READ_LAG];

/// Codes that say that there is no such database.
const ABSENT: &[&str] = &["DBInstanceNotFound", "DBInstanceNotFoundFault"];

/// Looks at the database of a change.
pub(super) async fn look(session: &Session, change: &Change) -> Result<Look, AwsError> {
    let id = change.resource.id.as_str();
    // The deployment first: where it says that the switch is over, the name is the copy's.
    let deployed = match &change.action {
        Action::SwitchDatabase(_) => deployment::of_change(session, &change.id).await?,
        _ => None,
    };
    let answer = session.rds().describe_db_instances().db_instance_identifier(id).send().await;
    let answer = answer.map_err(|error| AwsError::of(DESCRIBE, &error));
    let all = unless_absent(answer, ABSENT)?.and_then(|answer| answer.db_instances);
    let mut all = all.unwrap_or_default().into_iter();
    let found = all.find(|one| one.db_instance_identifier.as_deref() == Some(id));
    let Some(found) = found else { return Ok(Look::gone()) };
    let pairs = found.tag_list.clone().unwrap_or_default().into_iter();
    let tags = tags::of_pairs(pairs.map(|tag| (tag.key, tag.value)));
    let pending = found.pending_modified_values().map(pending).unwrap_or_default();
    let parameters = found.db_parameter_groups().iter();
    let parameters = parameters.filter_map(|one| one.parameter_apply_status());
    let parameters = parameters.map(str::to_owned).collect();
    let is_ill = |one: &&types::DbInstanceStatusInfo| one.normal() == Some(false);
    let replication_errors = found.status_infos().iter().filter(is_ill).map(words).collect();
    let availability_zone = found.availability_zone.clone();
    let backup_days = number::count(found.backup_retention_period());
    let has_managed_password = found.master_user_secret().is_some();
    let uses_capacity_reservation = found.db_capacity_reservation_identifier.is_some();
    let has_processor_features = !found.processor_features().is_empty();
    let kind = inventory::db_instance::kind(found).ok_or_else(|| incomplete(DESCRIBE))?;
    let resource = session.resource(id, tags, kind);
    let kind = &resource.kind;
    let mut obstacles = Vec::new();
    let facts = match &change.action {
        Action::SwitchDatabase(plan) => {
            let facts = SwitchPreflight {
                engine: Some(kind.engine.clone()),
                status: Some(kind.db_instance_status.clone()),
                pending: Some(pending.clone()),
                is_member: Some(kind.db_cluster_identifier.is_some()),
                is_replica: Some(kind.read_replica_source.is_some()),
                replicas: Some(kind.read_replicas.iter().map(ToString::to_string).collect()),
                backup_days,
                has_managed_password: Some(has_managed_password),
                storage_type: kind.storage_type.clone(),
                grows_to_gib: Some(kind.max_allocated_storage_gib.unwrap_or(0)),
                deployment: match &deployed {
                    // What follows it now is ours, and nothing else can.
                    Some(_) => Some("none".to_owned()),
                    None => Some(deployment::other(session, &plan.source_arn, &change.id).await?),
                },
                tags: Some(resource.tags.clone()),
            };
            obstacles = preflight::database_switch(&facts, plan);
            Facts::Switch(facts)
        }
        Action::ModifyDbStorage { .. } => Facts::DbStorage(DbStoragePreflight {
            engine: Some(kind.engine.clone()),
            status: Some(kind.db_instance_status.clone()),
            pending: Some(pending.clone()),
            tags: Some(resource.tags.clone()),
            ..DbStoragePreflight::default()
        }),
        _ => Facts::DbInstance(Box::new(DbInstancePreflight {
            engine: Some(kind.engine.clone()),
            status: Some(kind.db_instance_status.clone()),
            pending: Some(pending.clone()),
            is_multi_az: kind.multi_az,
            uses_performance_insights: Some(kind.performance_insights_enabled == Some(true)),
            storage_bytes: kind.allocated_storage_gib.map(|gib| u64::from(gib) << 30),
            is_replica: Some(kind.read_replica_source.is_some()),
            uses_capacity_reservation: Some(uses_capacity_reservation),
            has_processor_features: Some(has_processor_features),
            tags: Some(resource.tags.clone()),
            ..DbInstancePreflight::default()
        })),
    };
    let observed = DbInstanceObserved {
        fingerprint: fingerprint::db_instance(&resource),
        obstacles,
        status: kind.db_instance_status.clone(),
        class: kind.db_instance_class.clone(),
        storage: DbStorageSettings {
            storage_type: kind.storage_type.clone().ok_or_else(|| incomplete(DESCRIBE))?,
            allocated_storage_gib: kind
                .allocated_storage_gib
                .ok_or_else(|| incomplete(DESCRIBE))?,
            iops: kind.iops,
            storage_throughput_mib_s: kind.storage_throughput_mib_s,
        },
        pending,
        parameters,
        replication_errors,
        is_opted_in: is_opted_in(&resource.tags),
        engine: Some(kind.engine.clone()),
        availability_zone,
        is_multi_az: kind.multi_az == Some(true),
        snapshots: snapshots(session, id, &change.id).await?,
        deployment: deployed,
    };
    Ok(Look::whole(Observed::DbInstance(observed), facts))
}

fn words(info: &types::DbInstanceStatusInfo) -> String {
    let parts = [info.status_type(), info.status(), info.message()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(": ")
}

/// Returns what waits to be applied, by name. A password is named and never kept.
fn pending(values: &types::PendingModifiedValues) -> BTreeMap<String, String> {
    let number = |value: Option<i32>| value.map(|value| value.to_string());
    let word = |value: Option<bool>| value.map(|value| value.to_string());
    let text = |value: Option<&str>| value.map(str::to_owned);
    let there = |is_there: bool| is_there.then(|| "pending".to_owned());
    let all = [
        ("DBInstanceClass", text(values.db_instance_class())),
        ("AllocatedStorage", number(values.allocated_storage())),
        ("MasterUserPassword", there(values.master_user_password().is_some())),
        ("Port", number(values.port())),
        ("BackupRetentionPeriod", number(values.backup_retention_period())),
        ("MultiAZ", word(values.multi_az())),
        ("EngineVersion", text(values.engine_version())),
        ("LicenseModel", text(values.license_model())),
        ("Iops", number(values.iops())),
        ("StorageThroughput", number(values.storage_throughput())),
        ("DBInstanceIdentifier", text(values.db_instance_identifier())),
        ("StorageType", text(values.storage_type())),
        ("CACertificateIdentifier", text(values.ca_certificate_identifier())),
        ("DBSubnetGroupName", text(values.db_subnet_group_name())),
        ("PendingCloudwatchLogsExports", there(values.pending_cloudwatch_logs_exports().is_some())),
        ("ProcessorFeatures", there(!values.processor_features().is_empty())),
        ("AutomationMode", values.automation_mode().map(|word| word.as_str().to_owned())),
        ("MultiTenant", word(values.multi_tenant())),
        ("IAMDatabaseAuthenticationEnabled", word(values.iam_database_authentication_enabled())),
        ("DedicatedLogVolume", word(values.dedicated_log_volume())),
        ("Engine", text(values.engine())),
        ("AdditionalStorageVolumes", there(!values.additional_storage_volumes().is_empty())),
        ("DBCapacityReservationIdentifier", text(values.db_capacity_reservation_identifier())),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

async fn snapshots(
    session: &Session,
    id: &str,
    change: &ChangeId,
) -> Result<Vec<DbSnapshotObserved>, AwsError> {
    let request = session.rds().describe_db_snapshots().db_instance_identifier(id);
    let request = request.snapshot_type("manual").max_records(100);
    let mut found = Vec::new();
    pages(DESCRIBE_SNAPSHOTS, request.into_paginator().send(), |page| {
        for one in page.db_snapshots.unwrap_or_default() {
            let tags = one.tag_list.unwrap_or_default().into_iter();
            let tags = tags::of_pairs(tags.map(|tag| (tag.key, tag.value)));
            if tags.get(CHANGE_TAG).map(String::as_str) != Some(change.as_str()) {
                continue;
            }
            let Some(id) = one.db_snapshot_identifier else { continue };
            let status = one.status.unwrap_or_else(|| "unknown".to_owned());
            found.push(DbSnapshotObserved { id, status, change: change.clone() });
        }
    })
    .await?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g10_a_pending_password_is_named_and_never_kept() {
        let values = types::PendingModifiedValues::builder()
            .master_user_password("correct horse")
            .db_instance_class("db.r6g.large")
            .build();
        let found = pending(&values);
        assert_eq!(found.get("DBInstanceClass").map(String::as_str), Some("db.r6g.large"));
        assert_eq!(found.get("MasterUserPassword").map(String::as_str), Some("pending"));
        assert!(!format!("{found:?}").contains("horse"));
    }
}
