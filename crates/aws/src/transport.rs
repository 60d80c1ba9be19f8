//! The HTTP client under every service: waits its turn, counts, then sends.

use std::sync::Arc;

use aws_smithy_http_client::tls::{self, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextMut;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, Metadata};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use jiff::Timestamp;

use crate::calls::{Calls, Operation};
use crate::clock::Clock;
use crate::pace::Pace;

/// Returns the client that talks TLS, with the certificates of the system.
pub(crate) fn https() -> SharedHttpClient {
    aws_smithy_http_client::Builder::new()
        .tls_provider(tls::Provider::Rustls(CryptoMode::Ring))
        .build_https()
}

/// An HTTP client for one account and region.
#[derive(Debug, Clone)]
pub(crate) struct Transport {
    inner: SharedHttpClient,
    pace: Arc<Pace>,
    calls: Arc<Calls>,
    clock: Arc<Clock>,
    account: String,
    region: String,
}

impl Transport {
    /// Makes a client that waits its turn in `pace`, counts in `calls` and reads AWS's `clock`.
    pub(crate) fn new(
        inner: SharedHttpClient,
        pace: Arc<Pace>,
        calls: Arc<Calls>,
        clock: Arc<Clock>,
        account: &str,
        region: &str,
    ) -> Self {
        Self { inner, pace, calls, clock, account: account.to_owned(), region: region.to_owned() }
    }
}

impl HttpClient for Transport {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Connector { inner, transport: self.clone() })
    }
}

#[derive(Debug)]
struct Connector {
    inner: SharedHttpConnector,
    transport: Transport,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let inner = self.inner.clone();
        let transport = self.transport.clone();
        HttpConnectorFuture::new(async move {
            // Credentials are fetched without a mark: AWS does not throttle those by account.
            if let Some(operation) = request.extension::<Operation>().cloned() {
                transport
                    .pace
                    .turn(
                        &transport.account,
                        &transport.region,
                        &operation.service,
                        &operation.name,
                    )
                    .await;
                transport.calls.count(&operation);
            }
            let response = inner.call(request).await?;
            if let Some(date) = response.headers().get("date") {
                transport.clock.read(date, Timestamp::now());
            }
            Ok(response)
        })
    }
}

/// Marks each request with its operation, which the HTTP layer would not know otherwise.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Marker;

impl Intercept for Marker {
    fn name(&self) -> &'static str {
        "Marker"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(metadata) = config.load::<Metadata>() {
            let operation = Operation {
                service: metadata.service().to_owned(),
                name: metadata.name().to_owned(),
            };
            context.request_mut().add_extension(operation);
        }
        Ok(())
    }
}
