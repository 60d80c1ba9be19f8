//! Reads the files of a service at once, in the order of their times.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};

use trimtab_model::traffic::LineProblem;

use super::event::Event;
use super::format::Recognised;
use super::intern::Interner;
use super::lines::Unfolding;
use super::records::{Record, Records};
use super::request::EARLIEST;
use crate::error::InputError;
use crate::input::InputFile;

/// Files that are open at once. Logs of many machines overlap; where more do, lines of those that
/// have to wait may come too late, which is counted.
const MOST_OPEN: usize = 200;
/// Files up to which what is open is unfolded by a thread each: some 12 MiB wait in all.
const MOST_AHEAD: usize = 16;
/// How far after the moment of the reading a line may be: clocks and zones differ.
const AHEAD_MICROS: i64 = 86_400_000_000;

/// A file, and what its first lines say of it.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) file: InputFile,
    pub(super) service: String,
    pub(super) recognised: Recognised,
}

/// What became of the lines of one file.
#[derive(Debug, Default)]
pub(super) struct FileLines {
    /// Lines that hold something.
    pub(super) read: u64,
    /// What could not be read: how many lines, and the row of the first.
    pub(super) problems: BTreeMap<LineProblem, (u64, u64)>,
    /// The service of the first line that could be read.
    pub(super) service: Option<u32>,
}

/// The files of a service, being read.
pub(super) struct Merge {
    known: Vec<Known>,
    open: BTreeMap<u32, Stream>,
    /// The time of the next event of each file, that of a file that is not open yet included.
    next: BinaryHeap<Reverse<(i64, u32)>>,
    waiting: VecDeque<u32>,
    until: i64,
    pub(super) lines: Vec<FileLines>,
    pub(super) errors: Vec<InputError>,
}

struct Stream {
    records: Records,
    head: Event,
}

impl Merge {
    /// Prepares files, which must be in the order of their first lines. `now` is the moment of the
    /// reading, in microseconds since 1970.
    pub(super) fn new(known: Vec<Known>, now: i64) -> Self {
        let next = (0_u32..)
            .zip(&known)
            .map(|(index, known)| Reverse((known.recognised.first, index)))
            .collect();
        let lines = known.iter().map(|_| FileLines::default()).collect();
        Self {
            known,
            open: BTreeMap::new(),
            next,
            waiting: VecDeque::new(),
            until: now.saturating_add(AHEAD_MICROS),
            lines,
            errors: Vec::new(),
        }
    }

    /// Returns the next event, and the number of its file.
    pub(super) fn next(&mut self, interner: &mut Interner) -> Option<(Event, u32)> {
        loop {
            let Reverse((_, index)) = self.next.pop()?;
            let Some(stream) = self.open.remove(&index) else {
                if self.open.len() >= MOST_OPEN {
                    self.waiting.push_back(index);
                } else {
                    self.start(index, interner);
                }
                continue;
            };
            let event = stream.head;
            self.advance(index, stream.records, interner);
            return Some((event, index));
        }
    }

    /// Returns the files.
    pub(super) fn known(&self) -> &[Known] {
        &self.known
    }

    fn start(&mut self, index: u32, interner: &mut Interner) {
        let Some(known) = at(&self.known, index) else { return };
        let unfolding =
            if self.open.len() < MOST_AHEAD { Unfolding::Ahead } else { Unfolding::Here };
        match Records::open(&known.file.path, &known.recognised.form, unfolding) {
            Ok(records) => self.advance(index, records, interner),
            Err(error) => self.errors.push(error),
        }
    }

    /// Reads a file up to its next event.
    fn advance(&mut self, index: u32, mut records: Records, interner: &mut Interner) {
        match self.head(index, &mut records, interner) {
            Ok(Some(head)) => {
                self.next.push(Reverse((head.time, index)));
                self.open.insert(index, Stream { records, head });
                return;
            }
            Ok(None) => {}
            Err(error) => self.errors.push(error),
        }
        // A file has ended: one that waits may be opened, with its own time.
        if let Some(waiting) = self.waiting.pop_front()
            && let Some(known) = at(&self.known, waiting)
        {
            self.next.push(Reverse((known.recognised.first, waiting)));
        }
    }

    fn head(
        &mut self,
        index: u32,
        records: &mut Records,
        interner: &mut Interner,
    ) -> Result<Option<Event>, InputError> {
        let (Some(known), Some(count)) = (
            at(&self.known, index),
            usize::try_from(index).ok().and_then(|at| self.lines.get_mut(at)),
        ) else {
            return Ok(None);
        };
        loop {
            let problem = match records.next()? {
                None => return Ok(None),
                Some(Record::Nothing) => continue,
                Some(Record::Request(key, request))
                    if (EARLIEST..=self.until).contains(&request.time) =>
                {
                    count.read += 1;
                    let event = interner.event(key, &request, &known.service);
                    count.service.get_or_insert(event.service);
                    return Ok(Some(event));
                }
                Some(Record::Request(..)) => LineProblem::ImpossibleTime,
                Some(Record::Problem(problem)) => problem,
            };
            count.read += 1;
            let row = records.row();
            count.problems.entry(problem).or_insert((0, row)).0 += 1;
        }
    }
}

fn at<T>(items: &[T], index: u32) -> Option<&T> {
    items.get(usize::try_from(index).ok()?)
}
