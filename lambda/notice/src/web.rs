//! One HTTP request, and whether it can have arrived.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use thiserror::Error;

/// Sends HTTP requests.
#[derive(Debug, Clone)]
pub struct Web {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

/// Says whether connections are used for more than one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reuse {
    /// They are kept for the next request.
    Connections,
    /// Each request has its own: one that was kept may be closed at the other end just as it is used, and then nobody
    /// knows whether the request arrived.
    Nothing,
}

/// Is what a server answered.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its body.
    pub body: Bytes,
}

/// Says why there is no answer.
#[derive(Debug, Error)]
pub enum WebError {
    /// No connection was made: the request did not arrive.
    #[error("no connection could be made")]
    NotSent(#[source] hyper_util::client::legacy::Error),
    /// The connection broke: the request may have arrived.
    #[error("the connection broke before the answer")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Time ran out: the request may have arrived.
    #[error("there was no answer within {} seconds", .0.as_secs())]
    Late(Duration),
    /// The answer is longer than was asked for.
    #[error("the answer is longer than {0} bytes")]
    TooLong(u64),
}

impl WebError {
    /// Returns whether the request can have arrived.
    pub fn may_have_arrived(&self) -> bool {
        !matches!(self, Self::NotSent(_))
    }
}

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

impl Web {
    /// Makes a client that trusts the system's certificates.
    ///
    /// # Errors
    ///
    /// When the system has none.
    pub fn new(reuse: Reuse) -> io::Result<Self> {
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
        connector.set_nodelay(true);
        let connector = HttpsConnectorBuilder::new()
            .with_native_roots()?
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        let idle = match reuse {
            Reuse::Connections => 4,
            Reuse::Nothing => 0,
        };
        Ok(Self {
            client: Client::builder(TokioExecutor::new())
                .pool_max_idle_per_host(idle)
                .build(connector),
        })
    }

    /// Sends one request once and reads the answer.
    ///
    /// # Errors
    ///
    /// When there is no whole answer in time; the error says whether the request can have arrived.
    pub async fn send(
        &self,
        request: Request<Full<Bytes>>,
        timeout: Duration,
        bytes_at_most: u64,
    ) -> Result<Answer, WebError> {
        match tokio::time::timeout(timeout, self.exchange(request, bytes_at_most)).await {
            Ok(answer) => answer,
            Err(_) => Err(WebError::Late(timeout)),
        }
    }

    async fn exchange(
        &self,
        request: Request<Full<Bytes>>,
        bytes_at_most: u64,
    ) -> Result<Answer, WebError> {
        let response = self.client.request(request).await.map_err(|error| {
            if error.is_connect() {
                WebError::NotSent(error)
            } else {
                WebError::Broken(Box::new(error))
            }
        })?;
        let status = response.status();
        let limit = usize::try_from(bytes_at_most).unwrap_or(usize::MAX);
        let body = Limited::new(response.into_body(), limit).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() {
                WebError::TooLong(bytes_at_most)
            } else {
                WebError::Broken(error)
            }
        })?;
        Ok(Answer { status, body: body.to_bytes() })
    }
}
