//! Databases whose name moves to a copy: killed, doubled, without an answer, and refused.

use jiff::SignedDuration;

use trimtab_model::action::{Action, DatabaseSwitch, DbStorageSettings};
use trimtab_model::environment::Environment;
use trimtab_model::journal::{ChangeOutcome, Event, Journal};
use trimtab_model::plan::{ChangeClass, RecoveryPoint, WaveName};
use trimtab_model::resource::ResourceKind;
use trimtab_rollout::simulate::{
    Ailment, Database, End, Fault, FaultKind, Limits, Played, World, play,
};

use crate::invariants;
use crate::scene::{
    Scene, account, after, change, ending, endings, minutes, plan, quick, seconds, stage, taken,
    tell,
};

const CREATE: &str = "rds:CreateBlueGreenDeployment";
const SWITCH: &str = "rds:SwitchoverBlueGreenDeployment";
const OLD: &str = "db.r6g.xlarge";
const NEW: &str = "db.r6g.large";

/// A database of production with 1,000 GiB of which 400 are enough.
fn scene(faults: &[Fault], lag: i64) -> Scene {
    let mut world = account(7, quick());
    let storage = DbStorageSettings {
        storage_type: "gp3".to_owned(),
        allocated_storage_gib: 1_000,
        iops: Some(12_000),
        storage_throughput_mib_s: Some(500),
    };
    world.add_database("game", Database::available(OLD, storage));
    let mut one = change(&mut world, "game", Environment::Prod);
    one.resource.kind = ResourceKind::DbInstance;
    one.action = Action::SwitchDatabase(DatabaseSwitch {
        source_arn: "arn:aws:rds:ap-northeast-2:111122223333:db:game".to_owned(),
        from_class: OLD.into(),
        to_class: NEW.into(),
        from_storage_gib: 1_000,
        to_storage_gib: 400,
    });
    one.class = ChangeClass::Slow;
    one.recovery = RecoveryPoint::DbSnapshot;
    one.ladder = Vec::new();
    one.downtime_budget = minutes(30);
    one.expected = world.observe(&one).fingerprint();
    world.set_lag(seconds(lag));
    let stage = stage(Environment::Prod, vec![(WaveName::Canary, vec![one])]);
    let mut scene = Scene { plan: plan(vec![stage]), world };
    for fault in faults {
        scene.world.inject(fault.clone());
    }
    scene
}

fn played(faults: &[Fault]) -> (Scene, Played, ChangeOutcome, String) {
    let mut scene = scene(faults, 0);
    let played = scene.played(Vec::new());
    let (outcome, code) = ending(&played.journal);
    (scene, played, outcome, code)
}

/// The name answers as what it should be, and what was is there still.
fn is_well(world: &World, played: &Played, what: &str) {
    let database = world.database("game").unwrap();
    assert_eq!(database.status, "available", "{what}");
    let (outcome, _) = ending(&played.journal);
    let is = (database.class.as_str(), database.storage.allocated_storage_gib);
    match outcome {
        ChangeOutcome::Confirmed => {
            assert_eq!(is, (NEW, 400), "{what}");
            assert!(world.database("game-old1").is_some(), "{what}: what was is kept");
        }
        ChangeOutcome::Original | ChangeOutcome::Refused => {
            assert_eq!(is, (OLD, 1_000), "{what}: {}", tell(&played.journal));
            assert!(world.database("game-old1").is_none(), "{what}");
        }
        ChangeOutcome::NeedsOperator => {}
    }
}

/// One that goes well, one whose copy fails, and one that AWS does not switch in time.
fn stories() -> Vec<(&'static str, Vec<Fault>, ChangeOutcome)> {
    let ill = |ailment| Fault::of_call(CREATE, 1, FaultKind::Ails(ailment, None));
    vec![
        ("forward", Vec::new(), ChangeOutcome::Confirmed),
        ("the copy fails", vec![ill(Ailment::CopyFails)], ChangeOutcome::Refused),
        ("the switch hangs", vec![ill(Ailment::SwitchHangs)], ChangeOutcome::Original),
    ]
}

#[test]
fn a_copy_takes_the_name_over_and_what_was_is_kept_and_said_to_cost() {
    let (scene, played, outcome, code) = played(&[]);
    assert_eq!((outcome, code.as_str()), (ChangeOutcome::Confirmed, "old-left"));
    is_well(&scene.world, &played, "forward");
    let manual = endings(&played.journal).values().next().unwrap().manual.clone();
    assert!(
        manual.iter().any(|one| one.contains("delete-db-instance") && one.contains("game-old1"))
    );
    // Not before the copy had caught up.
    let switched =
        scene.world.history().iter().find(|one| format!("{one:?}").contains("Switchover"));
    assert!(switched.unwrap().at >= after(minutes(50)), "{}", tell(&played.journal));
}

#[test]
fn a01_a_switch_that_is_killed_at_every_point_ends_as_it_would_have() {
    let mut points = 0;
    for (name, faults, wanted) in stories() {
        let mut whole = scene(&faults, 0);
        let undisturbed = whole.played(Vec::new());
        assert_eq!(
            ending(&undisturbed.journal).0,
            wanted,
            "{name}: {}",
            tell(&undisturbed.journal)
        );
        is_well(&whole.world, &undisturbed, name);
        for dead in [0, 40, 7_200] {
            for point in 1..undisturbed.points {
                let what = format!("{name} killed after {point}, dead for {dead} s");
                let mut scene = scene(&faults, 0);
                let limits = Limits { stop_after: Some(point), ..Limits::default() };
                let killed = play(&scene.plan, &mut scene.world, Journal::default(), &limits);
                assert_eq!(killed.end, End::Killed, "{what}");
                scene.world.advance(seconds(dead));
                let resumed =
                    play(&scene.plan, &mut scene.world, killed.journal, &Limits::default());
                invariants::hold(&scene.plan, &scene.world, &resumed, seconds(dead));
                assert!(
                    matches!(resumed.end, End::Finished(_)),
                    "{what}: {}",
                    tell(&resumed.journal)
                );
                assert_eq!(
                    ending(&resumed.journal).0,
                    wanted,
                    "{what}: {}",
                    tell(&resumed.journal)
                );
                is_well(&scene.world, &resumed, &what);
                assert!(taken(&scene.world, CREATE) <= 1, "{what}");
                assert!(taken(&scene.world, SWITCH) <= 1, "{what}");
                points += 1;
            }
        }
    }
    println!("{points} kill points of switches");
    assert!(points > 100, "{points}");
}

#[test]
fn a03_a04_each_call_of_a_switch_doubled_or_without_an_answer_is_made_once() {
    for kind in [FaultKind::Twice, FaultKind::LoseResponse, FaultKind::LoseRequest] {
        for lag in [0, 30] {
            for number in 1..=3 {
                let what = format!("{kind:?} of call {number}, lag {lag}");
                let mut fault = Fault::of_call("", number, kind.clone());
                fault.action = None;
                let mut scene = scene(&[fault], lag);
                let played = scene.played(Vec::new());
                let (outcome, code) = ending(&played.journal);
                assert_eq!(
                    outcome,
                    ChangeOutcome::Confirmed,
                    "{what} {code}{}",
                    tell(&played.journal)
                );
                is_well(&scene.world, &played, &what);
                // Of two at once, the second is refused, and only that is counted.
                let most = usize::from(kind != FaultKind::Twice);
                assert!((most..=1).contains(&taken(&scene.world, CREATE)), "{what}");
                assert!((most..=1).contains(&taken(&scene.world, SWITCH)), "{what}");
            }
        }
    }
}

#[test]
fn d42_a_switch_that_is_refused_leaves_the_database_and_says_what_its_copy_costs() {
    let refused = FaultKind::Refuse("InvalidBlueGreenDeploymentStateFault".to_owned());
    let (scene, played, outcome, code) = played(&[Fault::of_call(SWITCH, 1, refused)]);
    assert_eq!((outcome, code.as_str()), (ChangeOutcome::Refused, "copy-left"));
    is_well(&scene.world, &played, "refused");
    let closed = played.journal.entries().iter().find_map(|entry| match &entry.event {
        Event::ChangeClosed { reason, manual, .. } => Some((reason.clone(), manual.clone())),
        _ => None,
    });
    let (reason, manual) = closed.unwrap();
    assert!(reason.text.en.contains("2 USD a month"), "{}", reason.text.en);
    assert!(manual.iter().any(|one| one.contains("--delete-target")), "{manual:?}");
    assert_eq!(taken(&scene.world, "rds:DeleteDBInstance"), 0);
}

#[test]
fn d42_a_switch_that_takes_too_long_is_taken_back_by_aws_and_not_asked_for_again() {
    let hangs = Fault::of_call(CREATE, 1, FaultKind::Ails(Ailment::SwitchHangs, None));
    let (scene, played, outcome, code) = played(&[hangs]);
    assert_eq!((outcome, code.as_str()), (ChangeOutcome::Original, "copy-left"));
    is_well(&scene.world, &played, "hangs");
    assert_eq!(taken(&scene.world, SWITCH), 1);
}

#[test]
fn c17_after_the_switch_the_name_is_another_database_and_that_is_expected() {
    let (scene, played, ..) = played(&[]);
    let is = &scene.world.database("game").unwrap().dbi_resource_id;
    let was = &scene.world.database("game-old1").unwrap().dbi_resource_id;
    assert_ne!(is, was);
    let after = played.journal.entries().iter().find_map(|entry| match &entry.event {
        Event::SoakStarted { after, .. } => after.fingerprint().0.get("DbiResourceId").cloned(),
        _ => None,
    });
    assert_eq!(after.as_ref(), Some(is));
}

#[test]
fn e18_a_copy_waits_for_a_window_and_is_not_switched_outside_it() {
    let mut scene = scene(&[], 0);
    for window in &mut scene.plan.rules.windows {
        // From 01:00 to 01:30 UTC: the copy is ready at 01:50.
        window.from = jiff::civil::time(1, 0, 0, 0);
        window.until = jiff::civil::time(1, 30, 0, 0);
    }
    let played = scene.played(Vec::new());
    assert_eq!(ending(&played.journal).0, ChangeOutcome::Confirmed, "{}", tell(&played.journal));
    let switched =
        scene.world.history().iter().find(|one| format!("{one:?}").contains("Switchover"));
    let at = switched.unwrap().at;
    assert!(at >= after(SignedDuration::from_hours(24)), "{at}");
    assert!(at < after(SignedDuration::from_hours(24) + minutes(30)), "{at}");
}

#[test]
fn a_halt_before_the_switch_leaves_the_database_alone() {
    let halt = Fault::at(after(minutes(20)), FaultKind::Halt("event".to_owned()));
    let (scene, _, outcome, code) = played(&[halt]);
    assert_eq!((outcome, code.as_str()), (ChangeOutcome::Refused, "copy-left"));
    assert_eq!(taken(&scene.world, SWITCH), 0);
}
