//! One request over HTTP: a body is posted, and what is answered is judged.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use tokio::runtime::{Builder, Runtime};

use crate::address::WebAddress;
use crate::channel::Repeat;
use crate::error::{Finality, SendError, innermost, shortened};
use crate::signature::Stamp;

/// How long a connection may take.
const PATIENCE_TO_CONNECT: Duration = Duration::from_secs(10);
/// How long all of it may take.
const PATIENCE: Duration = Duration::from_secs(45);
/// The longest part of an answer that is read.
const LONGEST_ANSWER: usize = 4_096;

/// A request that can be sent, and sent again.
pub struct Poster {
    address: WebAddress,
    headers: HeaderMap,
    body: Vec<u8>,
    repeat: Repeat,
    stamp: Option<Stamp>,
    client: Client,
    runtime: Runtime,
}

impl fmt::Debug for Poster {
    /// Writes the place only: the rest may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Poster").field("address", &self.address).finish()
    }
}

impl Poster {
    /// Makes a request. A stamp is put on it each time that it leaves.
    pub(crate) fn new(
        address: &WebAddress,
        headers: &[(&'static str, String)],
        body: Vec<u8>,
        (repeat, stamp): (Repeat, Option<Stamp>),
    ) -> Result<Self, SendError> {
        let mut all = HeaderMap::new();
        all.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        add(&mut all, headers)?;
        let setup = |problem: String| SendError::Setup { problem };
        // A redirect would lead the report elsewhere than where somebody wanted it.
        let mut builder = Client::builder()
            .redirect(Policy::none())
            // A connection that the other side closes while it rests would look like no answer.
            .pool_max_idle_per_host(0)
            .connect_timeout(PATIENCE_TO_CONNECT)
            .timeout(PATIENCE)
            .user_agent(concat!("trimtab/", env!("CARGO_PKG_VERSION")));
        if address.is_here() {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|cause| setup(innermost(&cause)))?;
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|cause| setup(cause.to_string()))?;
        let address = address.clone();
        Ok(Self { address, headers: all, body, repeat, stamp, client, runtime })
    }

    /// Returns what a second copy does.
    pub(crate) fn repeat(&self) -> Repeat {
        self.repeat
    }

    /// Posts it once.
    pub(crate) fn post(&self) -> Result<String, SendError> {
        let mut headers = self.headers.clone();
        if let Some(stamp) = &self.stamp {
            add(&mut headers, &stamp.headers(Timestamp::now(), &self.body))?;
        }
        self.runtime.block_on(async {
            let request = self
                .client
                .post(self.address.url().clone())
                .headers(headers)
                .body(self.body.clone());
            let response = request.send().await.map_err(|cause| self.unheard(&cause))?;
            self.judged(response).await
        })
    }

    async fn judged(&self, mut response: Response) -> Result<String, SendError> {
        let place = self.address.place();
        let status = response.status();
        let after = response.headers().get(RETRY_AFTER).and_then(wait_of);
        let mut bytes = Vec::new();
        // The status decides; what stands in the body is for people, as far as it can be read.
        while let Ok(Some(part)) = response.chunk().await {
            bytes.extend_from_slice(&part);
            if bytes.len() > LONGEST_ANSWER {
                bytes.truncate(LONGEST_ANSWER);
                break;
            }
        }
        let answer = format!("{} {}", status.as_u16(), self.words(&bytes));
        let answer = answer.trim().to_owned();
        if status.is_success() {
            return Ok(answer);
        }
        Err(match meaning(status, self.repeat) {
            Finality::Later => SendError::Deferred { place, answer, after },
            Finality::Never => SendError::Refused { place, answer },
            Finality::Unknown => SendError::Unanswered { place, problem: answer },
        })
    }

    /// Returns what a body says, without our address: some programs repeat it.
    fn words(&self, bytes: &[u8]) -> String {
        let url = self.address.url();
        let mut text = String::from_utf8_lossy(bytes).into_owned();
        let secret = [Some(url.path()).filter(|path| path.len() > 1), url.query()];
        for part in secret.into_iter().flatten() {
            text = text.replace(part, "…");
        }
        shortened(&text)
    }

    fn unheard(&self, cause: &reqwest::Error) -> SendError {
        let place = self.address.place();
        let problem = if cause.is_timeout() {
            format!("no answer within {} seconds", PATIENCE.as_secs())
        } else {
            innermost(cause)
        };
        if cause.is_builder() {
            SendError::Setup { problem }
        } else if cause.is_connect() {
            SendError::Unreachable { place, problem }
        } else {
            SendError::Unanswered { place, problem }
        }
    }
}

fn add(all: &mut HeaderMap, headers: &[(&'static str, String)]) -> Result<(), SendError> {
    for (name, value) in headers {
        let value = HeaderValue::from_str(value).map_err(|_| SendError::Setup {
            problem: format!("what {name} would hold does not fit a header"),
        })?;
        all.insert(*name, value);
    }
    Ok(())
}

/// Returns what an answer says of a request that was not taken. A server that fails, or gives up on
/// one before it, may have passed the request on already.
fn meaning(status: StatusCode, repeat: Repeat) -> Finality {
    match status {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::TOO_EARLY | StatusCode::SERVICE_UNAVAILABLE => {
            Finality::Later
        }
        _ if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT => match repeat {
            Repeat::Harmless => Finality::Later,
            Repeat::Harmful => Finality::Unknown,
        },
        _ => Finality::Never,
    }
}

/// Returns how long a `Retry-After` asks to wait: in seconds, or until a moment.
fn wait_of(value: &HeaderValue) -> Option<Duration> {
    let text = value.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    Some(Duration::try_from(until.duration_since(Timestamp::now())).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_seconds_or_a_moment() {
        let check = |text: &str| wait_of(&HeaderValue::from_str(text).unwrap());
        assert_eq!(check("7"), Some(Duration::from_secs(7)));
        assert_eq!(check("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        assert_eq!(check("soon"), None);
    }

    #[test]
    fn a_failure_of_the_server_is_a_doubt_where_a_second_copy_would_be_read() {
        let check = |status: u16, slack: Finality, webhook: Finality| {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(meaning(status, Repeat::Harmful), slack, "{status}");
            assert_eq!(meaning(status, Repeat::Harmless), webhook, "{status}");
        };
        for status in [425, 429, 503] {
            check(status, Finality::Later, Finality::Later);
        }
        for status in [408, 500, 502, 504] {
            check(status, Finality::Unknown, Finality::Later);
        }
        for status in [302, 400, 404, 410] {
            check(status, Finality::Never, Finality::Never);
        }
    }

    #[test]
    fn the_address_is_not_repeated() {
        let address = WebAddress::parse("https://hooks.example.com/services/T0/secret").unwrap();
        let poster = Poster::new(&address, &[], Vec::new(), (Repeat::Harmful, None)).unwrap();
        assert_eq!(poster.words(b"no such hook: /services/T0/secret"), "no such hook: …");
        assert!(!format!("{poster:?}").contains("secret"));
    }
}
