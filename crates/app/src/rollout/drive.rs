//! The loop: ask what is next, do it, write it down, ask again.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::{SignedDuration, Timestamp};

use trimtab_model::id::ChangeId;
use trimtab_model::journal::{ChangeOutcome, Entry, Event, RunOutcome, Wish};
use trimtab_model::observed::Attested;
use trimtab_model::plan::{Change, Plan};
use trimtab_model::text::{Reason, Text};
use trimtab_rollout::next::decide;
use trimtab_rollout::progress::{Phase, Progress};
use trimtab_rollout::{Actuator, Command, Known, Next, Readings, Seen, manual};
use trimtab_store::state::{StateError, WishWord};

use super::halt::halt_reason;
use super::recorder::{Hold, Recorder};
use crate::failure::{Failure, Kind};
use crate::pipeline::plan::heeded;

/// The longest that is waited without looking at the lever, the lease and the keyboard, where
/// time passes by itself.
pub const NAP: SignedDuration = SignedDuration::from_secs(20);
/// The reason for waiting for a window.
const WINDOW: &str = "window-closed";
/// How long until a look that failed is tried again.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_secs(15);

/// How the loop ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// The run is over.
    Finished(RunOutcome),
    /// A person must approve a stage.
    AwaitsApproval {
        /// Its index.
        stage: usize,
    },
    /// The stage that it was to end with is over, and the next has not begun.
    StageOver {
        /// The index of the next.
        next: usize,
    },
    /// The wave that it was to end with is over, and the next has not begun.
    WaveOver {
        /// The index of its stage.
        stage: usize,
    },
    /// It was interrupted, with nothing under way.
    Interrupted,
    /// Nothing is to be done before then, and whoever started it did not want to wait.
    Idle {
        /// Until when.
        until: Timestamp,
        /// What is waited for.
        why: Reason,
    },
}

/// Whoever wants to see what happens.
pub trait Observer {
    /// An entry was written.
    fn wrote(&mut self, entry: &Entry);

    /// Nothing is done until a moment.
    fn waits(&mut self, until: Timestamp, why: &Reason);

    /// A look failed, and is tried again.
    fn unseen(&mut self, change: &Change, reason: &Reason);
}

/// How long a run is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// Until it ends.
    Endless,
    /// No longer than this at a time, while nothing is under way or watched.
    Until(SignedDuration),
    /// The same, but for a window, which is waited for.
    Window(SignedDuration),
}

/// How far a run goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long it is waited for.
    pub patience: Patience,
    /// The last stage that is carried out; all where absent.
    pub last_stage: Option<usize>,
    /// The last wave of that stage that is carried out; all where absent.
    pub last_wave: Option<usize>,
    /// The longest that is waited without looking at the lever, the lease and the keyboard.
    pub nap: SignedDuration,
}

impl Patience {
    /// Returns how long at most is waited for something.
    fn most(self, why: &Reason) -> Option<SignedDuration> {
        match self {
            Self::Endless => None,
            Self::Window(_) if why.code == WINDOW => None,
            Self::Until(most) | Self::Window(most) => Some(most),
        }
    }
}

impl Limits {
    /// Returns the last stage where all of it that is to be carried out is well, and more of it
    /// is left.
    fn reached(self, plan: &Plan, progress: &Progress) -> Option<usize> {
        let (index, last_wave) = (self.last_stage?, self.last_wave?);
        let stage = plan.stages.get(index)?;
        let is_well = |change: &Change| {
            progress.changes.get(&change.id).is_some_and(|one| match one.phase {
                Phase::Passed { .. } => one.held.is_none(),
                Phase::Closed { outcome, .. } => {
                    matches!(outcome, ChangeOutcome::Confirmed | ChangeOutcome::Refused)
                }
                Phase::Forward | Phase::Soaking { .. } | Phase::Back { .. } => false,
            })
        };
        let (own, left) = stage.waves.split_at_checked(last_wave + 1)?;
        let before = plan.stages.iter().take(index).flat_map(|stage| &stage.waves);
        let is_over = before.chain(own).flat_map(|wave| &wave.changes).all(is_well);
        (is_over && !left.is_empty()).then_some(index)
    }

    /// Returns the stage that a step would begin, where that is beyond the last.
    fn passed(self, step: &Next) -> Option<usize> {
        let begun = match step {
            Next::AskApproval { stage } => *stage,
            Next::Record(event) => match **event {
                Event::StageStarted { stage } => stage,
                _ => return None,
            },
            _ => return None,
        };
        self.last_stage.filter(|last| begun > *last).map(|_| begun)
    }
}

/// Carries a run on until it ends, a person is needed, or it is interrupted.
///
/// # Errors
/// Fails when the journal or the audit log cannot be written, or the lease is lost. Nothing is
/// done after that.
pub async fn drive<A: Actuator>(
    recorder: &mut Recorder<'_>,
    plan: &Plan,
    actuator: &mut A,
    observer: &mut impl Observer,
    limits: Limits,
    interrupted: &AtomicBool,
) -> Result<Ended, Failure> {
    let mut readings = Readings::default();
    let looking = &mut readings;
    let ended = go(recorder, plan, actuator, observer, limits, interrupted, looking).await;
    ended.map_err(|failure| {
        let is_left = recorder.is_unwritable;
        if is_left { left(failure, recorder, plan, &readings, actuator.now()) } else { failure }
    })
}

/// Adds how a person brings back what cannot be gone on with.
fn left(
    mut failure: Failure,
    recorder: &Recorder<'_>,
    plan: &Plan,
    readings: &Readings,
    now: Timestamp,
) -> Failure {
    for (change, commands) in manual(plan, &recorder.journal, readings, now) {
        failure.kind = Kind::NeedsOperator;
        let commands = commands.join("; ");
        failure.causes.push(Text::new(
            format!("{change} may be out of service; by hand it comes back with: {commands}"),
            format!("{change} 변경의 리소스가 서비스에서 빠져 있을 수 있습니다. 직접 되돌리는 명령: {commands}"),
        ));
    }
    failure
}

async fn go<A: Actuator>(
    recorder: &mut Recorder<'_>,
    plan: &Plan,
    actuator: &mut A,
    observer: &mut impl Observer,
    limits: Limits,
    interrupted: &AtomicBool,
    readings: &mut Readings,
) -> Result<Ended, Failure> {
    loop {
        let now = actuator.now();
        let is_ending = recorder.renew(now)? == Hold::Ending;
        hear(recorder, plan, observer, now)?;
        readings.halt = halt_reason(recorder.state.data_dir());
        let calendars = &plan.rules.calendars;
        if !calendars.is_empty() {
            readings.calendar_closed = actuator.calendar_closed(calendars).await;
        }
        let is_interrupted = interrupted.load(Ordering::Relaxed);
        if is_interrupted && !is_under_way(recorder) {
            release(recorder)?;
            return Ok(Ended::Interrupted);
        }
        // How far it goes keeps nothing from being taken back.
        if limits.last_wave.is_some()
            && recorder.progress().wish != Some(Wish::Cancel)
            && let Some(stage) = limits.reached(plan, recorder.progress())
        {
            release(recorder)?;
            return Ok(Ended::WaveOver { stage });
        }
        let step = decide(plan, recorder.progress(), readings, now);
        if let Some(stage) = limits.passed(&step) {
            release(recorder)?;
            return Ok(Ended::StageOver { next: stage });
        }
        match step {
            Next::Observe(id) => {
                let Some(change) = plan.change(&id) else { return Err(foreign(&id.to_string())) };
                let after = recorder.journal.len();
                match actuator.observe(change).await {
                    Ok(observed) => {
                        let at = actuator.now();
                        readings.observed.insert(id, Seen { after, at, observed });
                    }
                    Err(unseen) => {
                        observer.unseen(change, &unseen.reason);
                        nap(actuator, now, LOOK_AGAIN.min(limits.nap)).await;
                    }
                }
            }
            Next::Inspect(id) => {
                let Some(change) = plan.change(&id) else { return Err(foreign(&id.to_string())) };
                let after = recorder.journal.len();
                match actuator.inspect(change).await {
                    Ok(mut inspected) => {
                        inspected.attested.extend(attested(recorder, plan, &id)?);
                        let at = actuator.now();
                        readings.known.insert(id, Known { after, at, inspected });
                    }
                    Err(unseen) => {
                        observer.unseen(change, &unseen.reason);
                        nap(actuator, now, LOOK_AGAIN).await;
                    }
                }
            }
            Next::ReadGate { change: id, query } => {
                let Some(change) = plan.change(&id) else { return Err(foreign(&id.to_string())) };
                let reading = actuator.read(change, &query).await;
                if let Some(watched) = query.periods.first() {
                    recorder.keep_courses(plan, &id, (watched.start(), &reading));
                }
                readings.gates.insert(id, reading.into());
            }
            Next::Perform(command) => {
                let Some(change) = plan.change(&command.change) else {
                    return Err(foreign(&command.change.to_string()));
                };
                perform(recorder, actuator, observer, change, &command).await?;
            }
            // Nothing new begins once somebody interrupted, or the lease may be lost.
            Next::Record(event)
                if (is_interrupted || is_ending)
                    && matches!(*event, Event::ChangeStarted { .. }) =>
            {
                nap(actuator, now, limits.nap).await;
            }
            Next::Record(event) => record(recorder, plan, observer, actuator.now(), *event)?,
            Next::Wait { until, why } => {
                observer.waits(until, &why);
                if let Some(most) = limits.patience.most(&why)
                    && until.duration_since(now) > most
                    && !is_watched(recorder)
                {
                    release(recorder)?;
                    return Ok(Ended::Idle { until, why });
                }
                nap(actuator, now, until.duration_since(now).min(limits.nap)).await;
            }
            Next::AskApproval { stage } => {
                if !approve(recorder, plan, observer, stage, now)? {
                    release(recorder)?;
                    return Ok(Ended::AwaitsApproval { stage });
                }
            }
            Next::Finished(outcome) => {
                release(recorder)?;
                return Ok(Ended::Finished(outcome));
            }
        }
    }
}

/// Writes the intent, makes the call, writes the outcome: in this order, whatever happens.
async fn perform<A: Actuator>(
    recorder: &mut Recorder<'_>,
    actuator: &mut A,
    observer: &mut impl Observer,
    change: &Change,
    command: &Command,
) -> Result<(), Failure> {
    recorder.announce(actuator.now(), command, change)?;
    let entry = recorder.write(actuator.now(), command.intent())?;
    observer.wrote(&entry);
    let result = actuator.perform(change, &command.call).await;
    let outcome = Event::Outcome { intent: entry.number, result: result.clone() };
    let entry = recorder.write(actuator.now(), outcome)?;
    observer.wrote(&entry);
    recorder.report(actuator.now(), command, change, &result)
}

/// Writes an event, and takes or gives back the resource that it is about.
fn record(
    recorder: &mut Recorder<'_>,
    plan: &Plan,
    observer: &mut impl Observer,
    now: Timestamp,
    event: Event,
) -> Result<(), Failure> {
    let change = event.change().and_then(|id| plan.change(id));
    let mut locked = None;
    if let (Event::ChangeStarted { .. }, Some(change)) = (&event, change) {
        locked =
            state(recorder.state.lock_resource(&change.resource, &recorder.run, &change.id, now))?;
    }
    let entry = recorder.write(now, event)?;
    observer.wrote(&entry);
    let Some(change) = change else { return Ok(()) };
    if let Some(lock) = locked {
        let reason = Reason::new(
            "locked",
            format!("Run {} is busy with the resource since {}.", lock.run, lock.since),
            format!("{} 실행이 {}부터 이 리소스를 작업하고 있습니다.", lock.run, lock.since),
        );
        let closed = Event::ChangeClosed {
            change: change.id.clone(),
            outcome: ChangeOutcome::Refused,
            reason,
            manual: Vec::new(),
        };
        let entry = recorder.write(now, closed)?;
        observer.wrote(&entry);
        return Ok(());
    }
    // A resource that needs a person stays taken until the person is done with it.
    if let Event::ChangeClosed { outcome, .. } = &entry.event
        && *outcome != ChangeOutcome::NeedsOperator
    {
        state(recorder.state.unlock_resource(&change.resource, &recorder.run))?;
    }
    Ok(())
}

/// Writes the approvals of a stage that the journal does not have; returns whether there was one.
fn approve(
    recorder: &mut Recorder<'_>,
    plan: &Plan,
    observer: &mut impl Observer,
    stage: usize,
    now: Timestamp,
) -> Result<bool, Failure> {
    let Some(wanted) = plan.stages.get(stage) else { return Ok(false) };
    let (Ok(hash), Ok(id)) = (plan.hash(), plan.id()) else { return Ok(false) };
    let known = recorder.progress().approvals.get(&stage).cloned().unwrap_or_default();
    let approvals = state(recorder.state.approvals(&id))?;
    let fresh = approvals.into_iter().find(|one| {
        one.stage == wanted.environment.as_str() && one.hash == hash && !known.contains(&one.by)
    });
    let Some(fresh) = fresh else { return Ok(false) };
    let approved = Event::StageApproved { stage, by: fresh.by, hash: fresh.hash };
    record(recorder, plan, observer, now, approved)?;
    Ok(true)
}

/// Writes what people asked of the run, each once.
fn hear(
    recorder: &mut Recorder<'_>,
    plan: &Plan,
    observer: &mut impl Observer,
    now: Timestamp,
) -> Result<(), Failure> {
    for asked in state(recorder.state.asked(&recorder.run))? {
        let by = asked.by.clone();
        let wished = |wish| Event::Wished { wish, by: by.clone() };
        let event = match (asked.word, &asked.change) {
            (WishWord::Pause, _) => Some(wished(Wish::Pause)),
            (WishWord::Resume, _) => Some(wished(Wish::Resume)),
            (WishWord::Cancel, _) => Some(wished(Wish::Cancel)),
            (WishWord::Unhold, Some(change)) => {
                Some(Event::Unheld { change: change.clone(), by: by.clone() })
            }
            (WishWord::Unhold, None) => None,
        };
        if let Some(event) = event {
            record(recorder, plan, observer, now, event)?;
        }
        state(recorder.state.heard(&asked))?;
    }
    Ok(())
}

/// Returns what people vouched for of a change, by row.
fn attested(
    recorder: &Recorder<'_>,
    plan: &Plan,
    change: &ChangeId,
) -> Result<BTreeMap<String, Attested>, Failure> {
    let Ok(hash) = plan.hash() else { return Ok(BTreeMap::new()) };
    let all = heeded(plan, state(recorder.state.attestations(&hash))?).into_iter();
    let own = all.filter(|one| one.change == *change);
    Ok(own.map(|one| (one.row, one.attested)).collect())
}

fn is_under_way(recorder: &Recorder<'_>) -> bool {
    recorder.progress().changes.values().any(|one| one.is_under_way())
}

/// Returns whether a change must not be left alone: a gate that nobody reads fails unseen.
fn is_watched(recorder: &Recorder<'_>) -> bool {
    recorder.progress().changes.values().any(|one| match one.phase {
        // What lies in quarantine for weeks is nobody's to wait for.
        Phase::Forward | Phase::Back { .. } => one.is_under_way(),
        // One that waits for a person is read again when the person speaks.
        Phase::Soaking { .. } => one.held.is_none(),
        Phase::Passed { .. } | Phase::Closed { .. } => false,
    })
}

fn release(recorder: &Recorder<'_>) -> Result<(), Failure> {
    state(recorder.state.release_lease(&recorder.lease))
}

async fn nap<A: Actuator>(actuator: &mut A, now: Timestamp, length: SignedDuration) {
    let until = now.saturating_add(length).unwrap_or(now);
    actuator.wait(until).await;
}

fn state<T>(result: Result<T, StateError>) -> Result<T, Failure> {
    result.map_err(|cause| Failure::from_error(Kind::Failed, &cause))
}

fn foreign(change: &str) -> Failure {
    Failure::new(
        Kind::Failed,
        (
            format!("the journal names {change}, which the plan does not have"),
            format!("기록에 있는 {change} 변경이 계획에 없습니다"),
        ),
    )
}
