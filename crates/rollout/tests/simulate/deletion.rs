//! A volume goes for good, once its snapshot was had back.

use jiff::SignedDuration;

use trimtab_model::action::{Action, VolumeSettings};
use trimtab_model::environment::Environment;
use trimtab_model::journal::{ChangeOutcome, Event};
use trimtab_model::plan::{ChangeClass, RecoveryPoint, WaveName};
use trimtab_model::resource::ResourceKind;
use trimtab_rollout::simulate::{Fault, FaultKind, Limits, Played, Volume};

use crate::scene::{self, KEY, Scene, endings, minutes, seconds, taken, tell};

fn settings() -> VolumeSettings {
    VolumeSettings { volume_type: "gp3".to_owned(), iops: None, throughput_mib_s: None }
}

/// Volumes that nobody uses, each with its key; all in one wave.
fn unused(volumes: &[(&str, &str)]) -> Scene {
    let mut world = scene::account(7, scene::quick());
    scene::add_machine(&mut world, "i-1", false);
    let mut changes = Vec::new();
    for (id, key) in volumes {
        let mut volume = Volume::new(settings(), 100);
        volume.key = Some((*key).to_owned());
        volume.is_recycled = true;
        world.add_volume(id, volume);
        let mut change = scene::change(&mut world, "i-1", Environment::Dev);
        change.id = format!("C-{id}").as_str().into();
        change.resource.id = (*id).into();
        change.resource.kind = ResourceKind::Volume;
        change.class = ChangeClass::Destructive;
        change.recovery = RecoveryPoint::VolumeSnapshot;
        change.soak = SignedDuration::ZERO;
        change.ladder.clear();
        change.action = Action::DeleteVolume {
            settings: settings(),
            size_gib: 100,
            availability_zone: Some(scene::ZONE.to_owned()),
        };
        change.expected = world.observe(&change).fingerprint();
        changes.push(change);
    }
    let wave = vec![(WaveName::Percent(100), changes)];
    let mut plan = scene::plan(vec![scene::stage(Environment::Dev, wave)]);
    plan.rules.quarantine = minutes(30);
    plan.rules.max_failures = 9;
    Scene { plan, world }
}

fn outcome(played: &Played, id: &str) -> (ChangeOutcome, String) {
    let ending = endings(&played.journal).remove(&id.into());
    let ending = ending.unwrap_or_else(|| panic!("{id} did not end: {}", tell(&played.journal)));
    (ending.outcome, ending.code)
}

#[test]
fn h10_a_volume_is_deleted_once_its_snapshot_was_had_back_and_the_journal_shows_it() {
    let mut scene = unused(&[("vol-a", KEY)]);
    let played = scene.played(Vec::new());
    assert_eq!(
        outcome(&played, "C-vol-a").0,
        ChangeOutcome::Confirmed,
        "{}",
        tell(&played.journal)
    );
    assert_eq!(taken(&scene.world, "ec2:CreateVolume"), 1);
    assert_eq!(taken(&scene.world, "ec2:DeleteVolume"), 2, "the drill, and then the volume");
    let steps: Vec<&str> = played
        .journal
        .entries()
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::Intent { step, .. } => Some(step.as_str()),
            _ => None,
        })
        .collect();
    let drill =
        ["quarantine", "snapshot", "restore-drill", "restore-drill-passed", "delete-volume"];
    assert_eq!(steps, drill);
}

#[test]
fn h10_a_drill_that_fails_keeps_every_volume_of_the_account() {
    let mut scene = unused(&[("vol-a", "key-dead"), ("vol-b", KEY)]);
    // The key goes once the snapshots are there.
    let mut dead = Fault::of_call("ec2:CreateVolume", 1, FaultKind::KeyDisabled("key-dead".into()));
    dead.of = Some("C-vol-a".into());
    // The other drill is later: its first request is lost.
    let mut lost = Fault::of_call("ec2:CreateVolume", 1, FaultKind::LoseRequest);
    lost.of = Some("C-vol-b".into());
    let played = scene.played(vec![dead, lost]);
    let failed = (ChangeOutcome::Original, "drill-failed".to_owned());
    assert_eq!(outcome(&played, "C-vol-a"), failed, "{}", tell(&played.journal));
    let barred = (ChangeOutcome::Original, "drill-failed-in-account".to_owned());
    assert_eq!(outcome(&played, "C-vol-b"), barred, "{}", tell(&played.journal));
    let deleted =
        played.journal.entries().iter().any(
            |entry| matches!(&entry.event, Event::Intent { step, .. } if step == "delete-volume"),
        );
    assert!(!deleted, "{}", tell(&played.journal));
}

#[test]
fn h10_killed_at_every_point_a_drill_leaves_no_volume_behind() {
    let whole = unused(&[("vol-a", KEY)]).played(Vec::new());
    for points in 1..=whole.points {
        let mut scene = unused(&[("vol-a", KEY)]);
        let limits = Limits { stop_after: Some(points), ..Limits::default() };
        let begun = trimtab_rollout::simulate::play(
            &scene.plan,
            &mut scene.world,
            trimtab_model::journal::Journal::default(),
            &limits,
        );
        scene.world.advance(seconds(90));
        let played = trimtab_rollout::simulate::play(
            &scene.plan,
            &mut scene.world,
            begun.journal,
            &Limits::default(),
        );
        let (ended, code) = outcome(&played, "C-vol-a");
        let (made, gone) =
            (taken(&scene.world, "ec2:CreateVolume"), taken(&scene.world, "ec2:DeleteVolume"));
        // A quarantine whose request never left looks like one that an owner ended.
        let volumes = match (ended, code.as_str()) {
            (ChangeOutcome::Confirmed, _) => 1,
            (ChangeOutcome::Original | ChangeOutcome::Refused, "quarantine-ended") => 0,
            other => panic!("{points}: {other:?}{}", tell(&played.journal)),
        };
        assert_eq!(gone, made + volumes, "{points}: {}", tell(&played.journal));
    }
}
