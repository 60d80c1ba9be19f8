//! What a sequence decides from.

use jiff::{SignedDuration, Timestamp};

use trimtab_model::journal::Direction;
use trimtab_model::observed::Observed;
use trimtab_model::plan::Change;

use crate::progress::{Attempt, ChangeProgress};

/// One change, how far it is, and what was just seen of it.
#[derive(Debug, Clone, Copy)]
pub struct Work<'a> {
    /// The change.
    pub change: &'a Change,
    /// How far it is.
    pub progress: &'a ChangeProgress,
    /// What the resource is now: seen after the latest call's outcome.
    pub now_is: &'a Observed,
    /// Which way it goes.
    pub direction: Direction,
    /// When it is.
    pub now: Timestamp,
}

impl<'a> Work<'a> {
    /// Returns the calls of a step in this direction.
    pub fn attempts(&self, step: &'a str) -> impl DoubleEndedIterator<Item = &'a Attempt> {
        self.progress.of_step(self.direction, step)
    }

    /// Returns how many calls of a step in this direction AWS refused with one of `codes`.
    pub fn refusals(&self, step: &'a str, codes: &[&str]) -> usize {
        let refused = |attempt: &&Attempt| {
            let result = attempt.outcome.as_ref().map(|(_, _, result)| result);
            result.and_then(|result| result.refusal()).is_some_and(|code| codes.contains(&code))
        };
        self.attempts(step).filter(refused).count()
    }

    /// Returns how long ago the latest call of a step in this direction was made.
    pub fn since(&self, step: &'a str) -> Option<SignedDuration> {
        Some(self.now.duration_since(self.attempts(step).next_back()?.at))
    }

    /// Returns how long ago the first call of a step in this direction was made.
    pub fn since_first(&self, step: &'a str) -> Option<SignedDuration> {
        Some(self.now.duration_since(self.attempts(step).next()?.at))
    }

    /// Returns how long it goes this way.
    pub fn elapsed(&self) -> SignedDuration {
        self.now.duration_since(self.progress.phase_at)
    }
}
