//! Two runs that want the same, and one that comes after a crash: the real loop, journal, lease
//! and locks, above a simulated cloud.

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
use trimtab_model::journal::{ChangeOutcome, Entry, Event, Journal, RunOutcome, Wish};
use trimtab_model::money::{Currency, Money};
use trimtab_model::observed::{Inspected, Observed};
use trimtab_model::plan::{
    Ancestry, Approval, Change, ChangeClass, ChangeWindow, Fingerprint, PLAN_FORMAT, Plan,
    RecoveryPoint, RolloutRules, Stage, StageRules, Wave, WaveName,
};
use trimtab_model::price::PriceBasis;
use trimtab_model::recommendation::{Estimate, PerformanceRisk, Undo};
use trimtab_model::resource::instance::InstanceState;
use trimtab_model::resource::{ResourceKind, ResourceRef};
use trimtab_model::text::Reason;
use trimtab_rollout::simulate::{Machine, Shape, Times, Volume, World};
use trimtab_rollout::{Actuator, Unseen};
use trimtab_store::audit::Audit;
use trimtab_store::state::{Holder, KeptReach, LeaseError, RunRecord, State, StoredPlan, WishWord};

use super::{
    Ended, LEASE, Limits, Observer, Opened, Patience, Recorder, drive, open_run, resume_run,
};
use crate::failure::Failure;
use crate::pipeline::plan::{AttestRequest, attest, heeded};
use crate::pipeline::runs;

const MACHINE: &str = "i-1";

/// A simulated account, and the call behind which whoever makes calls is killed.
struct Sky {
    world: World,
    calls: usize,
    dies_behind: Option<&'static str>,
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
struct Watcher<'a> {
    interrupts: Option<&'a AtomicBool>,
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

fn start() -> Timestamp {
    "2026-11-24T01:00:00Z".parse().unwrap()
}

fn sky() -> Sky {
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

fn change(sky: &mut Sky, id: &str) -> Change {
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
        },
    };
    change.expected = sky.world.observe(&change).fingerprint();
    change
}

/// Makes a plan of one change, keeps it and has it approved.
fn planned(state: &State, sky: &mut Sky, id: &str) -> StoredPlan {
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

fn person(name: &str) -> Opened {
    Opened { operator: name.to_owned(), host: format!("host-of-{name}") }
}

fn opened<'a>(
    state: &'a State,
    stored: &StoredPlan,
    who: &str,
    run: &str,
    sky: &Sky,
) -> Result<Recorder<'a>, Failure> {
    open_run(state, stored, &person(who), (RunId::new(run), false), sky.world.now())
}

fn resumed<'a>(
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
fn driven(recorder: &mut Recorder<'_>, stored: &StoredPlan, sky: &mut Sky) -> Option<Ended> {
    carried(recorder, stored, sky, None)
}

fn carried(
    recorder: &mut Recorder<'_>,
    stored: &StoredPlan,
    sky: &mut Sky,
    interrupts: Option<&AtomicBool>,
) -> Option<Ended> {
    let never = AtomicBool::new(false);
    let flag = interrupts.unwrap_or(&never);
    let limits =
        Limits { patience: Patience::Endless, last_stage: None, last_wave: None, nap: super::NAP };
    let mut watcher = Watcher { interrupts };
    let run = drive(recorder, &stored.plan, sky, &mut watcher, limits, flag);
    run.now_or_never().map(|ended| ended.unwrap_or_else(|failure| panic!("{failure:?}")))
}

fn ended(journal: &Journal) -> Option<(ChangeOutcome, String)> {
    journal.entries().iter().find_map(|entry| match &entry.event {
        Event::ChangeClosed { outcome, reason, .. } => Some((*outcome, reason.code.clone())),
        _ => None,
    })
}

/// Returns who has the lease, if somebody has.
fn holder(state: &State, now: Timestamp) -> Option<String> {
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
fn patched(dir: &Path, from: &str, to: &str) {
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

#[test]
fn b05_of_two_plans_about_one_resource_the_second_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    let mut sky = sky();
    let (first, second) = (planned(&state, &mut sky, "C-1"), planned(&state, &mut sky, "C-2"));

    // The first run watches what it changed, and is interrupted there: its lease is free again.
    let mut recorder = opened(&state, &first, "kim", "RUN-1", &sky).unwrap();
    let flag = AtomicBool::new(false);
    let stopped = carried(&mut recorder, &first, &mut sky, Some(&flag));
    assert_eq!(stopped, Some(Ended::Interrupted));
    drop(recorder);
    let calls = sky.calls;
    let mut recorder = opened(&state, &second, "lee", "RUN-2", &sky).unwrap();
    let refused = driven(&mut recorder, &second, &mut sky);
    assert_eq!(refused, Some(Ended::Finished(RunOutcome::Refused)));
    let locked = Some((ChangeOutcome::Refused, "locked".to_owned()));
    assert_eq!(ended(recorder.journal()), locked);
    assert_eq!(sky.calls, calls, "nothing was asked of AWS");
    drop(recorder);

    // The first one is gone on with, and gives the resource back at its end.
    let mut recorder = resumed(&state, &first, "kim", "RUN-1", &sky).unwrap();
    let complete = driven(&mut recorder, &first, &mut sky);
    assert_eq!(complete, Some(Ended::Finished(RunOutcome::Complete)));
    let resource = &first.plan.changes().next().unwrap().resource;
    let free = state.lock_resource(resource, &RunId::new("RUN-2"), &"C-2".into(), start());
    assert_eq!(free.unwrap(), None);
}

#[test]
fn b09_a_plan_that_was_edited_after_its_approval_is_not_begun() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    let mut sky = sky();
    let mut stored = planned(&state, &mut sky, "C-1");
    for change in stored.plan.stages.iter_mut().flat_map(|one| &mut one.waves[0].changes) {
        change.soak = SignedDuration::ZERO;
    }
    let refused = opened(&state, &stored, "kim", "RUN-1", &sky).unwrap_err();
    assert!(format!("{refused:?}").contains("not the one that was approved"), "{refused:?}");
    assert_eq!(holder(&state, sky.world.now()), None);
    assert!(state.runs("").unwrap().is_empty());
}

#[test]
fn b03_what_a_crash_left_is_taken_over_only_where_its_journal_can_be_gone_on_with() {
    let dir = tempfile::tempdir().unwrap();
    let mut sky = sky();
    let state = State::open(dir.path()).unwrap();
    let (first, second) = (planned(&state, &mut sky, "C-1"), planned(&state, &mut sky, "C-2"));
    let mut recorder = opened(&state, &first, "kim", "RUN-1", &sky).unwrap();
    sky.dies_behind = Some("ec2:StopInstances");
    assert_eq!(driven(&mut recorder, &first, &mut sky), None, "it was killed behind the stop");
    drop(recorder);
    assert_eq!(holder(&state, sky.world.now()).as_deref(), Some("kim"));

    // While the lease holds, nobody takes it; a journal that cannot be trusted is never taken over.
    assert!(resumed(&state, &first, "lee", "RUN-1", &sky).is_err());
    sky.world.advance(SignedDuration::from_mins(3));
    let (now, resource) = (sky.world.now(), first.plan.changes().next().unwrap().resource.clone());
    drop(state);
    patched(dir.path(), "\"operator\":\"kim\"", "\"operator\":\"kin\"");
    let state = State::open(dir.path()).unwrap();
    let refused = resumed(&state, &first, "lee", "RUN-1", &sky).unwrap_err();
    assert!(format!("{refused:?}").contains("damaged"), "{refused:?}");
    let before = now - SignedDuration::from_mins(3);
    assert_eq!(holder(&state, before).as_deref(), Some("kim"), "the lease is as the crash left it");

    // Another plan about the resource does not get it either, though the lease is over.
    let mut recorder = opened(&state, &second, "lee", "RUN-2", &sky).unwrap();
    let ended_so = driven(&mut recorder, &second, &mut sky);
    assert_eq!(ended_so, Some(Ended::Finished(RunOutcome::Refused)));
    drop(recorder);
    let lock = state.lock_resource(&resource, &RunId::new("RUN-2"), &"C-2".into(), now).unwrap();
    assert_eq!(lock.map(|held| held.run), Some(RunId::new("RUN-1")));
    let machine = |sky: &Sky| sky.world.machine(&MACHINE.into()).unwrap().clone();
    assert_eq!(machine(&sky).state, InstanceState::Stopped);

    // With its journal whole again, it is gone on with by whoever comes, and ends well.
    drop(state);
    patched(dir.path(), "\"operator\":\"kin\"", "\"operator\":\"kim\"");
    let state = State::open(dir.path()).unwrap();
    let mut recorder = resumed(&state, &first, "lee", "RUN-1", &sky).unwrap();
    let complete = driven(&mut recorder, &first, &mut sky);
    assert_eq!(complete, Some(Ended::Finished(RunOutcome::Complete)));
    let by_lee = recorder.journal().entries().iter().any(
        |entry| matches!(&entry.event, Event::LeaseTaken { operator, .. } if operator == "lee"),
    );
    assert!(by_lee, "who took it over is written down");
    assert_eq!(machine(&sky).instance_type, "m5.large".into());
}

#[test]
fn a_log_that_cannot_be_trusted_leaves_the_lease_free_and_a_lease_that_is_held_the_log_alone() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    let mut sky = sky();
    let (first, second) = (planned(&state, &mut sky, "C-1"), planned(&state, &mut sky, "C-2"));
    let log = dir.path().join("audit.jsonl");
    std::fs::write(&log, "no line of ours\n").unwrap();
    let refused = opened(&state, &first, "kim", "RUN-1", &sky).unwrap_err();
    assert!(format!("{refused:?}").contains("altered at line 1"), "{refused:?}");
    assert_eq!(holder(&state, sky.world.now()), None);
    assert!(state.runs("").unwrap().is_empty());

    std::fs::remove_file(&log).unwrap();
    let recorder = opened(&state, &first, "kim", "RUN-1", &sky).unwrap();
    // Whoever has the lease is in the middle of a line.
    std::fs::write(&log, "half a li").unwrap();
    let refused = opened(&state, &second, "lee", "RUN-2", &sky).unwrap_err();
    assert!(format!("{refused:?}").contains("kim on host-of-kim"), "{refused:?}");
    assert_eq!(std::fs::read_to_string(&log).unwrap(), "half a li");
    drop(recorder);
}

#[test]
fn what_cannot_be_written_at_the_beginning_leaves_the_lease_free() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    let mut sky = sky();
    let stored = planned(&state, &mut sky, "C-1");
    let mut recorder = opened(&state, &stored, "kim", "RUN-1", &sky).unwrap();
    assert_eq!(
        driven(&mut recorder, &stored, &mut sky),
        Some(Ended::Finished(RunOutcome::Complete))
    );
    drop(recorder);
    assert!(opened(&state, &stored, "kim", "RUN-1", &sky).is_err(), "there is a run of this name");
    assert_eq!(holder(&state, sky.world.now()), None);
}

#[test]
fn a_word_counts_from_an_approver_and_is_in_the_log_while_a_run_writes_it() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    let mut sky = sky();
    let mut stored = planned(&state, &mut sky, "C-1");
    stored.plan.rules.approvers = vec!["lee".to_owned()];
    (stored.id, stored.hash) = (stored.plan.id().unwrap(), stored.plan.hash().unwrap());
    state.save_plan(&stored).unwrap();
    state.approve(&stored.id, Environment::Dev, "lee", &stored.hash, start()).unwrap();
    let mut recorder = opened(&state, &stored, "kim", "RUN-1", &sky).unwrap();
    let vouch = |by: &str, now| {
        let request = AttestRequest {
            plan: stored.id.to_string(),
            change: "C-1".to_owned(),
            row: "ec2-24".to_owned(),
            by: Some(by.to_owned()),
            note: "the grant is in the policy of the key".to_owned(),
        };
        attest(&state, &request, now)
    };
    let refused = vouch("kim", start()).unwrap_err();
    assert!(refused.message.en.contains("not among those who may approve"), "{refused:?}");
    assert!(vouch("lee", stored.plan.expires_at).unwrap_err().message.en.contains("expired"));
    assert!(Audit::lines(dir.path()).unwrap().is_empty());
    assert!(state.attestations(&stored.hash).unwrap().is_empty());

    let (_, kept) = vouch("lee", start()).unwrap();
    let complete = driven(&mut recorder, &stored, &mut sky);
    assert_eq!(complete, Some(Ended::Finished(RunOutcome::Complete)));
    let lines = Audit::lines(dir.path()).unwrap();
    assert_eq!((lines[0].what.as_str(), lines[0].action.as_str()), ("attested", "ec2-24"));
    assert_eq!(lines[0].run, stored.id.as_str());
    assert!(lines[0].operator.starts_with("lee@"), "{:?}", lines[0]);
    assert!(lines.iter().any(|line| line.what == "intent"), "the run wrote behind it");

    // What an earlier trimtab took from anybody does not count.
    let mut foreign = kept.clone();
    (foreign.row, foreign.attested.by) = ("ec2-08".to_owned(), "kim".to_owned());
    state.attest(&stored.hash, &foreign).unwrap();
    let given = state.attestations(&stored.hash).unwrap();
    assert_eq!((given.len(), heeded(&stored.plan, given)), (2, vec![kept]));
}

#[test]
fn a_pause_is_let_go_and_a_cancellation_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    let mut sky = sky();
    let stored = planned(&state, &mut sky, "C-1");
    let mut recorder = opened(&state, &stored, "kim", "RUN-1", &sky).unwrap();
    let found = || runs::find(&state, "RUN-1").unwrap().0;
    let asked = || -> Vec<WishWord> {
        state.asked(&RunId::new("RUN-1")).unwrap().into_iter().map(|one| one.word).collect()
    };
    // What nobody paused is only gone on with.
    assert!(!runs::unpause(&state, &found(), "lee").unwrap());
    assert!(asked().is_empty());
    // A pause that is not heard yet, and one that is.
    runs::ask(&state, &found(), WishWord::Pause, "kim").unwrap();
    assert!(runs::is_paused(&state, &found()).unwrap());
    assert!(runs::unpause(&state, &found(), "lee").unwrap());
    assert!(!runs::is_paused(&state, &found()).unwrap());
    assert_eq!(asked(), [WishWord::Pause, WishWord::Resume]);
    let wished = |wish| Event::Wished { wish, by: "kim".to_owned() };
    state.asked(&RunId::new("RUN-1")).unwrap().iter().for_each(|one| state.heard(one).unwrap());
    recorder.write(start(), wished(Wish::Pause)).unwrap();
    assert!(runs::is_paused(&state, &found()).unwrap());
    // One that is to end stays so, whoever pauses it afterwards.
    for word in [WishWord::Cancel, WishWord::Pause] {
        runs::ask(&state, &found(), word, "kim").unwrap();
        assert!(!runs::unpause(&state, &found(), "lee").unwrap());
    }
    assert_eq!(asked(), [WishWord::Cancel, WishWord::Pause]);
}

#[test]
fn a_run_goes_on_as_far_as_it_was_begun_to_and_back_from_there() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    let mut sky = sky();
    let mut stored = planned(&state, &mut sky, "C-1");
    let minutes = SignedDuration::from_mins;
    let watched =
        StageRules { soak: minutes(10), extension: minutes(10), confirm_after: minutes(600) };
    stored.plan.rules.stages = BTreeMap::from([(Environment::Dev, watched)]);
    stored.plan.stages[0].waves[0].name = WaveName::Canary;
    let rest = Wave { name: WaveName::Percent(100), changes: vec![change(&mut sky, "C-2")] };
    stored.plan.stages[0].waves.push(rest);
    (stored.id, stored.hash) = (stored.plan.id().unwrap(), stored.plan.hash().unwrap());
    state.save_plan(&stored).unwrap();
    state.approve(&stored.id, Environment::Dev, "lee", &stored.hash, start()).unwrap();

    let canary = KeptReach { last_stage: Some(0), last_wave: Some(0) };
    state.keep_reach(&RunId::new("RUN-1"), canary).unwrap();
    let again = || {
        let (run, stored) = runs::find(&state, "RUN-1").unwrap();
        runs::ready_again(&state, &run, stored, "lee".to_owned()).unwrap().reach
    };
    let never = AtomicBool::new(false);
    let mut carry = |recorder: &mut Recorder<'_>, reach: runs::Reach| {
        let runs::Reach { last_stage, last_wave } = reach;
        let limits = Limits { patience: Patience::Endless, last_stage, last_wave, nap: super::NAP };
        let mut watcher = Watcher { interrupts: None };
        let run = drive(recorder, &stored.plan, &mut sky, &mut watcher, limits, &never);
        let ended = run.now_or_never().unwrap().unwrap();
        (ended, sky.world.now(), sky.world.machine(&MACHINE.into()).unwrap().instance_type.clone())
    };
    let mut recorder =
        open_run(&state, &stored, &person("kim"), (RunId::new("RUN-1"), false), start()).unwrap();
    let (ended, now, _) = carry(&mut recorder, again());
    assert_eq!(ended, Ended::WaveOver { stage: 0 });
    drop(recorder);

    let record = state.runs("RUN-1").unwrap().remove(0);
    let resume = |now| resume_run(&state, &record, &stored, &person("lee"), now).unwrap();
    let (ended, now, made) = carry(&mut resume(now), again());
    assert_eq!((ended, made), (Ended::WaveOver { stage: 0 }, "m5.large".into()));
    state.ask(&RunId::new("RUN-1"), WishWord::Cancel, None, "lee").unwrap();
    let (ended, _, back) = carry(&mut resume(now), again());
    assert!(matches!(ended, Ended::Finished(_)), "{ended:?}");
    assert_eq!(back, "m5.xlarge".into());
}
