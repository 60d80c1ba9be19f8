//! Every call that a plan makes where all goes well, with its time.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use trimtab_model::call::Call;
use trimtab_model::id::ChangeId;
use trimtab_model::journal::{ChangeOutcome, Direction, Event, Journal};
use trimtab_model::plan::{Plan, Stage, StageRules, Wave};
use trimtab_model::price::PriceBook;
use trimtab_model::text::Reason;

use super::play::{End, Limits, play};
use super::world::World;
use crate::window;

/// Any seed will do: it only decides within which of the usual times something is done.
const SEED: u64 = 1;
/// Most decisions of one wave: a quarantine of weeks is looked at every hour.
const STEPS: usize = 5_000_000;

/// A call of a rehearsal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RehearsedCall {
    /// The change.
    pub change: ChangeId,
    /// When it is made.
    pub at: Timestamp,
    /// Until when the window is open in which it is made; absent outside of every window, where
    /// only what has begun is brought to its end.
    pub window_until: Option<Timestamp>,
    /// Which way it goes.
    pub direction: Direction,
    /// The step that it belongs to.
    pub step: String,
    /// The call.
    pub call: Call,
}

/// A plan, played in a world that is as the plan expects it and in which every gate passes.
#[derive(Debug, Clone, PartialEq)]
pub struct Rehearsal {
    /// The calls, in order.
    pub calls: Vec<RehearsedCall>,
    /// When each change begins, in order.
    pub begun: Vec<(ChangeId, Timestamp)>,
    /// Changes that would be refused, and why.
    pub refused: Vec<(ChangeId, Reason)>,
    /// Whether every change of the plan came to its end.
    pub is_complete: bool,
}

/// Plays a plan from a moment on, wave by wave, each stage approved as soon as it asks and each
/// change watched for its time.
pub fn rehearse(plan: &Plan, prices: Option<&PriceBook>, now: Timestamp) -> Rehearsal {
    let mut world = World::of_plan(plan, None, prices, now, SEED);
    let mut rehearsal =
        Rehearsal { calls: Vec::new(), begun: Vec::new(), refused: Vec::new(), is_complete: false };
    let limits = Limits { steps: STEPS, ..Limits::default() };
    let waves =
        plan.stages.iter().flat_map(|stage| stage.waves.iter().map(move |wave| (stage, wave)));
    for (stage, wave) in waves {
        let has_begun = !rehearsal.begun.is_empty();
        let part = unwatched(plan, stage, wave, has_begun);
        let played = play(&part, &mut world, Journal::default(), &limits);
        let watched = rehearsal.add(plan, &played.journal);
        let begun = |id: &ChangeId| rehearsal.begun.iter().any(|(begun, _)| begun == id);
        let all_begun = wave.changes.iter().all(|change| begun(&change.id));
        if !all_begun || !matches!(played.end, End::Finished(_)) {
            return rehearsal.in_order();
        }
        let rest = watched.unwrap_or(world.now()).duration_since(world.now());
        world.advance(rest.max(SignedDuration::ZERO));
    }
    rehearsal.is_complete = true;
    rehearsal.in_order()
}

impl Rehearsal {
    /// Adds what one wave did, and returns when all of it has been watched.
    fn add(&mut self, plan: &Plan, journal: &Journal) -> Option<Timestamp> {
        let mut watched: BTreeMap<ChangeId, Timestamp> = BTreeMap::new();
        for entry in journal.entries() {
            match &entry.event {
                Event::ChangeStarted { change, .. } => self.begun.push((change.clone(), entry.at)),
                Event::SoakStarted { change, .. } => {
                    let soak = plan.change(change).map_or(SignedDuration::ZERO, |one| one.soak);
                    let until = entry.at.saturating_add(soak).unwrap_or(entry.at);
                    watched.insert(change.clone(), until);
                }
                Event::Intent { change, direction, step, call } => {
                    // What was held is given back when the change has been watched.
                    let at = match direction {
                        Direction::Release => watched.get(change).copied().unwrap_or(entry.at),
                        Direction::Forward | Direction::Back => entry.at,
                    };
                    let environment = plan.change(change).map(|one| one.environment);
                    let window_until = environment
                        .and_then(|environment| window::open_until(&plan.rules, environment, at));
                    self.calls.push(RehearsedCall {
                        change: change.clone(),
                        at,
                        window_until,
                        direction: *direction,
                        step: step.clone(),
                        call: (**call).clone(),
                    });
                }
                Event::ChangeClosed { change, outcome: ChangeOutcome::Refused, reason, .. } => {
                    self.refused.push((change.clone(), reason.clone()));
                }
                _ => {}
            }
        }
        watched.into_values().max()
    }

    fn in_order(mut self) -> Self {
        self.calls.sort_by_key(|call| call.at);
        self
    }
}

/// Returns the plan of one wave, each change of which passes as soon as it is made. A plan that
/// has begun does not expire any more.
fn unwatched(plan: &Plan, stage: &Stage, wave: &Wave, has_begun: bool) -> Plan {
    let mut wave = wave.clone();
    for change in &mut wave.changes {
        change.gates.clear();
        change.soak = SignedDuration::ZERO;
    }
    let environment = stage.environment;
    let rules = StageRules { confirm_after: SignedDuration::ZERO, ..plan.rules.stage(environment) };
    let stage = Stage { waves: vec![wave], ..stage.clone() };
    let mut part = Plan { stages: vec![stage], ..plan.clone() };
    part.rules.stages.insert(environment, rules);
    if has_begun {
        part.expires_at = Timestamp::MAX;
    }
    part
}
