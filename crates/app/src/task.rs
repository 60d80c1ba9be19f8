//! The tasks that parse foreign files, each of which can run in a child process.

use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use trimtab_model::calendar::Calendar;
use trimtab_model::explain::Explain;
use trimtab_model::period::Period;
use trimtab_model::profile::Profiles;
use trimtab_model::text::Text;
use trimtab_model::traffic::Traffic;
use trimtab_store::InputError;
use trimtab_store::billing::{self, Converted, FailedFile, Limits};
use trimtab_store::engine::Engine;
use trimtab_store::input::InputFile;
use trimtab_store::metrics::{self, Metrics};
use trimtab_store::profile::{self, SkippedStatistic};
use trimtab_store::traffic::{self, Reading};

use crate::failure;
use crate::progress::{Measure, Part, Tally};
use crate::worker::{self, Isolation, OnPart, WorkerError};

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
    /// Finds out when the samples begin and end.
    FindSpan {
        /// Files of metrics.
        files: Vec<InputFile>,
    },
    /// Reduces samples to profiles, once per window.
    Reduce {
        /// Files of metrics.
        files: Vec<InputFile>,
        /// The windows.
        windows: Vec<Period>,
        /// The owner's days.
        calendar: Calendar,
    },
    /// Reduces users, events and access logs.
    ReadTraffic {
        /// The directory of exports.
        dir: PathBuf,
        /// The owner's days.
        calendar: Calendar,
        /// The moment of the reading.
        now: Timestamp,
    },
}

/// What came of a task.
#[derive(Debug, Serialize, Deserialize)]
pub enum Answer {
    /// Of [`Task::ConvertBill`].
    Bill(Box<Result<Converted, FailedFile>>),
    /// Of [`Task::FindSpan`].
    Span(Result<Option<Period>, Text>),
    /// Of [`Task::Reduce`].
    Profiles(Result<Reduced, Text>),
    /// Of [`Task::ReadTraffic`].
    Traffic(Box<(Traffic, Vec<InputError>)>),
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
pub fn serve(input: impl BufRead, output: impl Write + Send + 'static) -> Result<(), WorkerError> {
    worker::serve(input, output, perform)
}

/// Performs a task where `isolation` says. A child tells how far it is.
///
/// # Errors
/// Fails if the child cannot be run, or dies.
pub fn run(isolation: &Isolation, task: Task, told: &dyn Fn(Part)) -> Result<Answer, WorkerError> {
    match isolation {
        Isolation::Child(executable) => worker::run(executable, &task, told),
        Isolation::InProcess => Ok(perform(task, &(Arc::new(|_: Part| {}) as OnPart))),
    }
}

fn perform(task: Task, told: &OnPart) -> Answer {
    match task {
        Task::ConvertBill { file, staging, threads } => {
            let length = file.metadata().map_or(0, |metadata| metadata.len());
            let tally = Tally::new(length, Measure::Bytes, |part| told(part));
            Answer::Bill(Box::new(billing::convert(
                &file,
                &staging,
                Limits::default(),
                threads,
                &|progress| tally.add(progress.bytes),
            )))
        }
        Task::FindSpan { files } => Answer::Span(find_span(&files)),
        Task::Reduce { files, windows, calendar } => {
            Answer::Profiles(reduce(&files, &windows, &calendar, told))
        }
        Task::ReadTraffic { dir, calendar, now } => {
            let reading = Reading::new(calendar.time_zone, now);
            Answer::Traffic(Box::new(traffic::read(&dir, &reading)))
        }
    }
}

fn find_span(files: &[InputFile]) -> Result<Option<Period>, Text> {
    let (opened, _) = Metrics::open(files);
    let summary = metrics::summarise(&engine()?, &opened).map_err(|cause| chain(&cause))?;
    let span = summary.start().zip(summary.end());
    Ok(span.and_then(|(start, end)| Period::new(start, end).ok()))
}

fn reduce(
    files: &[InputFile],
    windows: &[Period],
    calendar: &Calendar,
    told: &OnPart,
) -> Result<Reduced, Text> {
    let engine = engine()?;
    let (mut opened, errors) = Metrics::open(files);
    let mut reduced = Reduced { errors, ..Reduced::default() };
    for (earlier, window) in windows.iter().enumerate() {
        let on_progress = pass(opened.rows(), earlier, windows.len(), told.clone());
        let reduction = profile::reduce(&engine, &mut opened, *window, calendar, on_progress)
            .map_err(|cause| chain(&cause))?;
        reduced.profiles.push(reduction.profiles);
        reduced.errors.extend(reduction.errors);
        reduced.skipped = reduction.skipped;
    }
    Ok(reduced)
}

/// Returns what tells of one pass over `rows` rows: each window needs one.
fn pass(rows: u64, earlier: usize, passes: usize, told: OnPart) -> profile::OnProgress {
    let times = |count: usize| rows.saturating_mul(u64::try_from(count).unwrap_or(u64::MAX));
    let tally = Tally::new(times(passes), Measure::Rows, move |part| told(part));
    let before = times(earlier);
    Arc::new(move |progress| tally.reach(before.saturating_add(progress.rows)))
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
