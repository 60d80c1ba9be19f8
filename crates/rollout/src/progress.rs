//! How far each change is: the journal, folded.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use trimtab_model::call::{Call, CallResult};
use trimtab_model::gate::GateVerdict;
use trimtab_model::id::ChangeId;
use trimtab_model::journal::{ChangeOutcome, Direction, Entry, Event, Journal, RunOutcome, Wish};
use trimtab_model::observed::Observed;
use trimtab_model::text::Reason;

use crate::sequence::DRILL_FAILED;

/// Where a change stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Phase {
    /// It is being made.
    Forward,
    /// It is made, and watched.
    Soaking {
        /// Since when.
        since: Timestamp,
    },
    /// Its gates passed: what was held for the way back is given back, and it waits for its
    /// confirmation.
    Passed {
        /// When.
        at: Timestamp,
    },
    /// It is being taken back.
    Back {
        /// Why.
        reason: Reason,
    },
    /// It ended.
    Closed {
        /// How.
        outcome: ChangeOutcome,
        /// When.
        at: Timestamp,
    },
}

/// A call and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// The number of its intent.
    pub number: u64,
    /// When it was about to be made.
    pub at: Timestamp,
    /// Which way.
    pub direction: Direction,
    /// Its step.
    pub step: String,
    /// The call.
    pub call: Call,
    /// The number of the outcome, when it was written, and what it says; absent where the run
    /// ended before there was any.
    pub outcome: Option<(u64, Timestamp, CallResult)>,
}

/// What the preflight of a change said.
#[derive(Debug, Clone, PartialEq)]
pub struct Preflight {
    /// When.
    pub at: Timestamp,
    /// Why nothing is done, where nothing is.
    pub refusal: Option<Reason>,
}

/// One change of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeProgress {
    /// Where it stands.
    pub phase: Phase,
    /// When it began.
    pub started_at: Timestamp,
    /// When its phase began.
    pub phase_at: Timestamp,
    /// What the resource was before.
    pub before: Observed,
    /// What it was when watching began.
    pub after: Option<Observed>,
    /// When watching began, the latest time.
    pub watched_since: Option<Timestamp>,
    /// What its latest preflight said.
    pub preflight: Option<Preflight>,
    /// Every call, in order.
    pub attempts: Vec<Attempt>,
    /// The latest verdict of its gates.
    pub verdict: Option<(Timestamp, GateVerdict)>,
    /// The number of the latest entry about it.
    pub latest: u64,
    /// When somebody took the run up again since it began.
    pub taken_up: Vec<Timestamp>,
    /// When a person last let it go on.
    pub unheld_at: Option<Timestamp>,
    /// Whether a person was called for it.
    pub is_paged: bool,
    /// Why nothing goes on with it, where nothing does.
    pub held: Option<Reason>,
}

/// One run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Progress {
    /// The changes that began, by identifier.
    pub changes: BTreeMap<ChangeId, ChangeProgress>,
    /// The changes in the order in which they began.
    pub order: Vec<ChangeId>,
    /// Stages that began, with their time.
    pub stages: BTreeMap<usize, Timestamp>,
    /// Who approved each stage.
    pub approvals: BTreeMap<usize, Vec<String>>,
    /// Waves that take no more changes, and why.
    pub halted: BTreeMap<(usize, usize), Reason>,
    /// What a person asked last; once a run is cancelled, it stays so.
    pub wish: Option<Wish>,
    /// How it ended.
    pub outcome: Option<RunOutcome>,
    /// The intents without an outcome, by number.
    pub open: Vec<u64>,
    /// Changes whose recovery point could not be had back.
    pub failed_drills: BTreeSet<ChangeId>,
}

impl ChangeProgress {
    /// Returns one that has just begun, by the entry of this number.
    pub fn begun(before: Observed, at: Timestamp, number: u64) -> Self {
        Self {
            phase: Phase::Forward,
            started_at: at,
            phase_at: at,
            before,
            after: None,
            watched_since: None,
            preflight: None,
            attempts: Vec::new(),
            verdict: None,
            latest: number,
            taken_up: Vec::new(),
            unheld_at: None,
            is_paged: false,
            held: None,
        }
    }

    /// Returns the latest call.
    pub fn last(&self) -> Option<&Attempt> {
        self.attempts.last()
    }

    /// Returns the calls of a step in a direction since the phase began, latest last.
    pub fn of_step<'a>(
        &'a self,
        direction: Direction,
        step: &'a str,
    ) -> impl DoubleEndedIterator<Item = &'a Attempt> {
        self.attempts
            .iter()
            .filter(move |attempt| attempt.direction == direction && attempt.step == step)
    }

    /// Returns whether a call was made that AWS may have carried out.
    pub fn has_mutated(&self) -> bool {
        self.attempts.iter().any(|attempt| {
            attempt.outcome.as_ref().is_none_or(|(_, _, result)| result.refusal().is_none())
        })
    }

    /// Returns whether a person let it go on since a moment.
    pub fn was_unheld_since(&self, moment: Timestamp) -> bool {
        self.unheld_at.is_some_and(|at| at >= moment)
    }

    /// Returns whether it waits for a person.
    pub fn is_held(&self) -> bool {
        self.held.is_some() && !self.is_closed()
    }

    /// Returns whether it ended.
    pub fn is_closed(&self) -> bool {
        matches!(self.phase, Phase::Closed { .. })
    }

    /// Returns whether its resource may be out of service because of us.
    ///
    /// What lies in quarantine is not: weeks of it would keep everything else from its turn.
    pub fn is_under_way(&self) -> bool {
        matches!(self.phase, Phase::Forward | Phase::Back { .. }) && !self.is_in_quarantine()
    }

    fn is_in_quarantine(&self) -> bool {
        let is_tagged = |last: &Attempt| {
            let is_refused = matches!(&last.outcome, Some((_, _, CallResult::Refused { .. })));
            matches!(last.call, Call::Quarantine { .. }) && !is_refused
        };
        self.phase == Phase::Forward && self.last().is_some_and(is_tagged)
    }
}

impl Progress {
    /// Folds a journal.
    pub fn of(journal: &Journal) -> Self {
        let mut progress = Self::default();
        for entry in journal.entries() {
            progress.fold(entry);
        }
        progress
    }

    /// Returns whether any change waits for a person.
    pub fn is_held(&self) -> bool {
        self.changes.values().any(ChangeProgress::is_held)
    }

    /// Adds what one more entry says.
    pub fn fold(&mut self, entry: &Entry) {
        let at = entry.at;
        // A preflight touches nothing: what was seen before it is as true behind it.
        let is_preflight = matches!(entry.event, Event::PreflightJudged { .. });
        if let Some(change) = entry.event.change().filter(|_| !is_preflight) {
            self.with(change, |one| one.latest = entry.number);
        }
        match &entry.event {
            Event::RunStarted { .. } | Event::Adopted { .. } => {}
            Event::LeaseTaken { .. } => {
                self.changes.values_mut().for_each(|one| one.taken_up.push(at));
            }
            // What is to be taken back is not made after all, whatever is asked afterwards.
            Event::Wished { .. } if self.wish == Some(Wish::Cancel) => {}
            Event::Wished { wish, .. } => self.wish = Some(*wish),
            Event::StageStarted { stage } => {
                self.stages.insert(*stage, at);
            }
            Event::StageApproved { stage, by, .. } => {
                self.approvals.entry(*stage).or_default().push(by.clone());
            }
            Event::WaveHalted { stage, wave, reason } => {
                self.halted.insert((*stage, *wave), reason.clone());
            }
            Event::ChangeStarted { change, before } => {
                let begun = ChangeProgress::begun((**before).clone(), at, entry.number);
                self.changes.insert(change.clone(), begun);
                self.order.push(change.clone());
            }
            Event::PreflightJudged { change, refusal, .. } => self.with(change, |one| {
                one.preflight = Some(Preflight { at, refusal: refusal.clone() });
            }),
            Event::Intent { change, direction, step, call } => {
                let attempt = Attempt {
                    number: entry.number,
                    at,
                    direction: *direction,
                    step: step.clone(),
                    call: (**call).clone(),
                    outcome: None,
                };
                self.open.push(entry.number);
                self.with(change, |one| one.attempts.push(attempt));
            }
            Event::Outcome { intent, result } => {
                self.open.retain(|open| open != intent);
                let attempts = self.changes.values_mut().flat_map(|one| &mut one.attempts);
                for attempt in attempts.filter(|attempt| attempt.number == *intent) {
                    attempt.outcome = Some((entry.number, at, result.clone()));
                }
                let owners = self.changes.values_mut();
                for one in owners.filter(|one| one.attempts.iter().any(|one| one.number == *intent))
                {
                    one.latest = entry.number;
                }
            }
            Event::SoakStarted { change, after } => self.with(change, |one| {
                one.enter(Phase::Soaking { since: at }, at);
                one.after = Some((**after).clone());
                one.watched_since = Some(at);
            }),
            Event::SoakRestarted { change, after, .. } => self.with(change, |one| {
                one.enter(Phase::Soaking { since: at }, at);
                one.after = Some((**after).clone());
                one.watched_since = Some(at);
            }),
            Event::GateJudged { change, verdict, .. } => self.with(change, |one| {
                let passes = verdict.state == trimtab_model::gate::GateState::Pass;
                if passes && matches!(one.phase, Phase::Soaking { .. }) {
                    one.enter(Phase::Passed { at }, at);
                }
                one.verdict = Some((at, verdict.clone()));
            }),
            Event::Paged { change, .. } => self.with(change, |one| one.is_paged = true),
            Event::Held { change, reason } => {
                self.with(change, |one| one.held = Some(reason.clone()));
            }
            Event::Unheld { change, .. } => self.with(change, |one| {
                one.held = None;
                one.unheld_at = Some(at);
            }),
            Event::RollbackStarted { change, reason } => {
                if reason.code == DRILL_FAILED {
                    self.failed_drills.insert(change.clone());
                }
                self.with(change, |one| {
                    one.held = None;
                    one.enter(Phase::Back { reason: reason.clone() }, at);
                });
            }
            Event::ChangeClosed { change, outcome, .. } => {
                self.with(change, |one| one.enter(Phase::Closed { outcome: *outcome, at }, at));
            }
            Event::RunClosed { outcome } => self.outcome = Some(*outcome),
        }
    }

    fn with(&mut self, change: &ChangeId, fold: impl FnOnce(&mut ChangeProgress)) {
        if let Some(one) = self.changes.get_mut(change) {
            fold(one);
        }
    }
}

impl ChangeProgress {
    fn enter(&mut self, phase: Phase, at: Timestamp) {
        self.phase = phase;
        self.phase_at = at;
    }
}
