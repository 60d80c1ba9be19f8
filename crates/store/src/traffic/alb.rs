//! Access logs of Application Load Balancers.

use std::borrow::Cow;

use jiff::Timestamp;
use trimtab_model::traffic::LineProblem;

use super::clock;
use super::fields::Fields;
use super::request::{Asked, Request, number, request_line, status};

/// What a line begins with.
const TYPES: [&[u8]; 6] = [b"http", b"https", b"h2", b"grpcs", b"ws", b"wss"];
/// Where `request_creation_time` stands behind the user agent; lines of older logs end before it.
const CREATION_BEHIND_AGENT: usize = 8;

/// Reads a line.
///
/// The time is that of the request's creation: the line's own `time` is when the answer was sent.
/// The server's time is that of the target, which is no work for a WebSocket: it stays open.
pub(super) fn parse(line: &[u8]) -> Result<Request<'_>, LineProblem> {
    let parts = parts(line).ok_or(LineProblem::NotTheFormat)?;
    let (method, path, query) = request_line(parts.request);
    let answered = moment(parts.time).ok_or(LineProblem::Time)?;
    let seconds = match parts.target_seconds {
        b"-" | b"-1" => None,
        text => Some(seconds(text).ok_or(LineProblem::Number)?),
    };
    let asked = Asked {
        method,
        path,
        query,
        status: status(parts.status).ok_or(LineProblem::Number)?,
        bytes: Some(number(parts.sent).ok_or(LineProblem::Number)?),
        server: seconds.filter(|_| !parts.kind.starts_with(b"ws")),
    };
    Ok(Request {
        time: parts.created.and_then(moment).unwrap_or(answered),
        user: None,
        address: without_port(parts.client),
        agent: Some(parts.agent).filter(|agent| !matches!(*agent, b"-" | b"")).map(Cow::Borrowed),
        service: None,
        asked: Some(asked),
    })
}

/// Returns the load balancer that a line is of: `app/NAME/ID`.
pub(super) fn balancer(line: &[u8]) -> Option<&[u8]> {
    parts(line).map(|parts| parts.balancer)
}

struct Parts<'l> {
    kind: &'l [u8],
    time: &'l [u8],
    balancer: &'l [u8],
    client: &'l [u8],
    target_seconds: &'l [u8],
    status: &'l [u8],
    sent: &'l [u8],
    request: &'l [u8],
    agent: &'l [u8],
    created: Option<&'l [u8]>,
}

fn parts(line: &[u8]) -> Option<Parts<'_>> {
    let mut fields = Fields::new(line);
    let kind = fields.field().filter(|kind| TYPES.contains(kind))?;
    let time = fields.field()?;
    let balancer = fields.field()?;
    let client = fields.field()?;
    let _target = fields.field()?;
    let _request_seconds = fields.field()?;
    let target_seconds = fields.field()?;
    let _response_seconds = fields.field()?;
    let status = fields.field()?;
    let _target_status = fields.field()?;
    let _received = fields.field()?;
    let sent = fields.field()?;
    let request = fields.field()?;
    let agent = fields.field()?;
    let created = std::iter::from_fn(|| fields.field()).nth(CREATION_BEHIND_AGENT - 1);
    Some(Parts {
        kind,
        time,
        balancer,
        client,
        target_seconds,
        status,
        sent,
        request,
        agent,
        created,
    })
}

fn moment(text: &[u8]) -> Option<i64> {
    if let Some(moment) = clock::utc(text) {
        return Some(moment);
    }
    let moment: Timestamp = std::str::from_utf8(text).ok()?.parse().ok()?;
    Some(moment.as_microsecond())
}

/// Reads seconds such as `0.001` as microseconds, digit by digit.
fn seconds(text: &[u8]) -> Option<u64> {
    let (whole, part) = super::request::split(text, b'.').unwrap_or((text, b""));
    let mut micros = number(whole)?.checked_mul(1_000_000)?;
    let mut worth = 100_000;
    for digit in part {
        if !digit.is_ascii_digit() {
            return None;
        }
        micros = micros.checked_add(u64::from(*digit - b'0') * worth)?;
        worth /= 10;
    }
    Some(micros)
}

fn without_port(client: &[u8]) -> &[u8] {
    match client.iter().rposition(|byte| *byte == b':') {
        Some(at) => client.split_at(at).0,
        None => client,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"https 2026-10-02T22:23:00.186641Z app/lobby/50dc6c495c0c9188 192.168.131.39:2817 10.0.0.1:80 0.086 0.048 0.037 200 200 0 57 "GET https://www.example.com:443/rooms/7?x=1 HTTP/1.1" "Game/1.2 (Android)" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:ap-northeast-2:123456789012:targetgroup/t/73e2 "Root=1-58337281-1d84f3d73c47ec4e58577259" "www.example.com" "arn:aws:acm:ap-northeast-2:123456789012:certificate/1" 1 2026-10-02T22:22:59.364000Z "forward" "-" "-" "10.0.0.1:80" "200" "-" "-" TID_1"#;

    fn check(line: &str, expected: Result<&str, LineProblem>) {
        let read = parse(line.as_bytes()).map(|request| {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let asked = request.asked.unwrap();
            format!(
                "{} {} {} {} {} {:?} {:?} {:?}",
                Timestamp::from_microsecond(request.time).unwrap(),
                text(request.address),
                request.agent.map_or("-".to_owned(), |agent| text(&agent)),
                text(asked.method),
                text(asked.path),
                asked.status,
                asked.bytes,
                asked.server,
            )
        });
        assert_eq!(read, expected.map(str::to_owned), "{line}");
    }

    #[test]
    fn a_line_is_read() {
        check(
            LINE,
            Ok(
                "2026-10-02T22:22:59.364Z 192.168.131.39 Game/1.2 (Android) GET /rooms/7 Some(200) Some(57) Some(48000)",
            ),
        );
        assert_eq!(balancer(LINE.as_bytes()), Some(&b"app/lobby/50dc6c495c0c9188"[..]));
        // A target that did not answer, and a log from before the later fields.
        check(
            r#"http 2026-10-02T22:23:00.186641Z app/l/5 [2001:db8::1]:2817 - -1 -1 -1 460 - 34 366 "POST http://e.com:80/ HTTP/1.1" "-" - -"#,
            Ok("2026-10-02T22:23:00.186641Z [2001:db8::1] - POST / Some(460) Some(366) None"),
        );
        // A WebSocket that was open for an hour is no hour of work.
        check(
            r#"wss 2026-10-02T22:23:00Z app/l/5 10.0.0.9:1 10.0.0.1:80 0.001 3600.5 0 101 101 1 2 "GET https://e.com:443/ws HTTP/1.1" "-" - -"#,
            Ok("2026-10-02T22:23:00Z 10.0.0.9 - GET /ws Some(101) Some(2) None"),
        );
        check(
            r#"h2 2026-10-02T22:23:00Z app/l/5 10.0.0.9:1 - -1 -1 -1 400 - 0 0 "- http://e.com:80- -" "-" - -"#,
            Ok("2026-10-02T22:23:00Z 10.0.0.9 - - - Some(400) Some(0) None"),
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        check("", Err(LineProblem::NotTheFormat));
        check("http 2026", Err(LineProblem::NotTheFormat));
        check(&LINE.replace("2026-10-02T22:23", "2026-13-02T22:23"), Err(LineProblem::Time));
        check(&LINE.replace("0.048", "fast"), Err(LineProblem::Number));
        check(&LINE.replace(" 57 ", " - "), Err(LineProblem::Number));
    }
}
