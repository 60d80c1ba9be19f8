//! Production rests on what passed in staging: of the same kind, watched, and not too long ago.

use jiff::SignedDuration;
use jiff::civil::time;

use trimtab_model::action::Action;
use trimtab_model::environment::Environment;
use trimtab_model::journal::{ChangeOutcome, Event, Journal, Wish};
use trimtab_model::plan::{BudgetUnit, Change, StagingProof, UnitKind};
use trimtab_rollout::simulate::{Fault, FaultKind, ForeignChange, Limits, play};

use crate::scene::{
    FROM, STEP, Scene, after, endings, instance_type, minutes, seconds, taken, tell, three_stages,
};

/// Three stages of one service, which its name says.
fn one_service() -> Scene {
    let mut scene = three_stages();
    every(&mut scene, |change| {
        let name = format!("game/{}", change.environment);
        change.units = vec![BudgetUnit { kind: UnitKind::Service, name, members: 3 }];
    });
    scene
}

fn every(scene: &mut Scene, alter: impl Fn(&mut Change)) {
    let waves = scene.plan.stages.iter_mut().flat_map(|stage| &mut stage.waves);
    waves.flat_map(|wave| &mut wave.changes).for_each(alter);
}

fn in_staging(change: &Change) -> bool {
    change.environment == Environment::Staging
}

/// Returns how the first change of production ended; none where it never began.
fn canary(journal: &Journal) -> Option<(ChangeOutcome, String)> {
    let ending = endings(journal).remove(&"C-i-canary".into())?;
    Some((ending.outcome, ending.code))
}

fn refused(code: &str) -> Option<(ChangeOutcome, String)> {
    Some((ChangeOutcome::Refused, code.to_owned()))
}

#[test]
fn e26_production_follows_what_passed_in_staging() {
    let mut scene = one_service();
    let played = scene.played(Vec::new());
    let confirmed = endings(&played.journal);
    assert!(
        confirmed.values().all(|one| one.outcome == ChangeOutcome::Confirmed),
        "{}",
        tell(&played.journal)
    );
}

#[test]
fn e26_what_was_refused_in_staging_proves_nothing() {
    let mut scene = one_service();
    let protect = FaultKind::Foreign(ForeignChange::Protect);
    let fault = Fault::of_observation(1, protect).about(&"C-i-staging".into());
    let played = scene.played(vec![fault]);
    assert_eq!(canary(&played.journal), refused("not-proven"), "{}", tell(&played.journal));
    // Development alone was changed.
    assert_eq!(taken(&scene.world, "ec2:StopInstances"), 1);
}

#[test]
fn e26_what_was_not_watched_in_staging_proves_nothing() {
    let mut scene = one_service();
    every(&mut scene, |change| {
        if in_staging(change) {
            change.soak = SignedDuration::ZERO;
        }
    });
    let played = scene.played(Vec::new());
    assert_eq!(canary(&played.journal), refused("not-soaked"), "{}", tell(&played.journal));
}

#[test]
fn e26_another_type_in_staging_is_refused_at_run_time_too() {
    let differing = || {
        let mut scene = one_service();
        every(&mut scene, |change| {
            if in_staging(change) {
                let (from, to) = (instance_type(FROM), instance_type(STEP));
                change.action = Action::ModifyInstanceType { from, to };
                change.ladder.clear();
            }
        });
        scene
    };
    let played = differing().played(Vec::new());
    assert_eq!(canary(&played.journal), refused("staging-differs"), "{}", tell(&played.journal));
    let mut allowed = differing();
    allowed.plan.rules.staging_proof = StagingProof::Off;
    let played = allowed.played(Vec::new());
    let confirmed = Some((ChangeOutcome::Confirmed, "confirmed".to_owned()));
    assert_eq!(canary(&played.journal), confirmed, "{}", tell(&played.journal));
}

#[test]
fn e27_a_stage_whose_proof_is_too_old_does_not_begin_and_says_so() {
    let mut scene = one_service();
    scene.plan.rules.evidence_lifetime = minutes(60);
    let whole = play(&scene.plan, &mut scene.world.clone(), Journal::default(), &Limits::default());
    let begins = whole.journal.entries().iter().find_map(|entry| match entry.event {
        Event::StageStarted { stage: 2 } => Some(entry.at),
        _ => None,
    });
    let before = begins.expect("production begins") - seconds(1);
    // Somebody pauses the run just before production, and lets it go on two hours later.
    let wished = |wish| Event::Wished { wish, by: "somebody".to_owned() };
    let people = vec![(before, wished(Wish::Pause)), (before + minutes(120), wished(Wish::Resume))];
    let played = scene.played_with(Vec::new(), &Limits { people, ..Limits::default() });
    assert_eq!(canary(&played.journal), None, "{}", tell(&played.journal));
    let halted = played.journal.entries().iter().find_map(|entry| match &entry.event {
        Event::WaveHalted { stage, reason, .. } => Some((*stage, reason.code.clone())),
        _ => None,
    });
    assert_eq!(halted, Some((2, "proof-expired".to_owned())), "{}", tell(&played.journal));
}

#[test]
fn e27_a_change_whose_window_opens_when_its_proof_is_too_old_is_refused() {
    let mut scene = one_service();
    scene.plan.rules.evidence_lifetime = minutes(60);
    let mut late = scene.plan.rules.windows[0].clone();
    scene.plan.rules.windows[0].environments = vec![Environment::Dev, Environment::Staging];
    late.environments = vec![Environment::Prod];
    (late.from, late.until) = (time(5, 0, 0, 0), time(9, 0, 0, 0));
    scene.plan.rules.windows.push(late);
    let played = scene.played(Vec::new());
    assert_eq!(canary(&played.journal), refused("proof-expired"), "{}", tell(&played.journal));
}

#[test]
fn e27_a_proof_that_is_young_enough_counts() {
    let mut scene = one_service();
    scene.plan.rules.evidence_lifetime = minutes(60);
    let played = scene.played(Vec::new());
    let confirmed = Some((ChangeOutcome::Confirmed, "confirmed".to_owned()));
    assert_eq!(canary(&played.journal), confirmed, "{}", tell(&played.journal));
    assert!(played.journal.entries().last().is_some_and(|last| last.at > after(seconds(60))));
}
