//! Runs whose journal is lost, wherever they were killed.

use std::collections::BTreeMap;

use trimtab_model::call::Call;
use trimtab_model::environment::Environment;
use trimtab_model::id::{PlanId, RunId};
use trimtab_model::journal::{ChangeOutcome, Event, Journal};
use trimtab_model::observed::Observed;
use trimtab_model::plan::{BudgetUnit, UnitKind};
use trimtab_model::resource::instance::InstanceState;
use trimtab_rollout::adopt::{Adoption, Standing, adoption, standing};
use trimtab_rollout::simulate::{Ailment, End, Fault, FaultKind, Limits, play};

use crate::scene::{
    FROM, Scene, Setup, TO, after, ending, instance_type, minutes, one, seconds, target, tell,
};

/// Returns a machine that no load balancer knows.
fn alone(is_stopped: bool, environment: Environment) -> Scene {
    let mut scene = one(Setup { is_stopped, environment, ..Setup::default() });
    if !is_stopped {
        scene.world.perform(&Call::DeregisterTarget(target("i-1")));
        scene.world.advance(minutes(10));
    }
    scene
}

fn killed(scene: &mut Scene, point: usize) -> End {
    let limits = Limits { stop_after: Some(point), ..Limits::default() };
    play(&scene.plan, &mut scene.world, Journal::default(), &limits).end
}

fn adopted(scene: &mut Scene, is_stopped: bool, by: &[&str]) -> (Adoption, Journal) {
    // Plans say whether a machine ran, which the simulated world does not compare.
    let mut plan = scene.plan.clone();
    let mut seen = BTreeMap::new();
    for change in
        plan.stages.iter_mut().flat_map(|one| &mut one.waves).flat_map(|one| &mut one.changes)
    {
        let was = if is_stopped { "stopped" } else { "running" };
        change.expected.0.insert("State".to_owned(), was.to_owned());
        let mut observed = scene.world.observe(change);
        if let Observed::Instance(one) = &mut observed {
            let is = if one.state == InstanceState::Running { "running" } else { "stopped" };
            one.fingerprint.0.insert("State".to_owned(), is.to_owned());
        }
        seen.insert(change.id.clone(), observed);
    }
    let by: Vec<String> = by.iter().map(|name| (*name).to_owned()).collect();
    let approvals = (0..scene.plan.stages.len()).map(|index| (index, by.clone())).collect();
    let found = adoption(&plan, &seen, &approvals, "hash", scene.world.now());
    let mut journal = Journal::default();
    let started = Event::RunStarted {
        run: RunId::new("run-2"),
        plan: PlanId::new("P-1"),
        hash: "hash".to_owned(),
        operator: "jiho".to_owned(),
        host: "two".to_owned(),
    };
    for event in std::iter::once(started).chain(found.events.clone()) {
        journal.append(scene.world.now(), 1, event);
    }
    (found, journal)
}

fn faults() -> Vec<Vec<Fault>> {
    let gone = FaultKind::NoCapacity(instance_type(TO), minutes(9 * 60));
    let ill = FaultKind::Ails(Ailment::Impaired, Some(instance_type(TO)));
    vec![
        Vec::new(),
        vec![Fault::of_call("ec2:StartInstances", 1, gone)],
        vec![Fault::at(after(minutes(17)), ill)],
    ]
}

#[test]
fn a08_without_its_journal_a_machine_is_found_and_ends_in_service() {
    let mut points = 0;
    for (story, faults) in faults().into_iter().enumerate() {
        for environment in [Environment::Dev, Environment::Prod] {
            for point in 1..400 {
                let mut scene = alone(false, environment);
                for fault in &faults {
                    scene.world.inject(fault.clone());
                }
                if killed(&mut scene, point) != End::Killed {
                    break;
                }
                scene.world.advance(seconds(90));
                let (found, journal) = adopted(&mut scene, false, &["a", "b"]);
                let what = format!("story {story}, {environment}, point {point}: {found:?}");
                assert!(found.unclear.is_empty(), "{what}");
                let played = play(&scene.plan, &mut scene.world, journal, &Limits::default());
                let told = || format!("{what}{}", tell(&played.journal));
                assert!(matches!(played.end, End::Finished(_)), "{:?} {}", played.end, told());
                let (outcome, _) = ending(&played.journal);
                assert_ne!(outcome, ChangeOutcome::NeedsOperator, "{}", told());
                let machine = scene.world.machine(&"i-1".into()).unwrap();
                assert_eq!(machine.state, InstanceState::Running, "{}", told());
                let held = scene.world.reservations().values();
                assert!(held.into_iter().all(|one| one.state != "active"), "{}", told());
                points += 1;
            }
        }
    }
    println!("journals lost at {points} points");
    assert!(points > 60);
}

#[test]
fn a08_what_was_found_stopped_stays_stopped_without_its_journal() {
    for point in 1..200 {
        let mut scene = alone(true, Environment::Prod);
        if killed(&mut scene, point) != End::Killed {
            break;
        }
        scene.world.advance(seconds(90));
        let (_, journal) = adopted(&mut scene, true, &["a", "b"]);
        let played = play(&scene.plan, &mut scene.world, journal, &Limits::default());
        assert!(matches!(played.end, End::Finished(_)), "{point}: {}", tell(&played.journal));
        let machine = scene.world.machine(&"i-1".into()).unwrap();
        assert_eq!(machine.state, InstanceState::Stopped, "{point}: {}", tell(&played.journal));
    }
}

#[test]
fn a08_registrations_that_only_the_journal_had_are_not_guessed() {
    let mut unclear = 0;
    for point in 1..200 {
        let mut scene = one(Setup::default());
        let change = &mut scene.plan.stages[0].waves[0].changes[0];
        let name = "web".to_owned();
        change.units.push(BudgetUnit { kind: UnitKind::TargetGroup, name, members: 3 });
        if killed(&mut scene, point) != End::Killed {
            break;
        }
        scene.world.advance(seconds(90));
        let (found, journal) = adopted(&mut scene, false, &["a", "b"]);
        for (_, reason) in &found.unclear {
            assert_eq!(reason.code, "registrations-lost");
            unclear += 1;
        }
        let played = play(&scene.plan, &mut scene.world, journal, &Limits::default());
        let is_unclear = !found.unclear.is_empty();
        let (outcome, _) = ending(&played.journal);
        assert_eq!(outcome == ChangeOutcome::NeedsOperator, is_unclear, "{point}: {found:?}");
        if is_unclear {
            let manual = played.journal.entries().iter().find_map(|entry| match &entry.event {
                Event::ChangeClosed { manual, .. } => Some(manual.clone()),
                _ => None,
            });
            assert!(manual.is_some_and(|manual| !manual.is_empty()), "{point}");
        }
    }
    assert!(unclear > 0);
}

#[test]
fn a08_without_an_approval_it_goes_back() {
    let mut scene = alone(false, Environment::Dev);
    // Behind the stop: its outcome is what comes sixteenth at the latest.
    let mut point = 1;
    loop {
        let mut tried = alone(false, Environment::Dev);
        assert_eq!(killed(&mut tried, point), End::Killed);
        tried.world.advance(seconds(90));
        let machine = tried.world.machine(&"i-1".into()).unwrap();
        if machine.state == InstanceState::Stopped {
            scene = Scene { plan: scene.plan, world: tried.world };
            break;
        }
        point += 1;
    }
    let (found, journal) = adopted(&mut scene, false, &[]);
    assert_eq!(found.begun.len(), 1);
    let played = play(&scene.plan, &mut scene.world, journal, &Limits::default());
    let (outcome, code) = ending(&played.journal);
    assert_eq!((outcome, code.as_str()), (ChangeOutcome::Original, "adopted-unapproved"));
    let machine = scene.world.machine(&"i-1".into()).unwrap();
    assert_eq!(
        (machine.state.clone(), machine.instance_type.as_str()),
        (InstanceState::Running, FROM)
    );
}

#[test]
fn a08_what_somebody_else_changed_is_not_taken_for_ours() {
    let mut scene = alone(false, Environment::Dev);
    scene.world.perform(&Call::StopInstance { instance: "i-1".into() });
    scene.world.advance(minutes(5));
    let change = scene.plan.changes().next().unwrap().clone();
    let seen = scene.world.observe(&change);
    let code = |change| match standing(change, &seen) {
        Standing::Unclear(reason, _) => reason.code,
        other => panic!("{other:?}"),
    };
    assert_eq!(code(&change), "state-unknown");
    let mut stated = change.clone();
    stated.expected.0.insert("State".to_owned(), "running".to_owned());
    assert_eq!(code(&stated), "changed-without-a-mark");
}
