//! Asks whether a collector may read, not what there is: each operation once.
//!
//! A collector runs as in a scan, behind an HTTP client that lets the first call of each
//! operation pass and refuses the rest. Its listing ends after the first page, and of the
//! details only those of the first resource are asked for. So every action that can be tried
//! is tried, at the cost of one call, and a new collector needs nothing for it.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use jiff::Timestamp;

use crate::calls::Operation;
use crate::collect::collect;
use crate::collector::Collector;
use crate::error::AwsError;
use crate::session::Session;

/// What a probe found out about one action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// AWS answered.
    Allowed,
    /// AWS refused for want of the permission.
    Denied,
    /// There was nothing to ask about, or what comes before was refused.
    NotAsked,
    /// The account does not use the region or service.
    OptedOut,
    /// It could not be found out.
    Failed(AwsError),
}

/// What a probe of one collector found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probed {
    /// Each action that the collector declares, in its order.
    pub actions: Vec<(&'static str, Finding)>,
    /// Whether the first page had resources.
    pub found_resources: bool,
}

/// Finds out which of a collector's actions are allowed in a place.
pub async fn probe(session: &Session, collector: &Collector, now: Timestamp) -> Probed {
    let (once, asked) = once(session);
    let collected = collect(&once, collector, now).await;
    let asked = asked.operations();
    Probed {
        actions: collector
            .actions
            .iter()
            .map(|action| (*action, finding(action, &collected.errors, &asked)))
            .collect(),
        found_resources: collected.collection.resources > 0,
    }
}

/// Returns the same conversation, in which each operation is called once, and what is called.
pub(crate) fn once(session: &Session) -> (Session, Arc<Asked>) {
    let asked = Arc::new(Asked::default());
    let once =
        session.through(|inner| SharedHttpClient::new(Once { inner, asked: Arc::clone(&asked) }));
    (once, asked)
}

/// Returns what the errors of a probe, and the operations that were asked for, say of an action.
pub(crate) fn finding(action: &str, errors: &[AwsError], asked: &BTreeSet<String>) -> Finding {
    match errors.iter().find(|error| error.action() == action) {
        Some(AwsError::Denied { .. }) => Finding::Denied,
        Some(AwsError::OptedOut { .. }) => Finding::OptedOut,
        Some(AwsError::CutShort { .. }) | None if asked.contains(verb(action)) => Finding::Allowed,
        Some(AwsError::CutShort { .. }) | None => Finding::NotAsked,
        Some(other) => Finding::Failed(other.clone()),
    }
}

/// IAM actions whose operation has another name (service authorization reference, Amazon S3).
const OTHERWISE: &[(&str, &str)] = &[
    ("s3:ListAllMyBuckets", "ListBuckets"),
    ("s3:GetLifecycleConfiguration", "GetBucketLifecycleConfiguration"),
    ("s3:GetEncryptionConfiguration", "GetBucketEncryption"),
    ("s3:ListBucketMultipartUploads", "ListMultipartUploads"),
    ("s3:ListMultipartUploadParts", "ListParts"),
    ("s3:GetIntelligentTieringConfiguration", "ListBucketIntelligentTieringConfigurations"),
];

/// Returns the operation that an action allows.
fn verb(action: &str) -> &str {
    let named = OTHERWISE.iter().find(|(of, _)| *of == action).map(|(_, operation)| *operation);
    named.or_else(|| Some(action.split_once(':')?.1)).unwrap_or(action)
}

/// The operations that were asked for.
#[derive(Debug, Default)]
pub(crate) struct Asked(Mutex<BTreeSet<String>>);

impl Asked {
    /// Returns whether this is the first call of an operation.
    fn is_first(&self, operation: &str) -> bool {
        // A thread that panicked while it held the lock has left the set sound.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(operation.to_owned())
    }

    pub(crate) fn operations(&self) -> BTreeSet<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Lets the first call of each operation through, with its retries.
#[derive(Debug, Clone)]
struct Once {
    inner: SharedHttpClient,
    asked: Arc<Asked>,
}

impl HttpClient for Once {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(OnceConnector { inner, asked: Arc::clone(&self.asked) })
    }
}

#[derive(Debug)]
struct OnceConnector {
    inner: SharedHttpConnector,
    asked: Arc<Asked>,
}

impl HttpConnector for OnceConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        // Credentials are fetched without a mark.
        if let Some(operation) = request.extension::<Operation>()
            && !is_retry(&request)
            && !self.asked.is_first(&operation.name)
        {
            return HttpConnectorFuture::ready(Err(ConnectorError::user(CutShort.into())));
        }
        self.inner.call(request)
    }
}

/// Returns whether the SDK repeats a call; it says so in a header of every request.
fn is_retry(request: &HttpRequest) -> bool {
    let attempt = request.headers().get("amz-sdk-request").unwrap_or_default();
    !attempt.is_empty() && !attempt.split(';').any(|part| part.trim() == "attempt=1")
}

/// The reason why a call of a probe was not made.
#[derive(Debug)]
pub(crate) struct CutShort;

impl CutShort {
    /// Returns whether it is the root of an error.
    pub(crate) fn is_cause_of(error: &(dyn std::error::Error + 'static)) -> bool {
        let mut next = Some(error);
        while let Some(one) = next {
            if one.is::<Self>() {
                return true;
            }
            next = one.source();
        }
        false
    }
}

impl fmt::Display for CutShort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a probe asks each question once")
    }
}

impl std::error::Error for CutShort {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_found_by_the_name_of_its_operation() {
        assert_eq!(verb("ec2:DescribeVolumes"), "DescribeVolumes");
        assert_eq!(verb("s3:ListAllMyBuckets"), "ListBuckets");
    }
}
