//! Runs that are killed, calls that are made twice, answers that are lost.

use jiff::SignedDuration;

use trimtab_model::journal::{ChangeOutcome, Journal};
use trimtab_model::resource::instance::InstanceState;
use trimtab_rollout::simulate::{Ailment, End, Fault, FaultKind, Limits, Played, World, play};

use crate::invariants;
use crate::scene::{
    FROM, Scene, Setup, TO, after_faults, ending, instance_type, minutes, one, seconds, taken, tell,
};

fn killed_after(point: usize) -> Limits {
    Limits { stop_after: Some(point), ..Limits::default() }
}

/// A change that goes well, one that goes back before its soak, and one that goes back out of it.
fn stories() -> Vec<(&'static str, Vec<Fault>, ChangeOutcome)> {
    let gone = FaultKind::NoCapacity(instance_type(TO), SignedDuration::from_hours(9));
    let none = FaultKind::NoCapacity(instance_type("m5a.large"), SignedDuration::from_hours(9));
    let ill = FaultKind::Ails(Ailment::Impaired, Some(instance_type(TO)));
    vec![
        ("forward", Vec::new(), ChangeOutcome::Confirmed),
        (
            "back from the start",
            vec![
                Fault::of_call("ec2:StartInstances", 1, gone),
                Fault::of_call("ec2:StartInstances", 1, none),
            ],
            ChangeOutcome::Original,
        ),
        (
            "back out of the soak",
            vec![Fault::at(crate::scene::after(minutes(7)), ill)],
            ChangeOutcome::Original,
        ),
    ]
}

fn scene(faults: &[Fault]) -> Scene {
    let mut scene = one(Setup::default());
    for fault in faults {
        scene.world.inject(fault.clone());
    }
    scene
}

fn is_in_service(world: &World) -> bool {
    let machine = world.machine(&"i-1".into()).unwrap();
    machine.state == InstanceState::Running && world.is_registered(&crate::scene::target("i-1"))
}

/// Goes on after a kill, and sees that all is well.
fn resumed(scene: &mut Scene, journal: Journal, dead: SignedDuration, point: &str) -> Played {
    scene.world.advance(dead);
    let played = play(&scene.plan, &mut scene.world, journal, &Limits::default());
    invariants::hold(&scene.plan, &scene.world, &played, dead);
    assert!(matches!(played.end, End::Finished(_)), "{point}: {}", tell(&played.journal));
    let (outcome, _) = ending(&played.journal);
    let is_well = outcome == ChangeOutcome::NeedsOperator || is_in_service(&scene.world);
    assert!(is_well, "{point} is forgotten: {}", tell(&played.journal));
    played
}

#[test]
fn a01_killed_at_every_point_it_ends_as_it_would_have() {
    let mut points = 0;
    for (name, faults, wanted) in stories() {
        let whole = scene(&faults).played(Vec::new());
        assert_eq!(ending(&whole.journal).0, wanted, "{name}: {}", tell(&whole.journal));
        for dead in [SignedDuration::ZERO, seconds(45), minutes(9)] {
            for point in 1..whole.points {
                let mut scene = scene(&faults);
                let limits = killed_after(point);
                let first = play(&scene.plan, &mut scene.world, Journal::default(), &limits);
                assert_eq!(first.end, End::Killed);
                let what = format!("{name}, point {point}, {dead:#}");
                let played = resumed(&mut scene, first.journal, dead, &what);
                let (outcome, code) = ending(&played.journal);
                // Killed long enough behind the stop it may be over its budget, and goes back.
                let is_late = outcome == ChangeOutcome::Original && dead > SignedDuration::ZERO;
                // An illness that comes at a moment may come before the soak.
                assert!(outcome == wanted || is_late, "{what}: {outcome:?} {code}");
                points += 1;
            }
        }
    }
    println!("killed at {points} points");
    assert!(points > 100);
}

#[test]
fn a02_killed_again_while_it_recovers_it_ends_all_the_same() {
    let mut points = 0;
    for (name, faults, wanted) in stories() {
        let whole = scene(&faults).played(Vec::new());
        for point in 1..whole.points {
            let mut scene = scene(&faults);
            let first =
                play(&scene.plan, &mut scene.world, Journal::default(), &killed_after(point));
            // Recovery is what begins with the resumed run: its first points.
            for again in 1..=12 {
                let mut scene = scene.clone();
                let limits = killed_after(again);
                let second = play(&scene.plan, &mut scene.world, first.journal.clone(), &limits);
                points += 1;
                if second.end != End::Killed {
                    break;
                }
                let what = format!("{name}, points {point} and {again}");
                let played = resumed(&mut scene, second.journal, SignedDuration::ZERO, &what);
                assert_eq!(ending(&played.journal).0, wanted, "{what}");
            }
        }
    }
    println!("killed twice at {points} pairs of points");
}

#[test]
fn a02_killed_at_every_point_in_turn_it_still_ends() {
    for (name, faults, wanted) in stories() {
        let mut scene = scene(&faults);
        let mut journal = Journal::default();
        let mut kills = 0;
        let played = loop {
            // Four points each time: the lease, the lost outcome, an intent, and its call.
            let played = play(&scene.plan, &mut scene.world, journal, &killed_after(4));
            if played.end != End::Killed {
                break played;
            }
            journal = played.journal;
            kills += 1;
            assert!(kills < 1000, "{name}: {}", tell(&journal));
        };
        let (outcome, _) = ending(&played.journal);
        let is_well = outcome == wanted || outcome == ChangeOutcome::Original;
        assert!(is_well, "{name}: {outcome:?}{}", tell(&played.journal));
    }
}

/// Plays one machine once for each call that it makes, with a fault of that call.
fn each_call(kind: &FaultKind, lag: i64) -> Vec<(usize, Scene, Played)> {
    let calls = one(Setup { lag, ..Setup::default() }).played(Vec::new()).calls;
    let faulty = (1..=calls).map(|number| {
        let mut scene = one(Setup { lag, ..Setup::default() });
        let mut fault = Fault::of_call("", number, kind.clone());
        fault.action = None;
        let played = scene.played(vec![fault]);
        (number, scene, played)
    });
    faulty.collect()
}

fn is_confirmed(played: &Played, what: &str) {
    let (outcome, code) = ending(&played.journal);
    assert_eq!(outcome, ChangeOutcome::Confirmed, "{what}: {code}{}", tell(&played.journal));
}

#[test]
fn a03_each_call_made_twice_changes_nothing() {
    for (number, scene, played) in each_call(&FaultKind::Twice, 0) {
        is_confirmed(&played, &format!("call {number} made twice"));
        let stops = scene.world.runs(&"i-1".into()).iter().filter(|(_, one)| one.is_none());
        assert_eq!(stops.count(), 1, "call {number} made twice is a second outage");
        let held = scene.world.reservations();
        assert_eq!(held.len(), 2, "call {number} made twice");
    }
}

#[test]
fn a04_a_lost_answer_is_looked_for_and_nothing_is_done_twice() {
    for (number, scene, played) in each_call(&FaultKind::LoseResponse, 0) {
        is_confirmed(&played, &format!("answer {number} lost"));
        for action in ["ec2:CreateSnapshots", "ec2:StopInstances", "ec2:StartInstances"] {
            assert_eq!(taken(&scene.world, action), 1, "answer {number} lost: {action}");
        }
        assert_eq!(scene.world.snapshots().len(), 2, "answer {number} lost");
    }
}

#[test]
fn a05_a_call_that_is_carried_out_later_meets_no_other_command() {
    for late in [5, 30, 55] {
        for (number, scene, played) in each_call(&FaultKind::DelayApply(seconds(late)), 0) {
            is_confirmed(&played, &format!("call {number} {late} s late"));
            assert_eq!(taken(&scene.world, "ec2:StopInstances"), 1, "call {number} {late} s late");
            assert_eq!(scene.world.snapshots().len(), 2, "call {number} {late} s late");
        }
    }
}

#[test]
fn d25_a_connection_that_breaks_before_the_call_arrives_costs_time_only() {
    for (number, _, played) in each_call(&FaultKind::LoseRequest, 0) {
        is_confirmed(&played, &format!("call {number} never arrived"));
    }
    for code in ["InternalError", "ServiceUnavailable", "RequestLimitExceeded"] {
        for (number, _, played) in each_call(&FaultKind::Refuse(code.to_owned()), 0) {
            is_confirmed(&played, &format!("call {number} refused with {code}"));
        }
    }
}

#[test]
fn d12_descriptions_that_lag_lead_to_no_second_call_and_no_drift() {
    for lag in [1, 10, 30, 45] {
        let mut scene = one(Setup { lag, ..Setup::default() });
        let played = scene.played(Vec::new());
        is_confirmed(&played, &format!("{lag} s of lag"));
        for action in ["ec2:StopInstances", "ec2:StartInstances", "ec2:ModifyInstanceAttribute"] {
            assert_eq!(taken(&scene.world, action), 1, "{lag} s of lag: {action}");
        }
    }
    for number in 1..40 {
        let stale = Fault::of_observation(number, FaultKind::StaleObservation(seconds(30)));
        let (scene, played, ..) = after_faults(vec![stale]);
        is_confirmed(&played, &format!("observation {number} is stale"));
        assert_eq!(taken(&scene.world, "ec2:ModifyInstanceAttribute"), 1);
    }
}

#[test]
fn a04_a_lost_answer_on_the_way_back_is_looked_for_too() {
    let refuse = FaultKind::Refuse("InvalidInstanceAttributeValue".to_owned());
    for lag in [0, 30] {
        for number in 4..12 {
            let mut scene = one(Setup { lag, ..Setup::default() });
            let mut lost = Fault::of_call("", number, FaultKind::LoseResponse);
            lost.action = None;
            let bad = Fault::of_call("ec2:ModifyInstanceAttribute", 1, refuse.clone());
            let played = scene.played(vec![lost, bad]);
            let (outcome, code) = ending(&played.journal);
            let is_well = matches!(outcome, ChangeOutcome::Original | ChangeOutcome::Confirmed);
            assert!(is_well, "{number}: {outcome:?} {code}{}", tell(&played.journal));
            let machine = scene.world.machine(&"i-1".into()).unwrap();
            if outcome == ChangeOutcome::Original {
                assert_eq!(machine.instance_type, instance_type(FROM));
            }
            assert!(is_in_service(&scene.world));
        }
    }
}
