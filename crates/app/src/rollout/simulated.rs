//! A simulated world, whose clock moves when somebody waits.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::{SignedDuration, Timestamp};

use trimtab_model::call::{Call, CallResult};
use trimtab_model::gate::{GateQuery, GateReading};
use trimtab_model::observed::{Inspected, Observed};
use trimtab_model::plan::Change;
use trimtab_rollout::simulate::World;
use trimtab_rollout::{Actuator, Unseen};

/// A world with its end: a run that waits for somebody who never comes is interrupted there.
#[derive(Debug)]
pub struct Simulated {
    world: World,
    ends_at: Timestamp,
    interrupted: Arc<AtomicBool>,
}

impl Simulated {
    /// Takes a world, and the moment after which `interrupted` is set.
    pub fn new(world: World, ends_at: Timestamp, interrupted: Arc<AtomicBool>) -> Self {
        Self { world, ends_at, interrupted }
    }

    /// Returns the world as it was left.
    pub fn into_world(self) -> World {
        self.world
    }
}

impl Actuator for Simulated {
    fn now(&self) -> Timestamp {
        self.world.now()
    }

    async fn calendar_closed(&mut self, _calendars: &[String]) -> Option<String> {
        self.world.calendar_closed().map(str::to_owned)
    }

    async fn wait(&mut self, until: Timestamp) {
        let left = until.duration_since(self.world.now());
        self.world.advance(left.max(SignedDuration::ZERO));
        if self.world.now() > self.ends_at {
            self.interrupted.store(true, Ordering::Relaxed);
        }
    }

    async fn observe(&mut self, change: &Change) -> Result<Observed, Unseen> {
        Ok(self.world.observe(change))
    }

    async fn inspect(&mut self, change: &Change) -> Result<Inspected, Unseen> {
        Ok(self.world.inspect(change))
    }

    async fn perform(&mut self, _change: &Change, call: &Call) -> CallResult {
        self.world.perform(call)
    }

    async fn read(&mut self, _change: &Change, query: &GateQuery) -> GateReading {
        self.world.read(query)
    }
}
