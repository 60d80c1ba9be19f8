//! One line of a log, understood.

use std::borrow::Cow;

use super::fields::find;

/// What a line says. Borrows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request<'l> {
    /// When it began, in microseconds since 1970.
    pub(super) time: i64,
    /// Who asked, where the source names users.
    pub(super) user: Option<Cow<'l, [u8]>>,
    /// The address it came from; empty where the source has none.
    pub(super) address: &'l [u8],
    /// The user agent, where the client gave one.
    pub(super) agent: Option<Cow<'l, [u8]>>,
    /// The service, where the line itself says it.
    pub(super) service: Option<Cow<'l, [u8]>>,
    /// What was asked for; absent for an event.
    pub(super) asked: Option<Asked<'l>>,
}

/// What was asked for, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked<'l> {
    /// The method, or `-`.
    pub(super) method: &'l [u8],
    /// The path without scheme, host and query, or `-`.
    pub(super) path: &'l [u8],
    /// The query, where there is one.
    pub(super) query: Option<&'l [u8]>,
    /// The status of the answer, where one was sent.
    pub(super) status: Option<u16>,
    /// Bytes sent.
    pub(super) bytes: Option<u64>,
    /// How long the server worked, in microseconds.
    pub(super) server: Option<u64>,
}

/// The first moment that a log can be of: 1995-01-01T00:00:00Z, in microseconds.
pub(super) const EARLIEST: i64 = 788_918_400_000_000;

/// Splits what a request line holds: `GET /path?query HTTP/1.1`.
///
/// Whatever strangers send to a port is in a log too. It is a request, for nothing that has a
/// name: method and path are `-`.
pub(super) fn request_line(line: &[u8]) -> (&[u8], &[u8], Option<&[u8]>) {
    const NOTHING: (&[u8], &[u8], Option<&[u8]>) = (b"-", b"-", None);
    let Some((method, rest)) = split(line, b' ') else { return NOTHING };
    let is_method = (1..=20).contains(&method.len())
        && method.iter().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'-' | b'_'))
        && method != b"-";
    if !is_method {
        return NOTHING;
    }
    let target = match rest.iter().rposition(|byte| *byte == b' ') {
        Some(at) => match rest.split_at(at) {
            (target, version) if version.starts_with(b" HTTP/") => target,
            _ => rest,
        },
        None => rest,
    };
    let target = without_host(target);
    match split(target, b'?') {
        Some((path, query)) => (method, path, Some(query).filter(|query| !query.is_empty())),
        None => (method, target, None),
    }
}

/// Returns the path and query of an absolute address: load balancers write all of it.
fn without_host(target: &[u8]) -> &[u8] {
    let Some(at) = target.windows(3).take(8).position(|three| three == b"://") else {
        return target;
    };
    let (_, host) = target.split_at(at + 3);
    match host.iter().position(|byte| matches!(byte, b'/' | b'?')) {
        Some(at) => host.split_at(at).1,
        None => b"/",
    }
}

/// Splits at the first `mark`, which is in neither part.
pub(super) fn split(text: &[u8], mark: u8) -> Option<(&[u8], &[u8])> {
    let at = find(text, mark)?;
    let (before, from) = text.split_at(at);
    Some((before, from.get(1..).unwrap_or_default()))
}

/// Reads a whole number.
pub(super) fn number(text: &[u8]) -> Option<u64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// Reads a status; `-` and 0 say that none was sent.
pub(super) fn status(text: &[u8]) -> Option<Option<u16>> {
    if text == b"-" {
        return Some(None);
    }
    match number(text)? {
        0 => Some(None),
        status @ 100..=999 => u16::try_from(status).ok().map(Some),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: &str) {
        let (method, path, query) = request_line(line.as_bytes());
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let query = query.map_or(String::new(), |query| format!(" ? {}", text(query)));
        assert_eq!(format!("{} {}{query}", text(method), text(path)), expected, "{line}");
    }

    #[test]
    fn a_request_line_has_a_method_a_path_and_a_query() {
        check("GET /a/b?c=1&d=2 HTTP/1.1", "GET /a/b ? c=1&d=2");
        check("GET / HTTP/1.0", "GET /");
        check("GET /a b HTTP/1.1", "GET /a b");
        check("GET /old", "GET /old");
        check("GET https://www.example.com:443/a?b HTTP/2.0", "GET /a ? b");
        check("GET http://example.com:80 HTTP/1.1", "GET /");
        check("OPTIONS * HTTP/1.0", "OPTIONS *");
        check("GET /go?to=http://a/b HTTP/1.1", "GET /go ? to=http://a/b");
    }

    #[test]
    fn what_is_no_request_has_no_name() {
        for line in ["", "-", "- - -", "\\x16\\x03\\x01", "get / HTTP/1.1", "hello"] {
            check(line, "- -");
        }
    }
}
