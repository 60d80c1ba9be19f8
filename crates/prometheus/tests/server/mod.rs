//! A server on loopback that answers as it is told, and remembers what it was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

/// A question that came.
#[derive(Debug, Clone)]
pub struct Question {
    /// The path, without its parameters.
    pub path: String,
    /// The parameters, as they were sent.
    pub text: String,
    /// The header of that name.
    pub authorization: String,
}

impl Question {
    /// Returns a parameter.
    pub fn get(&self, name: &str) -> String {
        let pairs = self.text.split('&').filter_map(|pair| pair.split_once('='));
        let value = pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value);
        decoded(value.unwrap_or_default())
    }
}

fn decoded(text: &str) -> String {
    let text = text.replace('+', " ");
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'%', [high, low, after @ ..]) => {
                let hex = String::from_utf8_lossy(&[*high, *low]).into_owned();
                bytes.push(u8::from_str_radix(&hex, 16).expect("two digits"));
                rest = after;
            }
            _ => bytes.push(*first),
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// Status, further headers and body.
pub type Answer = (u16, String, String);

/// A running server. Its thread ends with the program.
pub struct Server {
    port: u16,
    asked: Arc<Mutex<Vec<Question>>>,
}

impl Server {
    /// Starts a server that answers by this function.
    pub fn answering(answer: impl Fn(&Question) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port of loopback");
        let port = listener.local_addr().expect("an address").port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let memory = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.expect("a connection");
                let Some(question) = read(&stream) else { continue };
                let (status, headers, body) = answer(&question);
                memory.lock().expect("no panic").push(question);
                write(stream, status, &headers, &body);
            }
        });
        Self { port, asked }
    }

    /// Starts a server that gives one answer to everything.
    pub fn raw(status: u16, headers: &str, body: &str) -> Self {
        let answer = (status, headers.to_owned(), body.to_owned());
        Self::answering(move |_| answer.clone())
    }

    /// Returns an address at which nobody listens.
    pub fn gone() -> String {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port of loopback");
        format!("http://127.0.0.1:{}", listener.local_addr().expect("an address").port())
    }

    /// Returns the address.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Returns what was asked since the last time.
    pub fn asked(&self) -> Vec<Question> {
        std::mem::take(&mut *self.asked.lock().expect("no panic"))
    }
}

fn read(stream: &TcpStream) -> Option<Question> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next()?.ok()?;
    let target = first.strip_prefix("GET ")?.split(' ').next()?.to_owned();
    let (path, text) = target.split_once('?').unwrap_or((&target, ""));
    let mut authorization = String::new();
    for line in lines {
        let line = line.ok()?;
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(": ")
            && name.eq_ignore_ascii_case("authorization")
        {
            value.clone_into(&mut authorization);
        }
    }
    Some(Question { path: path.to_owned(), text: text.to_owned(), authorization })
}

fn write(mut stream: TcpStream, status: u16, headers: &str, body: &str) {
    let length = body.len();
    let written = write!(
        stream,
        "HTTP/1.1 {status} Answer\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    );
    // Who asked may have gone away.
    drop(written);
    drop(stream.shutdown(std::net::Shutdown::Write));
    drop(stream.read(&mut [0]));
}

/// Moments in seconds, and values as they are written.
pub type Samples<'a> = &'a [(i64, &'a str)];

/// Returns the answer to a range query: a label, its value and the samples of each series.
pub fn matrix(series: &[(&str, &str, Samples<'_>)], warnings: &[&str]) -> Answer {
    let result: Vec<Value> = series
        .iter()
        .map(|(label, value, values)| json!({"metric": {*label: value}, "values": values}))
        .collect();
    let mut body = json!({"status": "success", "data": {"resultType": "matrix", "result": result}});
    if !warnings.is_empty() {
        body["warnings"] = json!(warnings);
    }
    (200, String::new(), body.to_string())
}

/// Returns the answer to a search for series, by their labels.
pub fn series(all: &[&[(&str, &str)]]) -> Answer {
    let data: Vec<Value> = all
        .iter()
        .map(|labels| {
            labels.iter().map(|(label, value)| ((*label).to_owned(), json!(value))).collect()
        })
        .collect();
    (200, String::new(), json!({"status": "success", "data": data}).to_string())
}

/// Returns an error as the API has it.
pub fn error(status: u16, kind: &str, message: &str) -> Answer {
    let body = json!({"status": "error", "errorType": kind, "error": message});
    (status, String::new(), body.to_string())
}
