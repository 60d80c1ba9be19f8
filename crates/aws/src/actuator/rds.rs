//! RDS: classes, storage, snapshots and states of databases.

use aws_sdk_rds::Client;
use aws_sdk_rds::types::Tag;

use trimtab_model::action::DbStorageSettings;
use trimtab_model::call::CallResult;
use trimtab_model::id::{DbInstanceClass, ResourceId};

use super::answer::{nothing, one, result};
use super::perform::Purpose;

/// Snapshots a database.
pub(super) async fn create_snapshot(
    client: &Client,
    instance: &ResourceId,
    snapshot: &str,
    purpose: Purpose<'_>,
) -> CallResult {
    let tags = purpose.tags().map(|(key, value)| Tag::builder().key(key).value(value).build());
    let answer = client
        .create_db_snapshot()
        .db_instance_identifier(instance.as_str())
        .db_snapshot_identifier(snapshot)
        .set_tags(Some(tags.into()))
        .send()
        .await;
    result(answer, |output| {
        let made = output.db_snapshot();
        one("snapshot", made.and_then(|made| made.db_snapshot_identifier()))
    })
}

/// Changes the class at once, and nothing else.
pub(super) async fn modify_class(
    client: &Client,
    instance: &ResourceId,
    to: &DbInstanceClass,
) -> CallResult {
    let answer = client
        .modify_db_instance()
        .db_instance_identifier(instance.as_str())
        .db_instance_class(to.as_str())
        .apply_immediately(true)
        .send()
        .await;
    result(answer, nothing)
}

/// Changes the storage at once, and nothing else.
pub(super) async fn modify_storage(
    client: &Client,
    instance: &ResourceId,
    to: &DbStorageSettings,
) -> CallResult {
    let number = |value: u32| i32::try_from(value).ok();
    let answer = client
        .modify_db_instance()
        .db_instance_identifier(instance.as_str())
        .storage_type(&to.storage_type)
        .set_allocated_storage(number(to.allocated_storage_gib))
        .set_iops(to.iops.and_then(number))
        .set_storage_throughput(to.storage_throughput_mib_s.and_then(number))
        .apply_immediately(true)
        .send()
        .await;
    result(answer, nothing)
}

/// Stops a database.
pub(super) async fn stop(client: &Client, instance: &ResourceId) -> CallResult {
    let request = client.stop_db_instance().db_instance_identifier(instance.as_str());
    result(request.send().await, nothing)
}

/// Starts a database.
pub(super) async fn start(client: &Client, instance: &ResourceId) -> CallResult {
    let request = client.start_db_instance().db_instance_identifier(instance.as_str());
    result(request.send().await, nothing)
}

/// Starts a cluster with all of its members.
pub(super) async fn start_cluster(client: &Client, cluster: &ResourceId) -> CallResult {
    let request = client.start_db_cluster().db_cluster_identifier(cluster.as_str());
    result(request.send().await, nothing)
}
