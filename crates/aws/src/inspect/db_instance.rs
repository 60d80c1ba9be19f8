//! What decides whether a database may be changed, besides a look at it.

use aws_sdk_rds::types::{DbCluster, DbInstance};

use trimtab_model::action::Action;
use trimtab_model::id::{DbInstanceClass, InstanceType};
use trimtab_model::observed::{DbInstancePreflight, DbStoragePreflight};

use super::whole::Reading;
use super::{db_measured, db_offer, db_parameters, db_windows, measured};
use crate::error::AwsError;
use crate::inventory::db_instance::DESCRIBE;
use crate::observe::type_traits;
use crate::page::pages;

const DESCRIBE_CLUSTERS: &str = "rds:DescribeDBClusters";
const DESCRIBE_MAINTENANCE: &str = "rds:DescribePendingMaintenanceActions";

/// What is read besides a look.
pub(crate) const READS: &[&str] = &[
    DESCRIBE_CLUSTERS,
    DESCRIBE_MAINTENANCE,
    db_offer::DESCRIBE,
    db_parameters::DESCRIBE,
    db_parameters::DESCRIBE_OF_CLUSTER,
    type_traits::DESCRIBE_TYPES,
    measured::READS[0],
    measured::READS[1],
];
/// The same for a change of its storage.
pub(crate) const STORAGE_READS: &[&str] = &[measured::READS[0], measured::READS[1]];

/// Adds what a look does not tell. The memory of the classes is the catalogue's, which whoever
/// asked adds.
pub(super) async fn complete(reading: &mut Reading<'_>, facts: &mut DbInstancePreflight) {
    let id = reading.change.resource.id.clone();
    let found = described(reading, id.as_str()).await;
    let Some(found) = reading.noted(found).flatten() else { return };
    facts.meets_aws_window = db_windows::meets(
        found.preferred_backup_window(),
        found.preferred_maintenance_window(),
        reading.now,
        reading.change.duration,
    );
    let maintenance = maintenance(reading, &found).await;
    facts.maintenance = reading.noted(maintenance);
    let cluster = cluster(reading, &found).await;
    let cluster = reading.noted(cluster);
    facts.is_lone_writer = cluster.as_ref().and_then(|cluster| match cluster {
        Some(cluster) => Some(cluster.db_cluster_members().len() <= 1),
        // One that is in none is nobody's only member.
        None => found.db_cluster_identifier().is_none().then_some(false),
    });
    let group = cluster.flatten().and_then(|cluster| cluster.db_cluster_parameter_group);
    let Action::ModifyDbInstanceClass { to, .. } = &reading.change.action else { return };
    db_offer::complete(reading, &found, to, facts).await;
    db_parameters::complete(reading, &found, group.as_deref(), facts).await;
    if let Some(machine) = machine(to) {
        let traits = type_traits::of(reading.session, reading.known, &machine).await;
        let traits = reading.noted(traits).map(|known| known.traits).unwrap_or_default();
        facts.to_vcpu = traits.vcpu;
        (facts.to_iops, facts.to_mb_s) = (traits.ebs_baseline_iops, traits.ebs_baseline_mb_s);
        facts.to_burstable = traits.is_burstable;
    }
    db_measured::complete(reading, facts).await;
    replicas(reading, &found, to, facts).await;
}

/// Adds what was measured, for a change of the storage.
pub(super) async fn complete_storage(reading: &mut Reading<'_>, facts: &mut DbStoragePreflight) {
    db_measured::complete_storage(reading, facts).await;
}

/// Returns the type of machine that a class runs on, which has the same name.
fn machine(class: &DbInstanceClass) -> Option<InstanceType> {
    class.as_str().strip_prefix("db.").map(InstanceType::new)
}

async fn described(reading: &Reading<'_>, id: &str) -> Result<Option<DbInstance>, AwsError> {
    let client = reading.session.rds();
    let answer = client.describe_db_instances().db_instance_identifier(id).send().await;
    let answer = answer.map_err(|error| AwsError::of(DESCRIBE, &error))?;
    let mut all = answer.db_instances.unwrap_or_default().into_iter();
    Ok(all.find(|one| one.db_instance_identifier.as_deref() == Some(id)))
}

async fn maintenance(reading: &Reading<'_>, found: &DbInstance) -> Result<Vec<String>, AwsError> {
    let Some(arn) = found.db_instance_arn() else {
        return Err(AwsError::Failed {
            action: DESCRIBE.to_owned(),
            code: "IncompleteAnswer".to_owned(),
            message: "the answer lacks the ARN of the database".to_owned(),
        });
    };
    let request = reading.session.rds().describe_pending_maintenance_actions();
    let request = request.resource_identifier(arn);
    let mut names = Vec::new();
    pages(DESCRIBE_MAINTENANCE, request.into_paginator().send(), |page| {
        for one in page.pending_maintenance_actions.unwrap_or_default() {
            if one.resource_identifier.as_deref() != Some(arn) {
                continue;
            }
            let details = one.pending_maintenance_action_details.unwrap_or_default();
            names.extend(details.into_iter().filter_map(|detail| detail.action));
        }
    })
    .await?;
    Ok(names)
}

/// Returns the cluster that a database is a member of, if it is of any.
async fn cluster(reading: &Reading<'_>, found: &DbInstance) -> Result<Option<DbCluster>, AwsError> {
    let Some(cluster) = found.db_cluster_identifier() else { return Ok(None) };
    let client = reading.session.rds();
    let answer = client.describe_db_clusters().db_cluster_identifier(cluster).send().await;
    let answer = answer.map_err(|error| AwsError::of(DESCRIBE_CLUSTERS, &error))?;
    let mut clusters = answer.db_clusters.unwrap_or_default().into_iter();
    Ok(clusters.find(|one| one.db_cluster_identifier.as_deref() == Some(cluster)))
}

/// Adds the replicas that are larger than the new class, and how far they are behind.
async fn replicas(
    reading: &mut Reading<'_>,
    found: &DbInstance,
    to: &DbInstanceClass,
    facts: &mut DbInstancePreflight,
) {
    let names = found.read_replica_db_instance_identifiers();
    if names.is_empty() {
        (facts.larger_replicas, facts.replica_lag_seconds) = (Some(Vec::new()), Some(0.0));
        return;
    }
    facts.replica_lag_seconds = db_measured::lag(reading, names).await;
    let memory = memory_mib(reading, to).await;
    let Some(gets) = memory else { return };
    let mut larger = Vec::new();
    for name in names {
        let replica = described(reading, name).await;
        let Some(replica) = reading.noted(replica).flatten() else { return };
        let class = replica.db_instance_class.unwrap_or_default();
        let Some(has) = memory_mib(reading, &DbInstanceClass::new(class)).await else { return };
        if has > gets {
            larger.push(name.clone());
        }
    }
    facts.larger_replicas = Some(larger);
}

async fn memory_mib(reading: &mut Reading<'_>, class: &DbInstanceClass) -> Option<u64> {
    let machine = machine(class)?;
    let found = type_traits::of(reading.session, reading.known, &machine).await;
    reading.noted(found)?.traits.memory_mib
}
