//! The tasks that parse foreign files, each of which can run in a child process.

use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use trimtab_model::explain::Explain;
use trimtab_model::period::Period;
use trimtab_model::profile::Profiles;
use trimtab_model::text::Text;
use trimtab_store::InputError;
use trimtab_store::billing::{self, Converted, FailedFile, Limits};
use trimtab_store::engine::Engine;
use trimtab_store::input::InputFile;
use trimtab_store::metrics::{self, Metrics};
use trimtab_store::profile::{self, SkippedStatistic};

use crate::failure;
use crate::worker::{self, Isolation, WorkerError};

/// A task.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Task {
    /// Turns one bill into staged charges.
    ConvertBill {
        /// The bill.
        file: PathBuf,
        /// Where the charges go.
        staging: PathBuf,
        /// How many threads to use.
        threads: usize,
    },
    /// Finds out when the samples end.
    FindEnd {
        /// Files of metrics.
        files: Vec<InputFile>,
    },
    /// Reduces samples to profiles, once per window.
    Reduce {
        /// Files of metrics.
        files: Vec<InputFile>,
        /// The windows.
        windows: Vec<Period>,
    },
}

/// What came of a task.
#[derive(Debug, Serialize, Deserialize)]
pub enum Answer {
    /// Of [`Task::ConvertBill`].
    Bill(Box<Result<Converted, FailedFile>>),
    /// Of [`Task::FindEnd`].
    End(Result<Option<Timestamp>, Text>),
    /// Of [`Task::Reduce`].
    Profiles(Result<Reduced, Text>),
}

/// Profiles per window, and what could not be read.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Reduced {
    /// One per window, in their order.
    pub profiles: Vec<Profiles>,
    /// The files that were left out, and why.
    pub errors: Vec<InputError>,
    /// Statistics that were left out.
    pub skipped: Vec<SkippedStatistic>,
}

/// Answers one task from `input` on `output`, under limits.
///
/// # Errors
/// Fails if the task cannot be read or the answer cannot be written.
pub fn serve(input: impl BufRead, output: impl Write) -> Result<(), WorkerError> {
    worker::serve(input, output, perform)
}

/// Performs a task where `isolation` says.
///
/// # Errors
/// Fails if the child cannot be run, or dies.
pub fn run(isolation: &Isolation, task: Task) -> Result<Answer, WorkerError> {
    match isolation {
        Isolation::Child(executable) => worker::run(executable, &task),
        Isolation::InProcess => Ok(perform(task)),
    }
}

fn perform(task: Task) -> Answer {
    match task {
        Task::ConvertBill { file, staging, threads } => Answer::Bill(Box::new(billing::convert(
            &file,
            &staging,
            Limits::default(),
            threads,
            &|_| {},
        ))),
        Task::FindEnd { files } => Answer::End(find_end(&files)),
        Task::Reduce { files, windows } => Answer::Profiles(reduce(&files, &windows)),
    }
}

fn find_end(files: &[InputFile]) -> Result<Option<Timestamp>, Text> {
    let (opened, _) = Metrics::open(files);
    let summary = metrics::summarise(&engine()?, &opened).map_err(|cause| chain(&cause))?;
    Ok(summary.end())
}

fn reduce(files: &[InputFile], windows: &[Period]) -> Result<Reduced, Text> {
    let engine = engine()?;
    let (mut opened, errors) = Metrics::open(files);
    let mut reduced = Reduced { errors, ..Reduced::default() };
    for window in windows {
        let reduction = profile::reduce(&engine, &mut opened, *window, Arc::new(|_| {}))
            .map_err(|cause| chain(&cause))?;
        reduced.profiles.push(reduction.profiles);
        reduced.errors.extend(reduction.errors);
        reduced.skipped = reduction.skipped;
    }
    Ok(reduced)
}

fn engine() -> Result<Engine, Text> {
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    Engine::new(threads).map_err(|cause| chain(&cause))
}

/// Writes an error and its causes on one line: the only form that crosses the pipe.
fn chain(error: &dyn Explain) -> Text {
    let mut text = error.text();
    let mut source = error.source();
    while let Some(cause) = source {
        text = text.because(&failure::words(cause));
        source = cause.source();
    }
    text
}
