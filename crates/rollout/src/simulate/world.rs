//! The control planes that a rollout touches, with a clock of their own.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use trimtab_model::action::Action;
use trimtab_model::call::{Call, CallResult};
use trimtab_model::gate::{GateQuery, GateReading};
use trimtab_model::id::{ChangeId, ResourceId};
use trimtab_model::observed::Observed;
use trimtab_model::plan::{Change, Fingerprint};
use trimtab_model::resource::ResourceKind;

use super::answer::result;
use super::demand::Demand;
use super::fault::{Fault, FaultKind, ForeignChange, Trigger};
use super::metrics::{Asked, Outage, Workload};
use super::of_plan::complete;
use super::state::{State, Times};
use crate::readings::Halt;

/// How far back a stale answer can reach.
const MEMORY: SignedDuration = SignedDuration::from_mins(20);
/// What a client waits before it reads again that was refused as too fast.
const BACKOFF: SignedDuration = SignedDuration::from_secs(2);

/// AWS, as far as it is simulated.
///
/// It begins empty; [`super::setup`] fills it. The same seed, the same contents and the same
/// calls give the same answers.
#[derive(Debug, Clone)]
pub struct World {
    pub(super) state: State,
    /// What was true since when: describe calls may still answer with it.
    past: Vec<(Timestamp, State)>,
    pub(super) lag: SignedDuration,
    faults: Vec<Armed>,
    delayed: Vec<(Timestamp, Call)>,
    denied: BTreeSet<String>,
    pub(super) resources: BTreeMap<ChangeId, ResourceId>,
    happened: Vec<Happened>,
    halt: Halt,
    calendar_closed: Option<String>,
    pub(super) workloads: BTreeMap<ResourceId, Workload>,
    pub(super) demands: BTreeMap<ResourceId, Demand>,
    /// The machines behind each load balancer.
    pub(super) balanced: BTreeMap<ResourceId, Vec<ResourceId>>,
    /// What identifies resources beyond what is simulated of them.
    pub(super) known: BTreeMap<ResourceId, Fingerprint>,
    silences: Vec<(ResourceId, Timestamp, Timestamp)>,
    is_metrics_forbidden: bool,
    seed: u64,
}

#[derive(Debug, Clone)]
struct Armed {
    fault: Fault,
    counted: usize,
    is_done: bool,
}

/// Something that happened in the world.
#[derive(Debug, Clone, PartialEq)]
pub struct Happened {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: Deed,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// Somebody made a call.
    Called {
        /// The call.
        call: Box<Call>,
        /// What the caller was told.
        told: CallResult,
        /// What AWS made of it; absent where it did not arrive, or not yet.
        real: Option<CallResult>,
    },
    /// A call arrived that its caller gave up.
    Arrived {
        /// The call.
        call: Box<Call>,
        /// What AWS made of it.
        real: CallResult,
    },
    /// Somebody else did something.
    Disturbed {
        /// To what.
        resource: ResourceId,
        /// What.
        change: ForeignChange,
    },
}

impl World {
    /// Makes an empty world at a moment.
    pub fn new(now: Timestamp, seed: u64, times: Times) -> Self {
        Self {
            state: State::new(now, seed, times),
            past: Vec::new(),
            lag: SignedDuration::ZERO,
            faults: Vec::new(),
            delayed: Vec::new(),
            denied: BTreeSet::new(),
            resources: BTreeMap::new(),
            happened: Vec::new(),
            halt: Halt::Clear,
            calendar_closed: None,
            workloads: BTreeMap::new(),
            demands: BTreeMap::new(),
            balanced: BTreeMap::new(),
            known: BTreeMap::new(),
            silences: Vec::new(),
            is_metrics_forbidden: false,
            seed,
        }
    }

    /// Returns what time it is there.
    pub fn now(&self) -> Timestamp {
        self.state.now
    }

    /// Lets something go wrong.
    pub fn inject(&mut self, fault: Fault) {
        self.faults.push(Armed { fault, counted: 0, is_done: false });
    }

    /// Returns whether somebody pulled the lever.
    pub fn halt(&self) -> &Halt {
        &self.halt
    }

    /// Returns why the change calendar is closed.
    pub fn calendar_closed(&self) -> Option<&str> {
        self.calendar_closed.as_deref()
    }

    /// Returns what happened, in order.
    pub fn history(&self) -> &[Happened] {
        &self.happened
    }

    /// Lets time pass.
    pub fn advance(&mut self, by: SignedDuration) {
        let end = self.now().saturating_add(by).unwrap_or(Timestamp::MAX);
        while let Some(at) = self.soonest().filter(|at| *at <= end) {
            self.state.advance_to(at);
            self.let_happen(at);
        }
        self.state.advance_to(end);
    }

    /// Describes the resource of a change, as AWS would now.
    pub fn observe(&mut self, change: &Change) -> Observed {
        self.resources.insert(change.id.clone(), change.resource.id.clone());
        let mut age = self.lag;
        loop {
            let kinds = self.due(Some(&change.id), None);
            let is_throttled = kinds.contains(&FaultKind::ThrottleRead);
            for kind in kinds {
                match kind {
                    FaultKind::StaleObservation(by) => age = age.max(by),
                    other => self.strike(&other, Some(&change.resource.id)),
                }
            }
            if !is_throttled {
                break;
            }
            self.advance(BACKOFF);
        }
        let mut observed = describe(&self.seen(age), change);
        if let Some(known) = self.known.get(&change.resource.id) {
            complete(&mut observed, known);
        }
        observed
    }

    /// Makes a call, as one that is in the plan of whoever drives.
    pub fn perform(&mut self, call: &Call) -> CallResult {
        let resource = self.resource_of(call);
        let change = self.change_of(call, resource.as_ref());
        let kinds = self.due(change.as_ref(), Some(call.iam_action()));
        for kind in &kinds {
            self.strike(kind, resource.as_ref());
        }
        let (told, real) = self.answer(call, &kinds);
        let call = Box::new(call.clone());
        self.note(Deed::Called { call, told: told.clone(), real });
        told
    }

    /// Reads metrics.
    pub fn read(&mut self, query: &GateQuery) -> GateReading {
        let mut outages: Vec<Outage<'_>> = self
            .silences
            .iter()
            .map(|(of, from, until)| Outage::Silent(of, *from, *until))
            .collect();
        if self.is_metrics_forbidden {
            outages.push(Outage::Forbidden);
        }
        let asked = |id: &ResourceId| {
            let workload = self.workloads.get(id).cloned()?;
            let demand = self.demands.get(id).cloned().unwrap_or_default();
            Some((id.clone(), Asked { workload, demand }))
        };
        let asked = |id: &ResourceId| match self.balanced.get(id) {
            Some(machines) => machines.iter().filter_map(asked).collect(),
            None => asked(id).into_iter().collect(),
        };
        self.state.metrics(query, asked, &outages, self.seed)
    }

    fn answer(&mut self, call: &Call, kinds: &[FaultKind]) -> (CallResult, Option<CallResult>) {
        let number = self.happened.len();
        let lost = || CallResult::Unknown { why: "no answer in time".to_owned() };
        if self.denied.contains(call.iam_action()) {
            let code = match call.iam_action().split(':').next() {
                Some("ec2") => "UnauthorizedOperation",
                _ => "AccessDenied",
            };
            let refused = refused(code, format!("{} is denied", call.iam_action()), number);
            return (refused.clone(), Some(refused));
        }
        for kind in kinds {
            match kind {
                FaultKind::Refuse(code) => {
                    let refused = refused(code, "refused on purpose", number);
                    return (refused.clone(), Some(refused));
                }
                FaultKind::LoseRequest => return (lost(), None),
                FaultKind::LoseResponse => {
                    let real = self.carry_out(call, number);
                    return (lost(), Some(real));
                }
                FaultKind::DelayApply(by) => {
                    let at = self.now().saturating_add(*by).unwrap_or(Timestamp::MAX);
                    self.delayed.push((at, call.clone()));
                    return (lost(), None);
                }
                FaultKind::Twice => {
                    self.carry_out(call, number);
                }
                _ => {}
            }
        }
        let real = self.carry_out(call, number);
        (real.clone(), Some(real))
    }

    fn carry_out(&mut self, call: &Call, number: usize) -> CallResult {
        self.remember();
        let real = result(self.state.carry_out(call), number);
        self.remember();
        real
    }

    /// Returns the next moment at which something happens that is not AWS's own course.
    fn soonest(&self) -> Option<Timestamp> {
        let at = |armed: &Armed| match armed.fault.when {
            Trigger::At(at) if !armed.is_done => Some(at),
            _ => None,
        };
        let faults = self.faults.iter().filter_map(at);
        faults.chain(self.delayed.iter().map(|(at, _)| *at)).min()
    }

    fn let_happen(&mut self, now: Timestamp) {
        let (over, rest): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.delayed).into_iter().partition(|(at, _)| *at <= now);
        self.delayed = rest;
        for (_, call) in over {
            let real = self.carry_out(&call, self.happened.len());
            self.note(Deed::Arrived { call: Box::new(call), real });
        }
        let mut struck = Vec::new();
        for armed in &mut self.faults {
            if !armed.is_done && matches!(armed.fault.when, Trigger::At(at) if at <= now) {
                armed.is_done = true;
                struck.push((armed.fault.kind.clone(), armed.fault.of.clone()));
            }
        }
        for (kind, of) in struck {
            let resource = of.and_then(|of| self.resources.get(&of).cloned());
            self.strike(&kind, resource.as_ref());
        }
    }

    /// Counts a call or an observation, and returns what it sets off.
    fn due(&mut self, change: Option<&ChangeId>, action: Option<&str>) -> Vec<FaultKind> {
        let mut kinds = Vec::new();
        for armed in &mut self.faults {
            let fault = &armed.fault;
            let number = match (fault.when, action) {
                (Trigger::Call(number), Some(_)) | (Trigger::Observation(number), None) => number,
                _ => continue,
            };
            let is_its = fault.of.as_ref().is_none_or(|of| Some(of) == change);
            let is_action = fault.action.as_deref().is_none_or(|of| Some(of) == action);
            if !is_its || !is_action {
                continue;
            }
            armed.counted += 1;
            if (number..number.saturating_add(fault.times)).contains(&armed.counted) {
                kinds.push(fault.kind.clone());
            }
        }
        kinds
    }

    /// Lets a fault change the world. What only bends one answer changes nothing.
    fn strike(&mut self, kind: &FaultKind, resource: Option<&ResourceId>) {
        if !kind.changes_the_world() {
            return;
        }
        let now = self.now();
        self.remember();
        let later = |by: SignedDuration| now.saturating_add(by).unwrap_or(Timestamp::MAX);
        match kind {
            FaultKind::NoCapacity(of, lasts) => {
                self.state.capacity.gone.insert(of.clone(), later(*lasts));
            }
            FaultKind::Quota(most) => self.state.capacity.quota = Some(*most),
            FaultKind::KeyDisabled(key) => {
                self.state.dead_keys.insert(key.clone());
            }
            FaultKind::DenyAction(action) => {
                self.denied.insert(action.clone());
            }
            FaultKind::Halt(why) => self.halt = Halt::Set(why.clone()),
            FaultKind::Unhalt => self.halt = Halt::Clear,
            FaultKind::CalendarClosed(why) => self.calendar_closed = Some(why.clone()),
            FaultKind::MetricsForbidden => self.is_metrics_forbidden = true,
            other => {
                for id in self.those(resource) {
                    self.strike_one(other, &id);
                }
            }
        }
        self.remember();
    }

    fn strike_one(&mut self, kind: &FaultKind, id: &ResourceId) {
        let now = self.now();
        match kind {
            FaultKind::StartFails(reason) => {
                self.state.failing_starts.insert(id.clone(), reason.clone());
            }
            FaultKind::SnapshotError => {
                let volumes = self.state.machines.get(id).map(|one| one.volumes.clone());
                self.state.failing_snapshots.extend(volumes.unwrap_or_default());
                self.state.failing_snapshots.insert(id.clone());
            }
            FaultKind::Ails(ailment, only) => {
                self.state.ailments.push((id.clone(), *ailment, only.clone()));
            }
            FaultKind::Foreign(change) => {
                self.state.disturb(id, change);
                let (resource, change) = (id.clone(), change.clone());
                self.note(Deed::Disturbed { resource, change });
            }
            FaultKind::Silent(lasts) => {
                let until = now.saturating_add(*lasts).unwrap_or(Timestamp::MAX);
                self.silences.push((id.clone(), now, until));
            }
            _ => {}
        }
    }

    /// Returns the resource that a fault is about; every instance where it names none.
    fn those(&self, resource: Option<&ResourceId>) -> Vec<ResourceId> {
        match resource {
            Some(id) => vec![id.clone()],
            None => self.state.machines.keys().cloned().collect(),
        }
    }

    fn note(&mut self, what: Deed) {
        self.happened.push(Happened { at: self.state.now, what });
    }

    /// Keeps what is true now for stale answers.
    fn remember(&mut self) {
        let now = self.now();
        if self.past.is_empty() {
            // What was put in has been so for long.
            self.past.push((Timestamp::MIN, self.state.clone()));
            return;
        }
        if self.past.last().is_some_and(|(at, _)| *at == now) {
            self.past.pop();
        }
        self.past.push((now, self.state.clone()));
        let oldest = now.saturating_sub(MEMORY).unwrap_or(now);
        let gone = self.past.iter().rposition(|(at, _)| *at <= oldest).unwrap_or(0);
        self.past.drain(..gone);
    }

    /// Returns what was true a while ago.
    fn seen(&self, age: SignedDuration) -> Cow<'_, State> {
        if age.is_zero() {
            return Cow::Borrowed(&self.state);
        }
        let then = self.now().saturating_sub(age).unwrap_or(Timestamp::MIN);
        let known = self.past.iter().rfind(|(at, _)| *at <= then).or_else(|| self.past.first());
        let Some((_, state)) = known else { return Cow::Borrowed(&self.state) };
        let mut state = state.clone();
        state.advance_to(then);
        Cow::Owned(state)
    }
}

fn refused(code: &str, message: impl Into<String>, number: usize) -> CallResult {
    let request_id = Some(format!("request-{number}"));
    CallResult::Refused { code: code.to_owned(), message: message.into(), request_id }
}

fn describe(state: &State, change: &Change) -> Observed {
    let found = match (&change.action, change.resource.kind) {
        (Action::ApplySchedule { .. }, _) => Some(Observed::Schedule(state.schedule(change))),
        (_, ResourceKind::Instance) => state.instance(change).map(Observed::Instance),
        (_, ResourceKind::Volume) => state.volume(change).map(Observed::Volume),
        (_, ResourceKind::DbInstance) => state.db_instance(change).map(Observed::DbInstance),
        (_, ResourceKind::Address) => state.address(change).map(Observed::Address),
        (_, ResourceKind::Function) => state.function(change).map(Observed::Function),
        (_, ResourceKind::LogGroup) => state.log_group(change).map(Observed::LogGroup),
        (_, ResourceKind::AutoScalingGroup) => state.group(change).map(Observed::Group),
        _ => None,
    };
    found.unwrap_or(Observed::Gone)
}
