//! Other people, and AWS itself, at the same resource.

use trimtab_model::journal::{ChangeOutcome, Direction, Event};
use trimtab_model::resource::instance::InstanceState;
use trimtab_rollout::simulate::{Deed, End, Fault, FaultKind, ForeignChange, Played};

use crate::scene::{
    FROM, Scene, Setup, TO, after, after_faults, ending, instance_type, minutes, one, seconds,
    taken, tell,
};

fn foreign(change: ForeignChange) -> FaultKind {
    FaultKind::Foreign(change)
}

/// Somebody does something just before a call of an action reaches AWS.
fn before_call(action: &str, change: ForeignChange) -> Fault {
    Fault::of_call(action, 1, foreign(change))
}

fn while_watched(change: ForeignChange) -> Fault {
    Fault::at(after(minutes(8)), foreign(change))
}

fn expect(faults: Vec<Fault>, wanted: ChangeOutcome) -> (Scene, Played, String) {
    let (scene, played, outcome, code) = after_faults(faults);
    assert_eq!(outcome, wanted, "{code}{}", tell(&played.journal));
    (scene, played, code)
}

fn held(played: &Played) -> Option<String> {
    played.journal.entries().iter().find_map(|entry| match &entry.event {
        Event::Held { reason, .. } => Some(reason.code.clone()),
        _ => None,
    })
}

/// Returns whether the run had ended before anybody came.
fn is_undisturbed(scene: &Scene) -> bool {
    !scene.world.history().iter().any(|one| matches!(one.what, Deed::Disturbed { .. }))
}

/// What holds where a change is left to a person: it says with which commands.
fn has_commands(played: &Played) {
    let endings = crate::scene::endings(&played.journal);
    let manual = &endings.values().next().unwrap().manual;
    assert!(manual.iter().any(|line| line.contains("start-instances")), "{manual:?}");
}

#[test]
fn c01_a_type_that_somebody_changed_before_our_stop_is_left_alone() {
    let other = ForeignChange::SetType(instance_type("m5.4xlarge"));
    let mut scene = one(Setup::default());
    scene.world.inject(Fault::at(after(seconds(1)), foreign(other.clone())));
    scene.world.advance(seconds(2));
    let played = scene.played(Vec::new());
    assert_eq!(ending(&played.journal).0, ChangeOutcome::Refused);
    assert_eq!(played.calls, 0);
    // The same between the snapshot and the stop.
    let seen = Fault::of_observation(3, foreign(other));
    let (scene, ..) = expect(vec![seen], ChangeOutcome::Refused);
    assert_eq!(taken(&scene.world, "ec2:StopInstances"), 0);
}

#[test]
fn c02_a_type_that_somebody_changed_behind_our_stop_is_not_overwritten() {
    // At the first look behind the stop the type is another one.
    let mut number = 1;
    let mut scenes = 0;
    loop {
        let other = ForeignChange::SetType(instance_type("m5.4xlarge"));
        let (scene, played, outcome, code) =
            after_faults(vec![Fault::of_observation(number, foreign(other))]);
        let is_stopped = taken(&scene.world, "ec2:StopInstances") > 0;
        let is_changed = taken(&scene.world, "ec2:ModifyInstanceAttribute") > 0;
        if is_stopped && !is_changed {
            assert_eq!(outcome, ChangeOutcome::NeedsOperator, "{}", tell(&played.journal));
            assert_eq!(code, "type-changed-by-others");
            has_commands(&played);
            scenes += 1;
        }
        if is_changed {
            break;
        }
        number += 1;
    }
    assert!(scenes > 0);
}

#[test]
fn c03_somebody_who_starts_it_while_we_change_it_gets_it_with_its_traffic() {
    let start = before_call("ec2:ModifyInstanceAttribute", ForeignChange::Start);
    let (scene, played, _) = expect(vec![start], ChangeOutcome::Original);
    assert!(scene.world.is_registered(&crate::scene::target("i-1")), "{}", tell(&played.journal));
    assert_eq!(taken(&scene.world, "ec2:StopInstances"), 1);
}

#[test]
fn c04_somebody_who_stops_it_while_it_is_watched_is_not_fought() {
    let mut scene = one(Setup::default());
    let played = scene.played(vec![while_watched(ForeignChange::Stop)]);
    assert_eq!(played.end, End::WaitsForPerson);
    assert_eq!(held(&played).as_deref(), Some("state-changed-by-others"));
    assert_eq!(taken(&scene.world, "ec2:StartInstances"), 1);
    let machine = scene.world.machine(&"i-1".into()).unwrap();
    assert_eq!(machine.state, InstanceState::Stopped);
}

#[test]
fn c05_a_tool_that_sets_the_old_type_again_is_told_of_and_not_fought() {
    let mut scene = one(Setup::default());
    let back = ForeignChange::SetType(instance_type(FROM));
    let played = scene.played(vec![while_watched(back)]);
    assert_eq!(held(&played).as_deref(), Some("type-changed-by-others"));
    assert_eq!(taken(&scene.world, "ec2:ModifyInstanceAttribute"), 1);
}

#[test]
fn c06_an_instance_that_is_terminated_at_any_step_is_left_to_a_person() {
    for number in 2.. {
        let (scene, played, outcome, _) =
            after_faults(vec![Fault::of_observation(number, foreign(ForeignChange::Terminate))]);
        if is_undisturbed(&scene) {
            assert!(number > 20);
            break;
        }
        assert_eq!(outcome, ChangeOutcome::NeedsOperator, "{number}: {}", tell(&played.journal));
        let kept = scene.world.snapshots().values().all(|one| one.state == "completed");
        assert!(kept || number < 6, "{number}");
    }
}

#[test]
fn c07_another_instance_of_the_same_name_is_not_the_one_of_the_plan() {
    let mut scene = one(Setup::default());
    scene.world.inject(Fault::at(after(seconds(1)), foreign(ForeignChange::Replace)));
    scene.world.advance(seconds(2));
    let played = scene.played(Vec::new());
    assert_eq!(ending(&played.journal), (ChangeOutcome::Refused, "drift".to_owned()));
    assert_eq!(played.calls, 0);
}

#[test]
fn c08_a_tag_that_is_taken_away_ends_it_before_the_stop() {
    let (scene, _, code) = expect(
        vec![Fault::of_observation(3, foreign(ForeignChange::RemoveTag))],
        ChangeOutcome::Refused,
    );
    assert_eq!(code, "not-opted-in");
    assert_eq!(taken(&scene.world, "ec2:StopInstances"), 0);
}

#[test]
fn c09_a_right_that_is_lost_behind_the_stop_calls_a_person_with_the_commands() {
    // With the tag goes the right to start it again.
    let lost = before_call("ec2:ModifyInstanceAttribute", ForeignChange::RemoveTag);
    let (_, played, _) = expect(vec![lost], ChangeOutcome::NeedsOperator);
    has_commands(&played);
    let denied = FaultKind::DenyAction("ec2:StartInstances".to_owned());
    let (_, played, _) =
        expect(vec![Fault::of_call("ec2:StopInstances", 1, denied)], ChangeOutcome::NeedsOperator);
    has_commands(&played);
}

#[test]
fn c10_a_volume_that_comes_or_goes_turns_it_back_and_is_not_touched() {
    for number in 3..30 {
        for change in
            [ForeignChange::Attach("vol-new".into()), ForeignChange::Detach("vol-i-1-data".into())]
        {
            let (scene, played, outcome, code) =
                after_faults(vec![Fault::of_observation(number, foreign(change))]);
            let machine = scene.world.machine(&"i-1".into()).unwrap();
            assert_eq!(machine.volumes.len() % 2, 1, "{number}");
            let is_well = match outcome {
                ChangeOutcome::Original | ChangeOutcome::Refused => code == "volumes-changed",
                // It came when the planned state was reached.
                ChangeOutcome::Confirmed => machine.instance_type == instance_type(TO),
                ChangeOutcome::NeedsOperator => false,
            };
            assert!(is_well, "{number}: {outcome:?} {code}{}", tell(&played.journal));
        }
    }
}

#[test]
fn c11_a_group_that_ends_the_member_that_we_stopped_leaves_it_to_a_person() {
    // The planner keeps members of groups out; one that joined since is not started again.
    for action in ["ec2:ModifyInstanceAttribute", "ec2:StartInstances"] {
        let ended = before_call(action, ForeignChange::Terminate);
        let (scene, played, _) = expect(vec![ended], ChangeOutcome::NeedsOperator);
        has_commands(&played);
        assert!(!scene.world.snapshots().is_empty(), "its snapshots are kept");
    }
}

#[test]
fn c12_a_rule_that_starts_what_is_stopped_is_not_fought() {
    // It starts it as soon as it is stopped, before the type is changed.
    for number in 8..24 {
        let (scene, played, outcome, code) =
            after_faults(vec![Fault::of_observation(number, foreign(ForeignChange::Start))]);
        assert!(taken(&scene.world, "ec2:StopInstances") <= 1, "{}", tell(&played.journal));
        let is_well = matches!(outcome, ChangeOutcome::Original | ChangeOutcome::Confirmed);
        assert!(is_well, "{number}: {outcome:?} {code}{}", tell(&played.journal));
    }
}

#[test]
fn c13_a_move_to_another_host_is_watched_anew() {
    let (_, played, _) =
        expect(vec![while_watched(ForeignChange::MoveHost)], ChangeOutcome::Confirmed);
    let anew = played.journal.entries().iter().find_map(|entry| match &entry.event {
        Event::SoakRestarted { .. } => Some(entry.at),
        _ => None,
    });
    let passed = played.journal.entries().iter().find_map(|entry| match &entry.event {
        Event::GateJudged { .. } => Some(entry.at),
        _ => None,
    });
    let watched = passed.unwrap().duration_since(anew.unwrap());
    assert!(watched >= minutes(10), "{watched:#}");
    // One that comes in the middle does not stop it either.
    for number in 3..40 {
        let moved = Fault::of_observation(number, foreign(ForeignChange::MoveHost));
        let (_, played, outcome, code) = after_faults(vec![moved]);
        assert_ne!(
            outcome,
            ChangeOutcome::NeedsOperator,
            "{number}: {code}{}",
            tell(&played.journal)
        );
    }
}

#[test]
fn a_way_back_makes_no_call_forward() {
    let (_, played, ..) = after_faults(vec![Fault::of_call(
        "ec2:ModifyInstanceAttribute",
        1,
        FaultKind::Refuse("Unsupported".to_owned()),
    )]);
    let mut is_back = false;
    for entry in played.journal.entries() {
        match &entry.event {
            Event::RollbackStarted { .. } => is_back = true,
            Event::Intent { direction, .. } => {
                assert!(!is_back || *direction != Direction::Forward);
            }
            _ => {}
        }
    }
    assert!(is_back);
}
