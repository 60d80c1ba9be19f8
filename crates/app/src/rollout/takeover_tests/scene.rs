//! A simulated cloud with one machine, and runs in it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::FutureExt;
use jiff::civil::time;
use jiff::{SignedDuration, Timestamp};

use trimtab_model::action::{Action, VolumeSettings};
use trimtab_model::call::{Call, CallResult};
use trimtab_model::environment::Environment;
use trimtab_model::gate::{GateQuery, GateReading};
use trimtab_model::id::{ChangeId, RunId};
use trimtab_model::journal::{ChangeOutcome, Entry, Event, Journal};
use trimtab_model::money::{Currency, Money};
use trimtab_model::observed::{Inspected, Observed};
use trimtab_model::plan::{
    Ancestry, Approval, Change, ChangeClass, ChangeWindow, Fingerprint, PLAN_FORMAT, Plan,
    RecoveryPoint, RolloutRules, Stage, StageRules, Wave, WaveName,
};
use trimtab_model::price::PriceBasis;
use trimtab_model::recommendation::{Estimate, PerformanceRisk, Undo};
use trimtab_model::resource::{ResourceKind, ResourceRef};
use trimtab_model::text::Reason;
use trimtab_rollout::simulate::{Machine, Shape, Times, Volume, World};
use trimtab_rollout::{Actuator, Unseen};
use trimtab_store::state::{Holder, LeaseError, RunRecord, State, StoredPlan};

use super::super::{
    Ended, LEASE, Limits, Observer, Opened, Patience, Recorder, drive, open_run, resume_run,
};
use crate::failure::Failure;

pub(super) const MACHINE: &str = "i-1";

/// A simulated account, and the call behind which whoever makes calls is killed.
pub(super) struct Sky {
    pub(super) world: World,
    pub(super) calls: usize,
    pub(super) dies_behind: Option<&'static str>,
}

impl Actuator for Sky {
    fn now(&self) -> Timestamp {
        self.world.now()
    }

    async fn calendar_closed(&mut self, _calendars: &[String]) -> Option<String> {
        self.world.calendar_closed().map(str::to_owned)
    }

    async fn wait(&mut self, until: Timestamp) {
        self.world.advance(until.duration_since(self.world.now()));
    }

    async fn observe(&mut self, change: &Change) -> Result<Observed, Unseen> {
        Ok(self.world.observe(change))
    }

    async fn inspect(&mut self, change: &Change) -> Result<Inspected, Unseen> {
        Ok(self.world.inspect(change))
    }

    async fn perform(&mut self, _change: &Change, call: &Call) -> CallResult {
        let result = self.world.perform(call);
        self.calls += 1;
        if self.dies_behind == Some(call.iam_action()) {
            self.dies_behind = None;
            std::future::pending::<()>().await;
        }
        result
    }

    async fn read(&mut self, _change: &Change, query: &GateQuery) -> GateReading {
        self.world.read(query)
    }
}

/// Interrupts a run once it watches what it changed.
pub(super) struct Watcher<'a> {
    pub(super) interrupts: Option<&'a AtomicBool>,
}

impl Observer for Watcher<'_> {
    fn wrote(&mut self, entry: &Entry) {
        if let (Event::SoakStarted { .. }, Some(flag)) = (&entry.event, self.interrupts) {
            flag.store(true, Ordering::Relaxed);
        }
    }

    fn waits(&mut self, _until: Timestamp, _why: &Reason) {}

    fn unseen(&mut self, _change: &Change, _reason: &Reason) {}
}

pub(super) fn start() -> Timestamp {
    "2026-11-24T01:00:00Z".parse().unwrap()
}

pub(super) fn sky() -> Sky {
    let mut world = World::new(start(), 7, Times::default());
    for (name, vcpus) in [("m5.xlarge", 4), ("m5.large", 2)] {
        let shape = Shape {
            vcpus,
            memory_mib: vcpus * 4096,
            architecture: "x86_64".to_owned(),
            needs_ena: true,
            baseline_percent: None,
        };
        world.offer(name, shape);
    }
    let settings =
        VolumeSettings { volume_type: "gp3".to_owned(), iops: None, throughput_mib_s: None };
    world.add_volume("vol-1", Volume::new(settings, 20));
    let since = start() - SignedDuration::from_hours(500);
    let mut machine = Machine::running("m5.xlarge", "ap-northeast-2a", since);
    machine.volumes.insert("vol-1".into());
    world.add_machine(MACHINE, machine);
    Sky { world, calls: 0, dies_behind: None }
}

pub(super) fn change(sky: &mut Sky, id: &str) -> Change {
    let zero = Money::zero(Currency::USD);
    let minutes = SignedDuration::from_mins;
    let mut change = Change {
        id: ChangeId::new(id),
        recommendation: "R-1".into(),
        resource: ResourceRef {
            id: MACHINE.into(),
            kind: ResourceKind::Instance,
            account: "111122223333".into(),
            region: "ap-northeast-2".into(),
            environment: Environment::Dev,
            name: None,
        },
        environment: Environment::Dev,
        action: Action::ModifyInstanceType { from: "m5.xlarge".into(), to: "m5.large".into() },
        expected: Fingerprint::default(),
        class: ChangeClass::Reversible,
        undo: Undo::Exact,
        recovery: RecoveryPoint::InstanceSnapshots,
        parts: BTreeSet::new(),
        migration: None,
        ladder: Vec::new(),
        projected: Vec::new(),
        gates: Vec::new(),
        soak: minutes(10),
        downtime_budget: minutes(60),
        duration: minutes(30),
        units: Vec::new(),
        ancestry: Ancestry::Own,
        risk: PerformanceRisk::VERY_LOW,
        estimated_monthly_savings: Estimate {
            low: zero,
            likely: zero,
            high: zero,
            before_discounts: zero,
            cost_now: zero,
            cost_after: zero,
            formula_now: Vec::new(),
            formula_after: Vec::new(),
            basis: PriceBasis::List,
            billed: None,
        },
    };
    change.expected = sky.world.observe(&change).fingerprint();
    change
}

/// Makes a plan of one change, keeps it and has it approved.
pub(super) fn planned(state: &State, sky: &mut Sky, id: &str) -> StoredPlan {
    let always = ChangeWindow {
        environments: Vec::new(),
        days: Vec::new(),
        from: time(0, 0, 0, 0),
        until: time(0, 0, 0, 0),
        time_zone: "UTC".to_owned(),
    };
    let minutes = SignedDuration::from_mins;
    let watched =
        StageRules { soak: minutes(10), extension: minutes(10), confirm_after: minutes(0) };
    let rules = RolloutRules {
        windows: vec![always],
        stages: BTreeMap::from([(Environment::Dev, watched)]),
        ..RolloutRules::default()
    };
    let wave = Wave { name: WaveName::Percent(100), changes: vec![change(sky, id)] };
    let (environment, approval) = (Environment::Dev, Approval::Hash);
    let plan = Plan {
        format: PLAN_FORMAT,
        created_at: start(),
        created_by: "planner".to_owned(),
        expires_at: start() + SignedDuration::from_hours(72),
        built_from: start(),
        accounts: BTreeMap::new(),
        rules,
        stages: vec![Stage { environment, approval, waves: vec![wave] }],
        left_out: Vec::new(),
    };
    let (plan_id, hash) = (plan.id().unwrap(), plan.hash().unwrap());
    let stored = StoredPlan { id: plan_id, hash, plan };
    state.save_plan(&stored).unwrap();
    state.approve(&stored.id, environment, "approver", &stored.hash, start()).unwrap();
    stored
}

pub(super) fn person(name: &str) -> Opened {
    Opened { operator: name.to_owned(), host: format!("host-of-{name}") }
}

pub(super) fn opened<'a>(
    state: &'a State,
    stored: &StoredPlan,
    who: &str,
    run: &str,
    sky: &Sky,
) -> Result<Recorder<'a>, Failure> {
    open_run(state, stored, &person(who), (RunId::new(run), false), sky.world.now())
}

pub(super) fn resumed<'a>(
    state: &'a State,
    stored: &StoredPlan,
    who: &str,
    run: &str,
    sky: &Sky,
) -> Result<Recorder<'a>, Failure> {
    let record = state.runs(run).unwrap().remove(0);
    assert_eq!(record, RunRecord { plan: stored.id.clone(), ..record.clone() });
    resume_run(state, &record, stored, &person(who), sky.world.now())
}

/// Carries a run on; none where it was killed.
pub(super) fn driven(
    recorder: &mut Recorder<'_>,
    stored: &StoredPlan,
    sky: &mut Sky,
) -> Option<Ended> {
    carried(recorder, stored, sky, None)
}

pub(super) fn carried(
    recorder: &mut Recorder<'_>,
    stored: &StoredPlan,
    sky: &mut Sky,
    interrupts: Option<&AtomicBool>,
) -> Option<Ended> {
    let never = AtomicBool::new(false);
    let flag = interrupts.unwrap_or(&never);
    let limits = Limits {
        patience: Patience::Endless,
        last_stage: None,
        last_wave: None,
        nap: super::super::NAP,
    };
    let mut watcher = Watcher { interrupts };
    let run = drive(recorder, &stored.plan, sky, &mut watcher, limits, flag);
    run.now_or_never().map(|ended| ended.unwrap_or_else(|failure| panic!("{failure:?}")))
}

pub(super) fn ended(journal: &Journal) -> Option<(ChangeOutcome, String)> {
    journal.entries().iter().find_map(|entry| match &entry.event {
        Event::ChangeClosed { outcome, reason, .. } => Some((*outcome, reason.code.clone())),
        _ => None,
    })
}

/// Returns who has the lease, if somebody has.
pub(super) fn holder(state: &State, now: Timestamp) -> Option<String> {
    let asks = Holder { name: "nobody", host: "nowhere", process: "" };
    let length = SignedDuration::from_secs(1);
    match state.take_lease(LEASE, asks, (length, now), |_, _| false) {
        Ok(lease) => {
            state.release_lease(&lease).unwrap();
            None
        }
        Err(LeaseError::Held { holder, .. }) => Some(holder),
        Err(other) => panic!("{other}"),
    }
}

/// Replaces a text in the file of the state by one of the same length.
pub(super) fn patched(dir: &Path, from: &str, to: &str) {
    assert_eq!(from.len(), to.len());
    let path = dir.join("state.sqlite");
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.windows(from.len()).position(|text| text == from.as_bytes());
    let at = at.unwrap_or_else(|| panic!("{from} is not in the state"));
    for (byte, new) in bytes.iter_mut().skip(at).zip(to.bytes()) {
        *byte = new;
    }
    std::fs::write(path, bytes).unwrap();
}
