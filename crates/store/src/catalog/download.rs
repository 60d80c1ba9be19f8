//! Fetches files of the public price list, never more than the limits allow.

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf as _, Bytes};
use futures::StreamExt as _;
use object_store::http::HttpBuilder;
use object_store::path::Path;
use object_store::{ClientOptions, ObjectStore, ObjectStoreExt as _, RetryConfig};
use tokio::sync::mpsc;

use trimtab_model::text::Text;

use super::refresh::RefreshError;

/// How much a refresh reads at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of an index file. The real ones are below 1 MiB.
    pub index_bytes: u64,
    /// Bytes of an offer file. The largest real one, EC2 in one region, is below 1 GiB.
    pub offer_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { index_bytes: 16 << 20, offer_bytes: 2 << 30 }
    }
}

/// Opens the price list at `base_url`: `https`, or `http` on this machine only.
pub(super) fn open(base_url: &str) -> Result<Arc<dyn ObjectStore>, RefreshError> {
    let allow_http = is_loopback_http(base_url);
    if !allow_http && !base_url.starts_with("https://") {
        return Err(RefreshError::BaseUrl { url: base_url.to_owned() });
    }
    let options = ClientOptions::new()
        .with_allow_http(allow_http)
        .with_connect_timeout(Duration::from_secs(10))
        .with_timeout(Duration::from_secs(30 * 60));
    let retry = RetryConfig {
        max_retries: 2,
        retry_timeout: Duration::from_secs(60),
        ..RetryConfig::default()
    };
    let store = HttpBuilder::new()
        .with_url(base_url)
        .with_client_options(options)
        .with_retry(retry)
        .build()
        .map_err(|cause| RefreshError::Fetch { path: base_url.to_owned(), cause })?;
    Ok(Arc::new(store))
}

fn is_loopback_http(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.chars().all(|digit| digit.is_ascii_digit()) => host,
        _ => authority,
    };
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

/// Turns a path that the price list names into one to fetch, below the same base.
fn checked(path: &str) -> Result<Path, RefreshError> {
    let index = |problem: Text| RefreshError::Index { path: path.to_owned(), problem };
    if !path.starts_with("/offers/") {
        return Err(index(Text::new("is not below /offers/", "/offers/ 아래에 있지 않습니다")));
    }
    Path::parse(path.trim_start_matches('/'))
        .map_err(|_| index(Text::new("is not a plain path", "올바른 경로가 아닙니다")))
}

/// Fetches a whole file of at most `limit` bytes.
pub(super) async fn fetch(
    store: &dyn ObjectStore,
    path: &str,
    limit: u64,
) -> Result<Vec<u8>, RefreshError> {
    let mut bytes = Vec::new();
    let (sender, mut receiver) = mpsc::channel::<Bytes>(4);
    let sending = send(store, path, limit, sender);
    let receiving = async {
        while let Some(chunk) = receiver.recv().await {
            bytes.extend_from_slice(&chunk);
        }
    };
    let (sent, ()) = futures::join!(sending, receiving);
    sent.map(|()| bytes)
}

/// Fetches a file of at most `limit` bytes and sends it on, chunk by chunk.
///
/// Ends early, without an error, when nobody listens any more.
pub(super) async fn send(
    store: &dyn ObjectStore,
    path: &str,
    limit: u64,
    sender: mpsc::Sender<Bytes>,
) -> Result<(), RefreshError> {
    let failed = |cause| RefreshError::Fetch { path: path.to_owned(), cause };
    let too_large = || RefreshError::TooLarge { path: path.to_owned(), limit };
    let result = store.get(&checked(path)?).await.map_err(failed)?;
    let announced = result.meta.size;
    if announced > limit {
        return Err(too_large());
    }
    let mut received = 0u64;
    let mut stream = result.into_stream();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(failed)?;
        received = received.saturating_add(chunk.len() as u64);
        if received > limit {
            return Err(too_large());
        }
        if sender.send(chunk).await.is_err() {
            return Ok(());
        }
    }
    if received != announced {
        return Err(RefreshError::CutOff { path: path.to_owned(), received, announced });
    }
    Ok(())
}

/// The receiving end as a reader, for a thread that may block.
pub(super) struct ChunkReader {
    receiver: mpsc::Receiver<Bytes>,
    chunk: Bytes,
}

impl ChunkReader {
    /// Reads what `receiver` gets.
    pub(super) fn new(receiver: mpsc::Receiver<Bytes>) -> Self {
        Self { receiver, chunk: Bytes::new() }
    }
}

impl Read for ChunkReader {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.chunk.is_empty() {
            match self.receiver.blocking_recv() {
                Some(chunk) => self.chunk = chunk,
                None => return Ok(0),
            }
        }
        (&mut self.chunk).reader().read(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for url in ["http://localhost:8080", "http://127.0.0.1/x", "http://[::1]:1"] {
            assert!(open(url).is_ok(), "{url}");
        }
        for url in [
            "http://pricing.us-east-1.amazonaws.com",
            "http://127.0.0.1@example.com",
            "http://127.0.0.1:80@example.com",
            "http://localhost.example.com",
            "ftp://localhost",
            "file:///etc",
        ] {
            assert!(matches!(open(url), Err(RefreshError::BaseUrl { .. })), "{url}");
        }
        assert!(open("https://pricing.us-east-1.amazonaws.com").is_ok());
    }

    #[test]
    fn an_index_cannot_lead_elsewhere() {
        for path in ["/etc/passwd", "/offers/../etc", "//example.com/offers", "offers/x"] {
            assert!(matches!(checked(path), Err(RefreshError::Index { .. })), "{path}");
        }
        assert!(checked("/offers/v1.0/aws/index.json").is_ok());
    }
}
