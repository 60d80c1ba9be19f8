//! Reports, as whoever sends them to their boss makes them.

#[path = "browser/server.rs"]
mod server;
mod support;

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;

use server::{Server, home};
use support::{Exports, stderr, stdout};

/// The exports of the small company, read and analysed.
fn read() -> Exports {
    let exports = Exports::small();
    let from = exports.dir();
    for arguments in [&["ingest", "--from", from.to_str().expect("UTF-8")][..], &["analyze"]] {
        let output = exports.trimtab(arguments);
        assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    }
    exports
}

#[test]
fn every_report_is_written_in_every_format_and_both_languages() {
    let exports = read();
    let home = home(&exports);
    for kind in ["weekly"] {
        for language in ["ko", "en"] {
            for format in ["text", "md", "json", "html", "pdf"] {
                let file = home.join(format!("{kind}-{language}.{format}"));
                let out = file.to_str().expect("UTF-8");
                let arguments =
                    ["report", kind, "--format", format, "--out", out, "--lang", language];
                let output = exports.trimtab(&arguments);
                assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
                let bytes = std::fs::read(&file).expect("it is there");
                let begins: &[u8] = match format {
                    "json" => b"{",
                    "html" => b"<!DOCTYPE html>",
                    "pdf" => b"%PDF-",
                    _ => b"",
                };
                assert!(bytes.len() > 200 && bytes.starts_with(begins), "{arguments:?}");
                if format != "pdf" {
                    let text = String::from_utf8(bytes).expect("UTF-8");
                    assert!(!text.contains("[report-"), "a text is missing: {text}");
                }
            }
        }
    }
}

#[test]
fn the_same_data_gives_the_same_report() {
    let exports = read();
    let written = || stdout(&exports.trimtab(&["report", "weekly", "-o", "json"]));
    let first = written();
    assert!(first.contains("\"schema\": \"trimtab/v1/report\""), "{first}");
    assert_eq!(first, written());
}

#[test]
fn a_report_of_nothing_is_refused() {
    let exports = Exports::empty();
    let output = exports.trimtab(&["report", "weekly", "--lang", "en"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("trimtab ingest"), "{}", stderr(&output));
}

/// The company of the demo, read as a user's own exports are.
fn company() -> Exports {
    let exports = Exports::empty();
    let story = home(&exports).join("story");
    let story = story.to_str().expect("UTF-8");
    for arguments in [
        &["demo", "--no-serve", "--dir", story][..],
        &["ingest", "--from", story],
        &["analyze", "--as-of", "2026-10-31T00:00:00Z"],
    ] {
        let output = exports.trimtab(arguments);
        assert!(matches!(output.status.code(), Some(0 | 4)), "{}", stderr(&output));
    }
    exports
}

#[test]
fn users_that_were_read_are_not_called_unknown() {
    let told = stdout(&company().trimtab(&["report", "weekly", "--lang", "en"]));
    assert!(told.contains("Cost per daily user"), "{told}");
    assert!(!told.contains("users of each of these days are not known"), "{told}");
}

/// Returns a figure of a report by its name.
fn figure<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Object(fields) if fields.get("name").and_then(Value::as_str) == Some(name) => {
            Some(value)
        }
        Value::Object(fields) => fields.values().find_map(|one| figure(one, name)),
        Value::Array(items) => items.iter().find_map(|one| figure(one, name)),
        _ => None,
    }
}

#[test]
fn the_dashboard_expects_of_the_month_what_the_report_expects() {
    let exports = company();
    let report = support::json(&exports.trimtab(&["report", "weekly", "-o", "json"]));
    let expected = figure(&report, "month_end").expect("the figure");
    let server = Server::start(&exports);
    let (host, token) = server
        .address
        .strip_prefix("http://")
        .and_then(|rest| rest.split_once("/login?token="))
        .expect("an address");
    let mut stream = TcpStream::connect(host).expect("it listens");
    let request = format!(
        "GET /api/v1/overview HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    let overview: Value = serde_json::from_str(body).expect("one JSON document");
    let shown = overview.pointer("/spending/month_forecast/amount");
    assert!(shown.is_some_and(Value::is_string), "{overview}");
    assert_eq!(shown, expected.pointer("/value/likely"));
}
