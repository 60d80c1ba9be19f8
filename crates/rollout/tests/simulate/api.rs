//! What AWS refuses, does slowly, or does not do.

use jiff::SignedDuration;

use trimtab_model::environment::Environment;
use trimtab_model::journal::{ChangeOutcome, Direction, Event};
use trimtab_model::resource::instance::InstanceState;
use trimtab_rollout::simulate::{Ailment, End, Fault, FaultKind, ForeignChange, Played};

use crate::scene::{
    BUDGET, FROM, KEY, STEP, Scene, Setup, TO, after, after_faults, ending, endings, instance_type,
    minutes, one, seconds, taken, tell,
};

const LONG: SignedDuration = SignedDuration::from_hours(9);
const START: &str = "ec2:StartInstances";
const STOP: &str = "ec2:StopInstances";
const MODIFY: &str = "ec2:ModifyInstanceAttribute";

fn refuse(action: &str, code: &str) -> Fault {
    Fault::of_call(action, 1, FaultKind::Refuse(code.to_owned()))
}

fn no_capacity(of: &str) -> Fault {
    Fault::of_call(START, 1, FaultKind::NoCapacity(instance_type(of), LONG))
}

fn expect(faults: Vec<Fault>, wanted: ChangeOutcome) -> (Scene, Played, String) {
    let (scene, played, outcome, code) = after_faults(faults);
    assert_eq!(outcome, wanted, "{code}{}", tell(&played.journal));
    (scene, played, code)
}

fn type_of(scene: &Scene) -> String {
    scene.world.machine(&"i-1".into()).unwrap().instance_type.to_string()
}

fn manual(played: &Played) -> Vec<String> {
    endings(&played.journal).values().next().unwrap().manual.clone()
}

#[test]
fn d01_reading_that_is_refused_as_too_fast_only_takes_longer() {
    for number in [1, 5, 12, 20] {
        let slow = Fault::of_observation(number, FaultKind::ThrottleRead).repeated(20);
        expect(vec![slow], ChangeOutcome::Confirmed);
    }
}

#[test]
fn d02_a_start_on_the_way_back_is_tried_again_when_it_is_too_fast() {
    let bad = refuse(MODIFY, "InvalidInstanceAttributeValue");
    for code in ["RequestLimitExceeded", "Throttling"] {
        let throttled = refuse(START, code).repeated(6);
        let (scene, ..) = expect(vec![bad.clone(), throttled], ChangeOutcome::Original);
        assert_eq!(type_of(&scene), FROM);
    }
}

#[test]
fn d03_a_right_that_is_missing_in_the_middle_undoes_what_came_before() {
    for (action, wanted) in [
        ("ec2:CreateSnapshots", ChangeOutcome::Refused),
        ("ec2:CreateCapacityReservation", ChangeOutcome::Refused),
        ("elasticloadbalancing:DeregisterTargets", ChangeOutcome::Refused),
        (STOP, ChangeOutcome::Original),
        (MODIFY, ChangeOutcome::Original),
    ] {
        let denied = FaultKind::DenyAction(action.to_owned());
        let mut scene = one(Setup::default());
        scene.world.inject(Fault::at(after(seconds(1)), denied));
        scene.world.advance(seconds(1));
        let played = scene.played(Vec::new());
        let (outcome, code) = ending(&played.journal);
        assert_eq!(outcome, wanted, "{action}: {code}{}", tell(&played.journal));
        let text = tell(&played.journal);
        assert!(text.contains(&format!("AWS refused {action}")) || text.contains("is denied"));
        assert!(scene.world.is_registered(&crate::scene::target("i-1")));
        assert!(scene.world.reservations().values().all(|one| one.state == "cancelled"));
    }
}

#[test]
fn d04_a_start_that_a_policy_denies_is_left_to_a_person_at_once() {
    let denied = FaultKind::DenyAction(START.to_owned());
    let (_, played, _) =
        expect(vec![Fault::of_call(STOP, 1, denied)], ChangeOutcome::NeedsOperator);
    assert!(manual(&played).iter().any(|line| line.contains("start-instances")));
}

#[test]
fn d05_credentials_that_end_behind_the_stop_are_asked_for_again() {
    let (scene, ..) =
        expect(vec![refuse(START, "ExpiredToken").repeated(2)], ChangeOutcome::Confirmed);
    assert_eq!(type_of(&scene), TO);
    let (_, played, _) =
        expect(vec![refuse(START, "ExpiredToken").repeated(99)], ChangeOutcome::NeedsOperator);
    assert!(manual(&played).iter().any(|line| line.contains("start-instances")));
}

#[test]
fn d06_no_capacity_at_start_takes_the_next_type_that_was_agreed() {
    let (scene, ..) = expect(vec![no_capacity(TO)], ChangeOutcome::Confirmed);
    assert_eq!(type_of(&scene), STEP);
}

#[test]
fn d06_no_capacity_at_start_for_any_agreed_type_goes_back_within_the_budget() {
    let (scene, played, _) =
        expect(vec![no_capacity(TO), no_capacity(STEP)], ChangeOutcome::Original);
    assert_eq!(type_of(&scene), FROM);
    assert!(played.paged.is_empty());
    let runs = scene.world.runs(&"i-1".into());
    let down = runs.iter().find(|(_, one)| one.is_none()).unwrap().0;
    let up = runs.iter().find(|(at, one)| *at > down && one.is_some()).unwrap().0;
    assert!(up.duration_since(down) < BUDGET);
}

#[test]
fn d06_no_capacity_at_start_that_passes_is_waited_out() {
    let short = FaultKind::NoCapacity(instance_type(TO), seconds(30));
    let (scene, ..) = expect(vec![Fault::of_call(START, 1, short)], ChangeOutcome::Confirmed);
    assert_eq!(type_of(&scene), TO);
}

#[test]
fn d06_no_capacity_before_the_stop_touches_nothing() {
    let gone = FaultKind::NoCapacity(instance_type(TO), LONG);
    let (scene, ..) = expect(
        vec![Fault::of_call("ec2:CreateCapacityReservation", 1, gone)],
        ChangeOutcome::Refused,
    );
    assert_eq!(taken(&scene.world, STOP), 0);
}

#[test]
fn d07_no_capacity_for_the_old_type_either_is_left_to_a_person() {
    let (_, played, _) = expect(
        vec![no_capacity(TO), no_capacity(STEP), no_capacity(FROM)],
        ChangeOutcome::NeedsOperator,
    );
    assert!(manual(&played).iter().any(|line| line.contains("start-instances")));
}

#[test]
fn d08_a_start_that_fails_behind_our_back_counts_as_no_capacity() {
    let fails = FaultKind::StartFails("Server.InsufficientInstanceCapacity".to_owned());
    let (scene, ..) =
        expect(vec![Fault::of_call(START, 1, fails.clone())], ChangeOutcome::Confirmed);
    assert_eq!(type_of(&scene), TO);
    let (scene, ..) =
        expect(vec![Fault::of_call(START, 1, fails).repeated(3)], ChangeOutcome::Confirmed);
    assert_eq!(type_of(&scene), STEP);
}

#[test]
fn d09_a_key_that_is_refused_at_start_calls_a_person_and_tries_no_other_type() {
    let fails = FaultKind::StartFails("Client.InternalError".to_owned());
    let (scene, _, code) =
        expect(vec![Fault::of_call(START, 1, fails)], ChangeOutcome::NeedsOperator);
    assert_eq!(code, "key-refused");
    assert_eq!(taken(&scene.world, START), 1);
}

#[test]
fn d09_a_key_that_is_disabled_is_found_before_the_stop() {
    let disabled = Fault::at(after(seconds(0)), FaultKind::KeyDisabled(KEY.to_owned()));
    let mut scene = one(Setup::default());
    scene.world.inject(disabled);
    scene.world.advance(seconds(1));
    let played = scene.played(Vec::new());
    let (outcome, code) = ending(&played.journal);
    assert_eq!((outcome, code.as_str()), (ChangeOutcome::Refused, "key-not-enabled"));
    assert_eq!(played.calls, 0);
}

#[test]
fn d10_a_key_that_is_disabled_behind_the_stop_is_left_to_a_person() {
    let disabled = FaultKind::KeyDisabled(KEY.to_owned());
    let (_, _, code) =
        expect(vec![Fault::of_call(MODIFY, 1, disabled)], ChangeOutcome::NeedsOperator);
    assert_eq!(code, "key-refused");
}

#[test]
fn d11_a_type_that_is_not_known_everywhere_yet_is_started_again() {
    for times in [1, 3, 5] {
        let early = refuse(START, "InvalidParameterValue").repeated(times);
        let (scene, ..) = expect(vec![early], ChangeOutcome::Confirmed);
        assert_eq!(type_of(&scene), TO);
    }
}

#[test]
fn d13_a_stop_that_hangs_is_never_forced() {
    let stuck = FaultKind::Ails(Ailment::StuckStopping, None);
    let (scene, _, code) =
        expect(vec![Fault::of_call(STOP, 1, stuck.clone())], ChangeOutcome::NeedsOperator);
    assert_eq!(code, "stop-stuck");
    assert_eq!(taken(&scene.world, STOP), 1);
    // The same where the lever is pulled meanwhile, and so on the way back.
    let halt = FaultKind::Halt("storm".to_owned());
    let mut scene = one(Setup::default());
    let played = scene.played(vec![
        Fault::of_call(STOP, 1, stuck),
        Fault::at(after(minutes(2)), halt),
        Fault::at(after(minutes(60)), FaultKind::Unhalt),
    ]);
    assert_eq!(ending(&played.journal).0, ChangeOutcome::NeedsOperator);
}

#[test]
fn d14_a_start_that_hangs_is_stopped_once_and_then_left_to_a_person() {
    let stuck = FaultKind::Ails(Ailment::StuckPending, None);
    let (_, played, code) =
        expect(vec![Fault::of_call(START, 1, stuck)], ChangeOutcome::NeedsOperator);
    assert_eq!(code, "start-slow", "{}", tell(&played.journal));
}

#[test]
fn d15_checks_that_never_say_ok_turn_it_back() {
    for ailment in [Ailment::Impaired, Ailment::Initializing] {
        let ill = FaultKind::Ails(ailment, Some(instance_type(TO)));
        let (scene, ..) = expect(vec![Fault::of_call(START, 1, ill)], ChangeOutcome::Original);
        assert_eq!(type_of(&scene), FROM);
    }
}

#[test]
fn d15_checks_that_fail_while_it_is_watched_turn_it_back() {
    let ill = FaultKind::Ails(Ailment::Impaired, Some(instance_type(TO)));
    let (scene, played, code) =
        expect(vec![Fault::at(after(minutes(8)), ill)], ChangeOutcome::Original);
    assert_eq!(code, "checks-impaired");
    assert_eq!(type_of(&scene), FROM);
    // It was in service for long: the outage of the way back begins anew.
    assert!(played.paged.is_empty());
}

#[test]
fn d16_a_machine_that_boots_without_its_disks_turns_it_back() {
    let ill = FaultKind::Ails(Ailment::Impaired, Some(instance_type(TO)));
    let (scene, played, _) = expect(vec![Fault::of_call(MODIFY, 1, ill)], ChangeOutcome::Original);
    assert_eq!(type_of(&scene), FROM);
    assert!(scene.world.is_registered(&crate::scene::target("i-1")), "{}", tell(&played.journal));
}

#[test]
fn d17_a_type_that_is_refused_starts_the_old_one() {
    for code in ["InvalidInstanceAttributeValue", "InvalidParameterCombination", "Unsupported"] {
        let (scene, ..) = expect(vec![refuse(MODIFY, code)], ChangeOutcome::Original);
        assert_eq!(type_of(&scene), FROM);
    }
}

#[test]
fn d18_a_quota_that_is_reached_at_start_goes_back() {
    let (scene, ..) = expect(vec![refuse(START, "VcpuLimitExceeded")], ChangeOutcome::Original);
    assert_eq!(type_of(&scene), FROM);
}

#[test]
fn d19_a_reservation_that_is_full_is_tried_again_or_goes_back() {
    let full = refuse(START, "ReservationCapacityExceeded");
    let (scene, ..) = expect(vec![full.clone()], ChangeOutcome::Confirmed);
    assert_eq!(type_of(&scene), TO);
    let mut scene = one(Setup::default());
    scene.plan.stages[0].waves[0].changes[0].ladder.clear();
    let played = scene.played(vec![full.repeated(3)]);
    assert_eq!(ending(&played.journal).0, ChangeOutcome::Original, "{}", tell(&played.journal));
}

#[test]
fn d20_stop_protection_that_is_set_late_is_left_as_it_is() {
    let protect = FaultKind::Foreign(ForeignChange::Protect);
    let (scene, ..) = expect(vec![Fault::of_call(STOP, 1, protect)], ChangeOutcome::Original);
    let machine = scene.world.machine(&"i-1".into()).unwrap();
    assert!(machine.is_stop_protected);
    assert_eq!(machine.state, InstanceState::Running);
}

#[test]
fn d21_a_machine_that_somebody_stopped_before_us_stays_stopped() {
    let stopped = FaultKind::Foreign(ForeignChange::Stop);
    let (scene, ..) = expect(
        vec![Fault::of_call(STOP, 1, stopped), refuse(STOP, "IncorrectInstanceState")],
        ChangeOutcome::NeedsOperator,
    );
    let machine = scene.world.machine(&"i-1".into()).unwrap();
    assert_eq!(machine.state, InstanceState::Stopped);
    assert_eq!(type_of(&scene), FROM);
}

#[test]
fn d22_a_snapshot_that_fails_stops_nothing() {
    let fails = Fault::of_call("ec2:CreateSnapshots", 1, FaultKind::SnapshotError);
    let (scene, _, code) = expect(vec![fails], ChangeOutcome::Refused);
    assert_eq!(code, "snapshot-failed");
    assert_eq!(taken(&scene.world, STOP), 0);
}

#[test]
fn d23_a_quota_of_snapshots_is_waited_for_or_refused() {
    let busy = refuse("ec2:CreateSnapshots", "ConcurrentSnapshotLimitExceeded");
    expect(vec![busy.clone()], ChangeOutcome::Confirmed);
    expect(vec![busy.repeated(99)], ChangeOutcome::Refused);
    expect(vec![refuse("ec2:CreateSnapshots", "SnapshotLimitExceeded")], ChangeOutcome::Refused);
}

#[test]
fn d24_a_reservation_that_cannot_be_cancelled_is_said_and_spoils_nothing() {
    let cancel = "ec2:CancelCapacityReservation";
    let (_, played, code) =
        expect(vec![refuse(cancel, "IncorrectState").repeated(999)], ChangeOutcome::Confirmed);
    assert_eq!(code, "reservation-left");
    assert!(manual(&played).iter().any(|line| line.contains("cancel-capacity-reservation")));
    let (_, _, code) =
        expect(vec![refuse(cancel, "RequestLimitExceeded").repeated(3)], ChangeOutcome::Confirmed);
    assert_eq!(code, "confirmed");
}

#[test]
fn d47_a_target_that_never_gets_healthy_turns_it_back() {
    let ill = FaultKind::Ails(Ailment::NeverHealthy, Some(instance_type(TO)));
    let (scene, ..) = expect(vec![Fault::of_call(START, 1, ill)], ChangeOutcome::Original);
    assert_eq!(type_of(&scene), FROM);
    assert!(scene.world.is_registered(&crate::scene::target("i-1")));
}

#[test]
fn d48_connections_that_never_end_give_the_traffic_back() {
    let stuck = FaultKind::Ails(Ailment::StuckDraining, None);
    let drain = "elasticloadbalancing:DeregisterTargets";
    let (scene, ..) = expect(vec![Fault::of_call(drain, 1, stuck)], ChangeOutcome::Original);
    assert_eq!(taken(&scene.world, STOP), 0);
    assert!(scene.world.is_registered(&crate::scene::target("i-1")));
}

#[test]
fn d49_a_way_back_that_fails_at_any_of_its_steps_ends_with_a_person() {
    // The way back out of a soak takes every step there is.
    let ill = FaultKind::Ails(Ailment::Impaired, Some(instance_type(TO)));
    let story = || vec![Fault::at(after(minutes(8)), ill.clone())];
    let (_, played, ..) = after_faults(story());
    let steps: Vec<(String, usize)> = {
        let mut made: Vec<(String, usize)> = Vec::new();
        let mut steps = Vec::new();
        for entry in played.journal.entries() {
            if let Event::Intent { direction, call, .. } = &entry.event {
                let action = call.iam_action().to_owned();
                let number = 1 + made.iter().filter(|(one, _)| *one == action).count();
                made.push((action.clone(), number));
                if *direction == Direction::Back {
                    steps.push((action, number));
                }
            }
        }
        steps
    };
    assert!(steps.len() >= 5, "{steps:?}");
    for (action, number) in steps {
        for code in ["UnauthorizedOperation", "InternalError", "SomethingNew"] {
            let fails = Fault::of_call(&action, number, FaultKind::Refuse(code.to_owned()));
            let mut faults = story();
            faults.push(fails.repeated(9999));
            let (_, played, outcome, why) = after_faults(faults);
            assert!(matches!(played.end, End::Finished(_)));
            // What is only given back at the end does not spoil the rest.
            let is_free = action == "ec2:CancelCapacityReservation";
            let wanted =
                if is_free { ChangeOutcome::Original } else { ChangeOutcome::NeedsOperator };
            assert_eq!(outcome, wanted, "{action} {code}: {why}{}", tell(&played.journal));
            assert!(played.calls < 60, "{action} {code}: {} calls", played.calls);
        }
    }
}

#[test]
fn the_last_healthy_target_is_never_taken_away() {
    let mut scene = one(Setup { environment: Environment::Dev, ..Setup::default() });
    scene.world.add_target_group("tg-web", trimtab_rollout::simulate::TargetGroup { others: 0 });
    let played = scene.played(Vec::new());
    let (outcome, code) = ending(&played.journal);
    assert_eq!((outcome, code.as_str()), (ChangeOutcome::Refused, "last-healthy-target"));
}
