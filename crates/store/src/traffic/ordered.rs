//! Puts events in the order of their times, and knows the lines that two files hold.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::event::Event;
use super::intern::{ByDigest, by_digest};

/// How far out of order a line may be, in microseconds: a server writes its line when it has
/// answered, and the time in it may be that of the request.
pub(super) const TOLERANCE: i64 = 60_000_000;
/// Events that are held at most: what a minute holds at 8000 requests a second.
const MOST_HELD: usize = 500_000;
/// Lines that are remembered at most in either half of [`Repeats`].
const MOST_LINES: usize = 1_000_000;

/// A buffer of events that comes out in order.
///
/// What is put in order is small, and points at the event: events are large, and a heap moves what
/// it holds at every step.
#[derive(Debug, Default)]
pub(super) struct Ordered {
    held: BinaryHeap<Held>,
    events: Vec<Event>,
    /// Places among `events` that are free.
    free: Vec<usize>,
    /// The latest time that came in.
    latest: Option<i64>,
    /// The latest time that went out.
    out: Option<i64>,
    arrivals: u64,
}

/// An event that waits: the earliest is the greatest, of equals the first that came.
#[derive(Debug)]
struct Held {
    time: i64,
    arrival: u64,
    /// Where the event lies.
    place: usize,
}

impl Ordered {
    /// Takes an event in, unless it comes too late to be put in order.
    pub(super) fn push(&mut self, event: Event) -> Result<(), TooLate> {
        let latest = self.latest.map_or(event.time, |latest| latest.max(event.time));
        if event.time < latest - TOLERANCE || self.out.is_some_and(|out| event.time < out) {
            return Err(TooLate);
        }
        self.latest = Some(latest);
        let place = self.free.pop().unwrap_or(self.events.len());
        match self.events.get_mut(place) {
            Some(free) => *free = event,
            None => self.events.push(event),
        }
        self.held.push(Held { time: event.time, arrival: self.arrivals, place });
        self.arrivals += 1;
        Ok(())
    }

    /// Returns the next event that nothing can come before any more.
    pub(super) fn ready(&mut self) -> Option<Event> {
        let first = self.held.peek()?.time;
        let is_ready = self.latest.is_some_and(|latest| first < latest - TOLERANCE);
        if is_ready || self.held.len() > MOST_HELD { self.next() } else { None }
    }

    /// Returns the next event, when no more will come.
    pub(super) fn next(&mut self) -> Option<Event> {
        let place = self.held.pop()?.place;
        self.free.push(place);
        let event = *self.events.get(place)?;
        self.out = Some(event.time);
        Some(event)
    }
}

/// An event came so late that later ones had gone out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooLate;

impl Ord for Held {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.time, other.arrival).cmp(&(self.time, self.arrival))
    }
}

impl PartialOrd for Held {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Held {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Held {}

/// Remembers which lines came from which file.
///
/// Two requests of one client in one second make the same line twice in one file, and both are
/// true. The same line in a second file is the same request: of each line the file with the most
/// of it counts. Lines are remembered for one to two tolerances.
#[derive(Debug)]
pub(super) struct Repeats {
    recent: ByDigest<Copies>,
    before: ByDigest<Copies>,
    turn: Option<i64>,
}

#[derive(Debug)]
struct Copies {
    /// How often the file has it that has it most.
    most: u32,
    /// The first file that has it, and how often.
    first: (u32, u32),
    /// The others.
    others: Vec<(u32, u32)>,
}

impl Repeats {
    pub(super) fn new() -> Self {
        Self { recent: by_digest(), before: by_digest(), turn: None }
    }

    /// Returns whether another file held this line of `file` already.
    pub(super) fn is_repeated(&mut self, event: &Event, file: u32) -> bool {
        let turn = *self.turn.get_or_insert(event.time);
        if event.time >= turn.saturating_add(TOLERANCE) || self.recent.len() >= MOST_LINES {
            self.before = std::mem::replace(&mut self.recent, by_digest());
            self.turn = Some(event.time.max(turn));
        }
        if let Some(known) = self.before.remove(&event.line) {
            self.recent.insert(event.line, known);
        }
        let Some(copies) = self.recent.get_mut(&event.line) else {
            let copies = Copies { most: 1, first: (file, 1), others: Vec::new() };
            self.recent.insert(event.line, copies);
            return false;
        };
        let count = copies.count(file);
        if count > copies.most {
            copies.most = count;
            return false;
        }
        true
    }
}

impl Copies {
    /// Counts one more of a file, and returns how many it has.
    fn count(&mut self, file: u32) -> u32 {
        let own = if self.first.0 == file {
            Some(&mut self.first)
        } else {
            self.others.iter_mut().find(|(other, _)| *other == file)
        };
        match own {
            Some((_, count)) => {
                *count += 1;
                *count
            }
            None => {
                self.others.push((file, 1));
                1
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(second: i64, line: u64) -> Event {
        Event {
            time: second * 1_000_000,
            line,
            client: 0,
            service: 0,
            names_user: false,
            is_bot: false,
            version: 0,
            asked: None,
        }
    }

    #[test]
    fn events_come_out_in_order_and_what_is_too_late_is_said() {
        let mut ordered = Ordered::default();
        let mut out = Vec::new();
        let mut late = Vec::new();
        for second in [100, 90, 95, 200, 130, 141, 139, 300] {
            if ordered.push(event(second, 0)).is_err() {
                late.push(second);
            }
            while let Some(event) = ordered.ready() {
                out.push(event.second());
            }
        }
        while let Some(event) = ordered.next() {
            out.push(event.second());
        }
        assert_eq!(out, [90, 95, 100, 141, 200, 300]);
        assert_eq!(late, [130, 139]);
    }

    #[test]
    fn of_each_line_the_file_with_the_most_counts() {
        let mut repeats = Repeats::new();
        let seen: Vec<bool> = [(1, 0), (1, 0), (1, 1), (1, 1), (1, 1), (2, 1), (2, 0), (1, 2)]
            .into_iter()
            .map(|(line, file)| repeats.is_repeated(&event(7, line), file))
            .collect();
        assert_eq!(seen, [false, false, true, true, false, false, true, true]);
    }
}
