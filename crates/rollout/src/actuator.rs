//! Whoever looks and acts: real AWS, or a simulated one.

use std::future::Future;

use jiff::Timestamp;

use trimtab_model::call::{Call, CallResult};
use trimtab_model::gate::{GateQuery, GateReading};
use trimtab_model::observed::{Inspected, Observed};
use trimtab_model::plan::Change;
use trimtab_model::text::Reason;

/// A look that showed nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unseen {
    /// Why: the error code and what was asked.
    pub reason: Reason,
}

/// The world that a rollout looks at and acts on, and its clock.
pub trait Actuator {
    /// Returns the time.
    fn now(&self) -> Timestamp;

    /// Returns why changes may not begin by these change calendars; nothing where all are open.
    fn calendar_closed(&mut self, calendars: &[String]) -> impl Future<Output = Option<String>>;

    /// Waits until a moment, or less.
    fn wait(&mut self, until: Timestamp) -> impl Future<Output = ()>;

    /// Looks at the resource of a change.
    fn observe(&mut self, change: &Change) -> impl Future<Output = Result<Observed, Unseen>>;

    /// Reads everything that can stand in the way of a change. What cannot be read is absent from
    /// the facts, and said.
    fn inspect(&mut self, change: &Change) -> impl Future<Output = Result<Inspected, Unseen>>;

    /// Makes one call, once. Whoever asks has written the intent.
    fn perform(&mut self, change: &Change, call: &Call) -> impl Future<Output = CallResult>;

    /// Reads the metrics of the gates of a change.
    fn read(&mut self, change: &Change, query: &GateQuery) -> impl Future<Output = GateReading>;
}
