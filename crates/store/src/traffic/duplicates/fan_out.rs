//! One client that asks for many things of one kind within a second, one by one.

use std::collections::{HashMap, VecDeque};

use foldhash::fast::FixedState;
use trimtab_model::traffic::{DuplicateKind, DuplicateRules};

use super::judge::{Found, MICROS, Waiting};
use crate::traffic::event::{AskedEvent, Event, OTHER};

/// The requests of each client and template in the second since the first.
#[derive(Default)]
pub(super) struct Bursts {
    open: HashMap<(u64, u32), Burst, FixedState>,
    /// The open ones in the order of their first requests.
    order: VecDeque<(i64, (u64, u32))>,
}

struct Burst {
    asked: AskedEvent,
    numbers: Vec<u64>,
    /// Different paths, up to as many as matter.
    paths: Vec<u64>,
}

impl Bursts {
    /// Adds a request to the burst of its client and template, or opens one.
    pub(super) fn join(
        &mut self,
        event: &Event,
        asked: &AskedEvent,
        number: u64,
        rules: &DuplicateRules,
    ) {
        if asked.endpoint == OTHER {
            return;
        }
        let key = (event.client, asked.endpoint);
        let burst = self.open.entry(key).or_insert_with(|| {
            self.order.push_back((event.time, key));
            Burst { asked: *asked, numbers: Vec::new(), paths: Vec::new() }
        });
        burst.numbers.push(number);
        let is_enough = burst.paths.len() >= rules.fan_out_paths as usize;
        if !is_enough && !burst.paths.contains(&asked.path) {
            burst.paths.push(asked.path);
        }
    }

    /// Closes the bursts whose second is over at `now`, or all.
    pub(super) fn close(
        &mut self,
        now: Option<i64>,
        rules: &DuplicateRules,
        waiting: &mut Waiting,
        found: &mut Vec<Found>,
    ) {
        let is_over = |(start, _): &(i64, _)| now.is_none_or(|now| now - start >= MICROS);
        while self.order.front().is_some_and(is_over) {
            let Some((_, key)) = self.order.pop_front() else { break };
            let Some(burst) = self.open.remove(&key) else { continue };
            if burst.paths.len() >= rules.fan_out_paths as usize {
                let events = waiting.mark(&burst.numbers, DuplicateKind::FanOut);
                found.push(Found::Group(DuplicateKind::FanOut, events, burst.asked));
            }
        }
    }
}
