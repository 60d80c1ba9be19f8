//! What a run can do next.

use jiff::Timestamp;

use trimtab_model::call::Call;
use trimtab_model::gate::GateQuery;
use trimtab_model::id::ChangeId;
use trimtab_model::journal::{Direction, Event, RunOutcome};
use trimtab_model::text::Reason;

/// A call to make, with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    /// The change.
    pub change: ChangeId,
    /// Which way.
    pub direction: Direction,
    /// The step.
    pub step: String,
    /// The call.
    pub call: Call,
}

impl Command {
    /// Returns the intent to write before the call is made.
    pub fn intent(&self) -> Event {
        Event::Intent {
            change: self.change.clone(),
            direction: self.direction,
            step: self.step.clone(),
            call: Box::new(self.call.clone()),
        }
    }
}

/// What is to be done. Whoever does it asks again afterwards.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    /// Write the intent, make the call, write the outcome.
    Perform(Box<Command>),
    /// Write this.
    Record(Box<Event>),
    /// Look at the resource of a change.
    Observe(ChangeId),
    /// Read everything that can stand in the way of a change.
    Inspect(ChangeId),
    /// Read the metrics of a change's gates.
    ReadGate {
        /// The change.
        change: ChangeId,
        /// What to read.
        query: GateQuery,
    },
    /// Nothing before then.
    Wait {
        /// Until when.
        until: Timestamp,
        /// What is waited for.
        why: Reason,
    },
    /// A person must approve this stage; nothing else is to be done meanwhile.
    AskApproval {
        /// Its index.
        stage: usize,
    },
    /// The run ended.
    Finished(RunOutcome),
}
