//! A client of the dashboard's server that sends what it is told.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;

use crate::server::Server;
use crate::support::{Exports, stderr, stdout};

/// An answer.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

/// Where a server is, and its token.
pub fn place(server: &Server) -> (String, String) {
    let rest = server.address.strip_prefix("http://").expect("http");
    let (host, token) = rest.split_once("/login?token=").expect("a token");
    (host.to_owned(), token.to_owned())
}

pub fn ask(
    server: &Server,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let (host, _) = place(server);
    let mut stream = TcpStream::connect(&host).expect("it listens");
    let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
    if !headers.iter().any(|(name, _)| *name == "Host") {
        request.push_str(&format!("Host: {host}\r\n"));
    }
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("it answers");
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
    Answer { status, head: head.to_owned(), body: dechunked(head, body) }
}

/// Joins the pieces of an answer whose length was not known beforehand.
fn dechunked(head: &str, body: &str) -> String {
    if !head.to_lowercase().contains("transfer-encoding: chunked") {
        return body.to_owned();
    }
    let (mut whole, mut rest) = (String::new(), body);
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        if size == 0 {
            break;
        }
        whole.push_str(&String::from_utf8_lossy(&after.as_bytes()[..size.min(after.len())]));
        rest = after.get(size + 2..).unwrap_or_default();
    }
    whole
}

pub fn get(server: &Server, path: &str) -> Answer {
    let bearer = format!("Bearer {}", place(server).1);
    ask(server, "GET", path, &[("Authorization", &bearer)], "")
}

/// Sends a JSON object, as a program does.
pub fn post(server: &Server, path: &str, body: &Value) -> Answer {
    post_with(server, path, &[], body)
}

/// Sends a JSON object with other headers besides.
pub fn post_with(server: &Server, path: &str, more: &[(&str, &str)], body: &Value) -> Answer {
    let bearer = format!("Bearer {}", place(server).1);
    let own = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    ask(server, "POST", path, &[&own[..], more].concat(), &body.to_string())
}

pub fn little() -> Exports {
    let exports = Exports::small();
    let from = exports.dir();
    let from = from.to_str().expect("UTF-8");
    for arguments in [&["ingest", "--from", from][..], &["analyze"]] {
        let output = exports.trimtab(arguments);
        assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    }
    exports
}
