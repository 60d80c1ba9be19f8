//! What every request passes: the name that it calls, where it comes from, who sends it; and what
//! every answer tells the browser.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use trimtab_model::text::{Language, Text};

use crate::options::Authentication;
use crate::pages;
use crate::problem::Problem;
use crate::shared::Shared;

/// No script but ours, no style but ours, nothing from elsewhere, and nobody's frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Paths that need no session: the way in, and files without anybody's data.
fn is_open(path: &str) -> bool {
    path == "/login" || path.starts_with("/assets/") || path == "/api/v1/health"
}

/// Lets a request through, or says why not.
pub(crate) async fn pass(
    State((shared, local)): State<(Arc<Shared>, SocketAddr)>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let path = request.uri().path().to_owned();
    let refusal = if !is_known_host(&shared, local, headers) {
        Some((StatusCode::MISDIRECTED_REQUEST, "foreign-host"))
    } else if changes(request.method()) && !is_own_page(headers) {
        Some((StatusCode::FORBIDDEN, "foreign-origin"))
    } else if changes(request.method()) && shared.options.is_read_only && path != "/login" {
        Some((StatusCode::FORBIDDEN, "read-only"))
    } else if !is_open(&path) && !is_admitted(&shared, headers) {
        Some((StatusCode::UNAUTHORIZED, "unauthorized"))
    } else {
        None
    };
    let response = match refusal {
        None => next.run(request).await,
        Some((StatusCode::UNAUTHORIZED, _)) if !path.starts_with("/api/") && path != "/metrics" => {
            let back = request.uri().path_and_query().map_or("/", |path| path.as_str());
            pages::login::asked(&shared, headers, back)
        }
        Some((status, code)) => refused(status, code, shared.settings.language),
    };
    with_headers(response)
}

fn is_admitted(shared: &Shared, headers: &HeaderMap) -> bool {
    shared.options.authentication == Authentication::None || shared.token.admits(headers)
}

fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD)
}

/// Returns whether a request calls us by a name of ours. A page of somebody else's whose name was
/// made to lead here calls us by that name.
fn is_known_host(shared: &Shared, local: SocketAddr, headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let host = host.to_lowercase();
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if port.parse::<u16>().is_ok() => (name, port.parse::<u16>().ok()),
        _ => (host.as_str(), None),
    };
    if shared.options.hosts.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return true;
    }
    is_own_name(local.ip(), name) && port.unwrap_or(80) == local.port()
}

/// Returns whether a name is one of the address that is listened on. Nobody can make a number lead elsewhere.
fn is_own_name(own: IpAddr, name: &str) -> bool {
    let bare = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(name);
    match bare.parse::<IpAddr>() {
        Ok(asked) => {
            asked == own || own.is_unspecified() || (own.is_loopback() && asked.is_loopback())
        }
        Err(_) => name == "localhost" && (own.is_loopback() || own.is_unspecified()),
    }
}

/// Returns whether what changes something comes from a page of ours, or from no page at all.
fn is_own_page(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site"))
        && !matches!(site, "same-origin" | "none")
    {
        return false;
    }
    match (text(header::ORIGIN), text(header::HOST)) {
        (None, _) => true,
        (Some(origin), Some(host)) => {
            let rest = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
            rest.is_some_and(|rest| rest.eq_ignore_ascii_case(host))
        }
        (Some(_), None) => false,
    }
}

fn refused(status: StatusCode, code: &'static str, language: Language) -> Response {
    let (title, hint) = match code {
        "foreign-host" => (
            Text::new(
                "this server does not answer to that name",
                "이 서버는 그 이름으로 응답하지 않습니다",
            ),
            Text::new(
                "open it by the address that it printed, or name the host with --host",
                "서버가 출력한 주소로 열거나 --host로 이름을 지정하세요",
            ),
        ),
        "foreign-origin" => (
            Text::new(
                "a request from another site changes nothing here",
                "다른 사이트에서 온 요청으로는 아무것도 바꾸지 않습니다",
            ),
            Text::new("send it from a page of trimtab", "trimtab 페이지에서 요청하세요"),
        ),
        "read-only" => (
            Text::new("this server only shows", "이 서버는 보기 전용입니다"),
            Text::new(
                "start it without --read-only, or use the command line",
                "--read-only 없이 시작하거나 명령줄을 사용하세요",
            ),
        ),
        _ => (
            Text::new("the token is missing or wrong", "토큰이 없거나 올바르지 않습니다"),
            Text::new(
                "send `Authorization: Bearer TOKEN`; `trimtab serve` prints the token",
                "`Authorization: Bearer 토큰` 헤더를 보내세요. 토큰은 `trimtab serve` 명령이 출력합니다",
            ),
        ),
    };
    Problem::new(status, code, &title, Some(&hint), language).into_response()
}

fn with_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn only_numbers_and_localhost_name_an_address() {
        let is_own = |own: &str, name| is_own_name(own.parse().unwrap(), name);
        for name in ["127.0.0.1", "[::1]", "localhost"] {
            assert!(is_own("127.0.0.1", name), "{name}");
            assert!(is_own("0.0.0.0", name), "{name}");
        }
        assert!(is_own("0.0.0.0", "10.1.2.3") && is_own("::", "[fd00::1]"));
        assert!(is_own("10.1.2.3", "10.1.2.3") && !is_own("10.1.2.3", "10.1.2.4"));
        assert!(!is_own("10.1.2.3", "localhost") && !is_own("127.0.0.1", "10.1.2.3"));
        assert!(!is_own("0.0.0.0", "evil.example") && !is_own("127.0.0.1", "evil.example"));
    }

    #[test]
    fn g07_a_request_forged_on_another_page_is_seen() {
        let own = [("host", "127.0.0.1:7070"), ("origin", "http://127.0.0.1:7070")];
        assert!(is_own_page(&headers(&own)));
        assert!(is_own_page(&headers(&[("host", "127.0.0.1:7070")])));
        let foreign = [("host", "127.0.0.1:7070"), ("origin", "http://evil.example")];
        assert!(!is_own_page(&headers(&foreign)));
        let null = [("host", "127.0.0.1:7070"), ("origin", "null")];
        assert!(!is_own_page(&headers(&null)));
        let silent = [("host", "127.0.0.1:7070"), ("sec-fetch-site", "cross-site")];
        assert!(!is_own_page(&headers(&silent)));
    }
}
