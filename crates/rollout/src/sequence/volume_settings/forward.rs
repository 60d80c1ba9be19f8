//! The way to the new settings, and, once all is well, away with what was given too much.

use jiff::Timestamp;

use trimtab_model::action::VolumeSettings;
use trimtab_model::call::Call;
use trimtab_model::observed::VolumeObserved;
use trimtab_model::plan::RecoveryPoint;
use trimtab_model::text::Reason;

use super::rate::next_allowed;
use super::reasons::{failed, foreign, gone, not_taken, slow, too_often};
use super::settings::{first, has, is_busy, is_modifying, planned, sendable};
use super::steps::{DEADLINE, MODIFY, MOST, POLL, SETTLES, TRIM, both, manual};
use crate::progress::Phase;
use crate::sequence::decision::{call, wait};
use crate::sequence::{Decision, Work, volume_snapshot};
use crate::window;

pub(super) fn forward(work: &Work<'_>) -> Decision {
    let (Some((now, before)), Some(to)) = (both(work), planned(work)) else {
        return Decision::Operator { reason: gone(), manual: Vec::new() };
    };
    let wanted = first(to, before);
    let is_asked = work.made(work.direction, MODIFY).next().is_some();
    if !is_asked && !now.is_opted_in {
        return Decision::Abort(Reason::new(
            "not-opted-in",
            "The tag trimtab:apply=allowed is gone.",
            "trimtab:apply=allowed 태그가 없어졌습니다.",
        ));
    }
    if has(&now.settings, &wanted) && !is_modifying(now) {
        return Decision::Done;
    }
    if !has(&now.settings, &before.settings) && !has(&now.settings, &wanted) {
        return Decision::Operator { reason: foreign(now), manual: manual(work) };
    }
    if is_busy(now) {
        return busy(work, MODIFY);
    }
    // A failure that was there before is no answer to what was asked a moment ago.
    let is_seen = work.since(MODIFY).is_some_and(|since| since >= SETTLES);
    if is_asked && is_seen && has_failed(now, &wanted) {
        return stuck(work, failed());
    }
    if work.change.recovery == RecoveryPoint::VolumeSnapshot
        && let Some(decision) = volume_snapshot::missing(work, now)
    {
        return decision;
    }
    modify(work, MODIFY, &wanted).unwrap_or_else(|| Decision::Abort(not_taken()))
}

/// Takes away what the first step gave more than the plan, once the gates have passed.
pub(super) fn release(work: &Work<'_>) -> Decision {
    let (Some((now, before)), Some(to)) = (both(work), planned(work)) else {
        return Decision::Done;
    };
    let is_passed = matches!(work.progress.phase, Phase::Passed { .. });
    if !is_passed || has(&now.settings, to) && !is_modifying(now) {
        return Decision::Done;
    }
    if !has(&now.settings, &first(to, before)) && !has(&now.settings, to) {
        return Decision::Hold(foreign(now));
    }
    if is_busy(now) {
        return busy(work, TRIM);
    }
    if !work.is_window_open() {
        let poll = work.until_window().unwrap_or(DEADLINE);
        let why = Reason::new(
            "window-closed",
            "It waits for the next change window.",
            "다음 변경 시간대를 기다립니다.",
        );
        return Decision::Wait { why, poll };
    }
    modify(work, TRIM, to)
        .unwrap_or_else(|| Decision::Operator { reason: not_taken(), manual: trimming(work, to) })
}

/// Asks for settings, unless that was done a moment ago, must wait, or was done too often.
pub(super) fn modify(work: &Work<'_>, step: &'static str, to: &VolumeSettings) -> Option<Decision> {
    if let Some(next) = next_allowed(work, step)
        && next > work.now
    {
        return Some(later(work, next));
    }
    if work.since(step).is_some_and(|since| since < SETTLES) {
        return Some(wait(
            "settings-seen",
            "the settings to be seen",
            "바뀐 설정이 반영되기",
            POLL,
        ));
    }
    let volume = work.change.resource.id.clone();
    let made = work.made(work.direction, step).count();
    (made < MOST).then(|| call(step, Call::ModifyVolume { volume, to: sendable(to) }))
}

/// Waits for the next modification where that is worth it: a change that has not begun waits
/// only as long as its window is open.
fn later(work: &Work<'_>, next: Timestamp) -> Decision {
    let why = too_often(next);
    let has_begun = work.progress.attempts.iter().any(|one| {
        let is_refused = one.outcome.as_ref().is_some_and(|(_, _, it)| it.refusal().is_some());
        !is_refused && matches!(one.call, Call::ModifyVolume { .. })
    });
    let until = window::open_until(work.rules, work.change.environment, work.now);
    if !has_begun && until.is_none_or(|until| next >= until) {
        return Decision::Abort(why);
    }
    Decision::Wait { why, poll: next.duration_since(work.now) }
}

/// Waits for AWS, for a day, then for a person.
pub(super) fn busy(work: &Work<'_>, step: &str) -> Decision {
    let since = work
        .progress
        .of_step(work.direction, step)
        .next_back()
        .map_or(work.progress.phase_at, |last| last.at);
    let late = since.saturating_add(DEADLINE).unwrap_or(Timestamp::MAX);
    if work.now >= late && !work.progress.was_unheld_since(late) {
        return Decision::Hold(slow());
    }
    wait("modifying", "the modification of the volume", "볼륨 변경이 끝나기", POLL)
}

/// Leaves it to a person, once; whoever lets it go on then wants the way back.
fn stuck(work: &Work<'_>, reason: Reason) -> Decision {
    if work.progress.was_unheld_since(work.progress.phase_at) {
        return Decision::Abort(reason);
    }
    Decision::Hold(reason)
}

fn has_failed(now: &VolumeObserved, wanted: &VolumeSettings) -> bool {
    now.modification.as_ref().is_some_and(|one| one.state == "failed" && has(&one.target, wanted))
}

fn trimming(work: &Work<'_>, to: &VolumeSettings) -> Vec<String> {
    let to = sendable(to);
    let flag = |name: &str, value: Option<u32>| {
        value.map(|value| format!(" --{name} {value}")).unwrap_or_default()
    };
    vec![format!(
        "aws ec2 modify-volume --volume-id {} --volume-type {}{}{} --region {}",
        work.change.resource.id,
        to.volume_type,
        flag("iops", to.iops),
        flag("throughput", to.throughput_mib_s),
        work.change.resource.region,
    )]
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use trimtab_model::action::Action;
    use trimtab_model::journal::{ChangeOutcome, Direction};
    use trimtab_model::observed::{ModificationObserved, Observed};
    use trimtab_model::plan::Fingerprint;
    use trimtab_model::resource::ResourceKind;

    use super::*;
    use crate::sequence::Watch;
    use crate::sequence::trial::{Step, Trial};

    fn gp2() -> VolumeSettings {
        VolumeSettings { volume_type: "gp2".to_owned(), iops: Some(1500), throughput_mib_s: None }
    }

    fn gp3(iops: u32, throughput: u32) -> VolumeSettings {
        VolumeSettings {
            volume_type: "gp3".to_owned(),
            iops: Some(iops),
            throughput_mib_s: Some(throughput),
        }
    }

    fn volume(settings: VolumeSettings, size_gib: u32) -> VolumeObserved {
        VolumeObserved {
            fingerprint: Fingerprint::default(),
            obstacles: Vec::new(),
            state: "in-use".to_owned(),
            settings,
            size_gib,
            is_attached: true,
            is_opted_in: true,
            modification: None,
            quarantine_until: None,
            is_recycled: None,
            snapshots: Vec::new(),
            is_encrypted: Some(false),
            drills: Vec::new(),
        }
    }

    fn seen(settings: VolumeSettings) -> Observed {
        Observed::Volume(volume(settings, 500))
    }

    fn during(settings: VolumeSettings, state: &str, target: VolumeSettings) -> Observed {
        let modification = Some(ModificationObserved {
            state: state.to_owned(),
            progress: Some(10),
            target,
            started_at: None,
        });
        Observed::Volume(VolumeObserved { modification, ..volume(settings, 500) })
    }

    fn trial() -> Trial {
        let action = Action::ModifyVolume { from: gp2(), to: gp3(3000, 125), size_gib: 500 };
        Trial::new(action, ResourceKind::Volume, "vol-1")
    }

    fn asked(to: VolumeSettings) -> Call {
        Call::ModifyVolume { volume: "vol-1".into(), to }
    }

    const HOUR: SignedDuration = SignedDuration::from_hours(1);

    #[test]
    fn gp2_becomes_a_gp3_that_gives_as_much_and_is_trimmed_when_all_is_well() {
        let mut run = trial();
        assert_eq!(run.calls(&seen(gp2())), asked(gp3(3000, 250)));
        run.waits(&seen(gp2()), "settings-seen");
        run.pass(SignedDuration::from_mins(2));
        run.waits(&during(gp2(), "modifying", gp3(3000, 250)), "modifying");
        run.pass(SignedDuration::from_mins(2));
        let optimizing = during(gp3(3000, 250), "optimizing", gp3(3000, 250));
        assert_eq!(run.step(&optimizing), Step::Soaking);
        assert_eq!(run.watch(&optimizing), Watch::Undisturbed);
        // What was given too much is taken away only when nothing is worked on any more.
        assert!(matches!(run.released(&optimizing), Decision::Wait { .. }));
        let done = during(gp3(3000, 250), "completed", gp3(3000, 250));
        assert_eq!(run.released(&done), call(TRIM, asked(gp3(3000, 125))));
        let trimmed = during(gp3(3000, 125), "completed", gp3(3000, 125));
        assert_eq!(run.released(&trimmed), Decision::Done);
        assert_eq!(run.decide(Direction::Release, &done), Decision::Done);
    }

    #[test]
    fn the_first_step_gives_what_gp2_gave_at_its_best() {
        let of = |size_gib, to| {
            let found = first(&to, &volume(gp2(), size_gib));
            (found.iops, found.throughput_mib_s)
        };
        assert_eq!(of(100, gp3(3000, 125)), (Some(3000), Some(125)));
        assert_eq!(of(170, gp3(3000, 125)), (Some(3000), Some(125)));
        assert_eq!(of(171, gp3(3000, 125)), (Some(3000), Some(250)));
        assert_eq!(of(2000, gp3(3000, 125)), (Some(6000), Some(250)));
        assert_eq!(of(16_000, gp3(3000, 125)), (Some(16_000), Some(250)));
        assert_eq!(of(100, gp3(4000, 500)), (Some(4000), Some(500)));
    }

    #[test]
    fn d30_too_many_modifications_wait_until_aws_takes_the_next() {
        let mut run = trial();
        assert_eq!(run.step(&seen(gp2())), Step::Call(asked(gp3(3000, 250))));
        run.refuse("VolumeModificationRateExceeded", "Wait at least 6 hours between.");
        run.waits(&seen(gp2()), "modified-too-often");
        run.pass(HOUR * 3);
        run.waits(&seen(gp2()), "modified-too-often");
        run.pass(HOUR * 4);
        assert_eq!(run.calls(&seen(gp2())), asked(gp3(3000, 250)));
    }

    #[test]
    fn d30_a_next_time_behind_the_window_is_refused() {
        let mut run = trial().open(0, 3);
        assert_eq!(run.step(&seen(gp2())), Step::Call(asked(gp3(3000, 250))));
        run.refuse("VolumeModificationRateExceeded", "Wait at least 6 hours between.");
        run.ends(&seen(gp2()), ChangeOutcome::Refused, "modified-too-often");
    }

    #[test]
    fn d31_a_modification_that_failed_is_left_to_a_person() {
        let mut run = trial();
        run.calls(&seen(gp2()));
        run.pass(SignedDuration::from_mins(2));
        let failed = during(gp2(), "failed", gp3(3000, 250));
        assert_eq!(run.step(&failed), Step::Held("modification-failed".to_owned()));
        run.unhold();
        run.ends(&failed, ChangeOutcome::Original, "modification-failed");
    }

    #[test]
    fn d31_optimizing_for_a_day_is_held_while_it_is_watched() {
        let mut run = trial();
        run.calls(&seen(gp2()));
        run.pass(SignedDuration::from_mins(2));
        let optimizing = during(gp3(3000, 250), "optimizing", gp3(3000, 250));
        assert_eq!(run.step(&optimizing), Step::Soaking);
        run.pass(HOUR * 23);
        assert_eq!(run.watch(&optimizing), Watch::Undisturbed);
        run.pass(HOUR * 2);
        assert!(
            matches!(run.watch(&optimizing), Watch::Hold(why) if why.code == "modification-slow")
        );
        run.unhold();
        assert_eq!(run.watch(&optimizing), Watch::Undisturbed);
    }

    #[test]
    fn the_way_back_waits_until_nothing_is_worked_on() {
        let mut run = trial();
        run.calls(&seen(gp2()));
        run.pass(SignedDuration::from_mins(2));
        run.cancel();
        run.waits(&during(gp3(3000, 250), "optimizing", gp3(3000, 250)), "modifying");
        run.pass(HOUR * 5);
        let done = during(gp3(3000, 250), "completed", gp3(3000, 250));
        // IOPS of gp2 are not sent: it has none to set.
        let plain = VolumeSettings { iops: None, ..gp2() };
        assert_eq!(run.calls(&done), asked(plain));
        run.pass(SignedDuration::from_mins(2));
        run.waits(&during(gp3(3000, 250), "modifying", gp2()), "modifying");
        run.ends(&during(gp2(), "optimizing", gp2()), ChangeOutcome::Original, "cancelled");
    }

    #[test]
    fn d31_a_way_back_that_is_held_is_said_once() {
        let mut run = trial();
        run.calls(&seen(gp2()));
        run.pass(SignedDuration::from_mins(2));
        run.cancel();
        let optimizing = during(gp3(3000, 250), "optimizing", gp3(3000, 250));
        run.waits(&optimizing, "modifying");
        run.pass(HOUR * 25);
        assert_eq!(run.step(&optimizing), Step::Held("modification-slow".to_owned()));
        run.waits(&optimizing, "modification-slow");
        let done = during(gp3(3000, 250), "completed", gp3(3000, 250));
        assert!(matches!(run.calls(&done), Call::ModifyVolume { .. }));
    }

    #[test]
    fn a_cancel_right_after_the_call_waits_for_what_it_did() {
        let mut run = trial();
        run.calls(&seen(gp2()));
        run.cancel();
        run.waits(&seen(gp2()), "settings-seen");
    }

    #[test]
    fn what_somebody_else_set_is_left_to_a_person() {
        let mut run = trial();
        run.calls(&seen(gp2()));
        run.pass(SignedDuration::from_mins(2));
        let other = seen(gp3(9000, 600));
        run.ends(&other, ChangeOutcome::NeedsOperator, "settings-changed-by-others");
        assert!(run.manual[1].ends_with("--volume-type gp2 --region ap-northeast-2"));
    }

    #[test]
    fn a_modification_by_others_is_waited_for() {
        let mut run = trial();
        run.waits(&during(gp2(), "optimizing", gp2()), "modifying");
        assert_eq!(run.step(&seen(gp2())), Step::Call(asked(gp3(3000, 250))));
        run.refuse("IncorrectModificationState", "still optimizing");
        run.waits(&during(gp2(), "optimizing", gp2()), "modifying");
    }

    #[test]
    fn a_word_that_is_not_known_is_no_end() {
        let mut run = trial();
        run.waits(&during(gp2(), "queued", gp2()), "modifying");
    }
}
