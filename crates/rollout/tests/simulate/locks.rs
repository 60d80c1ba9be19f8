//! Several changes at once, and the lever.

use trimtab_model::journal::{ChangeOutcome, Event};
use trimtab_rollout::simulate::{End, Fault, FaultKind, Limits};

use crate::scene::{Setup, after, endings, minutes, one, seconds, tell, three_stages};

#[test]
fn b06_machines_of_one_service_are_changed_one_after_the_other() {
    let mut scene = three_stages();
    // Both are in one wave, and three members at 10 percent are one at a time.
    let played = scene.played(Vec::new());
    let mut busy = 0;
    for entry in played.journal.entries() {
        match &entry.event {
            Event::ChangeStarted { .. } => busy += 1,
            Event::SoakStarted { .. } => busy -= 1,
            _ => {}
        }
        assert!(busy <= 1, "{}", tell(&played.journal));
    }
}

#[test]
fn b06_machines_of_different_services_are_changed_together() {
    let mut scene = three_stages();
    for stage in &mut scene.plan.stages {
        for change in stage.waves.iter_mut().flat_map(|wave| &mut wave.changes) {
            change.units.clear();
        }
    }
    let played = scene.played(Vec::new());
    let (mut busy, mut most) = (0, 0);
    for entry in played.journal.entries() {
        match &entry.event {
            Event::ChangeStarted { .. } => busy += 1,
            Event::SoakStarted { .. } => busy -= 1,
            _ => {}
        }
        most = most.max(busy);
    }
    assert_eq!(most, 2);
}

#[test]
fn b10_the_lever_stops_every_call_but_those_of_the_way_back() {
    for moment in [10, 30, 40, 50, 60, 70, 80, 100, 150, 400, 1000] {
        let mut scene = one(Setup::default());
        let halt = Fault::at(after(seconds(moment)), FaultKind::Halt("storm".to_owned()));
        let played = scene.played(vec![halt]);
        let pulled = after(seconds(moment));
        for entry in played.journal.entries().iter().filter(|entry| entry.at > pulled) {
            if let Event::Intent { direction, call, .. } = &entry.event {
                let is_back = played.journal.entries().iter().any(|one| {
                    matches!(one.event, Event::RollbackStarted { .. }) && one.number < entry.number
                });
                assert!(is_back, "{moment} s: {direction:?} {call:?}{}", tell(&played.journal));
            }
        }
        assert_eq!(played.end, End::WaitsForPerson, "{moment} s: {}", tell(&played.journal));
    }
}

#[test]
fn b10_once_the_lever_is_let_go_what_was_not_begun_goes_on() {
    let mut scene = three_stages();
    let pulled = after(minutes(8));
    let played = scene.played_with(
        vec![
            Fault::at(pulled, FaultKind::Halt("storm".to_owned())),
            Fault::at(after(minutes(12)), FaultKind::Unhalt),
        ],
        &Limits::default(),
    );
    let confirmed = endings(&played.journal);
    assert!(
        confirmed.values().all(|one| one.outcome == ChangeOutcome::Confirmed),
        "{}",
        tell(&played.journal)
    );
    assert_eq!(confirmed.len(), 5);
}

#[test]
fn e23_a_closed_calendar_lets_nothing_begin() {
    let mut scene = one(Setup::default());
    scene.world.inject(Fault::at(
        after(seconds(0)),
        FaultKind::CalendarClosed("the calendar could not be read".to_owned()),
    ));
    scene.world.advance(seconds(1));
    let limits = Limits { steps: 200, ..Limits::default() };
    let played = trimtab_rollout::simulate::play(
        &scene.plan,
        &mut scene.world,
        trimtab_model::journal::Journal::default(),
        &limits,
    );
    assert_eq!(played.calls, 0);
    assert!(endings(&played.journal).is_empty());
}

#[test]
fn b08_a_plan_that_is_too_old_begins_nothing() {
    let mut scene = one(Setup::default());
    scene.plan.expires_at = after(seconds(10));
    scene.world.advance(minutes(1));
    let played = scene.played(Vec::new());
    assert_eq!(played.calls, 0);
    assert_eq!(played.outcome(), Some(trimtab_model::journal::RunOutcome::Refused));
}
