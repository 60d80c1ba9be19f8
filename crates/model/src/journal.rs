//! What a run did, in order: the only memory of it.
//!
//! An intent is written before each call and its outcome after it, both to the disk before
//! anything else happens. Everything that a run decides later, it decides from here and from
//! what it observes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::call::{Call, CallResult};
use crate::gate::GateVerdict;
use crate::id::{ChangeId, PlanId, RunId};
use crate::observed::{JudgedRow, Observed};
use crate::text::Reason;

/// Which way a change goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Towards the plan.
    Forward,
    /// Back to what was.
    Back,
    /// Neither: what was only held for the way is given back.
    Release,
}

/// How a change ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeOutcome {
    /// As planned, watched, and well.
    Confirmed,
    /// As it was before, in service.
    Original,
    /// Nothing was changed.
    Refused,
    /// Neither: a person must look.
    NeedsOperator,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunOutcome {
    /// Every change that could be made was confirmed.
    Complete,
    /// A gate failed or a change did not succeed; what it touched is as it was before.
    RolledBack,
    /// Some of it is confirmed, some is not.
    Partial,
    /// Nothing was changed.
    Refused,
    /// A person cancelled it.
    Cancelled,
    /// A person must look.
    NeedsOperator,
}

/// What a person asked of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wish {
    /// Start nothing more; finish what is under way.
    Pause,
    /// Go on.
    Resume,
    /// Start nothing more, and take back what is not confirmed.
    Cancel,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The run began.
    RunStarted {
        /// The run.
        run: RunId,
        /// The plan.
        plan: PlanId,
        /// The hash that was approved.
        hash: String,
        /// Who runs it.
        operator: String,
        /// On which machine.
        host: String,
    },
    /// Somebody took the lease.
    LeaseTaken {
        /// Who.
        operator: String,
        /// On which machine.
        host: String,
        /// From whom, where it was not free.
        from: Option<String>,
    },
    /// A person asked something of the run.
    Wished {
        /// What.
        wish: Wish,
        /// Who.
        by: String,
    },
    /// A stage began.
    StageStarted {
        /// Its index.
        stage: usize,
    },
    /// A person approved a stage.
    StageApproved {
        /// Its index.
        stage: usize,
        /// Who.
        by: String,
        /// The hash that was typed.
        hash: String,
    },
    /// A wave takes no more changes.
    WaveHalted {
        /// The stage's index.
        stage: usize,
        /// The wave's index.
        wave: usize,
        /// Why.
        reason: Reason,
    },
    /// A change began.
    ChangeStarted {
        /// The change.
        change: ChangeId,
        /// What its resource was just before: what the way back leads to.
        before: Box<Observed>,
    },
    /// Everything that can stand in the way was read and judged, before the resource was touched.
    PreflightJudged {
        /// The change.
        change: ChangeId,
        /// How many rows of its table there are.
        rows: usize,
        /// Those that say more than that nothing is in the way.
        found: Vec<JudgedRow>,
        /// Why nothing is done, where nothing is.
        refusal: Option<Reason>,
    },
    /// A call is about to be made.
    Intent {
        /// The change.
        change: ChangeId,
        /// Which way.
        direction: Direction,
        /// The step that it belongs to.
        step: String,
        /// The call.
        call: Box<Call>,
    },
    /// What came of a call.
    Outcome {
        /// The number of its intent.
        intent: u64,
        /// What came of it.
        result: CallResult,
    },
    /// The planned state is reached, and watching begins.
    SoakStarted {
        /// The change.
        change: ChangeId,
        /// What the resource is now.
        after: Box<Observed>,
    },
    /// Watching begins anew, because something outside happened.
    SoakRestarted {
        /// The change.
        change: ChangeId,
        /// What the resource is now.
        after: Box<Observed>,
        /// What.
        reason: Reason,
    },
    /// The gates were read and decided something.
    GateJudged {
        /// The change.
        change: ChangeId,
        /// What they say.
        verdict: GateVerdict,
        /// SHA-256 of the points that it rests on.
        evidence: String,
    },
    /// A person was called, for the resource is out of service longer than the plan allows. The
    /// change goes on.
    Paged {
        /// The change.
        change: ChangeId,
        /// Why.
        reason: Reason,
    },
    /// Nothing goes on with a change until a person says so.
    Held {
        /// The change.
        change: ChangeId,
        /// Why.
        reason: Reason,
    },
    /// A person let a held change go on.
    Unheld {
        /// The change.
        change: ChangeId,
        /// Who.
        by: String,
    },
    /// The way back began.
    RollbackStarted {
        /// The change.
        change: ChangeId,
        /// Why.
        reason: Reason,
    },
    /// A change ended.
    ChangeClosed {
        /// The change.
        change: ChangeId,
        /// How.
        outcome: ChangeOutcome,
        /// Why.
        reason: Reason,
        /// The exact commands for the person who must look; empty otherwise.
        manual: Vec<String>,
    },
    /// The run ended.
    RunClosed {
        /// How.
        outcome: RunOutcome,
    },
}

impl Event {
    /// Returns the change that it is about.
    pub fn change(&self) -> Option<&ChangeId> {
        match self {
            Self::ChangeStarted { change, .. }
            | Self::PreflightJudged { change, .. }
            | Self::Intent { change, .. }
            | Self::SoakStarted { change, .. }
            | Self::SoakRestarted { change, .. }
            | Self::GateJudged { change, .. }
            | Self::Paged { change, .. }
            | Self::Held { change, .. }
            | Self::Unheld { change, .. }
            | Self::RollbackStarted { change, .. }
            | Self::ChangeClosed { change, .. } => Some(change),
            Self::RunStarted { .. }
            | Self::LeaseTaken { .. }
            | Self::Wished { .. }
            | Self::StageStarted { .. }
            | Self::StageApproved { .. }
            | Self::WaveHalted { .. }
            | Self::Outcome { .. }
            | Self::RunClosed { .. } => None,
        }
    }
}

/// An event with its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number, from 0 on, without a gap.
    pub number: u64,
    /// When, by the clock of whoever wrote it.
    pub at: Timestamp,
    /// The fencing number of the lease that it was written under.
    pub fence: u64,
    /// What happened.
    pub event: Event,
}

/// The entries of one run, in order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Journal {
    entries: Vec<Entry>,
}

impl Journal {
    /// Makes a journal of entries in order.
    pub fn new(entries: Vec<Entry>) -> Self {
        Self { entries }
    }

    /// Returns the entries.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Returns how many entries there are: the number of the next one.
    pub fn len(&self) -> u64 {
        self.entries.len() as u64
    }

    /// Returns whether nothing has happened.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds an event, and returns its entry.
    pub fn append(&mut self, at: Timestamp, fence: u64, event: Event) -> Entry {
        let entry = Entry { number: self.len(), at, fence, event };
        self.entries.push(entry.clone());
        entry
    }
}
