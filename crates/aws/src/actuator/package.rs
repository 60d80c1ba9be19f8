//! The package that a function has, downloaded to be given again.
//!
//! Nothing is changed here, so that whatever goes wrong is a refusal. Lambda hands out an address
//! that lets whoever knows it read the package for ten minutes: it is a secret. No error has it in
//! its words, and nobody who keeps a log listens while it is known.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aws_sdk_lambda::operation::get_function::GetFunctionOutput;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::http::{HttpClient, HttpConnector, HttpConnectorSettings};
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::base64;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use aws_smithy_types::config_bag::ConfigBag;
use sha2::{Digest, Sha256};
use tracing::instrument::WithSubscriber;
use tracing::subscriber::NoSubscriber;

use trimtab_model::call::CallResult;
use trimtab_model::id::ResourceId;
use trimtab_model::resource::function::MOST_PACKAGE_BYTES;
use trimtab_model::unsent::Unsent;

use super::answer::{failure, refused};
use crate::session::Session;

/// How long until somebody answers.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a download may take, from the first word to the last.
const DOWNLOAD: Duration = Duration::from_secs(60);

/// A package.
pub(super) struct Package {
    /// Its bytes.
    pub(super) zip: Vec<u8>,
    /// The owner's key under which Lambda keeps it, where it is not Lambda's own.
    pub(super) key: Option<String>,
}

/// Where a package lies, and what it is.
struct Place {
    location: String,
    sha256: String,
    key: Option<String>,
}

/// Downloads the package that a function has now; what is returned otherwise is a refusal.
pub(super) async fn of(session: &Session, function: &ResourceId) -> Result<Package, CallResult> {
    downloaded(session, function).with_subscriber(NoSubscriber::default()).await
}

async fn downloaded(session: &Session, function: &ResourceId) -> Result<Package, CallResult> {
    let kept = Kept::default();
    let request = session.lambda().get_function().function_name(function.as_str());
    let answer = request.customize().interceptor(kept.clone()).send().await;
    let found = answer.map_err(|error| match failure(&error) {
        // Its words may hold the answer, and with it the address.
        CallResult::Accepted { .. } | CallResult::Unknown { .. } => unsent(Unsent::NotRead),
        CallResult::Refused { code, message, request_id } => {
            let message = format!("lambda:GetFunction: {message}");
            refused(&code, &message, request_id.as_deref())
        }
    })?;
    let place = place(found).ok_or_else(|| unsent(Unsent::NotRead))?;
    // An emulated AWS answers without TLS; AWS itself never does.
    if !place.location.starts_with("https://") && session.endpoint().is_none() {
        return Err(unsent(Unsent::NotRead));
    }
    let zip = tokio::time::timeout(DOWNLOAD, fetched(&kept, &place.location))
        .await
        .unwrap_or(Err(Unsent::NotRead))
        .map_err(unsent)?;
    if base64::encode(Sha256::digest(&zip)) != place.sha256 {
        return Err(unsent(Unsent::Differs));
    }
    Ok(Package { zip, key: place.key })
}

/// Picks what is needed of an answer; the rest of it, environment variables too, goes with it.
fn place(found: GetFunctionOutput) -> Option<Place> {
    let code = found.code?;
    Some(Place {
        location: code.location?,
        sha256: found.configuration?.code_sha256?,
        key: code.source_kms_key_arn,
    })
}

/// Reads what lies at an address, up to the most that Lambda takes.
async fn fetched(kept: &Kept, location: &str) -> Result<Vec<u8>, Unsent> {
    let components = kept.0.get().ok_or(Unsent::NotRead)?;
    let client = components.http_client().ok_or(Unsent::NotRead)?;
    let settings =
        HttpConnectorSettings::builder().connect_timeout(CONNECT).read_timeout(DOWNLOAD).build();
    let mut request = HttpRequest::new(SdkBody::empty());
    request.set_uri(location).map_err(|_| Unsent::NotRead)?;
    let answer = client.http_connector(&settings, components).call(request).await;
    let answer = answer.map_err(|_| Unsent::NotRead)?;
    if answer.status().as_u16() != 200 {
        return Err(Unsent::NotRead);
    }
    let most = usize::try_from(MOST_PACKAGE_BYTES).unwrap_or(usize::MAX);
    let mut body = ByteStream::new(answer.into_body());
    let mut zip = Vec::new();
    while let Some(part) = body.next().await {
        let part = part.map_err(|_| Unsent::NotRead)?;
        if zip.len() + part.len() > most {
            return Err(Unsent::TooLarge);
        }
        zip.extend_from_slice(&part);
    }
    Ok(zip)
}

fn unsent(why: Unsent) -> CallResult {
    refused(why.code(), &why.text().en, None)
}

/// Keeps what the HTTP client of a conversation is asked with: a download goes the way that its
/// calls go.
#[derive(Debug, Clone, Default)]
struct Kept(Arc<OnceLock<RuntimeComponents>>);

impl Intercept for Kept {
    fn name(&self) -> &'static str {
        "Kept"
    }

    fn read_before_transmit(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.get_or_init(|| components.clone());
        Ok(())
    }
}
