//! Lists of who did something when: `user,time[,service]` as CSV, or one JSON object a line.
//! As Parquet they are read by `event_table`.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;
use trimtab_model::traffic::LineProblem;

use super::request::Request;
use crate::inventory::moment;

const MOST_COLUMNS: usize = 256;

/// The column of who it was.
pub(super) const USER: &str = "user";
/// The column of when.
pub(super) const TIME: &str = "time";
/// The column of where; it may be absent.
pub(super) const SERVICE: &str = "service";

/// Returns whether a column is called so: spaces around a name, and capitals in it, mean nothing.
pub(super) fn is_named(name: &str, wanted: &str) -> bool {
    name.trim_ascii().eq_ignore_ascii_case(wanted)
}

/// Where each column stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    user: usize,
    time: usize,
    service: Option<usize>,
}

impl Columns {
    /// Reads the line that names the columns; absent if user or time is not among them.
    pub(super) fn read(line: &[u8]) -> Option<Self> {
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        let names = cells(line)?;
        let at = |wanted: &str| {
            names
                .iter()
                .position(|name| std::str::from_utf8(name).is_ok_and(|name| is_named(name, wanted)))
        };
        Some(Self { user: at(USER)?, time: at(TIME)?, service: at(SERVICE) })
    }

    /// Reads one row.
    pub(super) fn parse<'l>(&self, line: &'l [u8]) -> Result<Request<'l>, LineProblem> {
        let mut cells = cells(line).ok_or(LineProblem::NotTheFormat)?;
        let time = cells.get(self.time).ok_or(LineProblem::NotTheFormat)?;
        let time = std::str::from_utf8(time).ok().and_then(instant).ok_or(LineProblem::Time)?;
        let service = self
            .service
            .and_then(|at| cells.get(at))
            .map(|name| Cow::Owned(name.trim_ascii().to_vec()))
            .filter(|name: &Cow<'_, [u8]>| !name.is_empty());
        let user = cells.get_mut(self.user).ok_or(LineProblem::NotTheFormat)?;
        of(std::mem::take(user), time, service)
    }
}

/// Reads one JSON object.
pub(super) fn parse_json(line: &[u8]) -> Result<Request<'_>, LineProblem> {
    #[derive(Deserialize)]
    struct Row {
        user: Value,
        time: Value,
        service: Option<String>,
    }
    let row: Row = serde_json::from_slice(line).map_err(|_| LineProblem::NotTheFormat)?;
    let user = scalar(&row.user).ok_or(LineProblem::NoUser)?;
    let time = scalar(&row.time).as_deref().and_then(instant).ok_or(LineProblem::Time)?;
    let service = row.service.filter(|name| !name.is_empty());
    of(Cow::Owned(user.into_bytes()), time, service.map(|name| Cow::Owned(name.into_bytes())))
}

/// Makes an event.
pub(super) fn of<'l>(
    user: Cow<'l, [u8]>,
    time: i64,
    service: Option<Cow<'l, [u8]>>,
) -> Result<Request<'l>, LineProblem> {
    if user.trim_ascii().is_empty() {
        return Err(LineProblem::NoUser);
    }
    Ok(Request { time, user: Some(user), address: b"", agent: None, service, asked: None })
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Reads a time, in microseconds since 1970.
pub(super) fn instant(text: &str) -> Option<i64> {
    moment::parse(text.trim()).map(jiff::Timestamp::as_microsecond)
}

/// Splits a row of CSV; absent if a quote does not end, or there are too many cells.
fn cells(line: &[u8]) -> Option<Vec<Cow<'_, [u8]>>> {
    let mut cells = Vec::new();
    let mut rest = line;
    loop {
        if cells.len() == MOST_COLUMNS {
            return None;
        }
        let (cell, behind) = match rest.strip_prefix(b"\"") {
            Some(inner) => quoted(inner)?,
            None => {
                let end = rest.iter().position(|byte| *byte == b',').unwrap_or(rest.len());
                let (cell, behind) = rest.split_at(end);
                (Cow::Borrowed(cell), behind)
            }
        };
        cells.push(cell);
        match behind.split_first() {
            Some((b',', next)) => rest = next,
            Some(_) => return None,
            None => return Some(cells),
        }
    }
}

/// Returns a cell up to its closing quote, two quotes being one, and what is behind it.
fn quoted(inner: &[u8]) -> Option<(Cow<'_, [u8]>, &[u8])> {
    let mut text = Vec::new();
    let mut rest = inner;
    loop {
        let end = rest.iter().position(|byte| *byte == b'"')?;
        let (part, behind) = rest.split_at(end);
        text.extend_from_slice(part);
        match behind.strip_prefix(b"\"\"") {
            Some(next) => {
                text.push(b'"');
                rest = next;
            }
            None => return Some((Cow::Owned(text), behind.get(1..).unwrap_or_default())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(read: Result<Request<'_>, LineProblem>) -> String {
        match read {
            Ok(request) => {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                let service = request.service.map_or("-".to_owned(), |name| text(&name));
                let time = jiff::Timestamp::from_microsecond(request.time).unwrap();
                format!("{time} {} {service}", text(&request.user.unwrap()))
            }
            Err(problem) => format!("{problem:?}"),
        }
    }

    fn check(header: &str, row: &str, expected: &str) {
        let columns = Columns::read(header.as_bytes()).unwrap();
        assert_eq!(shown(columns.parse(row.as_bytes())), expected, "{row}");
    }

    #[test]
    fn rows_of_csv_are_read_by_their_columns() {
        check("user,time", "kim,2026-10-01T00:00:00Z", "2026-10-01T00:00:00Z kim -");
        check("Time, Service ,USER", "1759276800,\"a,b\",7", "2025-10-01T00:00:00Z 7 a,b");
        check(
            "\u{feff}user,time",
            "\"say \"\"hi\"\"\",1759276800000",
            "2025-10-01T00:00:00Z say \"hi\" -",
        );
        check("user,time", "kim,yesterday", "Time");
        check("user,time", " ,2026-10-01T00:00:00Z", "NoUser");
        check("user,time", "kim", "NotTheFormat");
        check("user,time", "\"kim,2026-10-01T00:00:00Z", "NotTheFormat");
        assert_eq!(Columns::read(b"user,date"), None);
    }

    #[test]
    fn objects_are_read_by_their_keys() {
        let check = |line: &str, expected: &str| {
            assert_eq!(shown(parse_json(line.as_bytes())), expected, "{line}");
        };
        check(
            r#"{"user":"kim","time":"2026-10-01T00:00:00Z","x":[]}"#,
            "2026-10-01T00:00:00Z kim -",
        );
        check(r#"{"user":7,"time":1759276800,"service":"lobby"}"#, "2025-10-01T00:00:00Z 7 lobby");
        check(r#"{"user":null,"time":1759276800}"#, "NoUser");
        check(r#"{"user":"kim","time":true}"#, "Time");
        check(r#"{"user":"kim"}"#, "NotTheFormat");
        check("{", "NotTheFormat");
    }
}
