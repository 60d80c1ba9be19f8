//! Runs what parses foreign files in a child process with limits.
//!
//! A hostile file may make a parser allocate without end or crash. The child has a
//! cap on address space and processor time; when it dies, the parent goes on and
//! says which file it was.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Serialize;
use serde::de::DeserializeOwned;

use trimtab_model::explain::Explain;
use trimtab_model::text::Text;

/// Address space of a child, in bytes. Far above what a file of any honest size
/// needs (files are streamed), and below what would make the machine swap.
const ADDRESS_SPACE: u64 = 8 * 1024 * 1024 * 1024;

/// Processor time of a child, in seconds.
const PROCESSOR_SECONDS: u64 = 3600;

/// Where foreign files are parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Isolation {
    /// In a child process of this executable, which must answer to `__worker`.
    Child(PathBuf),
    /// In this process: for tests and for input that we wrote ourselves.
    InProcess,
}

/// Why a child gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// It could not be started or talked to.
    #[error("could not run a child process")]
    Run(#[source] std::io::Error),
    /// Task or answer could not be written as JSON.
    #[error("could not exchange a task with a child process")]
    Exchange(#[source] serde_json::Error),
    /// It ended without an answer: it ran into a limit or crashed.
    #[error("the child process ended without an answer ({status})")]
    Died {
        /// How it ended.
        status: String,
    },
}

impl Explain for WorkerError {
    fn text(&self) -> Text {
        let korean = match self {
            Self::Run(_) => "자식 프로세스를 실행하지 못했습니다".to_owned(),
            Self::Exchange(_) => "자식 프로세스와 작업을 주고받지 못했습니다".to_owned(),
            Self::Died { status } => {
                format!("자식 프로세스가 답하지 않고 끝났습니다({status})")
            }
        };
        Text::new(self.to_string(), korean)
    }
}

/// Runs `task` in a child of `executable` and returns its answer.
///
/// The child reads one JSON document from stdin and writes one to stdout.
///
/// # Errors
/// Fails if the child cannot be run, or dies.
pub fn run<T: Serialize, A: DeserializeOwned>(
    executable: &Path,
    task: &T,
) -> Result<A, WorkerError> {
    let mut child = Command::new(executable)
        .arg("__worker")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(WorkerError::Run)?;
    let request = serde_json::to_vec(task).map_err(WorkerError::Exchange)?;
    if let Some(mut stdin) = child.stdin.take() {
        // A child that died early closes the pipe; its exit status says more than this error.
        drop(stdin.write_all(&request));
    }
    let mut answer = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        BufReader::new(stdout).read_to_end(&mut answer).map_err(WorkerError::Run)?;
    }
    let status = child.wait().map_err(WorkerError::Run)?;
    if !status.success() {
        return Err(WorkerError::Died { status: status.to_string() });
    }
    serde_json::from_slice(&answer).map_err(WorkerError::Exchange)
}

/// Limits this process and answers one task from `input` on `output`.
///
/// # Errors
/// Fails if the task cannot be read or the answer cannot be written.
pub fn serve<T: DeserializeOwned, A: Serialize>(
    input: impl BufRead,
    output: impl Write,
    perform: impl FnOnce(T) -> A,
) -> Result<(), WorkerError> {
    limit();
    let task: T = serde_json::from_reader(input).map_err(WorkerError::Exchange)?;
    serde_json::to_writer(output, &perform(task)).map_err(WorkerError::Exchange)
}

/// Caps address space and processor time, and leaves no core file behind.
///
/// A limit that cannot be set (a lower one is in force already, or the platform has
/// none) is no reason to stop: the parsers have limits of their own.
fn limit() {
    for (resource, value) in [
        (rlimit::Resource::AS, ADDRESS_SPACE),
        (rlimit::Resource::CPU, PROCESSOR_SECONDS),
        (rlimit::Resource::CORE, 0),
    ] {
        if let Err(cause) = rlimit::setrlimit(resource, value, value) {
            tracing::debug!(?resource, %cause, "limit not set");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_that_dies_is_an_error_and_not_the_end() {
        let outcome: Result<u32, WorkerError> = run(Path::new("/bin/false"), &"task");
        assert!(matches!(outcome, Err(WorkerError::Died { .. })), "{outcome:?}");
    }
}
