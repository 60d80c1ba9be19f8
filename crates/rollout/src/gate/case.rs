//! What is judged: gates, the rules for them, and how long the resource is watched.

use jiff::{SignedDuration, Timestamp};

use trimtab_model::gate::HealthGate;
use trimtab_model::period::Period;
use trimtab_model::plan::GateLimits;

/// What of the watched time is left out: a machine that has just started fills its caches.
const SETTLES: SignedDuration = SignedDuration::from_mins(15);
/// Which part of a watch of less than an hour that is at the most.
const SETTLES_PART: i32 = 4;
/// How many earlier weeks the same hours are read of.
pub(super) const WEEKS: i64 = 4;
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// The seconds of a point of a function's figures.
const POINT: i64 = 300;

/// Whether a busy hour must be among the watched ones before the gates can pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peak {
    /// It must.
    Needed,
    /// It was shown before, or what the resource serves has none.
    NotNeeded,
}

/// Gates to judge.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The gates.
    pub gates: &'a [HealthGate],
    /// How long the resource must be watched.
    pub soak: SignedDuration,
    /// The limits where a gate has none of its own.
    pub limits: &'a GateLimits,
    /// How far ahead something that runs empty or full counts.
    pub horizon: SignedDuration,
    /// Whether a busy hour must have been seen.
    pub peak: Peak,
    /// When the change began.
    pub began: Timestamp,
    /// Since when it is watched.
    pub since: Timestamp,
    /// The moment of the judgement.
    pub now: Timestamp,
}

impl Case<'_> {
    /// Returns the time since the change began: a server that is drained and stopped does no work any more before it is seen as
    /// stopped. It begins where the point does in which the change began.
    pub(super) fn whole(&self) -> Option<Period> {
        let began = self.began.min(self.since);
        let start = began.as_second().div_euclid(POINT).saturating_mul(POINT);
        Period::new(Timestamp::from_second(start).ok()?, self.now).ok()
    }

    /// Returns the watched time without the part in which it settles; absent while that lasts.
    pub(super) fn settled(&self) -> Option<Period> {
        let start = self.since.saturating_add(SETTLES.min(self.soak / SETTLES_PART)).ok()?;
        Period::new(start, self.now).ok()
    }

    /// Returns the whole hours of the settled time.
    pub(super) fn hours(&self) -> Vec<Period> {
        let Some(settled) = self.settled() else { return Vec::new() };
        let mut hours = Vec::new();
        let mut start = settled.start();
        while let Ok(end) = start.saturating_add(HOUR) {
            match Period::new(start, end) {
                Ok(hour) if end <= settled.end() => hours.push(hour),
                _ => break,
            }
            start = end;
        }
        hours
    }
}

/// Returns the hour before a change.
pub(super) fn hour_until(began: Timestamp) -> Option<Period> {
    Period::new(began.saturating_sub(HOUR).ok()?, began).ok()
}

/// Returns the weeks before a change.
pub(super) fn weeks_until(began: Timestamp) -> Option<Period> {
    let all = SignedDuration::from_hours(7 * 24 * WEEKS);
    Period::new(began.saturating_sub(all).ok()?, began).ok()
}

/// Returns a period so many weeks of 168 hours earlier.
pub(super) fn weeks_before(period: Period, weeks: i64) -> Option<Period> {
    let shift = SignedDuration::from_hours(7 * 24 * weeks);
    let start = period.start().saturating_sub(shift).ok()?;
    let end = period.end().saturating_sub(shift).ok()?;
    Period::new(start, end).ok()
}
