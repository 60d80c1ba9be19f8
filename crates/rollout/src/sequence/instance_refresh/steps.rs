//! The steps, watching, and the commands for a person.

use jiff::SignedDuration;

use trimtab_model::action::Action;
use trimtab_model::observed::{GroupObserved, Observed};
use trimtab_model::text::Reason;

use super::back::back;
use super::forward::forward;
use super::sight::foreign;
use crate::sequence::decision::wait;
use crate::sequence::group_sizes::{is_disrupted, served};
use crate::sequence::{Afterwards, Decision, Reaction, Sequence, Watch, Work};

/// How the instances of a group are replaced.
pub(in crate::sequence) static SEQUENCE: Sequence =
    Sequence { forward, back, release, is_disrupted, watch, react, manual };

pub(super) const CREATE: &str = "create-template-version";
pub(super) const START: &str = "start-refresh";
pub(super) const ROLL_BACK: &str = "roll-refresh-back";
pub(super) const RESTORE: &str = "restore-version";

/// The new instance is in service before the old one goes, however small the group.
pub(super) const MIN_HEALTHY: u8 = 100;
pub(super) const MAX_HEALTHY: u8 = 110;
pub(super) const MOST_CALLS: usize = 6;
pub(super) const POLL: SignedDuration = SignedDuration::from_secs(30);
/// What was asked may not be seen at once.
pub(super) const SETTLES: SignedDuration = SignedDuration::from_secs(60);

/// The version of the template stays: nothing launches from it by itself.
fn release(_: &Work<'_>) -> Decision {
    Decision::Done
}

fn watch(work: &Work<'_>) -> Watch {
    let (Observed::Group(now), Some(Observed::Group(after))) = (work.now_is, &work.progress.after)
    else {
        return Watch::Undisturbed;
    };
    let begun = |one: &GroupObserved| one.refresh.as_ref().and_then(|one| one.started_at);
    if now.version != after.version || begun(now) != begun(after) {
        return Watch::Hold(foreign(now));
    }
    served(now, after)
}

fn react(step: &str, code: &str) -> Reaction {
    let later = |then| Reaction::Retry { attempts: 6, pause: SignedDuration::from_secs(20), then };
    match (step, code) {
        // Somebody's refresh, or the one of an earlier call: never a second one beside it.
        (START | RESTORE, "InstanceRefreshInProgress")
        | (ROLL_BACK, "ActiveInstanceRefreshNotFound" | "IrreversibleInstanceRefresh") => {
            Reaction::Observe
        }
        (_, "ResourceContention" | "ScalingActivityInProgress") => later(Afterwards::Abort),
        _ => Reaction::Give(Afterwards::Abort),
    }
}

pub(super) fn manual(work: &Work<'_>) -> Vec<String> {
    let (id, region) = (&work.change.resource.id, &work.change.resource.region);
    let Action::RefreshInstances(plan) = &work.change.action else { return Vec::new() };
    vec![
        format!(
            "aws autoscaling describe-instance-refreshes --auto-scaling-group-name {id} --region {region}"
        ),
        format!(
            "aws autoscaling rollback-instance-refresh --auto-scaling-group-name {id} --region {region}"
        ),
        format!("aws {} --region {region}", plan.start(id.as_str(), &plan.from_version)),
    ]
}

/// Waits for a refresh, whoever began it.
pub(super) fn refreshing() -> Decision {
    wait("refreshing", "the refresh of its instances", "인스턴스 새로 고침이 끝나기", POLL)
}

pub(super) fn gone(work: &Work<'_>) -> Decision {
    let reason =
        Reason::new("group-gone", "The group does not exist any more.", "그룹이 더 이상 없습니다.");
    Decision::Operator { reason, manual: manual(work) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::Timestamp;

    use trimtab_model::action::{GroupSizes, InstanceRefresh};
    use trimtab_model::call::Call;
    use trimtab_model::environment::Environment;
    use trimtab_model::journal::ChangeOutcome;
    use trimtab_model::observed::{RefreshObserved, TemplateVersionObserved};
    use trimtab_model::plan::Fingerprint;
    use trimtab_model::resource::ResourceKind;

    use super::*;
    use crate::sequence::trial::{Step, Trial};

    const MINUTE: SignedDuration = SignedDuration::from_mins(1);

    fn refresh() -> InstanceRefresh {
        InstanceRefresh {
            from: "m5.xlarge".into(),
            to: "m5.large".into(),
            launch_template: "lt-1".to_owned(),
            from_version: "7".to_owned(),
            to_version: None,
            instances: 4,
            alarms: vec!["errors".to_owned()],
        }
    }

    fn trial() -> Trial {
        Trial::new(Action::RefreshInstances(refresh()), ResourceKind::AutoScalingGroup, "web")
            .with(|one| one.environment = Environment::Staging)
    }

    fn group() -> GroupObserved {
        GroupObserved {
            fingerprint: Fingerprint::default(),
            obstacles: Vec::new(),
            sizes: GroupSizes { min_size: 2, max_size: 8, desired_capacity: 4 },
            in_service: 4,
            is_opted_in: true,
            refresh: None,
            version: Some("7".to_owned()),
            launched_from: BTreeMap::from([("7".to_owned(), 4)]),
            versions: Vec::new(),
        }
    }

    fn seen(alter: impl FnOnce(&mut GroupObserved)) -> Observed {
        let mut group = group();
        alter(&mut group);
        Observed::Group(group)
    }

    /// With the version that the change made.
    fn versioned(alter: impl FnOnce(&mut GroupObserved)) -> Observed {
        seen(|one| {
            one.versions = vec![TemplateVersionObserved {
                number: "8".to_owned(),
                instance_type: Some("m5.large".into()),
                change: "C-0123456789ab".into(),
            }];
            alter(one);
        })
    }

    fn latest(to: &str, status: &str, at: Timestamp) -> Option<RefreshObserved> {
        Some(RefreshObserved {
            status: status.to_owned(),
            percent: Some(25),
            version: Some(to.to_owned()),
            started_at: Some(at),
            ended_at: None,
            reason: Some("an alarm went off".to_owned()),
        })
    }

    /// The group while the refresh towards a version has a status.
    fn going(run: &Trial, to: &str, status: &str) -> Observed {
        versioned(|one| one.refresh = latest(to, status, run.now))
    }

    /// The group once a refresh is over and it launches from a version.
    fn over(run: &Trial, to: &str, status: &str, of: &str) -> Observed {
        versioned(|one| {
            one.refresh = latest(to, status, run.now);
            one.version = Some(of.to_owned());
            one.launched_from = BTreeMap::from([(of.to_owned(), 4)]);
        })
    }

    fn started(version: &str, checkpoints: &[u8], alarms: &[&str]) -> Call {
        Call::StartInstanceRefresh {
            group: "web".into(),
            launch_template: "lt-1".to_owned(),
            version: version.to_owned(),
            min_healthy_percent: 100,
            max_healthy_percent: Some(110),
            checkpoints: checkpoints.to_vec(),
            checkpoint_seconds: if checkpoints.is_empty() { 0 } else { 600 },
            alarms: alarms.iter().map(|&one| one.to_owned()).collect(),
        }
    }

    /// A run whose refresh goes on.
    fn begun() -> Trial {
        let mut run = trial();
        run.calls(&seen(|_| {}));
        run.calls(&versioned(|_| {}));
        run
    }

    #[test]
    fn a_version_then_a_refresh_at_checkpoints_then_watching() {
        let mut run = trial();
        let create = Call::CreateLaunchTemplateVersion {
            launch_template: "lt-1".to_owned(),
            source_version: "7".to_owned(),
            instance_type: "m5.large".into(),
            change: "C-0123456789ab".into(),
            token: "trimtab-C-0123456789ab".to_owned(),
        };
        assert_eq!(run.calls(&seen(|_| {})), create);
        run.waits(&seen(|_| {}), "version-seen");
        assert_eq!(run.calls(&versioned(|_| {})), started("8", &[1, 5, 25, 100], &["errors"]));
        run.waits(&versioned(|_| {}), "refresh-seen");
        for status in ["Pending", "InProgress", "Baking", "SomethingNew"] {
            let now = going(&run, "8", status);
            run.waits(&now, "refreshing");
        }
        // Over, and one instance of the old version still serves.
        let stray = over(&run, "8", "Successful", "8");
        let Observed::Group(mut stray) = stray else { unreachable!() };
        stray.launched_from.insert("7".to_owned(), 1);
        run.waits(&Observed::Group(stray), "in-service");
        let done = over(&run, "8", "Successful", "8");
        assert_eq!(run.step(&done), Step::Soaking);
        assert_eq!(run.watch(&done), Watch::Undisturbed);
    }

    #[test]
    fn d43_a_refresh_that_goes_on_is_waited_for_and_never_doubled() {
        // Somebody's, before ours.
        let mut run = trial();
        for status in ["Pending", "InProgress", "Baking", "Cancelling", "RollbackInProgress"] {
            let now = seen(|one| one.refresh = latest("6", status, run.now));
            run.waits(&now, "refreshing");
        }
        // One that AWS knew of and we did not see.
        run.calls(&seen(|_| {}));
        assert!(matches!(run.step(&versioned(|_| {})), Step::Call(_)));
        run.refuse("InstanceRefreshInProgress", "web is being refreshed");
        let theirs = going(&run, "6", "InProgress");
        run.waits(&theirs, "refreshing");
        // The template is another one once theirs is over.
        let moved = over(&run, "6", "Successful", "6");
        run.ends(&moved, ChangeOutcome::Refused, "template-changed-by-others");
    }

    #[test]
    fn d43_a_way_back_that_fails_is_left_to_a_person_and_one_that_somebody_cancelled_is_held() {
        let mut run = begun();
        let failed = going(&run, "8", "RollbackFailed");
        run.ends(&failed, ChangeOutcome::NeedsOperator, "refresh-failed");
        assert!(run.manual.iter().any(|one| one.contains("rollback-instance-refresh")));
        let mut run = begun();
        let now = going(&run, "8", "Cancelling");
        run.waits(&now, "refreshing");
        let ended = going(&run, "8", "Cancelled");
        assert_eq!(run.step(&ended), Step::Held("refresh-cancelled".to_owned()));
        run.unhold();
        let mixed = versioned(|one| {
            one.refresh = latest("8", "Cancelled", run.now);
            one.launched_from = BTreeMap::from([("7".to_owned(), 3), ("8".to_owned(), 1)]);
        });
        assert_eq!(run.calls(&mixed), started("7", &[], &[]));
    }

    #[test]
    fn what_aws_rolls_back_by_itself_ends_as_it_was() {
        let mut run = begun();
        let now = going(&run, "8", "InProgress");
        run.waits(&now, "refreshing");
        let back = going(&run, "8", "RollbackInProgress");
        run.waits(&back, "refreshing");
        let done = over(&run, "8", "RollbackSuccessful", "7");
        run.ends(&done, ChangeOutcome::Original, "refresh-failed");
    }

    #[test]
    fn a_cancel_while_it_goes_on_is_a_rollback_and_afterwards_another_refresh() {
        let mut run = begun();
        let now = going(&run, "8", "InProgress");
        run.waits(&now, "refreshing");
        run.cancel();
        assert_eq!(run.calls(&now), Call::RollbackInstanceRefresh { group: "web".into() });
        run.waits(&now, "rollback-seen");
        let done = over(&run, "8", "RollbackSuccessful", "7");
        run.ends(&done, ChangeOutcome::Original, "cancelled");

        let mut run = begun();
        let made = over(&run, "8", "Successful", "8");
        assert_eq!(run.step(&made), Step::Soaking);
        run.cancel();
        assert_eq!(run.calls(&made), started("7", &[], &[]));
        run.waits(&made, "refresh-seen");
        run.pass(MINUTE);
        let back = going(&run, "7", "InProgress");
        run.waits(&back, "refreshing");
        let done = over(&run, "7", "Successful", "7");
        run.ends(&done, ChangeOutcome::Original, "cancelled");
    }

    #[test]
    fn d43_a_refresh_of_ours_that_is_pending_is_followed_and_taken_back_as_one_that_goes_on() {
        let mut run = begun();
        let pending = versioned(|one| {
            one.refresh = latest("8", "Pending", run.now)
                .map(|latest| RefreshObserved { started_at: None, ..latest });
        });
        run.pass(MINUTE + MINUTE);
        run.waits(&pending, "refreshing");
        run.cancel();
        assert_eq!(run.calls(&pending), Call::RollbackInstanceRefresh { group: "web".into() });
        // One that never began is nobody's of now.
        let mut run = begun();
        run.pass(MINUTE + MINUTE);
        let never = versioned(|one| {
            one.refresh = latest("8", "Cancelled", run.now)
                .map(|latest| RefreshObserved { started_at: None, ..latest });
        });
        assert!(matches!(run.step(&never), Step::Call(_)));
    }

    #[test]
    fn d44_a_version_that_is_gone_when_it_is_asked_for_changes_nothing() {
        let mut run = trial();
        assert!(matches!(run.step(&seen(|_| {})), Step::Call(_)));
        run.refuse("InvalidLaunchTemplateId.VersionNotFound", "version 7 is not there");
        run.ends(&seen(|_| {}), ChangeOutcome::Refused, "refused");
        let moving = seen(|one| one.version = Some("$Latest".to_owned()));
        trial().ends(&moving, ChangeOutcome::Refused, "template-changed-by-others");
    }

    #[test]
    fn a_template_that_somebody_sets_while_it_is_watched_is_held() {
        let mut run = begun();
        let made = over(&run, "8", "Successful", "8");
        assert_eq!(run.step(&made), Step::Soaking);
        let other = over(&run, "8", "Successful", "9");
        assert!(matches!(run.watch(&other), Watch::Hold(_)));
        let Observed::Group(mut none) = made else { unreachable!() };
        none.in_service = 0;
        assert!(matches!(run.watch(&Observed::Group(none)), Watch::Ill(_)));
    }

    #[test]
    fn without_the_tag_or_without_an_effect_nothing_is_begun() {
        let closed = seen(|one| one.is_opted_in = false);
        trial().ends(&closed, ChangeOutcome::Refused, "not-opted-in");
        let mut run = trial();
        for _ in 0..6 {
            run.calls(&seen(|_| {}));
            run.pass(MINUTE * 2);
        }
        run.ends(&seen(|_| {}), ChangeOutcome::Refused, "refresh-not-taken");
    }

    #[test]
    fn a_group_that_scales_out_when_a_run_is_taken_up_again_is_waited_for() {
        let mut run = begun();
        let ended = run.now;
        let few = versioned(|one| {
            one.refresh = latest("8", "Successful", ended);
            one.refresh.as_mut().unwrap().ended_at = Some(ended);
            one.version = Some("8".to_owned());
            one.launched_from = BTreeMap::from([("8".to_owned(), 3)]);
            one.in_service = 3;
        });
        run.pass(MINUTE * 60);
        run.take_up();
        run.waits(&few, "in-service");
        run.pass(MINUTE * 19);
        run.take_up();
        run.waits(&few, "in-service");
        // It counts from the first look, however often it is taken up again.
        run.pass(MINUTE * 2);
        assert_eq!(run.calls(&few), started("7", &[], &[]));
        let mut run = begun();
        run.pass(MINUTE * 21);
        assert_eq!(run.calls(&few), started("7", &[], &[]));
    }

    #[test]
    fn what_is_cancelled_stays_so_whatever_is_asked_afterwards() {
        let mut run = begun();
        let now = going(&run, "8", "InProgress");
        run.cancel();
        run.resume();
        assert_eq!(run.calls(&now), Call::RollbackInstanceRefresh { group: "web".into() });
    }
}
