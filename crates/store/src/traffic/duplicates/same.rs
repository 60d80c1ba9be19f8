//! The same request of the same client again: retries, repeats and polling.

use trimtab_model::traffic::{DuplicateKind, DuplicateRules};

use super::judge::MICROS;
use crate::traffic::event::{AskedEvent, Event};
use crate::traffic::intern::{ByDigest, by_digest};

/// Times that are remembered of one request.
const REMEMBERED: usize = 4;
/// Requests that are remembered in either half: some 60 MiB each.
const MOST: usize = 1_000_000;

/// What each client asked for last.
///
/// Memory is in two halves that turn with the time of the longest rule: what was not asked again
/// for so long is forgotten, and no rule would look at it.
pub(super) struct Same {
    recent: ByDigest<Last>,
    before: ByDigest<Last>,
    turn: Option<i64>,
    is_incomplete: bool,
}

#[derive(Debug, Clone, Copy)]
struct Last {
    /// When it was asked for, the latest first.
    times: [i64; REMEMBERED],
    known: usize,
    status: u16,
}

/// What came before a duplicate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Before {
    pub(super) kind: DuplicateKind,
    /// When, in order.
    pub(super) times: Vec<i64>,
}

impl Default for Same {
    fn default() -> Self {
        Self { recent: by_digest(), before: by_digest(), turn: None, is_incomplete: false }
    }
}

impl Same {
    pub(super) fn is_incomplete(&self) -> bool {
        self.is_incomplete
    }

    /// Sees a request, and says what it is if the same was asked for before.
    pub(super) fn see(
        &mut self,
        event: &Event,
        asked: &AskedEvent,
        rules: &DuplicateRules,
    ) -> Option<Before> {
        self.turn(event.time, rules);
        let key = event.client.rotate_left(23) ^ asked.request.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let earlier = match self.recent.get(&key) {
            Some(last) => Some(*last),
            None => self.before.remove(&key),
        };
        let found = earlier.and_then(|last| last.judge(event.time, asked.status, rules));
        let last = match earlier {
            Some(last) => last.then(event.time, asked.status),
            None => Last { times: [event.time; REMEMBERED], known: 1, status: asked.status },
        };
        self.recent.insert(key, last);
        found
    }

    fn turn(&mut self, time: i64, rules: &DuplicateRules) {
        let turn = *self.turn.get_or_insert(time);
        let longest = rules.polling_longest_seconds.max(rules.retry_seconds);
        let is_over = time - turn > i64::from(longest) * MICROS;
        let is_full = self.recent.len() >= MOST;
        if is_over || is_full {
            self.is_incomplete |= is_full && !is_over;
            self.before = std::mem::replace(&mut self.recent, by_digest());
            self.turn = Some(time);
        }
    }
}

impl Last {
    fn then(self, time: i64, status: u16) -> Self {
        let [a, b, c, _] = self.times;
        Self { times: [time, a, b, c], known: (self.known + 1).min(REMEMBERED), status }
    }

    fn judge(&self, time: i64, status: u16, rules: &DuplicateRules) -> Option<Before> {
        let [last, ..] = self.times;
        let gap = time - last;
        let within = |seconds: u32| gap <= i64::from(seconds) * MICROS;
        let is_failed = has_failed(self.status);
        let kind = if is_failed && within(rules.retry_seconds) {
            DuplicateKind::Retry
        } else if !is_failed && within(rules.repeat_seconds) && may_repeat(self.status, status) {
            DuplicateKind::Repeat
        } else {
            let wanted = usize::try_from(rules.polling_requests).unwrap_or(usize::MAX);
            let times: Vec<i64> = self.times.iter().copied().take(self.known).collect();
            let times = times.get(..wanted)?;
            return is_regular(time, times, rules).then(|| Before {
                kind: DuplicateKind::Polling,
                times: times.iter().rev().copied().collect(),
            });
        };
        Some(Before { kind, times: vec![last] })
    }
}

/// Returns whether an answer means that the request was in vain for now.
pub(super) fn has_failed(status: u16) -> bool {
    matches!(status, 0 | 408 | 425 | 429 | 460 | 499) || status >= 500
}

/// Returns whether a request behind another may be one too many: the parts of a file and the
/// answer to a demand for a password are not.
fn may_repeat(first: u16, second: u16) -> bool {
    !matches!(first, 206 | 401 | 407) && second != 206
}

/// Returns whether a time lies behind others, the latest first, at one interval.
fn is_regular(time: i64, times: &[i64], rules: &DuplicateRules) -> bool {
    if times.is_empty() {
        return false;
    }
    let starts = std::iter::once(&time).chain(times);
    let intervals: Vec<i64> = starts.zip(times).map(|(later, earlier)| later - earlier).collect();
    let shortest = i64::from(rules.repeat_seconds) * MICROS;
    let longest = i64::from(rules.polling_longest_seconds) * MICROS;
    let mean = intervals.iter().sum::<i64>() as f64 / intervals.len() as f64;
    let tolerance = (mean * rules.polling_tolerance).max(MICROS as f64);
    intervals.iter().all(|interval| {
        (shortest..=longest).contains(interval) && (*interval as f64 - mean).abs() <= tolerance
    })
}
