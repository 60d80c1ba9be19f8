//! Runs what parses foreign files in a child process with limits.
//!
//! A hostile file may make a parser allocate without end or crash. The child has a
//! cap on address space and processor time; when it dies, the parent goes on and
//! says which file it was.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use trimtab_model::explain::Explain;
use trimtab_model::text::Text;

use crate::progress::Part;
use crate::temporary;

/// Address space of a child, in bytes. Far above what a file of any honest size
/// needs (files are streamed), and below what would make the machine swap.
const ADDRESS_SPACE: u64 = 8 * 1024 * 1024 * 1024;

/// Processor time of a child, in seconds.
const PROCESSOR_SECONDS: u64 = 3600;

/// Receives how far a task is, from several threads.
pub type OnPart = Arc<dyn Fn(Part) + Send + Sync>;

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

/// What a child says: one line of JSON each.
#[derive(Serialize, Deserialize)]
enum Line<A> {
    /// How far it is.
    Progress(Part),
    /// The answer, once, as the last line.
    Answer(A),
}

/// Runs `task` in a child of `executable` and returns its answer.
///
/// The child reads one JSON document from stdin and writes to stdout, line by line, how far
/// it is, and at last its answer.
///
/// # Errors
/// Fails if the child cannot be run, or dies.
pub fn run<T: Serialize, A: DeserializeOwned>(
    executable: &Path,
    task: &T,
    told: &dyn Fn(Part),
) -> Result<A, WorkerError> {
    // What a child that dies leaves behind goes with this directory.
    let temporary = temporary::directory().map_err(WorkerError::Run)?;
    let mut child = Command::new(executable)
        .arg("__worker")
        // Whatever a hostile file makes of the child, it finds no credentials there.
        .env_clear()
        .env("TMPDIR", temporary.path())
        .env("TMP", temporary.path())
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
    let answer = child.stdout.take().map_or(Ok(None), |stdout| listen(stdout, told));
    let status = child.wait().map_err(WorkerError::Run)?;
    if !status.success() {
        return Err(WorkerError::Died { status: status.to_string() });
    }
    answer?.ok_or(WorkerError::Died { status: status.to_string() })
}

/// Reads what a child says until it ends, and returns its answer.
fn listen<A: DeserializeOwned>(
    stdout: impl Read,
    told: &dyn Fn(Part),
) -> Result<Option<A>, WorkerError> {
    let mut answer = None;
    let mut line = Vec::new();
    let mut stdout = BufReader::new(stdout);
    while stdout.read_until(b'\n', &mut line).map_err(WorkerError::Run)? > 0 {
        // A child that dies while it writes leaves half a line; its status says what happened.
        match serde_json::from_slice(&line) {
            Ok(Line::Progress(part)) => told(part),
            Ok(Line::Answer(whole)) => answer = Some(whole),
            Err(cause) if cause.is_eof() => {}
            Err(cause) => return Err(WorkerError::Exchange(cause)),
        }
        line.clear();
    }
    Ok(answer)
}

/// Limits this process and answers one task from `input` on `output`.
///
/// # Errors
/// Fails if the task cannot be read or the answer cannot be written.
pub fn serve<T: DeserializeOwned, A: Serialize>(
    input: impl BufRead,
    output: impl Write + Send + 'static,
    perform: impl FnOnce(T, &OnPart) -> A,
) -> Result<(), WorkerError> {
    limit();
    let task: T = serde_json::from_reader(input).map_err(WorkerError::Exchange)?;
    let output = Arc::new(Mutex::new(output));
    let progress = Arc::clone(&output);
    // Commentary: what cannot be said here shows when the answer cannot be written.
    let told: OnPart = Arc::new(move |part| drop(write(&progress, &Line::<()>::Progress(part))));
    let answer = perform(task, &told);
    write(&output, &Line::Answer(answer))
}

/// Writes one line, whole.
fn write<A: Serialize>(output: &Mutex<impl Write>, line: &Line<A>) -> Result<(), WorkerError> {
    let mut text = serde_json::to_vec(line).map_err(WorkerError::Exchange)?;
    text.push(b'\n');
    let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
    output.write_all(&text).and_then(|()| output.flush()).map_err(WorkerError::Run)
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
    use std::cell::RefCell;

    use super::*;
    use crate::progress::Measure;

    #[test]
    fn f02_a_child_that_dies_is_an_error_and_not_the_end() {
        let outcome: Result<u32, WorkerError> = run(Path::new("/bin/false"), &"task", &|_| {});
        assert!(matches!(outcome, Err(WorkerError::Died { .. })), "{outcome:?}");
    }

    #[test]
    fn a_child_says_how_far_it_is_before_it_answers() {
        let half = Part { done: 1, of: 2, measure: Measure::Rows };
        let said: &[&[u8]] = &[
            &serde_json::to_vec(&Line::<u32>::Progress(half)).unwrap(),
            b"\n",
            &serde_json::to_vec(&Line::Answer(7_u32)).unwrap(),
            b"\n",
        ];
        let told = RefCell::new(Vec::new());
        let answer: Option<u32> =
            listen(said.concat().as_slice(), &|part| told.borrow_mut().push(part)).unwrap();
        assert_eq!((answer, told.into_inner()), (Some(7), vec![half]));
    }

    #[test]
    fn half_a_line_is_no_answer() {
        let answer: Option<u32> = listen(&b"{\"Answer\":"[..], &|_| {}).unwrap();
        assert_eq!(answer, None);
    }
}
