//! How far a piece of work is, for somebody who waits for it.

use std::sync::Mutex;

use serde::{Deserialize, Serialize};

/// A task tells of itself at most so many times: often enough for a bar, and too rarely to
/// cost anything, however large its files are.
const TIMES: u64 = 400;

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It is found out where bills lie, and what lies there.
    Finding,
    /// Files are fetched from a bucket.
    Download,
    /// Bills are read.
    Bills,
    /// The inventory is read.
    Inventory,
    /// Metrics are read.
    Metrics,
    /// Users, events and access logs are read.
    Traffic,
    /// Charges are summed up.
    Charges,
    /// Checks judge.
    Checks,
}

/// What a part is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Measure {
    /// Bytes of files.
    Bytes,
    /// Rows of files.
    Rows,
}

/// How much of something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// How much is done.
    pub done: u64,
    /// How much there is.
    pub of: u64,
    /// In what.
    pub measure: Measure,
}

/// One of the files of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileOf<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its place among them, from one.
    pub number: usize,
    /// How many there are.
    pub of: usize,
}

/// How far the work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    /// What is being done.
    pub stage: Stage,
    /// The file that is being read, where files are read one by one.
    pub file: Option<FileOf<'a>>,
    /// How much of the stage is done, where that is known.
    pub part: Option<Part>,
}

impl Progress<'static> {
    /// A stage begins, and how long it takes is not known.
    pub fn stage(stage: Stage) -> Self {
        Self { stage, file: None, part: None }
    }
}

/// Receives how far the work is.
pub type OnProgress<'a> = &'a dyn Fn(Progress<'_>);

/// The files of a stage that are read one after another, and how far along them reading is.
pub struct Files<'a> {
    stage: Stage,
    of: usize,
    bytes: u64,
    told: OnProgress<'a>,
    number: usize,
    before: u64,
}

impl<'a> Files<'a> {
    /// Starts before the first of `lengths`, the bytes of each file.
    pub fn new(stage: Stage, lengths: &[u64], told: OnProgress<'a>) -> Self {
        Self { stage, of: lengths.len(), bytes: lengths.iter().sum(), told, number: 0, before: 0 }
    }

    /// Runs `read`, which reads the next file and tells of its own part.
    pub fn next<T>(&mut self, name: &str, length: u64, read: impl FnOnce(&dyn Fn(Part)) -> T) -> T {
        self.number += 1;
        let file = FileOf { name, number: self.number, of: self.of };
        let tell = |of_file: u64| {
            let done = self.before + of_file.min(length);
            let part = Part { done, of: self.bytes, measure: Measure::Bytes };
            (self.told)(Progress { stage: self.stage, file: Some(file), part: Some(part) });
        };
        tell(0);
        let outcome = read(&|part| tell(share(part, length)));
        self.before += length;
        outcome
    }
}

/// Returns as much of `length` as is done of `part`.
fn share(part: Part, length: u64) -> u64 {
    let share = u128::from(part.done.min(part.of)) * u128::from(length);
    share.checked_div(u128::from(part.of)).and_then(|share| share.try_into().ok()).unwrap_or(0)
}

/// Adds up what threads have done of one whole, and tells of it rarely.
pub(crate) struct Tally<F: Fn(Part)> {
    of: u64,
    measure: Measure,
    told: F,
    state: Mutex<Counted>,
}

#[derive(Default)]
struct Counted {
    done: u64,
    told: u64,
}

impl<F: Fn(Part)> Tally<F> {
    /// Starts at nothing of `of`.
    pub(crate) fn new(of: u64, measure: Measure, told: F) -> Self {
        Self { of, measure, told, state: Mutex::default() }
    }

    /// Adds what was done since the last time.
    pub(crate) fn add(&self, done: u64) {
        self.count(|counted| counted.saturating_add(done));
    }

    /// Takes a new total; one that is smaller, from a slower thread, changes nothing.
    pub(crate) fn reach(&self, total: u64) {
        self.count(|counted| counted.max(total));
    }

    fn count(&self, change: impl FnOnce(u64) -> u64) {
        // A thread that panicked while it counted has broken nothing that a bar needs.
        let mut state = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        state.done = change(state.done);
        if state.done - state.told.min(state.done) > self.of / TIMES {
            state.told = state.done;
            (self.told)(Part { done: state.done.min(self.of), of: self.of, measure: self.measure });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn files_of_a_stage_add_up_to_all_their_bytes() {
        let told = RefCell::new(Vec::new());
        let on_progress = |progress: Progress<'_>| {
            let number = progress.file.map(|file| file.number);
            told.borrow_mut().push((number, progress.part.map(|part| (part.done, part.of))));
        };
        let mut files = Files::new(Stage::Metrics, &[100, 300], &on_progress);
        files.next("a", 100, |tell| tell(Part { done: 5, of: 10, measure: Measure::Rows }));
        files.next("b", 300, |tell| tell(Part { done: 7, of: 0, measure: Measure::Rows }));
        assert_eq!(
            told.into_inner(),
            [
                (Some(1), Some((0, 400))),
                (Some(1), Some((50, 400))),
                (Some(2), Some((100, 400))),
                (Some(2), Some((100, 400))),
            ]
        );
    }

    #[test]
    fn a_task_of_any_size_tells_of_itself_a_few_hundred_times() {
        let told = RefCell::new(Vec::new());
        let tally = Tally::new(1_000_000_000, Measure::Bytes, |part| told.borrow_mut().push(part));
        for _ in 0..1_000_000 {
            tally.add(1_000);
        }
        let told = told.into_inner();
        assert!((300..=400).contains(&told.len()), "{}", told.len());
        assert!(told.is_sorted_by_key(|part| part.done));
    }
}
