//! Refreshes of the instances of a group: killed, doubled, without an answer, and disturbed.

use jiff::SignedDuration;

use trimtab_model::action::{Action, GroupSizes, InstanceRefresh};
use trimtab_model::environment::Environment;
use trimtab_model::journal::{ChangeOutcome, Event, Journal};
use trimtab_model::plan::{RecoveryPoint, WaveName};
use trimtab_model::resource::ResourceKind;
use trimtab_rollout::simulate::{
    Ailment, End, Fault, FaultKind, ForeignChange, Group, Limits, Played, World, play,
};

use crate::invariants;
use crate::scene::{
    FROM, Scene, Setup, TO, account, after, change, ending, endings, instance_type, minutes, plan,
    quick, seconds, stage, taken, tell,
};

const CREATE: &str = "ec2:CreateLaunchTemplateVersion";
const START: &str = "autoscaling:StartInstanceRefresh";
const ROLL_BACK: &str = "autoscaling:RollbackInstanceRefresh";

/// A group of three, in production.
fn scene(faults: &[Fault], setup: Setup) -> Scene {
    let mut world = account(setup.seed, quick());
    let sizes = GroupSizes { min_size: 2, max_size: 6, desired_capacity: 3 };
    world.add_group("web", Group::of(FROM, sizes, "7"));
    let mut one = change(&mut world, "web", setup.environment);
    one.resource.kind = ResourceKind::AutoScalingGroup;
    one.action = Action::RefreshInstances(InstanceRefresh {
        from: instance_type(FROM),
        to: instance_type(TO),
        launch_template: "lt-1".to_owned(),
        from_version: "7".to_owned(),
        to_version: None,
        instances: 3,
        alarms: Vec::new(),
    });
    one.recovery = RecoveryPoint::Settings;
    one.ladder = Vec::new();
    one.downtime_budget = SignedDuration::ZERO;
    one.expected = world.observe(&one).fingerprint();
    world.set_lag(seconds(setup.lag));
    let stage = stage(setup.environment, vec![(WaveName::Canary, vec![one])]);
    let mut scene = Scene { plan: plan(vec![stage]), world };
    for fault in faults {
        scene.world.inject(fault.clone());
    }
    scene
}

fn production() -> Setup {
    Setup { environment: Environment::Prod, ..Setup::default() }
}

fn played(faults: &[Fault]) -> (Scene, Played, ChangeOutcome, String) {
    let mut scene = scene(faults, production());
    let played = scene.played(Vec::new());
    let (outcome, code) = ending(&played.journal);
    (scene, played, outcome, code)
}

/// Returns of which type all instances are, if they are of one.
fn only_type(world: &World) -> Option<String> {
    let group = world.group("web")?;
    let mut versions = group.launched_from.keys();
    let (Some(version), None) = (versions.next(), versions.next()) else { return None };
    let (of, _) = group.versions.get(&version.parse().ok()?)?;
    (group.version == *version).then(|| of.to_string())
}

/// As many serve as before, and where nothing asks for a person, all are of one type and no
/// refresh goes on.
fn is_well(scene: &Scene, played: &Played, what: &str) {
    let group = scene.world.group("web").unwrap();
    assert_eq!(group.launched_from.values().sum::<u32>(), 3, "{what}");
    let (outcome, _) = ending(&played.journal);
    let wanted = match outcome {
        ChangeOutcome::Confirmed => TO,
        ChangeOutcome::Original | ChangeOutcome::Refused => FROM,
        ChangeOutcome::NeedsOperator => return,
    };
    let is = only_type(&scene.world);
    assert_eq!(is.as_deref(), Some(wanted), "{what}: {}", tell(&played.journal));
    let goes_on = ["InProgress", "RollbackInProgress"];
    assert!(!group.refresh_status().is_some_and(|status| goes_on.contains(&status)), "{what}");
}

/// A refresh that goes well, one that AWS rolls back by itself, and one that is cancelled.
fn stories() -> Vec<(&'static str, Vec<Fault>, ChangeOutcome)> {
    let ill = FaultKind::Ails(Ailment::NeverHealthy, Some(instance_type(TO)));
    vec![
        ("forward", Vec::new(), ChangeOutcome::Confirmed),
        ("rolled back", vec![Fault::of_call(START, 1, ill)], ChangeOutcome::Original),
        (
            "halted under way",
            vec![Fault::at(after(minutes(8)), FaultKind::Halt("event".to_owned()))],
            ChangeOutcome::Original,
        ),
    ]
}

#[test]
fn a_group_gets_its_new_type_at_checkpoints_and_is_never_short() {
    let (scene, played, outcome, code) = played(&[]);
    assert_eq!(outcome, ChangeOutcome::Confirmed, "{code}{}", tell(&played.journal));
    is_well(&scene, &played, "forward");
    assert_eq!((taken(&scene.world, CREATE), taken(&scene.world, START)), (1, 1));
    // Two of the three checkpoints are at the first of three instances.
    let started =
        |entry: &&trimtab_model::journal::Entry| matches!(&entry.event, Event::SoakStarted { .. });
    let soak = played.journal.entries().iter().find(started).unwrap();
    assert!(soak.at >= after(minutes(16)), "{}", tell(&played.journal));
}

#[test]
fn a01_a_refresh_that_is_killed_at_every_point_ends_as_it_would_have() {
    let mut points = 0;
    for (name, faults, wanted) in stories() {
        let mut whole = scene(&faults, production());
        let undisturbed = whole.played(Vec::new());
        assert_eq!(
            ending(&undisturbed.journal).0,
            wanted,
            "{name}: {}",
            tell(&undisturbed.journal)
        );
        is_well(&whole, &undisturbed, name);
        for dead in [0, 40, 3_600] {
            for point in 1..undisturbed.points {
                let what = format!("{name} killed after {point}, dead for {dead} s");
                let mut scene = scene(&faults, production());
                let limits = Limits { stop_after: Some(point), ..Limits::default() };
                let killed = play(&scene.plan, &mut scene.world, Journal::default(), &limits);
                assert_eq!(killed.end, End::Killed, "{what}");
                scene.world.advance(seconds(dead));
                let resumed =
                    play(&scene.plan, &mut scene.world, killed.journal, &Limits::default());
                invariants::hold(&scene.plan, &scene.world, &resumed, seconds(dead));
                if matches!(resumed.end, End::Finished(_)) && !endings(&resumed.journal).is_empty()
                {
                    is_well(&scene, &resumed, &what);
                } else {
                    // The lever is still pulled: what did not begin waits for a person.
                    assert_eq!(
                        resumed.end,
                        End::WaitsForPerson,
                        "{what}: {}",
                        tell(&resumed.journal)
                    );
                }
                assert!(taken(&scene.world, CREATE) <= 1, "{what}");
                points += 1;
            }
        }
    }
    println!("{points} kill points of refreshes");
    assert!(points > 100, "{points}");
}

/// Plays it with a fault at each call in turn.
fn each_call(kind: &FaultKind, lag: i64) -> Vec<(usize, Scene, Played)> {
    let all = |number| {
        let mut fault = Fault::of_call("", number, kind.clone());
        fault.action = None;
        let mut scene = scene(&[fault], Setup { lag, ..production() });
        let played = scene.played(Vec::new());
        (number, scene, played)
    };
    (1..=2).map(all).collect()
}

#[test]
fn a03_each_call_of_a_refresh_made_twice_makes_one_version_and_one_refresh() {
    for (number, scene, played) in each_call(&FaultKind::Twice, 0) {
        let what = format!("call {number} twice");
        assert_eq!(ending(&played.journal).0, ChangeOutcome::Confirmed, "{what}");
        is_well(&scene, &played, &what);
        assert_eq!(scene.world.group("web").unwrap().versions.len(), 2, "{what}");
        assert_eq!(taken(&scene.world, START), usize::from(number == 1), "{what}");
    }
}

#[test]
fn a04_a_lost_answer_of_a_refresh_is_looked_for() {
    for lag in [0, 30] {
        for kind in [FaultKind::LoseResponse, FaultKind::LoseRequest] {
            for (number, scene, played) in each_call(&kind, lag) {
                let what = format!("{kind:?} of call {number}, lag {lag}");
                let (outcome, code) = ending(&played.journal);
                assert_eq!(
                    outcome,
                    ChangeOutcome::Confirmed,
                    "{what} {code}{}",
                    tell(&played.journal)
                );
                is_well(&scene, &played, &what);
                assert_eq!(scene.world.group("web").unwrap().versions.len(), 2, "{what}");
                assert_eq!(taken(&scene.world, START), 1, "{what}");
            }
        }
    }
}

#[test]
fn a04_a_lost_answer_on_the_way_back_of_a_refresh_is_looked_for() {
    for kind in [FaultKind::LoseResponse, FaultKind::LoseRequest, FaultKind::Twice] {
        let faults = [
            Fault::at(after(minutes(8)), FaultKind::Halt("event".to_owned())),
            Fault::of_call(ROLL_BACK, 1, kind.clone()),
        ];
        let (scene, played, outcome, code) = played(&faults);
        assert_eq!(outcome, ChangeOutcome::Original, "{kind:?} {code}{}", tell(&played.journal));
        is_well(&scene, &played, "rolled back");
    }
}

#[test]
fn d43_a_rollback_that_fails_is_left_to_a_person_and_no_second_refresh_begins() {
    let faults = [
        Fault::of_call(START, 1, FaultKind::Ails(Ailment::NeverHealthy, Some(instance_type(TO)))),
        Fault::of_call(START, 1, FaultKind::Ails(Ailment::RollbackFails, None)),
    ];
    let (scene, played, outcome, code) = played(&faults);
    assert_eq!((outcome, code.as_str()), (ChangeOutcome::NeedsOperator, "refresh-failed"));
    assert_eq!(taken(&scene.world, START), 1, "{}", tell(&played.journal));
    let manual = &endings(&played.journal).values().next().unwrap().manual.clone();
    assert!(manual.iter().any(|one| one.contains("describe-instance-refreshes")));
}

#[test]
fn d43_a_refresh_that_somebody_cancels_is_held() {
    let mut scene = scene(
        &[Fault::at(after(minutes(8)), FaultKind::Foreign(ForeignChange::Stop))
            .about(&"C-web".into())],
        production(),
    );
    let played = scene.played(Vec::new());
    assert_eq!(played.end, End::WaitsForPerson, "{}", tell(&played.journal));
    let held = |entry: &trimtab_model::journal::Entry| matches!(&entry.event, Event::Held { reason, .. } if reason.code == "refresh-cancelled");
    assert!(played.journal.entries().iter().any(held), "{}", tell(&played.journal));
    assert_eq!(taken(&scene.world, START), 1);
}

#[test]
fn c05_a_version_that_somebody_sets_before_and_while_it_is_watched_is_not_overwritten() {
    let replace = || FaultKind::Foreign(ForeignChange::Replace);
    let (before, _, outcome, _) = played(&[Fault::of_call(START, 1, replace())]);
    // The call was on its way already; what it led to is not what the plan was made for.
    assert!(matches!(outcome, ChangeOutcome::Confirmed | ChangeOutcome::NeedsOperator));
    assert_eq!(taken(&before.world, START), 1);
    let mut scene =
        scene(&[Fault::at(after(minutes(26)), replace()).about(&"C-web".into())], production());
    let played = scene.played(Vec::new());
    assert_eq!(played.end, End::WaitsForPerson, "{}", tell(&played.journal));
    assert_eq!(taken(&scene.world, START), 1);
}

#[test]
fn c06_a_group_that_is_deleted_under_way_is_left_to_a_person() {
    for at in [1, 8, 26] {
        let gone = FaultKind::Foreign(ForeignChange::Terminate);
        let gone = Fault::at(after(minutes(at)), gone).about(&"C-web".into());
        let mut scene = scene(&[gone], production());
        let played = scene.played(Vec::new());
        let (outcome, _) = ending(&played.journal);
        assert_eq!(outcome, ChangeOutcome::NeedsOperator, "{at}: {}", tell(&played.journal));
    }
}

#[test]
fn d03_a_right_to_begin_that_is_missing_leaves_the_group_as_it_is() {
    for action in [CREATE, START] {
        let denied = Fault::of_call(action, 1, FaultKind::DenyAction(action.to_owned()));
        let (scene, played, outcome, _) = played(&[denied]);
        assert_eq!(outcome, ChangeOutcome::Refused, "{action}: {}", tell(&played.journal));
        assert_eq!(only_type(&scene.world).as_deref(), Some(FROM));
    }
}
