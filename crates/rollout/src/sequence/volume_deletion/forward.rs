//! The way to the deletion.

use trimtab_model::call::Call;
use trimtab_model::observed::{Observed, VolumeObserved};
use trimtab_model::text::Reason;

use super::drill;
use super::steps::{DEADLINE, DELETE, POLL, SETTLES, manual};
use crate::sequence::decision::{call, wait};
use crate::sequence::{Decision, Work, quarantine, volume_snapshot};

pub(super) fn forward(work: &Work<'_>) -> Decision {
    let is_asked = work.attempts(DELETE).next().is_some();
    let now = match work.now_is {
        Observed::Volume(now) => now,
        _ if is_asked => return Decision::Done,
        _ => {
            let reason = Reason::new(
                "deleted-by-others",
                "Somebody deleted the volume before we did.",
                "저희가 삭제하기 전에 다른 사람이 볼륨을 삭제했습니다.",
            );
            return Decision::Operator { reason, manual: manual(work) };
        }
    };
    if now.state == "deleting" && is_asked {
        return if work.since_first(DELETE).is_some_and(|since| since > DEADLINE) {
            let reason = Reason::new(
                "deletion-slow",
                "It has been in state deleting for too long.",
                "deleting 상태가 너무 오래 계속됩니다.",
            );
            Decision::Operator { reason, manual: manual(work) }
        } else {
            wait("deleting", "its deletion", "볼륨 삭제가 끝나기", POLL)
        };
    }
    if let Some(reason) = wanted(now).or_else(|| unprotected(now)).or_else(|| work.unfit()) {
        return Decision::Abort(reason);
    }
    quarantine::rest(work, now.quarantine_until)
        // Whoever attached it for an hour and wrote to it is in a snapshot taken now.
        .or_else(|| volume_snapshot::missing(work, now))
        .or_else(|| drill::untried(work, now))
        .or_else(|| quarantine::closed(work))
        .unwrap_or_else(|| delete(work))
}

/// Returns why somebody wants it.
fn wanted(now: &VolumeObserved) -> Option<Reason> {
    if now.is_attached || now.state != "available" {
        return Some(Reason::new(
            "volume-in-use",
            format!("It is in state {} and attached, or was a moment ago.", now.state),
            format!("볼륨 상태가 {}이며 연결되어 있거나 방금까지 연결되어 있었습니다.", now.state),
        ));
    }
    (!now.is_opted_in).then(|| {
        Reason::new(
            "not-opted-in",
            "The tag trimtab:apply=allowed is gone.",
            "trimtab:apply=allowed 태그가 없어졌습니다.",
        )
    })
}

/// Returns why it would be gone for good at once.
fn unprotected(now: &VolumeObserved) -> Option<Reason> {
    match now.is_recycled {
        Some(true) => None,
        Some(false) => Some(Reason::new(
            "no-recycle-bin",
            "No retention rule of the Recycle Bin keeps the volume.",
            "볼륨을 보존하는 휴지통 보존 규칙이 없습니다.",
        )),
        None => Some(Reason::new(
            "recycle-bin-unknown",
            "The retention rules of the Recycle Bin could not be read (rbin:ListRules, rbin:GetRule).",
            "휴지통 보존 규칙을 읽지 못했습니다(rbin:ListRules, rbin:GetRule).",
        )),
    }
}

fn delete(work: &Work<'_>) -> Decision {
    if work.since(DELETE).is_some_and(|since| since < SETTLES) {
        return wait("deletion-seen", "the deletion to be seen", "삭제가 반영되기", POLL);
    }
    if work.attempts(DELETE).count() >= 3 {
        return Decision::Abort(Reason::new(
            "deletion-not-taken",
            "The volume is still there although its deletion was asked for three times.",
            "삭제를 세 번 요청했지만 볼륨이 그대로 있습니다.",
        ));
    }
    call(DELETE, Call::DeleteVolume { volume: work.change.resource.id.clone() })
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use trimtab_model::action::{Action, VolumeSettings};
    use trimtab_model::journal::ChangeOutcome;
    use trimtab_model::observed::{DrillObserved, Obstacle, SnapshotObserved};
    use trimtab_model::plan::Fingerprint;
    use trimtab_model::resource::ResourceKind;

    use super::*;
    use crate::sequence::Watch;
    use crate::sequence::trial::{Step, Trial, fingerprint};

    const DAY: SignedDuration = SignedDuration::from_hours(24);

    fn settings() -> VolumeSettings {
        VolumeSettings {
            volume_type: "gp3".to_owned(),
            iops: Some(3000),
            throughput_mib_s: Some(125),
        }
    }

    fn volume() -> VolumeObserved {
        VolumeObserved {
            fingerprint: Fingerprint::default(),
            obstacles: Vec::new(),
            state: "available".to_owned(),
            settings: settings(),
            size_gib: 100,
            is_attached: false,
            is_opted_in: true,
            modification: None,
            quarantine_until: None,
            is_recycled: Some(true),
            snapshots: Vec::new(),
            is_encrypted: Some(false),
            drills: Vec::new(),
        }
    }

    fn seen(alter: impl FnOnce(&mut VolumeObserved)) -> Observed {
        let mut volume = volume();
        alter(&mut volume);
        Observed::Volume(volume)
    }

    fn snapshot(of: &str, state: &str) -> SnapshotObserved {
        SnapshotObserved {
            id: "snap-1".into(),
            volume: of.into(),
            state: state.to_owned(),
            change: "C-0123456789ab".into(),
        }
    }

    fn trial() -> Trial {
        let action = Action::DeleteVolume {
            settings: settings(),
            size_gib: 100,
            availability_zone: Some("ap-northeast-2a".to_owned()),
        };
        Trial::new(action, ResourceKind::Volume, "vol-1")
    }

    /// A run whose quarantine is over, and until when it was.
    fn after_quarantine() -> (Trial, Timestamp) {
        quarantined(trial())
    }

    fn quarantined(mut run: Trial) -> (Trial, Timestamp) {
        let Call::Quarantine { until, .. } = run.calls(&seen(|_| {})) else {
            panic!("no quarantine first")
        };
        assert_eq!(until, run.plan.created_at + DAY * 14);
        run.pass(DAY * 15);
        (run, until)
    }

    /// The volume behind its quarantine, with a complete snapshot and what a drill made of it.
    fn with_drill(
        until: Timestamp,
        state: &str,
        alter: impl FnOnce(&mut DrillObserved),
    ) -> Observed {
        let mut drill = DrillObserved {
            id: "vol-drill".into(),
            state: state.to_owned(),
            snapshot: Some("snap-1".into()),
            size_gib: Some(100),
            is_encrypted: Some(false),
        };
        alter(&mut drill);
        seen(|one| {
            one.quarantine_until = Some(until);
            one.snapshots = vec![snapshot("vol-1", "completed")];
            one.drills = vec![drill];
        })
    }

    fn without_drill(until: Timestamp) -> Observed {
        seen(|one| {
            one.quarantine_until = Some(until);
            one.snapshots = vec![snapshot("vol-1", "completed")];
        })
    }

    /// Has the snapshot had back once.
    fn drilled(run: &mut Trial, until: Timestamp) {
        let made = Call::CreateDrillVolume {
            snapshot: "snap-1".into(),
            availability_zone: "ap-northeast-2a".to_owned(),
            volume_type: "gp3".to_owned(),
            change: "C-0123456789ab".into(),
            token: "trimtab-C-0123456789ab-drill-0".to_owned(),
        };
        assert_eq!(run.calls(&without_drill(until)), made);
        run.waits(&without_drill(until), "drill-listed");
        run.waits(&with_drill(until, "creating", |_| {}), "drill-creating");
        let cleared = Call::DeleteDrillVolume { volume: "vol-drill".into() };
        assert_eq!(run.calls(&with_drill(until, "available", |_| {})), cleared);
        run.waits(&with_drill(until, "available", |_| {}), "drill-deleting");
    }

    #[test]
    fn e23_a_closed_calendar_holds_a_deletion_whose_quarantine_is_over() {
        let (mut run, until) = after_quarantine();
        run.closed = Some("a holiday".to_owned());
        drilled(&mut run, until);
        run.waits(&without_drill(until), "calendar-closed");
        run.closed = None;
        run.pass(SignedDuration::from_mins(5));
        let deleted = Call::DeleteVolume { volume: "vol-1".into() };
        assert_eq!(run.calls(&without_drill(until)), deleted);
    }

    #[test]
    fn h10_a_snapshot_that_was_not_had_back_deletes_nothing() {
        type Alter = fn(&mut DrillObserved);
        let cases: [(&str, Alter); 5] = [
            ("error", |_| {}),
            ("available", |one| one.size_gib = Some(99)),
            ("available", |one| one.is_encrypted = Some(true)),
            ("available", |one| one.is_encrypted = None),
            ("available", |one| one.snapshot = Some("snap-2".into())),
        ];
        for (state, alter) in cases {
            let (mut run, until) = after_quarantine();
            assert!(matches!(run.calls(&without_drill(until)), Call::CreateDrillVolume { .. }));
            // What the drill left is cleared away before the volume is given back.
            let failed = with_drill(until, state, alter);
            let cleared = Call::DeleteDrillVolume { volume: "vol-drill".into() };
            assert_eq!(run.calls(&failed), cleared, "{state}");
            let back = run.calls(&without_drill(until));
            assert_eq!(back, Call::EndQuarantine { resource: "vol-1".into() });
            run.ends(&seen(|_| {}), ChangeOutcome::Original, "drill-failed");
        }
    }

    #[test]
    fn h10_a_drill_that_takes_too_long_or_is_never_listed_deletes_nothing() {
        let (mut run, until) = after_quarantine();
        run.calls(&without_drill(until));
        run.pass(SignedDuration::from_mins(31));
        // It is still being made, which only time or a person ends.
        run.waits(&with_drill(until, "creating", |_| {}), "drill-creating");
        let (mut run, until) = after_quarantine();
        for _ in 0..3 {
            assert!(matches!(run.calls(&without_drill(until)), Call::CreateDrillVolume { .. }));
            run.pass(SignedDuration::from_mins(2));
        }
        assert!(matches!(run.calls(&without_drill(until)), Call::EndQuarantine { .. }));
        run.ends(&seen(|_| {}), ChangeOutcome::Original, "drill-failed");
    }

    #[test]
    fn h10_without_its_zone_nothing_can_be_had_back() {
        let run = trial().with(|one| {
            let (settings, size_gib) = (settings(), 100);
            one.action = Action::DeleteVolume { settings, size_gib, availability_zone: None };
        });
        let (mut run, until) = quarantined(run);
        assert!(matches!(run.calls(&without_drill(until)), Call::EndQuarantine { .. }));
        run.ends(&seen(|_| {}), ChangeOutcome::Original, "drill-failed");
    }

    #[test]
    fn quarantine_then_snapshot_then_drill_then_deletion() {
        let mut run = trial();
        let Call::Quarantine { until, .. } = run.calls(&seen(|_| {})) else {
            panic!("no quarantine first")
        };
        run.waits(&seen(|_| {}), "tag-seen");
        let tagged = || seen(|one| one.quarantine_until = Some(until));
        run.pass(DAY * 13);
        run.waits(&tagged(), "quarantine");
        run.pass(DAY * 2);
        let change = || "C-0123456789ab".into();
        let expected = Call::CreateSnapshot { volume: "vol-1".into(), change: change() };
        assert_eq!(run.calls(&tagged()), expected);
        let kept = |state: &'static str| {
            seen(move |one| {
                one.quarantine_until = Some(until);
                one.snapshots = vec![snapshot("vol-1", state)];
            })
        };
        run.waits(&kept("pending"), "snapshot-pending");
        drilled(&mut run, until);
        assert_eq!(run.calls(&kept("completed")), Call::DeleteVolume { volume: "vol-1".into() });
        run.waits(&kept("completed"), "deletion-seen");
        assert_eq!(run.step(&Observed::Gone), Step::Soaking);
        assert_eq!(run.watch(&Observed::Gone), Watch::Undisturbed);
        assert!(matches!(run.watch(&seen(|_| {})), Watch::Hold(_)));
        run.cancel();
        run.ends(&Observed::Gone, ChangeOutcome::NeedsOperator, "volume-deleted");
        assert!(run.manual.iter().any(|one| one.contains("restore-volume-from-recycle-bin")));
    }

    #[test]
    fn h01_a_snapshot_that_is_pending_or_of_another_volume_deletes_nothing() {
        let (mut run, until) = after_quarantine();
        let with = |of: &'static str, state: &'static str| {
            seen(move |one| {
                one.quarantine_until = Some(until);
                one.snapshots = vec![snapshot(of, state)];
            })
        };
        assert!(matches!(run.calls(&with("vol-2", "completed")), Call::CreateSnapshot { .. }));
        run.waits(&with("vol-2", "completed"), "snapshot-listed");
        run.waits(&with("vol-1", "pending"), "snapshot-pending");
        assert_eq!(
            run.calls(&with("vol-1", "error")),
            Call::EndQuarantine { resource: "vol-1".into() }
        );
        run.ends(&seen(|_| {}), ChangeOutcome::Original, "snapshot-failed");
    }

    #[test]
    fn h02_without_a_rule_of_the_recycle_bin_nothing_is_touched() {
        for (known, code) in [(Some(false), "no-recycle-bin"), (None, "recycle-bin-unknown")] {
            let mut run = trial();
            run.ends(&seen(|one| one.is_recycled = known), ChangeOutcome::Refused, code);
        }
    }

    #[test]
    fn h02_a_rule_that_is_gone_after_the_quarantine_deletes_nothing() {
        let (mut run, until) = after_quarantine();
        let tagged = |is_recycled| {
            seen(move |one| {
                (one.quarantine_until, one.is_recycled) = (Some(until), is_recycled);
            })
        };
        assert!(matches!(run.calls(&tagged(Some(false))), Call::EndQuarantine { .. }));
        run.ends(&seen(|_| {}), ChangeOutcome::Original, "no-recycle-bin");
    }

    #[test]
    fn h03_a_volume_that_is_attached_during_quarantine_is_left_alone() {
        let mut run = trial();
        run.calls(&seen(|_| {}));
        run.pass(DAY);
        let attached = seen(|one| {
            one.quarantine_until = Some(Timestamp::MAX);
            one.is_attached = true;
            one.state = "in-use".to_owned();
        });
        assert!(matches!(run.calls(&attached), Call::EndQuarantine { .. }));
        let untagged = seen(|one| {
            one.is_attached = true;
            one.state = "in-use".to_owned();
        });
        run.ends(&untagged, ChangeOutcome::Original, "volume-in-use");
    }

    #[test]
    fn h04_what_blocks_it_is_looked_at_again_before_the_deletion() {
        let (mut run, until) = after_quarantine();
        let why = Reason::new("snapshot-of-image", "An image uses it.", "이미지가 사용합니다.");
        let blocked = seen(|one| {
            one.quarantine_until = Some(until);
            one.snapshots = vec![snapshot("vol-1", "completed")];
            one.obstacles = vec![(Obstacle::Block, why)];
        });
        assert!(matches!(run.calls(&blocked), Call::EndQuarantine { .. }));
        run.ends(&seen(|_| {}), ChangeOutcome::Original, "snapshot-of-image");
    }

    #[test]
    fn a_tag_that_was_there_before_is_no_quarantine_of_ours() {
        let mut run = trial();
        let old: Timestamp = "2020-01-01T00:00:00Z".parse().expect("a moment");
        let tagged = |until| seen(move |one| one.quarantine_until = Some(until));
        let Call::Quarantine { until, .. } = run.calls(&tagged(old)) else { panic!("none") };
        run.pass(DAY);
        // The old day is still read, or somebody wrote it again: ours holds.
        run.waits(&tagged(old), "quarantine");
        run.cancel();
        run.pass(DAY);
        let resource = "vol-1".into();
        assert_eq!(run.calls(&tagged(until)), Call::Quarantine { resource, until: old });
        run.ends(&tagged(old), ChangeOutcome::Original, "cancelled");
    }

    #[test]
    fn a_tag_that_an_owner_removed_ends_it() {
        let mut run = trial();
        run.calls(&seen(|_| {}));
        run.pass(DAY);
        run.ends(&seen(|_| {}), ChangeOutcome::Original, "quarantine-ended");
    }

    #[test]
    fn another_volume_under_the_identifier_is_not_deleted() {
        let mut run = trial().with(|one| one.expected = fingerprint("CreateTime", "2024"));
        let is =
            |when: &'static str| seen(move |one| one.fingerprint = fingerprint("CreateTime", when));
        run.calls(&is("2024"));
        run.pass(DAY * 15);
        let other = seen(|one| {
            one.fingerprint = fingerprint("CreateTime", "2025");
            one.quarantine_until = Some(Timestamp::MAX);
        });
        assert!(matches!(run.calls(&other), Call::EndQuarantine { .. }));
    }

    #[test]
    fn a_deletion_waits_for_its_window() {
        let (mut run, until) = after_quarantine();
        let kept = seen(|one| {
            one.quarantine_until = Some(until);
            one.snapshots = vec![snapshot("vol-1", "completed")];
        });
        drilled(&mut run, until);
        run = run.open(20, 22);
        run.waits(&kept, "window-closed");
        run.pass(SignedDuration::from_hours(20));
        assert!(matches!(run.calls(&kept), Call::DeleteVolume { .. }));
    }
}
