//! Many clients that ask for the same thing in one second of the clock.

use std::collections::{HashSet, VecDeque};

use trimtab_model::traffic::{DuplicateKind, DuplicateRules};

use super::judge::{Found, Waiting};
use crate::traffic::event::{AskedEvent, Event};
use crate::traffic::intern::{ByDigest, by_digest};

/// Paths that are counted over all the minutes.
const MOST: usize = 2_000_000;

/// The requests for each path by second, and how many were usual.
#[derive(Default)]
pub(super) struct Herds {
    /// The seconds that are not over, in order.
    seconds: VecDeque<(i64, ByDigest<Crowd>)>,
    /// The minutes that may be asked for, in order.
    minutes: VecDeque<Minute>,
    /// The first minute that is known from its beginning.
    known_from: Option<i64>,
    is_incomplete: bool,
}

struct Crowd {
    asked: AskedEvent,
    numbers: Vec<u64>,
}

struct Minute {
    number: i64,
    requests: ByDigest<u32>,
}

impl Herds {
    pub(super) fn is_incomplete(&self) -> bool {
        self.is_incomplete
    }

    /// Adds a request.
    pub(super) fn join(&mut self, event: &Event, asked: &AskedEvent, number: u64) {
        let second = event.second();
        if self.seconds.back().is_none_or(|(last, _)| *last != second) {
            self.seconds.push_back((second, by_digest()));
        }
        if let Some((_, crowds)) = self.seconds.back_mut() {
            let crowd = crowds
                .entry(asked.path)
                .or_insert_with(|| Crowd { asked: *asked, numbers: Vec::new() });
            crowd.numbers.push(number);
        }
        self.count(event.minute(), asked.path);
    }

    /// Closes the seconds up to `until`, or all.
    pub(super) fn close(
        &mut self,
        until: Option<i64>,
        rules: &DuplicateRules,
        waiting: &mut Waiting,
        found: &mut Vec<Found>,
    ) {
        let is_over = |(second, _): &(i64, _)| until.is_none_or(|until| *second <= until);
        while self.seconds.front().is_some_and(is_over) {
            let Some((second, crowds)) = self.seconds.pop_front() else { break };
            let mut crowds: Vec<(u64, Crowd)> = crowds
                .into_iter()
                .filter(|(_, crowd)| crowd.numbers.len() >= rules.herd_clients as usize)
                .collect();
            crowds.sort_by_key(|(_, crowd)| crowd.numbers.first().copied());
            for (path, crowd) in crowds {
                if self.is_herd(second, path, &crowd, rules, waiting) {
                    let events = waiting.mark(&crowd.numbers, DuplicateKind::Herd);
                    found.push(Found::Group(DuplicateKind::Herd, events, crowd.asked));
                }
            }
            self.forget(second.div_euclid(60) - i64::from(rules.herd_usual_minutes));
        }
    }

    fn is_herd(
        &self,
        second: i64,
        path: u64,
        crowd: &Crowd,
        rules: &DuplicateRules,
        waiting: &mut Waiting,
    ) -> bool {
        let clients: HashSet<u64> = crowd
            .numbers
            .iter()
            .filter_map(|number| waiting.get_mut(*number).map(|request| request.event.client))
            .collect();
        if clients.len() < rules.herd_clients as usize {
            return false;
        }
        let minute = second.div_euclid(60);
        let Some(known_from) = self.known_from else { return false };
        let from = known_from.max(minute - i64::from(rules.herd_usual_minutes));
        if from >= minute {
            return false;
        }
        let before: u64 = self
            .minutes
            .iter()
            .filter(|counted| (from..minute).contains(&counted.number))
            .filter_map(|counted| counted.requests.get(&path))
            .map(|requests| u64::from(*requests))
            .sum();
        let usual = before as f64 / ((minute - from) * 60) as f64;
        crowd.numbers.len() as f64 >= usual * rules.herd_times_usual
    }

    fn count(&mut self, minute: i64, path: u64) {
        self.known_from.get_or_insert(minute + 1);
        if self.minutes.iter().map(|counted| counted.requests.len()).sum::<usize>() >= MOST {
            // What is usual is not known any more, and has to be learnt anew.
            self.minutes.clear();
            self.known_from = Some(minute + 1);
            self.is_incomplete = true;
        }
        if self.minutes.back().is_none_or(|last| last.number != minute) {
            self.minutes.push_back(Minute { number: minute, requests: by_digest() });
        }
        if let Some(last) = self.minutes.back_mut() {
            let requests = last.requests.entry(path).or_default();
            *requests = requests.saturating_add(1);
        }
    }

    fn forget(&mut self, before: i64) {
        while self.minutes.front().is_some_and(|counted| counted.number < before) {
            self.minutes.pop_front();
        }
    }
}
