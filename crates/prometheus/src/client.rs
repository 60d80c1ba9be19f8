//! Asks the query API, by GET alone.

use std::fmt;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client as Http, RequestBuilder, Url};
use serde::de::DeserializeOwned;

use crate::answer::{self, Answer};
use crate::error::{PrometheusError, shortened};

/// How long a connection may take.
const PATIENCE_TO_CONNECT: Duration = Duration::from_secs(10);
/// How long an answer may take: Prometheus itself gives up after two minutes.
const PATIENCE: Duration = Duration::from_secs(150);
/// The longest answer that is read. The largest that is asked for has a tenth of it.
const LONGEST_ANSWER: usize = 64 << 20;

/// How we say who we are. It is never shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Credentials {
    /// Not at all.
    #[default]
    None,
    /// By a bearer token.
    Bearer(String),
    /// By user and password.
    Basic {
        /// The user.
        username: String,
        /// The password.
        password: String,
    },
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Bearer(_) => "Bearer",
            Self::Basic { .. } => "Basic",
        })
    }
}

/// A server to ask.
#[derive(Debug, Clone)]
pub struct Client {
    http: Http,
    /// The address below which `api/v1/` lies, with a slash at its end.
    base: Url,
    server: String,
    credentials: Credentials,
}

impl Client {
    /// Prepares to ask the server at `address`, which `authorities` (PEM) may vouch for
    /// besides those that the system trusts. Nothing is sent yet.
    ///
    /// # Errors
    /// Fails on an address that cannot be asked, and on a certificate that is none.
    pub fn new(
        address: &str,
        credentials: Credentials,
        authorities: Option<&[u8]>,
    ) -> Result<Self, PrometheusError> {
        let mut base = base(address)?;
        let server = server(&base);
        base.set_query(None);
        base.set_fragment(None);
        let setup = |problem: String| PrometheusError::Setup { problem };
        // A redirect leads to a login page, and would carry the credentials along.
        let mut builder = Http::builder()
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(PATIENCE_TO_CONNECT)
            .timeout(PATIENCE)
            .user_agent(concat!("trimtab/", env!("CARGO_PKG_VERSION")));
        if let Some(pem) = authorities {
            let certificates =
                Certificate::from_pem_bundle(pem).map_err(|cause| setup(words(&cause)))?;
            if certificates.is_empty() {
                return Err(setup("there is no certificate in ca_file".to_owned()));
            }
            for certificate in certificates {
                builder = builder.add_root_certificate(certificate);
            }
        }
        if let Credentials::Bearer(token) = &credentials {
            let mut value = HeaderValue::try_from(format!("Bearer {token}"))
                .map_err(|_| setup("the bearer token does not fit into a header".to_owned()))?;
            value.set_sensitive(true);
            builder = builder.default_headers(HeaderMap::from_iter([(AUTHORIZATION, value)]));
        }
        let http = builder.build().map_err(|cause| setup(words(&cause)))?;
        Ok(Self { http, base, server, credentials })
    }

    /// Returns scheme, host and port, for people.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// Asks `api/v1/<path>` with these parameters.
    pub(crate) async fn ask<D: DeserializeOwned>(
        &self,
        path: &str,
        parameters: &[(&str, String)],
    ) -> Result<Answer<D>, PrometheusError> {
        let url = self
            .base
            .join("api/v1/")
            .and_then(|api| api.join(path))
            .map_err(|_| PrometheusError::Address { address: self.server.clone() })?;
        let mut response = self
            .authenticated(self.http.get(url).query(parameters))
            .send()
            .await
            .map_err(|cause| self.unreachable(&cause))?;
        let status = response.status().as_u16();
        if response.status().is_redirection() {
            let to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok());
            let to = to.map(|to| to.split(['?', '#']).next().unwrap_or_default());
            return Err(PrometheusError::Redirected {
                server: self.server.clone(),
                to: shortened(to.unwrap_or("?")),
            });
        }
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await.map_err(|cause| self.unreachable(&cause))? {
            body.extend_from_slice(&part);
            if body.len() > LONGEST_ANSWER {
                return Err(PrometheusError::TooMuch {
                    server: self.server.clone(),
                    message: format!("the answer is longer than {} MiB", LONGEST_ANSWER >> 20),
                });
            }
        }
        answer::read(&self.server, status, &body)
    }

    fn authenticated(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.credentials {
            Credentials::Basic { username, password } => {
                request.basic_auth(username, Some(password))
            }
            // The token is in the headers of every request.
            Credentials::Bearer(_) | Credentials::None => request,
        }
    }

    fn unreachable(&self, cause: &reqwest::Error) -> PrometheusError {
        let server = self.server.clone();
        if cause.is_timeout() && !cause.is_connect() {
            let message = format!("no answer within {} seconds", PATIENCE.as_secs());
            return PrometheusError::TooMuch { server, message };
        }
        PrometheusError::Unreachable { server, problem: words(cause) }
    }
}

/// Reads an address, and makes sure that paths can be put below it.
fn base(address: &str) -> Result<Url, PrometheusError> {
    let shown = || {
        // What stands before an @ may be a password.
        let host = address.rsplit_once('@').map_or(address, |(_, host)| host);
        PrometheusError::Address { address: shortened(host) }
    };
    let mut url: Url = address.trim().parse().map_err(|_| shown())?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
    if !is_web || !url.username().is_empty() || url.password().is_some() {
        return Err(shown());
    }
    let path = format!("{}/", url.path().trim_end_matches('/'));
    url.set_path(&path);
    Ok(url)
}

fn server(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}", url.scheme(), url.host_str().unwrap_or_default())
}

/// Returns the innermost cause: the outer ones repeat the address, with all its parameters.
fn words(cause: &reqwest::Error) -> String {
    let mut innermost: &dyn std::error::Error = cause;
    while let Some(inner) = innermost.source() {
        innermost = inner;
    }
    if std::ptr::addr_eq(innermost, cause) {
        return "the request could not be made".to_owned();
    }
    shortened(&innermost.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(address: &str, expected: Result<(&str, &str), &str>) {
        let client = Client::new(address, Credentials::None, None);
        let found = client.as_ref().map(|one| (one.base.as_str(), one.server()));
        let expected =
            expected.map_err(|shown| PrometheusError::Address { address: shown.to_owned() });
        assert_eq!(found, expected.as_ref().map(|pair| *pair));
    }

    #[test]
    fn an_address_may_have_a_path_and_no_password() {
        check("http://prom:9090", Ok(("http://prom:9090/", "http://prom:9090")));
        check(
            "https://metrics.example/select/0/prometheus/?x=1",
            Ok(("https://metrics.example/select/0/prometheus/", "https://metrics.example")),
        );
        check("prom:9090", Err("prom:9090"));
        check("file:///etc/passwd", Err("file:///etc/passwd"));
        check("http://user:hunter2@prom:9090", Err("prom:9090"));
    }

    #[test]
    fn credentials_do_not_show() {
        let basic = Credentials::Basic { username: "a".into(), password: "hunter2".into() };
        assert_eq!(format!("{basic:?} {:?}", Credentials::Bearer("t".into())), "Basic Bearer");
        let odd = Client::new("http://prom", Credentials::Bearer("two\nlines".into()), None);
        assert!(matches!(odd, Err(PrometheusError::Setup { .. })));
    }

    #[test]
    fn a_certificate_must_be_one() {
        let none = Client::new("https://prom", Credentials::None, Some(b"not a certificate"));
        assert!(matches!(none, Err(PrometheusError::Setup { .. })), "{none:?}");
    }
}
