//! What was just seen, as far as the next decision needs it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use trimtab_model::gate::GateReading;
use trimtab_model::id::ChangeId;
use trimtab_model::observed::{Inspected, Observed};

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
    pub gates: BTreeMap<ChangeId, GateReading>,
    /// The lever.
    pub halt: Halt,
    /// Why the change calendar is closed, or could not be read; absent where it is open or
    /// there is none.
    pub calendar_closed: Option<String>,
}
