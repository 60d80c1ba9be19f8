//! An emulated AWS on loopback, and a way to run the binary against it.

#[path = "../tools/mod.rs"]
mod interpreters;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// The settings of the user, which stand behind those of a directory.
const OWN_SETTINGS: &str = ".config/trimtab/config.toml";

/// A running emulator. It ends with the test.
pub struct Emulator {
    /// Absent where it is a copy, which is told to end.
    process: Option<Child>,
    port: u16,
    root: tempfile::TempDir,
}

impl Emulator {
    /// Starts an empty one.
    pub fn start() -> Self {
        let python = interpreters::python("emulator");
        assert!(
            python.is_file(),
            "{} is not there: run ./setup, which installs the emulated AWS",
            python.display()
        );
        let mut process = Command::new(&python)
            .arg(tools().join("serve.py"))
            .arg("0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the emulator starts");
        let stdout = process.stdout.take().expect("piped above");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).expect("the emulator speaks");
        let port = line.trim().strip_prefix("ready ").and_then(|port| port.parse().ok());
        let root = tempfile::tempdir().expect("a temporary directory");
        Self { process: Some(process), port: port.expect("`ready PORT`"), root }
    }

    /// Makes another one that has all that this one has, its home directory included.
    pub fn copy(&self) -> Self {
        let begun: Value = serde_json::from_str(&self.request("POST", "/emulator/fork", ""))
            .expect("a port of its own");
        let port =
            begun.get("port").and_then(Value::as_u64).and_then(|port| u16::try_from(port).ok());
        let root = tempfile::tempdir().expect("a temporary directory");
        copy_files(self.root.path(), root.path());
        Self { process: None, port: port.expect("a port"), root }
    }

    /// Plants the organisation of `seed.py` and returns what it says of it.
    pub fn seed(&self) -> Value {
        self.run_seed(&[])
    }

    /// Plants what `seed.py` has of `word`, beside the organisation.
    pub fn seed_more(&self, word: &str) -> Value {
        self.run_seed(&[word])
    }

    /// Plants beside that machine what keeps it from being changed; see `obstacles.py`.
    pub fn plant(&self, names: &[&str]) {
        self.run_tool("obstacles.py", names);
    }

    fn run_seed(&self, words: &[&str]) -> Value {
        let output = self.run_tool("seed.py", words);
        serde_json::from_slice(&output.stdout).expect("JSON")
    }

    fn run_tool(&self, name: &str, words: &[&str]) -> Output {
        let output = Command::new(interpreters::python("emulator"))
            .arg("-B")
            .arg(tools().join(name))
            .arg(self.endpoint())
            .args(words)
            .output()
            .expect("the tool runs");
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{errors}");
        output
    }

    /// Runs a few lines of Python with the interpreter of the emulator.
    pub fn python(&self, lines: &str, arguments: &[&str]) {
        let mut command = Command::new(interpreters::python("emulator"));
        let output = command.arg("-c").arg(lines).args(arguments).output().expect("Python runs");
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{errors}");
    }

    /// Returns the address.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Makes an empty bucket in us-east-1.
    pub fn make_bucket(&self, name: &str) {
        self.request("PUT", &format!("/{name}"), "");
    }

    /// Writes an object into a bucket, over one of the same key.
    pub fn put_object(&self, bucket: &str, key: &str, content: &[u8]) {
        self.of_owner("PUT", bucket, key, content, " 200 ");
    }

    /// Removes an object from a bucket.
    pub fn delete_object(&self, bucket: &str, key: &str) {
        self.of_owner("DELETE", bucket, key, &[], " 204 ");
    }

    /// Does something to an object as the owner of the bucket: others may not change what is there.
    fn of_owner(&self, method: &str, bucket: &str, key: &str, body: &[u8], expected: &str) {
        let mut stream =
            TcpStream::connect(("127.0.0.1", self.port)).expect("the emulator listens");
        let length = body.len();
        let signed = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
        write!(
            stream,
            "{method} /{bucket}/{key} HTTP/1.0\r\nHost: 127.0.0.1\r\nAuthorization: {signed}\r\nContent-Length: {length}\r\n\r\n"
        )
        .and_then(|()| stream.write_all(body))
        .expect("the emulator reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the emulator answers");
        let head = answer.lines().next().unwrap_or_default();
        assert!(head.contains(expected), "{method} {key}: {answer}");
    }

    /// Tells the emulator what to refuse or to break; see `serve.py`.
    pub fn post(&self, path: &str, body: &Value) {
        self.request("POST", path, &body.to_string());
    }

    /// Returns every call that was made: account, region, IAM action, how often.
    pub fn calls(&self) -> Vec<(String, String, String, u64)> {
        serde_json::from_str(&self.request("GET", "/emulator/calls", "")).expect("a list of calls")
    }

    /// Returns the calls that changed something, in order; see `serve.py`.
    pub fn changes(&self) -> Vec<String> {
        serde_json::from_str(&self.request("GET", "/emulator/changes", "")).expect("a list")
    }

    /// Returns the type and the state of the machine that `seed_more("machine")` planted.
    pub fn machine(&self) -> Value {
        self.run_seed(&["look"])
    }

    /// Returns the calls that changed something and were carried out, in order; see `serve.py`.
    pub fn effects(&self) -> Vec<String> {
        serde_json::from_str(&self.request("GET", "/emulator/effects", "")).expect("a list")
    }

    /// Returns what there is; see `looks.py`.
    pub fn look(&self) -> Value {
        serde_json::from_str(&self.request("GET", "/emulator/look", "")).expect("JSON")
    }

    /// Returns the home directory of [`Emulator::trimtab`].
    pub fn home(&self) -> &Path {
        self.root.path()
    }

    /// Returns every metric that was asked for; see `serve.py`.
    pub fn metrics(&self) -> Vec<Value> {
        serde_json::from_str(&self.request("GET", "/emulator/metrics", "")).expect("a list")
    }

    /// Returns the data directory of [`Emulator::trimtab`].
    pub fn data_dir(&self) -> PathBuf {
        self.root.path().join("data")
    }

    /// Writes a file below the home directory of [`Emulator::trimtab`], which it runs in.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.root.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a directory of our own");
        std::fs::write(path, text).expect("a file of our own");
    }

    /// Reads a file below the home directory of [`Emulator::trimtab`], if it is there.
    pub fn read(&self, name: &str) -> Option<String> {
        std::fs::read_to_string(self.root.path().join(name)).ok()
    }

    /// Returns the command without credentials in the environment.
    pub fn bare(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(arguments);
        command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
        command
    }

    fn request(&self, method: &str, path: &str, body: &str) -> String {
        let mut stream =
            TcpStream::connect(("127.0.0.1", self.port)).expect("the emulator listens");
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .expect("the emulator reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the emulator answers");
        let (head, body) = answer.split_once("\r\n\r\n").expect("an HTTP answer");
        assert!(head.contains(" 200 "), "{head}");
        body.to_owned()
    }

    /// Writes trimtab.toml beside the data directory.
    pub fn configure(&self, text: &str) {
        std::fs::write(self.root.path().join("trimtab.toml"), text).expect("a file of our own");
    }

    /// Runs `trimtab` with credentials that the emulator accepts.
    pub fn trimtab(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the binary runs")
    }

    /// Returns what roles were taken on with, in order; see `serve.py`.
    pub fn sessions(&self) -> Vec<Value> {
        serde_json::from_str(&self.request("GET", "/emulator/sessions", "")).expect("a list")
    }

    /// Lets changes be made and looked for through this address, which is not AWS's.
    fn consent(&self) {
        let text = format!("[rollout]\nendpoints = [\"{}\"]\n", self.endpoint());
        if self.read(OWN_SETTINGS).as_ref() != Some(&text) {
            self.write(OWN_SETTINGS, &text);
        }
    }

    /// Returns the command that [`Emulator::trimtab`] runs.
    pub fn command(&self, arguments: &[&str]) -> Command {
        if matches!(
            arguments,
            ["apply" | "run" | "rollback" | "recover", ..] | ["plan", "preflight", ..]
        ) {
            self.consent();
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_trimtab"));
        command
            .args(arguments)
            .current_dir(self.root.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.root.path())
            .env("TRIMTAB_DATA_DIR", self.data_dir())
            .env("AWS_ENDPOINT_URL", self.endpoint())
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_EC2_METADATA_DISABLED", "true");
        command
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // It has ended by itself otherwise, which is as good.
        match &mut self.process {
            Some(process) => {
                drop(process.kill());
                drop(process.wait());
            }
            None => {
                if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) {
                    drop(write!(stream, "POST /emulator/end HTTP/1.0\r\n\r\n"));
                }
            }
        }
    }
}

/// Copies a directory and all that is below it.
fn copy_files(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a directory of our own") {
        let entry = entry.expect("a directory of our own");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a file of our own").is_dir() {
            std::fs::create_dir_all(&target).expect("a directory of our own");
            copy_files(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a file of our own");
        }
    }
}

fn tools() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/emulator")
}
