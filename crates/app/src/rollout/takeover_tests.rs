//! Two runs that want the same, and one that comes after a crash: the real loop, journal, lease
//! and locks, above a simulated cloud.

mod scene;

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use futures::FutureExt;
use jiff::SignedDuration;

use trimtab_model::environment::Environment;
use trimtab_model::id::RunId;
use trimtab_model::journal::{ChangeOutcome, Event, RunOutcome, Wish};
use trimtab_model::plan::{StageRules, Wave, WaveName};
use trimtab_model::resource::instance::InstanceState;
use trimtab_store::audit::Audit;
use trimtab_store::state::{KeptReach, State, WishWord};

use super::{Ended, Limits, Patience, Recorder, drive, open_run, resume_run};
use crate::pipeline::plan::{AttestRequest, attest, heeded};
use crate::pipeline::runs;
use scene::{
    MACHINE, Sky, Watcher, carried, change, driven, ended, holder, opened, patched, person,
    planned, resumed, sky, start,
};

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
