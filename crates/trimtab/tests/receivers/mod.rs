//! A mail server and a web server of a test's own, on loopback; see `tools/receivers`.

#[path = "../tools/mod.rs"]
mod tools;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// Both servers. They end with the test.
pub struct Receivers {
    process: Child,
    /// The port of the mail server.
    pub smtp: u16,
    /// The port of the web server.
    pub web: u16,
}

impl Receivers {
    /// Starts them.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts them with a certificate and its key, which the mail server offers STARTTLS by.
    pub fn start_with(certificate: &[&Path]) -> Self {
        let python = tools::python("receivers");
        assert!(
            python.is_file(),
            "{} is not there: run ./setup, which installs the mail server of the tests",
            python.display()
        );
        let mut process = Command::new(&python)
            .arg("-B")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/receivers/receivers.py"))
            .args(certificate)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the servers start");
        let stdout = process.stdout.take().expect("piped above");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).expect("they say where they are");
        let mut ports = line.split_whitespace().filter_map(|word| word.parse().ok());
        let (smtp, web) = (ports.next().expect("a port"), ports.next().expect("a port"));
        Self { process, smtp, web }
    }

    /// Returns everything that was taken, in order.
    pub fn received(&self) -> Vec<Value> {
        serde_json::from_str(&self.request("GET", "/received", "")).expect("a list")
    }

    /// Returns what was taken of a kind: `mail`, `slack`, `webhook`.
    pub fn of_kind(&self, kind: &str) -> Vec<Value> {
        let mut all = self.received();
        all.retain(|one| one.get("kind").and_then(Value::as_str) == Some(kind));
        all
    }

    /// Says what is answered next; see `receivers.py`.
    pub fn answer(&self, answers: &Value) {
        self.request("POST", "/answers", &answers.to_string());
    }

    /// Lets the mail server take the next mail and say nothing.
    pub fn hold(&self) {
        self.request("POST", "/hold", "{\"seconds\": 600}");
    }

    /// Returns whether a mail is being held.
    pub fn is_holding(&self) -> bool {
        self.request("GET", "/held", "") == "true"
    }

    /// Runs a few lines of Python and returns what they print.
    pub fn python(lines: &str, arguments: &[&str]) -> String {
        let output =
            Command::new(tools::python("receivers")).arg("-c").arg(lines).args(arguments).output();
        let output = output.expect("Python runs");
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{errors}");
        String::from_utf8(output.stdout).expect("UTF-8").trim().to_owned()
    }

    /// Posts a message as an incoming webhook of Slack gets it, and returns the answer.
    pub fn post_to_slack(&self, message: &Value) -> String {
        self.ask("POST", "/services/T0/B0/x", &message.to_string())
    }

    fn request(&self, method: &str, path: &str, body: &str) -> String {
        let answer = self.ask(method, path, body);
        let (head, body) = answer.split_once("\r\n\r\n").expect("an HTTP answer");
        assert!(head.contains(" 200 "), "{head}");
        body.to_owned()
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.web)).expect("they listen");
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .expect("they read");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("they answer");
        answer
    }
}

impl Drop for Receivers {
    fn drop(&mut self) {
        // They have ended by themselves otherwise, which is as good.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
