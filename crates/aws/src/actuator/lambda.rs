//! Lambda: memory, architecture, versions and aliases of functions.
//!
//! Answers carry the environment variables of the function, and are dropped but for what was
//! made.

use aws_sdk_lambda::Client;
use aws_sdk_lambda::types::{AliasRoutingConfiguration, Architecture};
use aws_smithy_types::Blob;

use trimtab_model::call::CallResult;
use trimtab_model::id::{ChangeId, ResourceId};

use super::answer::{nothing, one, result};
use super::package;
use crate::session::Session;

/// Where an alias leads.
pub(super) struct Route<'a> {
    pub(super) alias: &'a str,
    pub(super) version: &'a str,
    pub(super) canary: Option<&'a (String, u8)>,
    pub(super) revision: &'a str,
}

/// Changes the memory, if the function is still of a revision.
pub(super) async fn update_memory(
    client: &Client,
    function: &ResourceId,
    memory_mb: u32,
    revision: &str,
) -> CallResult {
    let answer = client
        .update_function_configuration()
        .function_name(function.as_str())
        .set_memory_size(i32::try_from(memory_mb).ok())
        .revision_id(revision)
        .send()
        .await;
    result(answer, nothing)
}

/// Changes the architecture, if the function is still of a revision: Lambda takes it only together
/// with a package, and gets the one that the function has.
pub(super) async fn update_architecture(
    session: &Session,
    function: &ResourceId,
    architecture: &str,
    revision: &str,
) -> CallResult {
    let package = match package::of(session, function).await {
        Ok(package) => package,
        Err(unsent) => return unsent,
    };
    let answer = session
        .lambda()
        .update_function_code()
        .function_name(function.as_str())
        .zip_file(Blob::new(package.zip))
        // Without it Lambda would keep the package under a key of its own from now on.
        .set_source_kms_key_arn(package.key)
        .architectures(Architecture::from(architecture))
        .revision_id(revision)
        .publish(false)
        .send()
        .await;
    result(answer, nothing)
}

/// Publishes a version, if the code is still the one that is meant.
pub(super) async fn publish(
    client: &Client,
    function: &ResourceId,
    code_sha256: &str,
    change: &ChangeId,
) -> CallResult {
    let answer = client
        .publish_version()
        .function_name(function.as_str())
        .code_sha256(code_sha256)
        .description(change.as_str())
        .send()
        .await;
    result(answer, |output| one("version", output.version()))
}

/// Leads an alias to a version, if it is still of a revision.
pub(super) async fn update_alias(
    client: &Client,
    function: &ResourceId,
    to: Route<'_>,
) -> CallResult {
    // An empty map takes the second version away; without one it would stay.
    let weights =
        to.canary.map(|(version, percent)| (version.clone(), f64::from(*percent) / 100.0));
    let routing = AliasRoutingConfiguration::builder()
        .set_additional_version_weights(Some(weights.into_iter().collect()))
        .build();
    let answer = client
        .update_alias()
        .function_name(function.as_str())
        .name(to.alias)
        .function_version(to.version)
        .routing_config(routing)
        .revision_id(to.revision)
        .send()
        .await;
    result(answer, nothing)
}
