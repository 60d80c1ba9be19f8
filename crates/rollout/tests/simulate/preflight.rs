//! Everything that can stand in the way is judged before the first call, and again before the
//! resource is touched.

use jiff::SignedDuration;

use trimtab_model::journal::{ChangeOutcome, Event, Journal};
use trimtab_model::observed::RowVerdict;
use trimtab_rollout::simulate::Times;

use crate::scene::{Setup, ending, minutes, one, plan, quick, stage, start, taken};

/// Returns the numbers of the entries in which facts were judged.
fn judged(journal: &Journal) -> Vec<u64> {
    let all = journal.entries().iter();
    all.filter(|entry| matches!(entry.event, Event::PreflightJudged { .. }))
        .map(|entry| entry.number)
        .collect()
}

fn first_intent(journal: &Journal) -> Option<u64> {
    let mut all = journal.entries().iter();
    all.find(|entry| matches!(entry.event, Event::Intent { .. })).map(|entry| entry.number)
}

#[test]
fn facts_are_judged_before_the_first_call_and_once_where_all_is_quick() {
    let mut scene = one(Setup::default());
    let played = scene.played(Vec::new());
    assert_eq!(ending(&played.journal).0, ChangeOutcome::Confirmed);
    let [number] = judged(&played.journal)[..] else { panic!("{:?}", judged(&played.journal)) };
    assert!(number < first_intent(&played.journal).unwrap());
    let event = &played.journal.entries()[usize::try_from(number).unwrap()].event;
    let Event::PreflightJudged { rows, found, refusal, .. } = event else { unreachable!() };
    assert_eq!((*rows, refusal), (36, &None));
    assert!(found.iter().all(|row| row.verdict != RowVerdict::Pass || !row.reasons.is_empty()));
}

#[test]
fn d18_a_quota_that_is_used_up_is_found_before_anything_is_asked_for() {
    let mut scene = one(Setup::default());
    scene.world.set_quota(1);
    let played = scene.played(Vec::new());
    let (outcome, code) = ending(&played.journal);
    assert_eq!((outcome, code.as_str()), (ChangeOutcome::Refused, "vcpu-quota"));
    assert_eq!(played.calls, 0);
}

#[test]
fn facts_that_have_grown_old_are_judged_again_before_the_stop() {
    let slow = Times { snapshot: (minutes(40), minutes(41)), ..quick() };
    let mut world = crate::scene::account(7, slow);
    crate::scene::add_machine(&mut world, "i-1", false);
    let environment = trimtab_model::environment::Environment::Dev;
    let change = crate::scene::change(&mut world, "i-1", environment);
    let canary = trimtab_model::plan::WaveName::Canary;
    let mut scene = crate::scene::Scene {
        plan: plan(vec![stage(environment, vec![(canary, vec![change])])]),
        world,
    };
    let played = scene.played(Vec::new());
    assert_eq!(ending(&played.journal).0, ChangeOutcome::Confirmed);
    let moments: Vec<SignedDuration> = judged(&played.journal)
        .iter()
        .map(|number| {
            let entry = &played.journal.entries()[usize::try_from(*number).unwrap()];
            entry.at.duration_since(start())
        })
        .collect();
    assert_eq!(moments.len(), 2, "{moments:?}");
    assert!(moments[1] - moments[0] > minutes(39), "{moments:?}");
    // The second judgement is behind the snapshots and before the stop.
    assert_eq!(taken(&scene.world, "ec2:StopInstances"), 1);
}
