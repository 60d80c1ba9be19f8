//! One change under test: observations by hand, decisions by [`next()`], a journal in between.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::time;
use jiff::{SignedDuration, Timestamp};

use trimtab_model::action::Action;
use trimtab_model::call::{Call, CallResult};
use trimtab_model::environment::Environment;
use trimtab_model::id::ChangeId;
use trimtab_model::journal::{ChangeOutcome, Direction, Event, Journal, Wish};
use trimtab_model::money::{Currency, Money};
use trimtab_model::observed::{Facts, Inspected, Observed};
use trimtab_model::plan::{
    Ancestry, Approval, Change, ChangeClass, ChangeWindow, Fingerprint, PLAN_FORMAT, Plan,
    RecoveryPoint, RolloutRules, Stage, Wave, WaveName,
};
use trimtab_model::price::PriceBasis;
use trimtab_model::recommendation::{Estimate, PerformanceRisk, Undo};
use trimtab_model::resource::{ResourceKind, ResourceRef};

use super::{Decision, Sequence, Watch, Work};
use crate::next::{Next, next};
use crate::progress::{Phase, Progress};
use crate::readings::{Known, Readings, Seen};
use crate::simulate::plain;

/// What a run comes to with one observation.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// It makes this call, and waits for what came of it.
    Call(Call),
    /// It waits, for the reason with this code.
    Wait(String),
    /// The planned state is reached, and watching begins.
    Soaking,
    /// A person must let it go on, for the reason with this code.
    Held(String),
    /// The change ended so, for the reason with this code.
    Ended(ChangeOutcome, String),
}

/// One change, its plan and its journal.
pub(super) struct Trial {
    pub(super) plan: Plan,
    pub(super) journal: Journal,
    pub(super) now: Timestamp,
    pub(super) manual: Vec<String>,
    /// Why the change calendar is closed.
    pub(super) closed: Option<String>,
    id: ChangeId,
    intent: u64,
}

impl Trial {
    /// Makes a plan of one change in development, with a window that is always open.
    pub(super) fn new(action: Action, kind: ResourceKind, id: &str) -> Self {
        let now: Timestamp = "2026-11-24T01:00:00Z".parse().expect("a moment");
        let always = ChangeWindow {
            environments: Vec::new(),
            days: Vec::new(),
            from: time(0, 0, 0, 0),
            until: time(0, 0, 0, 0),
            time_zone: "UTC".to_owned(),
        };
        let change = change(action, kind, id);
        let wave = Wave { name: WaveName::Canary, changes: vec![change.clone()] };
        let stage =
            Stage { environment: Environment::Dev, approval: Approval::Hash, waves: vec![wave] };
        let plan = Plan {
            format: PLAN_FORMAT,
            created_at: now,
            created_by: "minji".to_owned(),
            expires_at: now + SignedDuration::from_hours(72),
            built_from: now,
            accounts: BTreeMap::new(),
            rules: RolloutRules { windows: vec![always], ..RolloutRules::default() },
            stages: vec![stage],
            left_out: Vec::new(),
        };
        let mut journal = Journal::default();
        let approved =
            Event::StageApproved { stage: 0, by: "jiho".to_owned(), hash: "h".to_owned() };
        journal.append(now, 1, approved);
        let (id, manual) = (change.id, Vec::new());
        Self { plan, journal, now, manual, closed: None, id, intent: 0 }
    }

    /// Changes the change.
    pub(super) fn with(mut self, alter: impl Fn(&mut Change)) -> Self {
        let waves = self.plan.stages.iter_mut().flat_map(|stage| &mut stage.waves);
        waves.flat_map(|wave| &mut wave.changes).for_each(alter);
        self
    }

    /// Lets the window be open from one moment to another of each day only.
    pub(super) fn open(mut self, from: i8, until: i8) -> Self {
        for window in &mut self.plan.rules.windows {
            (window.from, window.until) = (time(from, 0, 0, 0), time(until, 0, 0, 0));
        }
        self
    }

    /// Lets time pass.
    pub(super) fn pass(&mut self, length: SignedDuration) {
        self.now += length;
    }

    /// Asks what is next, with one fresh observation.
    pub(super) fn step(&mut self, seen: &Observed) -> Step {
        let mut readings = Readings { calendar_closed: self.closed.clone(), ..Readings::default() };
        for _ in 0..20 {
            match next(&self.plan, &self.journal, &readings, self.now) {
                Next::Observe(id) => {
                    let after = self.journal.len();
                    let seen = Seen { after, at: self.now, observed: seen.clone() };
                    readings.observed.insert(id, seen);
                }
                Next::Inspect(id) => {
                    let (after, at) = (self.journal.len(), self.now);
                    let inspected = self.plan.change(&id).map(inspected).unwrap_or_default();
                    readings.known.insert(id, Known { after, at, inspected });
                }
                Next::Record(event) => {
                    if let Some(step) = self.record(*event) {
                        return step;
                    }
                }
                Next::Perform(command) => {
                    self.intent = self.append(command.intent());
                    return Step::Call(command.call);
                }
                Next::Wait { why, .. } => return Step::Wait(why.code),
                other => panic!("not expected of one change: {other:?}"),
            }
        }
        panic!("it comes to no end with {seen:?}");
    }

    fn record(&mut self, event: Event) -> Option<Step> {
        self.append(event.clone());
        match event {
            Event::SoakStarted { .. } => Some(Step::Soaking),
            Event::Held { reason, .. } => Some(Step::Held(reason.code)),
            Event::ChangeClosed { outcome, reason, manual, .. } => {
                self.manual = manual;
                Some(Step::Ended(outcome, reason.code))
            }
            _ => None,
        }
    }

    fn append(&mut self, event: Event) -> u64 {
        self.journal.append(self.now, 1, event).number
    }

    /// AWS takes the latest call.
    pub(super) fn accept(&mut self) {
        let result = CallResult::Accepted { request_id: None, made: BTreeMap::new() };
        self.append(Event::Outcome { intent: self.intent, result });
        self.pass(SignedDuration::from_secs(1));
    }

    /// AWS refuses the latest call, and some time passes: what was refused for its state is not
    /// looked at again at once.
    pub(super) fn refuse(&mut self, code: &str, message: &str) {
        let (code, message) = (code.to_owned(), message.to_owned());
        let result = CallResult::Refused { code, message, request_id: None };
        self.append(Event::Outcome { intent: self.intent, result });
        self.pass(SignedDuration::from_secs(11));
    }

    /// Asks for a call, which AWS takes.
    pub(super) fn calls(&mut self, seen: &Observed) -> Call {
        match self.step(seen) {
            Step::Call(call) => {
                self.accept();
                call
            }
            other => panic!("no call but {other:?} with {seen:?}"),
        }
    }

    /// Asks, and expects a wait for the reason with this code.
    pub(super) fn waits(&mut self, seen: &Observed, code: &str) {
        assert_eq!(self.step(seen), Step::Wait(code.to_owned()), "{seen:?}");
    }

    /// Asks, and expects the end.
    pub(super) fn ends(&mut self, seen: &Observed, outcome: ChangeOutcome, code: &str) {
        assert_eq!(self.step(seen), Step::Ended(outcome, code.to_owned()), "{seen:?}");
    }

    /// A person cancels the run.
    pub(super) fn cancel(&mut self) {
        self.append(Event::Wished { wish: Wish::Cancel, by: "jiho".to_owned() });
    }

    /// A person lets a paused run go on.
    pub(super) fn resume(&mut self) {
        self.append(Event::Wished { wish: Wish::Resume, by: "jiho".to_owned() });
    }

    /// Somebody takes the run up again.
    pub(super) fn take_up(&mut self) {
        let (operator, host) = ("jiho".to_owned(), "two".to_owned());
        self.append(Event::LeaseTaken { operator, host, from: None });
    }

    /// A person lets a held change go on.
    pub(super) fn unhold(&mut self) {
        self.pass(SignedDuration::from_secs(1));
        self.append(Event::Unheld { change: self.id.clone(), by: "jiho".to_owned() });
        self.pass(SignedDuration::from_secs(1));
    }

    /// Decides for one direction, without the run around it.
    pub(super) fn decide(&self, direction: Direction, now_is: &Observed) -> Decision {
        self.ask(direction, now_is, |sequence, work| match direction {
            Direction::Forward => (sequence.forward)(work),
            Direction::Back => (sequence.back)(work),
            Direction::Release => (sequence.release)(work),
        })
    }

    /// Watches, without the run around it.
    pub(super) fn watch(&self, now_is: &Observed) -> Watch {
        self.ask(Direction::Forward, now_is, |sequence, work| (sequence.watch)(work))
    }

    /// Decides what is given back once the gates have passed.
    pub(super) fn released(&self, now_is: &Observed) -> Decision {
        let mut progress = Progress::of(&self.journal);
        let change = self.plan.change(&self.id).expect("the change");
        let one = progress.changes.get_mut(&self.id).expect("it began");
        one.phase = Phase::Passed { at: self.now };
        let (rules, direction) = (&self.plan.rules, Direction::Release);
        let work = Work { rules, change, progress: one, now_is, direction, now: self.now };
        (Sequence::of(&change.action).expect("a sequence").release)(&work)
    }

    fn ask<T>(
        &self,
        direction: Direction,
        now_is: &Observed,
        ask: impl Fn(&Sequence, &Work<'_>) -> T,
    ) -> T {
        let progress = Progress::of(&self.journal);
        let change = self.plan.change(&self.id).expect("the change");
        let one = progress.changes.get(&self.id).expect("it began");
        let rules = &self.plan.rules;
        let work = Work { rules, change, progress: one, now_is, direction, now: self.now };
        ask(Sequence::of(&change.action).expect("a sequence"), &work)
    }
}

fn change(action: Action, kind: ResourceKind, id: &str) -> Change {
    let none = Money::zero(Currency::USD);
    let hours = SignedDuration::from_hours;
    Change {
        id: "C-0123456789ab".into(),
        recommendation: "R-0123456789ab".into(),
        resource: ResourceRef {
            id: id.into(),
            kind,
            account: "111122223333".into(),
            region: "ap-northeast-2".into(),
            environment: Environment::Dev,
            name: None,
        },
        environment: Environment::Dev,
        action,
        expected: Fingerprint::default(),
        class: ChangeClass::Reversible,
        undo: Undo::Exact,
        recovery: RecoveryPoint::Settings,
        parts: BTreeSet::new(),
        migration: None,
        ladder: Vec::new(),
        projected: Vec::new(),
        gates: Vec::new(),
        soak: hours(1),
        downtime_budget: SignedDuration::from_mins(30),
        duration: hours(1),
        units: Vec::new(),
        ancestry: Ancestry::Own,
        risk: PerformanceRisk::VERY_LOW,
        estimated_monthly_savings: Estimate {
            low: none,
            likely: none,
            high: none,
            before_discounts: none,
            cost_now: none,
            cost_after: none,
            formula_now: Vec::new(),
            formula_after: Vec::new(),
            basis: PriceBasis::List,
            billed: None,
        },
    }
}

/// Returns facts in which nothing stands in the way.
fn inspected(change: &Change) -> Inspected {
    let facts = match (&change.action, change.resource.kind) {
        (Action::ModifyDbStorage { .. }, _) => Facts::DbStorage(plain::db_storage()),
        (Action::SwitchDatabase(_), _) => Facts::Switch(plain::switch()),
        (Action::RefreshInstances(plan), _) => Facts::Refresh(Box::new(plain::refresh(plan))),
        (_, ResourceKind::Instance) => Facts::Instance(Box::new(plain::instance())),
        (_, ResourceKind::DbInstance) => Facts::DbInstance(Box::new(plain::db_instance())),
        (_, ResourceKind::Volume) => Facts::Volume(plain::volume()),
        (_, ResourceKind::Address) => Facts::Address(plain::address()),
        (_, ResourceKind::Function) => Facts::Function(plain::function()),
        (_, ResourceKind::LogGroup) => Facts::LogGroup(plain::log_group()),
        (_, ResourceKind::AutoScalingGroup) => Facts::Group(plain::group()),
        _ => Facts::None,
    };
    Inspected { facts, ..Inspected::default() }
}

/// Returns a fingerprint of one name.
pub(super) fn fingerprint(name: &str, value: &str) -> Fingerprint {
    Fingerprint(BTreeMap::from([(name.to_owned(), value.to_owned())]))
}
