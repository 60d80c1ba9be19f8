//! The common and the combined format of Apache and nginx.

use std::borrow::Cow;

use trimtab_model::traffic::LineProblem;

use super::clock::{date, days, digits};
use super::fields::Fields;
use super::request::{Asked, Request, number, request_line, status};

const MONTHS: [&[u8]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];
const SECOND: i64 = 1_000_000;

/// Reads `address ident user [time] "request" status bytes`, and `"referrer" "agent"` where the
/// line has them. Fields that an owner has added behind these are passed over.
pub(super) fn parse(line: &[u8]) -> Result<Request<'_>, LineProblem> {
    let parts = parts(line).ok_or(LineProblem::NotTheFormat)?;
    let (method, path, query) = request_line(parts.request);
    // Apache writes `-` where it sent no body.
    let bytes = if parts.bytes == b"-" { Some(0) } else { number(parts.bytes) };
    let asked = Asked {
        method,
        path,
        query,
        status: status(parts.status).ok_or(LineProblem::Number)?,
        bytes: Some(bytes.ok_or(LineProblem::Number)?),
        server: None,
    };
    Ok(Request {
        time: moment(parts.time).ok_or(LineProblem::Time)?,
        user: Some(parts.user).filter(|user| *user != b"-").map(Cow::Borrowed),
        address: parts.address,
        agent: parts.agent.filter(|agent| !matches!(*agent, b"-" | b"")).map(Cow::Borrowed),
        service: None,
        asked: Some(asked),
    })
}

/// Returns whether a line of either format has the fields of the combined one.
pub(super) fn names_agents(line: &[u8]) -> bool {
    parts(line).is_some_and(|parts| parts.agent.is_some())
}

struct Parts<'l> {
    address: &'l [u8],
    user: &'l [u8],
    time: &'l [u8],
    request: &'l [u8],
    status: &'l [u8],
    bytes: &'l [u8],
    agent: Option<&'l [u8]>,
}

fn parts(line: &[u8]) -> Option<Parts<'_>> {
    let mut fields = Fields::new(line);
    let address = fields.word(b' ').filter(|address| !address.is_empty())?;
    fields.word(b' ')?;
    let user = fields.word(b' ')?;
    fields.expect(b"[")?;
    let time = fields.word(b']')?;
    fields.expect(b" ")?;
    let request = fields.quoted()?;
    fields.expect(b" ")?;
    let status = fields.word(b' ')?;
    let bytes = fields.word(b' ')?;
    let agent = if fields.is_done() {
        None
    } else {
        fields.quoted()?;
        fields.expect(b" ")?;
        Some(fields.quoted()?)
    };
    Some(Parts { address, user, time, request, status, bytes, agent })
}

/// Reads `17/May/2015:10:05:03 +0000` as microseconds since 1970.
fn moment(text: &[u8]) -> Option<i64> {
    let [
        d1,
        d2,
        b'/',
        month @ ..,
        b'/',
        y1,
        y2,
        y3,
        y4,
        b':',
        h1,
        h2,
        b':',
        m1,
        m2,
        b':',
        s1,
        s2,
        b' ',
        sign,
        z1,
        z2,
        z3,
        z4,
    ] = text
    else {
        return None;
    };
    let month = i64::try_from(MONTHS.iter().position(|name| *name == month)?).ok()? + 1;
    let (hour, minute) = (digits(&[h1, h2])?, digits(&[m1, m2])?);
    // A leap second is counted to the one before.
    let second = digits(&[s1, s2])?.min(59);
    let offset = digits(&[z1, z2])? * 3600 + digits(&[z3, z4])? * 60;
    if hour > 23 || minute > 59 || offset > 18 * 3600 {
        return None;
    }
    let offset = match sign {
        b'+' => offset,
        b'-' => -offset,
        _ => return None,
    };
    let date = date(digits(&[y1, y2, y3, y4])?, month, digits(&[d1, d2])?)?;
    let seconds = days(date) * 86_400 + hour * 3600 + minute * 60 + second - offset;
    Some(seconds * SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"83.149.9.216 - - [17/May/2015:10:05:03 +0000] "GET /a?b=1 HTTP/1.1" 200 203023 "http://e.com/" "Mozilla/5.0 (\"x\")""#;

    fn check(line: &str, expected: Result<&str, LineProblem>) {
        let read = parse(line.as_bytes()).map(|request| {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let asked = request.asked.unwrap();
            format!(
                "{} {} {} {} {} {} {:?} {:?}",
                jiff::Timestamp::from_microsecond(request.time).unwrap(),
                text(request.address),
                request.user.map_or("-".to_owned(), |user| text(&user)),
                request.agent.map_or("-".to_owned(), |agent| text(&agent)),
                text(asked.method),
                text(asked.path),
                asked.status,
                asked.bytes,
            )
        });
        assert_eq!(read, expected.map(str::to_owned), "{line}");
    }

    #[test]
    fn both_formats_are_read() {
        check(
            LINE,
            Ok(
                r#"2015-05-17T10:05:03Z 83.149.9.216 - Mozilla/5.0 (\"x\") GET /a Some(200) Some(203023)"#,
            ),
        );
        check(
            r#"::1 - kim [01/Jan/2026:00:00:00 +0900] "POST /b HTTP/1.1" 304 -"#,
            Ok("2025-12-31T15:00:00Z ::1 kim - POST /b Some(304) Some(0)"),
        );
        check(
            r#"10.0.0.1 - - [29/Feb/2024:23:59:60 -0330] "" 400 0 "-" "-" 0.004 upstream"#,
            Ok("2024-03-01T03:29:59Z 10.0.0.1 - - - - Some(400) Some(0)"),
        );
        assert!(names_agents(LINE.as_bytes()));
        assert!(!names_agents(br#"::1 - - [01/Jan/2026:00:00:00 +0900] "GET / HTTP/1.1" 200 1"#));
    }

    #[test]
    fn what_is_wrong_is_named() {
        use LineProblem::{NotTheFormat, Number, Time};
        check("", Err(NotTheFormat));
        check(LINE.get(..LINE.len() - 1).unwrap(), Err(NotTheFormat));
        check(r#"a - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" many 1"#, Err(Number));
        check(r#"a - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 -1"#, Err(Number));
        check(r#"a - - [31/Feb/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1"#, Err(Time));
        check(r#"a - - [17/May/2015:25:05:03 +0000] "GET / HTTP/1.1" 200 1"#, Err(Time));
        check(r#"a - - [yesterday] "GET / HTTP/1.1" 200 1"#, Err(Time));
        // A virtual host before the address makes another format.
        check(
            r#"www:80 10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1"#,
            Err(NotTheFormat),
        );
    }
}
