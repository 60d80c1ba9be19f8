//! A run in a simulated world: the driver's loop without anything real in it.

use jiff::{SignedDuration, Timestamp};

use trimtab_model::id::{ChangeId, RunId};
use trimtab_model::journal::{Event, Journal, RunOutcome};
use trimtab_model::plan::Plan;

use super::world::World;
use crate::next::{Next, decide};
use crate::progress::Progress;
use crate::readings::{Known, Readings, Seen};

/// Most things done without any time passing: more is a loop that never ends.
const MOST_AT_ONCE: usize = 500;
/// How long a run that waits for a person is looked at before it is given up.
const PATIENCE: SignedDuration = SignedDuration::from_mins(5);

/// How far a run goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Ends behind the n-th thing that can be ended behind, from 1 on: an entry written, or a
    /// call made whose outcome is not written.
    pub stop_after: Option<usize>,
    /// Most decisions.
    pub steps: usize,
    /// What persons write into the journal, and when, in order.
    pub people: Vec<(Timestamp, Event)>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { stop_after: None, steps: 200_000, people: Vec::new() }
    }
}

/// Why it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The run ended.
    Finished(RunOutcome),
    /// It was ended from outside.
    Killed,
    /// A person must decide something.
    WaitsForPerson,
    /// It did more than it may, or did things for ever without time passing.
    Endless,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Played {
    /// The journal.
    pub journal: Journal,
    /// Why it ended.
    pub end: End,
    /// Calls made.
    pub calls: usize,
    /// Points at which it could have been ended.
    pub points: usize,
    /// Changes for which a person was called, and when.
    pub paged: Vec<(ChangeId, Timestamp)>,
}

impl Played {
    /// Returns how the run ended, if it did.
    pub fn outcome(&self) -> Option<RunOutcome> {
        match self.end {
            End::Finished(outcome) => Some(outcome),
            End::Killed | End::WaitsForPerson | End::Endless => None,
        }
    }
}

/// Plays a plan until it ends, or until it may not go on. A journal that is not empty is gone
/// on with, as by somebody who knows nothing else of it.
pub fn play(plan: &Plan, world: &mut World, journal: Journal, limits: &Limits) -> Played {
    let mut player = Player::of(plan, world, journal, limits);
    let end = player.run().unwrap_or(End::Killed);
    let paged = player.journal.entries().iter().filter_map(|entry| match &entry.event {
        Event::Paged { change, .. } => Some((change.clone(), entry.at)),
        _ => None,
    });
    let paged = paged.collect();
    Played { paged, end, calls: player.calls, points: player.points, journal: player.journal }
}

struct Player<'a> {
    plan: &'a Plan,
    world: &'a mut World,
    limits: &'a Limits,
    journal: Journal,
    progress: Progress,
    readings: Readings,
    fence: u64,
    calls: usize,
    points: usize,
    said: usize,
    waits_since: Option<Timestamp>,
}

/// It was ended from outside.
struct Stopped;

impl<'a> Player<'a> {
    fn of(plan: &'a Plan, world: &'a mut World, journal: Journal, limits: &'a Limits) -> Self {
        let fence = journal.entries().last().map_or(1, |last| last.fence + 1);
        let progress = Progress::of(&journal);
        Self {
            plan,
            world,
            limits,
            journal,
            progress,
            readings: Readings::default(),
            fence,
            calls: 0,
            points: 0,
            said: 0,
            waits_since: None,
        }
    }

    fn run(&mut self) -> Result<End, Stopped> {
        self.begin()?;
        let (mut at_once, mut since) = (0, self.world.now());
        for _ in 0..self.limits.steps {
            self.listen()?;
            self.readings.halt = self.world.halt().clone();
            self.readings.calendar_closed = self.world.calendar_closed().map(str::to_owned);
            let next = decide(self.plan, &self.progress, &self.readings, self.world.now());
            if let Some(end) = self.follow(next)? {
                return Ok(end);
            }
            at_once = if self.world.now() > since { 0 } else { at_once + 1 };
            since = self.world.now();
            if at_once > MOST_AT_ONCE {
                return Ok(End::Endless);
            }
        }
        Ok(End::Endless)
    }

    fn begin(&mut self) -> Result<(), Stopped> {
        let operator = "operator".to_owned();
        let host = "simulated".to_owned();
        if let Some(last) = self.journal.entries().last() {
            if matches!(last.event, Event::RunClosed { .. }) {
                return Ok(());
            }
            let from = Some(operator.clone());
            return self.write(Event::LeaseTaken { operator, host, from });
        }
        let plan = self.plan.id().unwrap_or_else(|_| "P-unknown".into());
        let run = RunId::new("run-1");
        self.write(Event::RunStarted { run, plan, hash: self.hash(), operator, host })
    }

    /// Returns what is approved; a plan that cannot be written down has nothing to approve.
    fn hash(&self) -> String {
        self.plan.hash().unwrap_or_default()
    }

    /// Writes what persons said by now.
    fn listen(&mut self) -> Result<(), Stopped> {
        while let Some((at, event)) = self.limits.people.get(self.said) {
            if *at > self.world.now() {
                break;
            }
            self.said += 1;
            self.waits_since = None;
            self.write(event.clone())?;
        }
        Ok(())
    }

    fn follow(&mut self, next: Next) -> Result<Option<End>, Stopped> {
        match next {
            Next::Perform(command) => {
                self.write(command.intent())?;
                let intent = self.journal.len() - 1;
                let result = self.world.perform(&command.call);
                self.calls += 1;
                self.point()?;
                self.write(Event::Outcome { intent, result })?;
            }
            Next::Record(event) => self.write(*event)?,
            Next::Observe(id) => {
                if let Some(change) = self.plan.change(&id) {
                    let after = self.journal.len();
                    let observed = self.world.observe(change);
                    let at = self.world.now();
                    self.readings.observed.insert(id, Seen { after, at, observed });
                }
            }
            Next::Inspect(id) => {
                if let Some(change) = self.plan.change(&id) {
                    let after = self.journal.len();
                    let inspected = self.world.inspect(change);
                    let at = self.world.now();
                    self.readings.known.insert(id, Known { after, at, inspected });
                }
            }
            Next::ReadGate { change, query } => {
                let reading = self.world.read(&query);
                self.readings.gates.insert(change, reading.into());
            }
            Next::Wait { until, why } => return Ok(self.wait(until, &why.code)),
            Next::AskApproval { stage } => {
                let known = self.progress.approvals.get(&stage).map_or(0, Vec::len);
                let by = format!("approver-{}", known + 1);
                self.write(Event::StageApproved { stage, by, hash: self.hash() })?;
            }
            Next::Finished(outcome) => return Ok(Some(End::Finished(outcome))),
        }
        Ok(None)
    }

    fn wait(&mut self, until: Timestamp, code: &str) -> Option<End> {
        let now = self.world.now();
        let spoken = self.limits.people.get(self.said).map(|(at, _)| *at);
        if code == "waits-for-a-person" {
            let since = *self.waits_since.get_or_insert(now);
            let hears_nobody = spoken.is_none() && now.duration_since(since) > PATIENCE;
            if hears_nobody {
                return Some(End::WaitsForPerson);
            }
        } else {
            self.waits_since = None;
        }
        let until = spoken.map_or(until, |spoken| spoken.min(until));
        self.world.advance(until.duration_since(now).max(SignedDuration::ZERO));
        None
    }

    fn write(&mut self, event: Event) -> Result<(), Stopped> {
        let entry = self.journal.append(self.world.now(), self.fence, event);
        self.progress.fold(&entry);
        self.point()
    }

    /// Counts a point at which a run may end, and ends it there.
    fn point(&mut self) -> Result<(), Stopped> {
        self.points += 1;
        if self.limits.stop_after == Some(self.points) { Err(Stopped) } else { Ok(()) }
    }
}
