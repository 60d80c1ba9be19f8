//! Standard logs of CloudFront: fields between tabs, named by a line `#Fields:`.

use std::borrow::Cow;

use jiff::Timestamp;
use trimtab_model::traffic::LineProblem;

use super::request::{Asked, Request, number, status};

const HEAD: &[u8] = b"#Fields:";
/// More fields than any version of the format has.
const MOST_FIELDS: usize = 128;

/// Where each field stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    date: usize,
    time: usize,
    address: usize,
    method: usize,
    path: usize,
    query: Option<usize>,
    status: usize,
    bytes: usize,
    agent: usize,
}

impl Columns {
    /// Reads the line that names the fields; absent if it is another line, or one is missing.
    pub(super) fn read(line: &[u8]) -> Option<Self> {
        let names: Vec<&[u8]> = line
            .strip_prefix(HEAD)?
            .split(|byte| matches!(byte, b' ' | b'\t'))
            .filter(|name| !name.is_empty())
            .take(MOST_FIELDS)
            .collect();
        let at = |wanted: &[u8]| names.iter().position(|name| *name == wanted);
        Some(Self {
            date: at(b"date")?,
            time: at(b"time")?,
            address: at(b"c-ip")?,
            method: at(b"cs-method")?,
            path: at(b"cs-uri-stem")?,
            query: at(b"cs-uri-query"),
            status: at(b"sc-status")?,
            bytes: at(b"sc-bytes")?,
            agent: at(b"cs(User-Agent)")?,
        })
    }

    /// Reads a line of fields.
    ///
    /// How long CloudFront took until the last byte was with the client is no time of a server:
    /// it is left out.
    pub(super) fn parse<'l>(&self, line: &'l [u8]) -> Result<Request<'l>, LineProblem> {
        let fields: Vec<&[u8]> = line.split(|byte| *byte == b'\t').take(MOST_FIELDS).collect();
        let field = |at: usize| fields.get(at).copied().ok_or(LineProblem::NotTheFormat);
        let present = |text: &'l [u8]| Some(text).filter(|text| !matches!(*text, b"-" | b""));
        let query = match self.query {
            Some(at) => present(field(at)?),
            None => None,
        };
        let asked = Asked {
            method: field(self.method)?,
            path: field(self.path)?,
            query,
            status: status(field(self.status)?).ok_or(LineProblem::Number)?,
            bytes: Some(number(field(self.bytes)?).ok_or(LineProblem::Number)?),
            server: None,
        };
        Ok(Request {
            time: moment(field(self.date)?, field(self.time)?).ok_or(LineProblem::Time)?,
            user: None,
            address: field(self.address)?,
            agent: present(field(self.agent)?).map(decoded),
            service: None,
            asked: Some(asked),
        })
    }
}

fn moment(date: &[u8], time: &[u8]) -> Option<i64> {
    let (date, time) = (std::str::from_utf8(date).ok()?, std::str::from_utf8(time).ok()?);
    let moment: Timestamp = format!("{date}T{time}Z").parse().ok()?;
    Some(moment.as_microsecond())
}

/// Returns the user agent with its percent signs undone: once for what CloudFront encodes, and
/// once more for the spaces that it encodes twice.
fn decoded(text: &[u8]) -> Cow<'_, [u8]> {
    let mut text = Cow::Borrowed(text);
    for _ in 0..2 {
        if !text.contains(&b'%') {
            break;
        }
        text = Cow::Owned(decode(&text));
    }
    text
}

fn decode(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, behind)) = rest.split_first() {
        let escaped = match behind {
            [high, low, ..] if *first == b'%' => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match escaped {
            Some((high, low)) => {
                out.push(high * 16 + low);
                rest = behind.get(2..).unwrap_or_default();
            }
            None => {
                out.push(*first);
                rest = behind;
            }
        }
    }
    out
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: &str = "#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie)";

    fn check(line: &str, expected: Result<&str, LineProblem>) {
        let columns = Columns::read(FIELDS.as_bytes()).unwrap();
        let read = columns.parse(line.as_bytes()).map(|request| {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let asked = request.asked.unwrap();
            format!(
                "{} {} {} {} {} {} {:?} {:?}",
                Timestamp::from_microsecond(request.time).unwrap(),
                text(request.address),
                request.agent.map_or("-".to_owned(), |agent| text(&agent)),
                text(asked.method),
                text(asked.path),
                asked.query.map_or("-".to_owned(), text),
                asked.status,
                asked.bytes,
            )
        });
        assert_eq!(read, expected.map(str::to_owned), "{line}");
    }

    #[test]
    fn a_line_is_read_by_the_names_of_its_fields() {
        check(
            "2026-12-04\t21:02:31\tICN54\t392\t192.0.2.100\tGET\td111.cloudfront.net\t/index.html\t200\t-\tMozilla/5.0%20(Windows%2520NT)\tv=1\t-",
            Ok(
                "2026-12-04T21:02:31Z 192.0.2.100 Mozilla/5.0 (Windows NT) GET /index.html v=1 Some(200) Some(392)",
            ),
        );
        // The client had gone before an answer.
        check(
            "2026-12-04\t21:02:31\tICN54\t0\t192.0.2.100\tGET\td111.cloudfront.net\t/a\t000\t-\t-\t-\t-",
            Ok("2026-12-04T21:02:31Z 192.0.2.100 - GET /a - None Some(0)"),
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        check("2026-12-04\t21:02:31\tICN54", Err(LineProblem::NotTheFormat));
        check(
            "2026-12-04\t25:02:31\tICN54\t0\t192.0.2.100\tGET\td\t/a\t200\t-\t-\t-\t-",
            Err(LineProblem::Time),
        );
        assert_eq!(Columns::read(b"#Fields: date time c-ip"), None);
        assert_eq!(Columns::read(b"#Version: 1.0"), None);
    }
}
