//! A list of the dashboard as a workbook.

use std::io::{Read as _, Write};
use std::net::TcpStream;

use serde_json::Value;

use super::reader::{cells, read};
use super::server::Server;
use super::support::{Exports, stderr, stdout};

/// Asks for a file; returns its head and its bytes.
fn file(server: &Server, path: &str) -> (String, Vec<u8>) {
    let rest = server.address.strip_prefix("http://").expect("http");
    let (host, token) = rest.split_once("/login?token=").expect("a token");
    let mut stream = TcpStream::connect(host).expect("it listens");
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("it answers");
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
    (String::from_utf8_lossy(&answer[..end]).to_lowercase(), answer[end + 4..].to_vec())
}

/// Reads CSV: rows of fields.
fn fields(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut is_quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let row = rows.last_mut().expect("a row");
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                letters.next();
                row.last_mut().expect("a field").push('"');
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => row.push(String::new()),
            '\n' if !is_quoted => rows.push(vec![String::new()]),
            '\r' if !is_quoted => {}
            other => row.last_mut().expect("a field").push(other),
        }
    }
    rows.pop();
    rows
}

/// Returns whether a cell says the same as a field of the CSV file.
fn is_same(cell: &Value, field: &str) -> bool {
    let format = cell["format"].as_str().unwrap_or_default();
    match (cell["kind"].as_str(), field.parse::<f64>()) {
        (Some("n"), Ok(number)) => {
            let scale = if format.ends_with('%') { 100.0 } else { 1.0 };
            let found = cell["value"].as_f64().unwrap_or(f64::NAN) * scale;
            (found - number).abs() <= number.abs() * 1e-12
        }
        (Some("d"), _) => !field.is_empty(),
        (Some("s"), _) => {
            let words = cell["value"].as_str().unwrap_or_default();
            // A guard against formulas, which a workbook does not need.
            let field = field.strip_prefix('\'').unwrap_or(field);
            words == field || (field.is_empty() && matches!(words, "–" | "Unknown"))
        }
        (None, _) => field.is_empty(),
        _ => false,
    }
}

fn company(name: &str) -> Exports {
    let exports = Exports::small();
    let volumes = super::support::VOLUMES.replace("old-logs", name);
    exports.write("inventory/111122223333/ap-northeast-2/describe-volumes.json", volumes);
    let from = exports.dir();
    for arguments in [&["ingest", "--from", from.to_str().expect("UTF-8")][..], &["analyze"]] {
        let output = exports.trimtab(arguments);
        assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    }
    exports
}

#[test]
fn a_list_is_the_same_as_a_workbook_and_as_csv() {
    let exports = company("=HYPERLINK(\\\"http://x\\\")");
    let server = Server::start(&exports);
    for query in [
        "lang=en",
        "lang=en&sort=saving:desc",
        "lang=en&f.resource_id=vol",
        "lang=en&f.saving=%3E1&sort=risk",
    ] {
        let path = |format: &str| format!("/recommendations?{query}&format={format}");
        let (head, bytes) = file(&server, &path("xlsx"));
        assert!(head.starts_with("http/1.1 200"), "{head}");
        let media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        assert!(head.contains(&format!("content-type: {media_type}")), "{head}");
        assert!(head.contains("filename=\"trimtab-recommendations.xlsx\""), "{head}");
        let (_, csv) = file(&server, &path("csv"));
        let csv = fields(std::str::from_utf8(&csv).expect("UTF-8"));
        let book = read(&bytes);
        assert_eq!(book.names(), ["Recommendations", "Definitions"]);
        let sheet = book.sheet("Recommendations");
        assert_eq!(sheet["frozen"], "A2");
        let row = |number: usize| {
            cells(sheet).iter().filter(move |cell| cell["row"] == number).collect::<Vec<_>>()
        };
        let (header, rows) = csv.split_first().expect("a header");
        let is_currency = |name: &&String| name.ends_with("_currency");
        let columns: Vec<usize> =
            (0..header.len()).filter(|place| !is_currency(&&header[*place])).collect();
        assert_eq!(row(1).len(), columns.len(), "{query}");
        assert!(!rows.is_empty(), "{query}");
        for (number, fields) in rows.iter().enumerate() {
            for (at, place) in columns.iter().enumerate() {
                let cell = row(number + 2).into_iter().find(|cell| cell["column"] == at + 1);
                let cell = cell.unwrap_or(&Value::Null);
                let (name, field) = (&header[*place], &fields[*place]);
                assert!(is_same(cell, field), "{query}: {name} is {field:?} and {cell}");
            }
        }
        assert!(row(rows.len() + 2).is_empty(), "{query}: as many rows");
        assert!(!book.cells().any(|cell| cell["kind"] == "f"), "{query}");
    }
}

#[test]
fn every_list_is_given_as_a_workbook() {
    let exports = company("old-logs");
    let server = Server::start(&exports);
    for (path, words) in [
        ("/recommendations", "추천"),
        ("/cost", ""),
        ("/resources", ""),
        ("/allocation", ""),
        ("/coverage", ""),
        ("/waste", ""),
        ("/reports", "요약"),
    ] {
        let (head, bytes) = file(&server, &format!("{path}?lang=ko&format=xlsx"));
        assert!(head.starts_with("http/1.1 200"), "{path}: {head}");
        let book = read(&bytes);
        assert!(words.is_empty() || book.names()[0] == words, "{path}: {:?}", book.names());
        assert_eq!(book.names().last(), Some(&"읽는 법"), "{path}");
    }
    let (head, _) = file(&server, "/recommendations?format=xls");
    assert!(head.starts_with("http/1.1 400"), "{head}");
}
