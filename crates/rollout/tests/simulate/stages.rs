//! Development, staging, canary, production.

use jiff::SignedDuration;

use trimtab_model::environment::Environment;
use trimtab_model::journal::{ChangeOutcome, Event, Journal, RunOutcome, Wish};
use trimtab_rollout::simulate::{
    Ailment, End, Fault, FaultKind, ForeignChange, Limits, Trigger, play,
};

use crate::scene::{
    FROM, Scene, TO, after, ending, endings, instance_type, minutes, one, seconds, tell,
    three_stages,
};
use crate::{invariants, scene};

fn begun(journal: &Journal) -> Vec<String> {
    let begun = journal.entries().iter().filter_map(|entry| match &entry.event {
        Event::ChangeStarted { change, .. } => Some(change.to_string()),
        _ => None,
    });
    begun.collect()
}

#[test]
fn the_happy_path_goes_from_development_to_production() {
    let mut scene = three_stages();
    let played = scene.played(Vec::new());
    assert_eq!(played.outcome(), Some(RunOutcome::Complete), "{}", tell(&played.journal));
    let order = ["C-i-dev", "C-i-staging", "C-i-canary", "C-i-prod1", "C-i-prod2"];
    assert_eq!(begun(&played.journal), order);
    for id in ["i-dev", "i-staging", "i-canary", "i-prod1", "i-prod2"] {
        let machine = scene.world.machine(&id.into()).unwrap();
        assert_eq!(machine.instance_type, instance_type(TO));
        assert!(scene.world.is_registered(&scene::target(id)));
    }
    // Nothing that costs money is left.
    assert!(scene.world.reservations().values().all(|one| one.state == "cancelled"));
    assert!(played.paged.is_empty());
}

#[test]
fn a_run_is_the_same_each_time() {
    let played = || {
        let mut scene = three_stages();
        scene.played(vec![Fault::of_call("ec2:StartInstances", 2, FaultKind::LoseResponse)])
    };
    assert_eq!(played().journal, played().journal);
}

/// Each way in which one change of the plan can fail, or not.
fn ways() -> Vec<(&'static str, Option<FaultKind>)> {
    vec![
        ("well", None),
        ("refused", Some(FaultKind::Foreign(ForeignChange::Protect))),
        ("rolled back", Some(FaultKind::Ails(Ailment::Impaired, Some(instance_type(TO))))),
        ("lost", Some(FaultKind::Foreign(ForeignChange::Terminate))),
    ]
}

#[test]
fn every_history_of_a_three_stage_plan_keeps_the_order_of_the_stages() {
    let ids = ["i-dev", "i-staging", "i-canary", "i-prod1"];
    let mut histories = 0;
    for (at, id) in ids.iter().enumerate() {
        for (name, kind) in ways() {
            for (second, other) in ids.iter().enumerate().skip(at + 1) {
                for (other_name, other_kind) in ways() {
                    let mut scene = three_stages();
                    let mut faults = Vec::new();
                    for (id, kind) in [(id, &kind), (other, &other_kind)] {
                        let change = format!("C-{id}").as_str().into();
                        faults.extend(kind.clone().map(|kind| {
                            // The third look is behind the start of the change.
                            Fault::of_observation(3, kind).about(&change)
                        }));
                    }
                    let played = scene.played(faults);
                    let begun = begun(&played.journal);
                    let stops = !matches!(name, "well" | "refused");
                    let later =
                        ids.iter().skip(at + 1).any(|later| begun.contains(&format!("C-{later}")));
                    let what = format!("{id} {name}, {other} ({second}) {other_name}: {begun:?}");
                    assert_eq!(later, !stops, "{what}{}", tell(&played.journal));
                    histories += 1;
                }
            }
        }
    }
    println!("{histories} histories of a three-stage plan");
}

#[test]
fn a_run_that_is_cancelled_goes_back_wherever_it_is() {
    for moment in [30, 60, 90, 150, 400, 900] {
        let mut scene = one(scene::Setup::default());
        let cancel = Event::Wished { wish: Wish::Cancel, by: "somebody".to_owned() };
        let limits = Limits { people: vec![(after(seconds(moment)), cancel)], ..Limits::default() };
        let played = scene.played_with(Vec::new(), &limits);
        let (outcome, _) = ending(&played.journal);
        assert!(
            matches!(outcome, ChangeOutcome::Original | ChangeOutcome::Refused),
            "{moment}: {}",
            tell(&played.journal)
        );
        assert_eq!(played.outcome(), Some(RunOutcome::Cancelled));
        let machine = scene.world.machine(&"i-1".into()).unwrap();
        assert_eq!(machine.instance_type, instance_type(FROM));
    }
}

#[test]
fn a_machine_that_was_stopped_is_changed_and_stays_stopped() {
    let mut scene = one(scene::Setup { is_stopped: true, ..scene::Setup::default() });
    let played = scene.played(Vec::new());
    assert_eq!(ending(&played.journal).0, ChangeOutcome::Confirmed, "{}", tell(&played.journal));
    let machine = scene.world.machine(&"i-1".into()).unwrap();
    assert_eq!(machine.instance_type, instance_type(TO));
}

#[test]
fn d50_a_wave_halts_at_its_error_budget_and_not_one_later() {
    let mut world = scene::account(3, scene::quick());
    let ids: Vec<String> = (0..10).map(|number| format!("i-{number}")).collect();
    let mut changes = Vec::new();
    for id in &ids {
        scene::add_machine(&mut world, id, false);
        let mut change = scene::change(&mut world, id, Environment::Dev);
        change.units = vec![trimtab_model::plan::BudgetUnit {
            kind: trimtab_model::plan::UnitKind::Service,
            name: "game".to_owned(),
            members: 10,
        }];
        changes.push(change);
    }
    let wave = vec![(trimtab_model::plan::WaveName::Percent(100), changes)];
    let mut plan = scene::plan(vec![scene::stage(Environment::Dev, wave)]);
    plan.rules.max_failures = 3;
    let mut scene = Scene { plan, world };
    let faults = ["C-i-1", "C-i-3", "C-i-5"].map(|change| Fault {
        when: Trigger::Call(1),
        of: Some(change.into()),
        action: Some("ec2:ModifyInstanceAttribute".to_owned()),
        times: 1,
        kind: FaultKind::Refuse("InvalidInstanceAttributeValue".to_owned()),
    });
    let played = scene.played(faults.into());
    let endings = endings(&played.journal);
    let count = |outcome| endings.values().filter(|one| one.outcome == outcome).count();
    assert_eq!(count(ChangeOutcome::Original), 3);
    assert_eq!(count(ChangeOutcome::Confirmed), 3, "{}", tell(&played.journal));
    // The seventh and those behind it were never touched.
    assert_eq!(begun(&played.journal).len(), 6);
    assert_eq!(played.outcome(), Some(RunOutcome::Partial));
}

#[test]
fn a13_one_run_that_cannot_be_helped_leaves_nine_others_alone() {
    let mut world = scene::account(5, scene::quick());
    let mut plans = Vec::new();
    for number in 0..10 {
        let id = format!("i-{number}");
        scene::add_machine(&mut world, &id, false);
        let change = scene::change(&mut world, &id, Environment::Dev);
        let wave = vec![(trimtab_model::plan::WaveName::Percent(100), vec![change])];
        plans.push(scene::plan(vec![scene::stage(Environment::Dev, wave)]));
    }
    world.inject(Fault {
        when: Trigger::Call(1),
        of: Some("C-i-4".into()),
        action: Some("ec2:StartInstances".to_owned()),
        times: 1,
        kind: FaultKind::StartFails("Client.InternalError".to_owned()),
    });
    // All are ended in the middle, at points that differ.
    let begun: Vec<Journal> = plans
        .iter()
        .enumerate()
        .map(|(number, plan)| {
            let limits = Limits { stop_after: Some(6 + 2 * number), ..Limits::default() };
            play(plan, &mut world, Journal::default(), &limits).journal
        })
        .collect();
    for (number, (plan, journal)) in plans.iter().zip(begun).enumerate() {
        let played = play(plan, &mut world, journal, &Limits::default());
        // Those that were down for too long meanwhile go back instead.
        let is_helped = ending(&played.journal).0 != ChangeOutcome::NeedsOperator;
        assert_eq!(is_helped, number != 4, "{number}: {}", tell(&played.journal));
    }
}

#[test]
fn e18_a_window_that_closes_turns_back_before_the_stop_and_goes_on_behind_it() {
    for closes in [40, 50, 60, 70, 80, 90, 100, 120] {
        let mut scene = one(scene::Setup::default());
        let until = jiff::tz::TimeZone::UTC.to_datetime(after(seconds(closes))).time();
        scene.plan.rules.windows[0].until = until;
        for stage in &mut scene.plan.stages {
            for wave in &mut stage.waves {
                wave.changes[0].duration = SignedDuration::ZERO;
            }
        }
        let played = scene.played(Vec::new());
        let (outcome, _) = ending(&played.journal);
        let is_stopped = scene::taken(&scene.world, "ec2:StopInstances") > 0;
        let wanted = if is_stopped {
            matches!(outcome, ChangeOutcome::Confirmed)
        } else {
            matches!(outcome, ChangeOutcome::Original | ChangeOutcome::Refused)
        };
        assert!(wanted, "{closes} s: {outcome:?}{}", tell(&played.journal));
    }
}

#[test]
fn a_run_that_nobody_answers_is_given_up_and_waits() {
    let mut scene = one(scene::Setup::default());
    let stop = FaultKind::Foreign(ForeignChange::Stop);
    let played = scene.played(vec![Fault::at(after(minutes(8)), stop)]);
    assert_eq!(played.end, End::WaitsForPerson, "{}", tell(&played.journal));
    invariants::hold(&scene.plan, &scene.world, &played, SignedDuration::ZERO);
}
