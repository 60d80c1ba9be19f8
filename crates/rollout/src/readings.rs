//! What was just seen, as far as the next decision needs it.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jiff::Timestamp;

use trimtab_model::gate::{GateReading, GateVerdict};
use trimtab_model::id::ChangeId;
use trimtab_model::observed::{Inspected, Observed};

use crate::gate::Peak;

/// An observation, and when it was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// How many entries the journal had when it was asked for: what happened after those, it
    /// knows nothing of.
    pub after: u64,
    /// When, by the clock of whoever asked.
    pub at: Timestamp,
    /// What was seen.
    pub observed: Observed,
}

/// The facts about a change, and when they were read.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// How many entries the journal had when they were asked for.
    pub after: u64,
    /// When, by the clock of whoever asked.
    pub at: Timestamp,
    /// What was read.
    pub inspected: Inspected,
}

/// Metrics that were read, and what they were judged to mean: the same points mean the same as
/// long as the same is asked, and many decisions are made between two readings.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// What was read.
    pub reading: GateReading,
    verdict: OnceLock<(Asked, GateVerdict)>,
}

/// What a reading is judged by, besides what never changes while a plan is carried out.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Asked {
    /// Since when it is watched.
    pub(crate) since: Timestamp,
    /// When the change began.
    pub(crate) began: Timestamp,
    /// Whether a busy hour must have been seen.
    pub(crate) peak: Peak,
}

impl From<GateReading> for Read {
    fn from(reading: GateReading) -> Self {
        Self { reading, verdict: OnceLock::new() }
    }
}

impl Read {
    /// Returns the verdict that is known, or judges.
    pub(crate) fn verdict(
        &self,
        asked: Asked,
        judge: impl FnOnce(&GateReading) -> GateVerdict,
    ) -> GateVerdict {
        match self.verdict.get() {
            Some((known, verdict)) if *known == asked => verdict.clone(),
            _ => {
                let verdict = judge(&self.reading);
                // What was asked first stays; what is asked otherwise is judged each time.
                let _ = self.verdict.set((asked, verdict.clone()));
                verdict
            }
        }
    }
}

/// Whether somebody pulled the lever that stops everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Halt {
    /// Nobody did.
    #[default]
    Clear,
    /// Somebody did, and said this.
    Set(String),
}

/// Everything that was seen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Readings {
    /// The newest observation of each change.
    pub observed: BTreeMap<ChangeId, Seen>,
    /// The newest facts about each change.
    pub known: BTreeMap<ChangeId, Known>,
    /// The newest reading of the gates of each change.
    pub gates: BTreeMap<ChangeId, Read>,
    /// The lever.
    pub halt: Halt,
    /// Why the change calendar is closed, or could not be read; absent where it is open or
    /// there is none.
    pub calendar_closed: Option<String>,
}
