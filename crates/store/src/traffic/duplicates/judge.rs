//! The judge of one service, and the requests that wait for a verdict.

use std::collections::VecDeque;

use trimtab_model::traffic::{DuplicateKind, DuplicateRules};

use super::fan_out::Bursts;
use super::herd::Herds;
use super::same::Same;
use crate::traffic::event::{AskedEvent, Event};

pub(super) const MICROS: i64 = 1_000_000;
/// Requests that wait at most: 160,000 a second.
const MOST_WAITING: usize = 500_000;
/// Seconds of the clock until everything is known of a request.
const KNOWN_AFTER: i64 = 2;

/// The judge of one service.
pub(in crate::traffic) struct Judge {
    rules: DuplicateRules,
    same: Same,
    bursts: Bursts,
    herds: Herds,
    waiting: Waiting,
    is_incomplete: bool,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::traffic) enum Found {
    /// A request is a duplicate.
    Duplicate(DuplicateKind, Event, AskedEvent),
    /// It follows these in a chain of the same request.
    Chain(DuplicateKind, Vec<i64>, Event, AskedEvent),
    /// These requests belong together; the first is not a duplicate.
    Group(DuplicateKind, Vec<Event>, AskedEvent),
}

/// Requests whose second is not over, by their number.
#[derive(Default)]
pub(super) struct Waiting {
    first: u64,
    requests: VecDeque<Request>,
}

pub(super) struct Request {
    pub(super) event: Event,
    asked: AskedEvent,
    kind: Option<DuplicateKind>,
}

impl Judge {
    pub(in crate::traffic) fn new(rules: &DuplicateRules) -> Self {
        Self {
            rules: rules.clone(),
            same: Same::default(),
            bursts: Bursts::default(),
            herds: Herds::default(),
            waiting: Waiting::default(),
            is_incomplete: false,
        }
    }

    /// Sees the next request.
    pub(in crate::traffic) fn see(
        &mut self,
        event: &Event,
        asked: &AskedEvent,
        found: &mut Vec<Found>,
    ) {
        self.settle(event.second(), found);
        self.bursts.close(Some(event.time), &self.rules, &mut self.waiting, found);
        let before = self.same.see(event, asked, &self.rules);
        let kind = before.as_ref().map(|before| before.kind);
        if let Some(before) = before {
            found.push(Found::Chain(before.kind, before.times, *event, *asked));
        }
        let Some(number) = self.waiting.push(event, asked, kind) else {
            self.is_incomplete = true;
            found.extend(kind.map(|kind| Found::Duplicate(kind, *event, *asked)));
            return;
        };
        if asked.is_of_many {
            self.bursts.join(event, asked, number, &self.rules);
        }
        self.herds.join(event, asked, number);
    }

    /// Ends: everything that waits is told.
    pub(in crate::traffic) fn finish(&mut self, found: &mut Vec<Found>) {
        self.bursts.close(None, &self.rules, &mut self.waiting, found);
        self.herds.close(None, &self.rules, &mut self.waiting, found);
        self.waiting.tell(None, found);
    }

    /// Returns whether there was more to remember than is remembered.
    pub(in crate::traffic) fn is_incomplete(&self) -> bool {
        self.is_incomplete || self.same.is_incomplete() || self.herds.is_incomplete()
    }

    /// Tells what is known for sure at the beginning of a second of the clock.
    fn settle(&mut self, second: i64, found: &mut Vec<Found>) {
        let known = second - KNOWN_AFTER;
        if !self.waiting.is_any_until(known) {
            return;
        }
        self.bursts.close(Some(second * MICROS), &self.rules, &mut self.waiting, found);
        self.herds.close(Some(known), &self.rules, &mut self.waiting, found);
        self.waiting.tell(Some(known), found);
    }
}

impl Waiting {
    /// Takes a request in and returns its number; absent where too many wait.
    fn push(
        &mut self,
        event: &Event,
        asked: &AskedEvent,
        kind: Option<DuplicateKind>,
    ) -> Option<u64> {
        if self.requests.len() >= MOST_WAITING {
            return None;
        }
        self.requests.push_back(Request { event: *event, asked: *asked, kind });
        Some(self.first + self.requests.len() as u64 - 1)
    }

    pub(super) fn get_mut(&mut self, number: u64) -> Option<&mut Request> {
        self.requests.get_mut(usize::try_from(number.checked_sub(self.first)?).ok()?)
    }

    fn is_any_until(&self, second: i64) -> bool {
        self.requests.front().is_some_and(|request| request.event.second() <= second)
    }

    /// Gives requests a kind, all but the first, where they have none; returns the events.
    pub(super) fn mark(&mut self, numbers: &[u64], kind: DuplicateKind) -> Vec<Event> {
        let mut events = Vec::with_capacity(numbers.len());
        for (index, number) in numbers.iter().enumerate() {
            let Some(request) = self.get_mut(*number) else { continue };
            events.push(request.event);
            if index > 0 {
                request.kind.get_or_insert(kind);
            }
        }
        events
    }

    /// Tells of the requests up to a second, or of all.
    fn tell(&mut self, until: Option<i64>, found: &mut Vec<Found>) {
        let is_known =
            |request: &Request| until.is_none_or(|second| request.event.second() <= second);
        while self.requests.front().is_some_and(is_known) {
            let Some(request) = self.requests.pop_front() else { break };
            self.first += 1;
            if let Some(kind) = request.kind {
                found.push(Found::Duplicate(kind, request.event, request.asked));
            }
        }
    }
}
