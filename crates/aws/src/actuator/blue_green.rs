//! Blue/green deployments of RDS: the copy, and the switch to it.

use aws_sdk_rds::Client;
use aws_sdk_rds::types::Tag;

use trimtab_model::call::CallResult;
use trimtab_model::id::DbInstanceClass;

use super::answer::{nothing, one, result};
use super::perform::Purpose;

/// The copy that is asked for.
pub(super) struct Copy<'a> {
    pub(super) source: &'a str,
    pub(super) name: &'a str,
    pub(super) class: Option<&'a DbInstanceClass>,
    pub(super) storage_gib: Option<u32>,
}

/// Makes a copy of a database that follows it; the database itself is not touched.
pub(super) async fn create(client: &Client, copy: Copy<'_>, purpose: Purpose<'_>) -> CallResult {
    let tags = purpose.tags().map(|(key, value)| Tag::builder().key(key).value(value).build());
    let answer = client
        .create_blue_green_deployment()
        .source(copy.source)
        .blue_green_deployment_name(copy.name)
        .set_target_db_instance_class(copy.class.map(|class| class.as_str().to_owned()))
        .set_target_allocated_storage(copy.storage_gib.and_then(|gib| i32::try_from(gib).ok()))
        .set_tags(Some(tags.into()))
        .send()
        .await;
    result(answer, |output| {
        let made = output.blue_green_deployment();
        one("deployment", made.and_then(|made| made.blue_green_deployment_identifier()))
    })
}

/// Lets the copy take the name over; AWS takes it back if that takes longer.
pub(super) async fn switch_over(
    client: &Client,
    deployment: &str,
    timeout_seconds: u32,
) -> CallResult {
    let request = client
        .switchover_blue_green_deployment()
        .blue_green_deployment_identifier(deployment)
        .set_switchover_timeout(i32::try_from(timeout_seconds).ok());
    result(request.send().await, nothing)
}
