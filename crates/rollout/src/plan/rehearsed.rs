//! A plan that is played: in a world as it expects it, by its own rules.

use trimtab_model::id::{InstanceType, ResourceId};
use trimtab_model::journal::{ChangeOutcome, Direction, Journal};
use trimtab_model::plan::Plan;
use trimtab_model::resource::instance::InstanceState;

use super::sample;
use crate::simulate::{Limits, Rehearsal, World, play, proof, rehearse};

fn world(plan: &Plan) -> World {
    World::of_plan(plan, Some(&sample::snapshot()), Some(&sample::prices()), sample::now(), 1)
}

fn rehearsed(plan: &Plan) -> Rehearsal {
    rehearse(plan, Some(&sample::prices()), sample::now())
}

#[test]
fn everything_is_as_the_plan_expects_it() {
    let plan = sample::plan();
    let mut world = world(&plan);
    for change in plan.changes() {
        let found = world.observe(change).fingerprint();
        assert_eq!(change.expected.differences(&found).next(), None, "{change:?}");
    }
}

#[test]
fn a_machine_that_is_stopped_is_stopped() {
    let mut plan = sample::plan();
    let change = &mut plan.stages[0].waves[0].changes[0];
    change.expected.0.insert("State".to_owned(), "stopped".to_owned());
    let id = change.resource.id.clone();
    let machine = world(&plan).machine(&id).cloned().expect("its machine");
    assert_eq!(machine.state, InstanceState::Stopped);
}

#[test]
fn every_call_is_there_in_order_and_within_a_window() {
    let plan = sample::plan();
    let rehearsal = rehearsed(&plan);
    assert!(rehearsal.is_complete, "{rehearsal:?}");
    let first = plan.changes().next().map(|change| change.id.clone());
    let of_first = rehearsal.calls.iter().filter(|one| Some(&one.change) == first.as_ref());
    let actions: Vec<&str> = of_first.map(|one| one.call.iam_action()).collect();
    assert_eq!(
        actions,
        [
            "ec2:CreateCapacityReservation",
            "ec2:StopInstances",
            "ec2:ModifyInstanceAttribute",
            "ec2:CancelCapacityReservation",
            "ec2:StartInstances",
        ]
    );
    assert!(rehearsal.calls.is_sorted_by_key(|one| one.at));
    for call in rehearsal.calls.iter().filter(|one| one.direction == Direction::Forward) {
        assert!(call.window_until.is_some_and(|until| until > call.at), "{call:?}");
    }
    assert_eq!(rehearsal, rehearsed(&plan));
}

#[test]
fn a_plan_without_a_window_makes_no_call() {
    let mut plan = sample::plan();
    plan.rules.windows.clear();
    assert!(rehearsed(&plan).calls.is_empty());
}

/// The plan without its gates, for no metrics are simulated here.
fn unwatched() -> Plan {
    let mut plan = sample::plan();
    for stage in &mut plan.stages {
        for change in stage.waves.iter_mut().flat_map(|wave| &mut wave.changes) {
            change.gates.clear();
        }
    }
    plan
}

#[test]
fn what_a_run_left_is_held_against_its_journal() {
    let plan = unwatched();
    let mut world = world(&plan);
    let played = play(&plan, &mut world, Journal::default(), &Limits::default());
    let found = proof(&plan, &played.journal, &mut world);
    assert!(found.holds(), "{found:?}");
    assert_eq!((found.running_before.len(), found.unannounced), (plan.changes().count(), 0));
    assert_eq!(found.calls, played.calls);
    for change in &found.changes {
        assert_eq!(change.outcome, Some(ChangeOutcome::Confirmed), "{change:?}");
        assert!(change.longest.is_some_and(|longest| longest.is_positive()), "{change:?}");
        assert!(change.is_within_budget(), "{change:?}");
    }
}

#[test]
fn what_is_not_as_written_or_not_announced_is_found() {
    let plan = unwatched();
    let mut world = world(&plan);
    let played = play(&plan, &mut world, Journal::default(), &Limits::default());
    let change = plan.changes().next().expect("a change");
    let id: ResourceId = change.resource.id.clone();
    let stop = trimtab_model::call::Call::StopInstance { instance: id.clone() };
    world.perform(&stop);
    world.advance(jiff::SignedDuration::from_mins(5));
    let retype = trimtab_model::call::Call::ModifyInstanceType {
        instance: id.clone(),
        instance_type: InstanceType::new("m5.xlarge"),
    };
    world.perform(&retype);
    let found = proof(&plan, &played.journal, &mut world);
    assert!(!found.holds());
    assert_eq!((found.stopped, found.unannounced), (vec![id], 2));
    assert!(!found.changes.first().expect("a change").agrees());
}
