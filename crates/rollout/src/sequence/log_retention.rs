//! Keeps the events of a log group for so many days.
//!
//! What is older is deleted, most often within 72 hours, and nothing brings it back. Only within
//! those hours the old retention may still save events, and nobody promises it: so a way back
//! that comes later ends with a person, who is told what may be missing.

use jiff::SignedDuration;

use trimtab_model::action::Action;
use trimtab_model::call::Call;
use trimtab_model::journal::Direction;
use trimtab_model::observed::{LogGroupObserved, Observed};
use trimtab_model::text::Reason;

use super::decision::{call, wait};
use super::{Afterwards, Decision, Reaction, Sequence, Watch, Work};

/// How the retention of a log group is set.
pub(super) static SEQUENCE: Sequence =
    Sequence { forward, back, release, is_disrupted, watch, react, manual };

const PUT: &str = "put-retention";

const POLL: SignedDuration = SignedDuration::from_secs(10);
/// What was asked may not be seen at once.
const SETTLES: SignedDuration = SignedDuration::from_secs(30);
/// How long events that are too old typically stay before they are deleted.
const GRACE: SignedDuration = SignedDuration::from_hours(72);

/// The numbers of days that `PutRetentionPolicy` takes.
const DAYS: &[u32] = &[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
];

fn forward(work: &Work<'_>) -> Decision {
    let (Some((now, before)), Action::PutRetentionPolicy { retention_in_days: days }) =
        (both(work), &work.change.action)
    else {
        return gone(work);
    };
    let days = *days;
    if now.retention_days == Some(days) {
        return Decision::Done;
    }
    if now.retention_days != before.retention_days {
        return Decision::Operator { reason: foreign(now), manual: manual(work) };
    }
    if !DAYS.contains(&days) {
        return Decision::Abort(Reason::new(
            "days-not-offered",
            format!("CloudWatch Logs has no retention of {days} days."),
            format!("CloudWatch Logs에는 {days}일 보존 기간이 없습니다."),
        ));
    }
    if work.attempts(PUT).next().is_none() && !now.is_opted_in {
        return Decision::Abort(Reason::new(
            "not-opted-in",
            "The tag trimtab:apply=allowed is gone.",
            "trimtab:apply=allowed 태그가 없어졌습니다.",
        ));
    }
    if let Some(reason) = work.unfit() {
        return Decision::Abort(reason);
    }
    let log_group = work.change.resource.id.clone();
    put(work, Call::PutRetentionPolicy { log_group, days })
}

fn back(work: &Work<'_>) -> Decision {
    let (Some((now, before)), Action::PutRetentionPolicy { retention_in_days: days }) =
        (both(work), &work.change.action)
    else {
        return gone(work);
    };
    let log_group = work.change.resource.id.clone();
    if now.retention_days == before.retention_days {
        let is_unseen = work.attempts(PUT).next().is_none() && work.is_just_made(PUT, SETTLES);
        return if is_unseen { seen_later() } else { restored(work) };
    }
    if now.retention_days != Some(*days) {
        return Decision::Operator { reason: foreign(now), manual: manual(work) };
    }
    match before.retention_days {
        Some(days) => put(work, Call::PutRetentionPolicy { log_group, days }),
        None => put(work, Call::DeleteRetentionPolicy { log_group }),
    }
}

/// Says what may be missing, where it was set for longer than events are sure to stay.
fn restored(work: &Work<'_>) -> Decision {
    let first = work.made(Direction::Forward, PUT).next();
    let restored = work.made(Direction::Back, PUT).next_back();
    let (Some(first), Some(restored)) = (first, restored) else { return Decision::Done };
    if restored.at.duration_since(first.at) <= GRACE {
        return Decision::Done;
    }
    let reason = Reason::new(
        "events-deleted",
        "The old retention is set again, but it was shorter for more than 72 hours: events that were older are gone.",
        "보존 기간은 되돌렸지만 72시간 넘게 짧게 설정되어 있었으므로 그보다 오래된 이벤트는 삭제되었습니다.",
    );
    Decision::Operator { reason, manual: Vec::new() }
}

fn release(_: &Work<'_>) -> Decision {
    Decision::Done
}

/// Events arrive whatever the retention.
fn is_disrupted(_: &Work<'_>) -> bool {
    false
}

fn watch(work: &Work<'_>) -> Watch {
    match (work.now_is, &work.progress.after) {
        (Observed::LogGroup(now), Some(Observed::LogGroup(after)))
            if now.retention_days != after.retention_days =>
        {
            Watch::Hold(foreign(now))
        }
        _ => Watch::Undisturbed,
    }
}

fn react(step: &str, code: &str) -> Reaction {
    match (step, code) {
        // Two calls at once.
        (PUT, "OperationAbortedException" | "ServiceUnavailableException") => Reaction::Retry {
            attempts: 5,
            pause: SignedDuration::from_secs(5),
            then: Afterwards::Abort,
        },
        _ => Reaction::Give(Afterwards::Abort),
    }
}

fn manual(work: &Work<'_>) -> Vec<String> {
    let (id, region) = (&work.change.resource.id, &work.change.resource.region);
    let Observed::LogGroup(before) = &work.progress.before else { return Vec::new() };
    vec![match before.retention_days {
        Some(days) => format!(
            "aws logs put-retention-policy --log-group-name {id} --retention-in-days {days} --region {region}"
        ),
        None => format!("aws logs delete-retention-policy --log-group-name {id} --region {region}"),
    }]
}

fn both<'a>(work: &Work<'a>) -> Option<(&'a LogGroupObserved, &'a LogGroupObserved)> {
    match (work.now_is, &work.progress.before) {
        (Observed::LogGroup(now), Observed::LogGroup(before)) => Some((now, before)),
        _ => None,
    }
}

fn gone(work: &Work<'_>) -> Decision {
    let reason = Reason::new(
        "log-group-gone",
        "The log group does not exist any more.",
        "로그 그룹이 더 이상 없습니다.",
    );
    Decision::Operator { reason, manual: manual(work) }
}

fn put(work: &Work<'_>, wanted: Call) -> Decision {
    if work.since(PUT).is_some_and(|since| since < SETTLES) {
        return seen_later();
    }
    if work.attempts(PUT).count() >= 6 {
        return Decision::Abort(Reason::new(
            "retention-not-taken",
            "The retention does not change although AWS was asked several times.",
            "여러 번 요청했지만 보존 기간이 바뀌지 않습니다.",
        ));
    }
    call(PUT, wanted)
}

fn seen_later() -> Decision {
    wait("retention-seen", "the retention to be seen", "바뀐 보존 기간이 반영되기", POLL)
}

fn foreign(now: &LogGroupObserved) -> Reason {
    let (en, ko) = match now.retention_days {
        Some(days) => (format!("{days} days"), format!("{days}일")),
        None => ("no end".to_owned(), "무기한".to_owned()),
    };
    Reason::new(
        "retention-changed-by-others",
        format!("Somebody set the retention to {en} meanwhile."),
        format!("작업 중에 다른 사람이 보존 기간을 {ko}(으)로 바꿨습니다."),
    )
}

#[cfg(test)]
mod tests {
    use trimtab_model::journal::ChangeOutcome;
    use trimtab_model::observed::Obstacle;
    use trimtab_model::plan::Fingerprint;
    use trimtab_model::resource::ResourceKind;

    use super::*;
    use crate::sequence::trial::{Step, Trial};

    fn group(retention_days: Option<u32>) -> LogGroupObserved {
        LogGroupObserved {
            fingerprint: Fingerprint::default(),
            obstacles: Vec::new(),
            retention_days,
            is_opted_in: true,
        }
    }

    fn seen(retention_days: Option<u32>) -> Observed {
        Observed::LogGroup(group(retention_days))
    }

    fn trial(days: u32) -> Trial {
        let action = Action::PutRetentionPolicy { retention_in_days: days };
        Trial::new(action, ResourceKind::LogGroup, "/game/api")
    }

    fn forever() -> Call {
        Call::DeleteRetentionPolicy { log_group: "/game/api".into() }
    }

    #[test]
    fn within_the_grace_the_old_retention_is_put_back() {
        let mut run = trial(30);
        let expected = Call::PutRetentionPolicy { log_group: "/game/api".into(), days: 30 };
        assert_eq!(run.calls(&seen(None)), expected);
        run.waits(&seen(None), "retention-seen");
        assert_eq!(run.step(&seen(Some(30))), Step::Soaking);
        run.pass(SignedDuration::from_hours(70));
        run.cancel();
        assert_eq!(run.calls(&seen(Some(30))), forever());
        run.ends(&seen(None), ChangeOutcome::Original, "cancelled");
    }

    #[test]
    fn behind_the_grace_a_person_is_told_what_is_gone() {
        let mut run = trial(30);
        run.calls(&seen(None));
        assert_eq!(run.step(&seen(Some(30))), Step::Soaking);
        run.pass(SignedDuration::from_hours(73));
        run.cancel();
        assert_eq!(run.calls(&seen(Some(30))), forever());
        run.ends(&seen(None), ChangeOutcome::NeedsOperator, "events-deleted");
    }

    #[test]
    fn a_number_of_days_that_is_not_offered_is_refused() {
        trial(45).ends(&seen(None), ChangeOutcome::Refused, "days-not-offered");
    }

    #[test]
    fn a_retention_that_somebody_else_set_is_not_overwritten() {
        let mut run = trial(30);
        run.calls(&seen(None));
        run.pass(SignedDuration::from_mins(2));
        let code = "retention-changed-by-others";
        run.ends(&seen(Some(90)), ChangeOutcome::NeedsOperator, code);
    }

    #[test]
    fn h06_a_log_group_under_a_policy_of_the_account_is_refused() {
        let why = Reason::new("account-policy", "A policy sets it.", "계정 정책이 정합니다.");
        let observed = LogGroupObserved { obstacles: vec![(Obstacle::Block, why)], ..group(None) };
        let code = "account-policy";
        trial(30).ends(&Observed::LogGroup(observed), ChangeOutcome::Refused, code);
    }
}
