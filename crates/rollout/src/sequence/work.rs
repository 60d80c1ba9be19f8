//! What a sequence decides from.

use jiff::{SignedDuration, Timestamp};

use trimtab_model::call::CallResult;
use trimtab_model::environment::Environment;
use trimtab_model::journal::Direction;
use trimtab_model::observed::{Observed, Obstacle};
use trimtab_model::plan::{Change, RolloutRules};
use trimtab_model::text::Reason;

use crate::progress::{Attempt, ChangeProgress};
use crate::window;

/// One change, how far it is, and what was just seen of it.
#[derive(Debug, Clone, Copy)]
pub struct Work<'a> {
    /// The rules of the plan.
    pub rules: &'a RolloutRules,
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

    /// Returns the code and the words of the refusal of the latest call of a step in this
    /// direction, and when AWS gave it.
    pub fn last_refusal(&self, step: &'a str) -> Option<(&'a str, &'a str, Timestamp)> {
        match self.attempts(step).next_back()?.outcome.as_ref()? {
            (_, at, CallResult::Refused { code, message, .. }) => Some((code, message, *at)),
            (_, _, CallResult::Accepted { .. } | CallResult::Unknown { .. }) => None,
        }
    }

    /// Returns the calls of a step in one direction that AWS did not refuse.
    pub fn made(
        &self,
        direction: Direction,
        step: &'a str,
    ) -> impl DoubleEndedIterator<Item = &'a Attempt> {
        self.progress.of_step(direction, step).filter(|attempt| {
            attempt.outcome.as_ref().is_none_or(|(_, _, result)| result.refusal().is_none())
        })
    }

    /// Returns whether a step was asked for on the way forward so short a time ago that it may
    /// not be seen yet.
    pub fn is_just_made(&self, step: &'a str, settles: SignedDuration) -> bool {
        let last = self.made(Direction::Forward, step).next_back();
        last.is_some_and(|one| self.now.duration_since(one.at) < settles)
    }

    /// Returns what the latest call of a step made, by AWS's name for it.
    pub fn made_of(&self, step: &'a str, name: &str) -> Option<&'a str> {
        let attempts = self.progress.attempts.iter().rev().filter(|one| one.step == step);
        attempts.filter_map(|one| one.outcome.as_ref()).find_map(|(_, _, result)| match result {
            CallResult::Accepted { made, .. } => made.get(name).map(String::as_str),
            CallResult::Refused { .. } | CallResult::Unknown { .. } => None,
        })
    }

    /// Returns whether a change window is open now.
    pub fn is_window_open(&self) -> bool {
        window::open_until(self.rules, self.change.environment, self.now).is_some()
    }

    /// Returns how long it is until a change window opens.
    pub fn until_window(&self) -> Option<SignedDuration> {
        let none = SignedDuration::ZERO;
        let opens = window::opening(self.rules, self.change.environment, none, self.now)?;
        Some(opens.duration_since(self.now))
    }

    /// Returns why the resource is not, or not any more, what the plan was made for: what is
    /// checked once more before something that cannot be taken back.
    pub fn unfit(&self) -> Option<Reason> {
        let found = self.now_is.fingerprint();
        if let Some((name, expected, found)) = self.change.expected.differences(&found).next() {
            let found = found.unwrap_or("-");
            return Some(Reason::new(
                "drift",
                format!("{name} was {expected} when the plan was made and is {found} now."),
                format!("{name}: 계획 당시 {expected}, 현재 {found}."),
            ));
        }
        let is_careful =
            matches!(self.change.environment, Environment::Prod | Environment::Unknown);
        let blocks = |obstacle: &Obstacle| match obstacle {
            Obstacle::Block | Obstacle::Prep => true,
            Obstacle::Attest => is_careful,
            Obstacle::Wait | Obstacle::Warn => false,
        };
        let obstacles = self.now_is.obstacles().iter();
        obstacles.filter(|(obstacle, _)| blocks(obstacle)).map(|(_, why)| why.clone()).next()
    }

    /// Returns how long it goes this way.
    pub fn elapsed(&self) -> SignedDuration {
        self.now.duration_since(self.progress.phase_at)
    }
}
