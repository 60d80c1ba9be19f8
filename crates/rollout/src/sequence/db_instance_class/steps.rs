//! The steps, watching, and the commands for a person.

use trimtab_model::action::Action;
use trimtab_model::id::DbInstanceClass;
use trimtab_model::observed::{DbInstanceObserved, Observed};
use trimtab_model::text::Reason;

use super::back::back;
use super::forward::forward;
use crate::sequence::db_instance::{self, is_disrupted, moved, restarted};
use crate::sequence::{Decision, Reaction, Sequence, Watch, Work};

/// How a DB instance's class is changed.
pub(in crate::sequence) static SEQUENCE: Sequence =
    Sequence { forward, back, release, is_disrupted, watch, react, manual };

pub(in crate::sequence) const MODIFY: &str = "modify-class";
pub(super) const RESTORE: &str = "restore-class";
/// The name of the class among the pending changes.
pub(in crate::sequence) const PENDING: &str = "DBInstanceClass";

/// The snapshot stays.
fn release(_: &Work<'_>) -> Decision {
    Decision::Done
}

fn watch(work: &Work<'_>) -> Watch {
    let (Observed::DbInstance(now), Some(Observed::DbInstance(after))) =
        (work.now_is, &work.progress.after)
    else {
        return Watch::Undisturbed;
    };
    if let Some(reason) = moved(now, after) {
        return Watch::Hold(reason);
    }
    if now.class != after.class || now.pending.contains_key(PENDING) {
        return Watch::Hold(foreign(now));
    }
    restarted(now, after).unwrap_or(Watch::Undisturbed)
}

fn react(step: &str, code: &str) -> Reaction {
    db_instance::react(step, code, MODIFY, RESTORE)
}

pub(super) fn manual(work: &Work<'_>) -> Vec<String> {
    let (id, region) = (&work.change.resource.id, &work.change.resource.region);
    let Observed::DbInstance(before) = &work.progress.before else { return Vec::new() };
    vec![
        format!("aws rds describe-db-instances --db-instance-identifier {id} --region {region}"),
        format!(
            "aws rds describe-events --source-type db-instance --source-identifier {id} --duration 1440 --region {region}"
        ),
        format!(
            "aws rds modify-db-instance --db-instance-identifier {id} --db-instance-class {} --apply-immediately --region {region}",
            before.class
        ),
        format!(
            "aws rds describe-db-snapshots --db-instance-identifier {id} --snapshot-type manual --region {region}"
        ),
    ]
}

/// Returns the class that the plan leads to.
pub(super) fn planned<'a>(work: &Work<'a>) -> Option<&'a DbInstanceClass> {
    match &work.change.action {
        Action::ModifyDbInstanceClass { to, .. } => Some(to),
        _ => None,
    }
}

pub(super) fn foreign(now: &DbInstanceObserved) -> Reason {
    let pending = now.pending.get(PENDING).map_or_else(|| now.class.to_string(), Clone::clone);
    Reason::new(
        "class-changed-by-others",
        format!("Somebody set the class {pending} meanwhile."),
        format!("작업 중에 다른 사람이 클래스를 {pending}(으)로 바꿨습니다."),
    )
}

pub(super) fn not_taken(work: &Work<'_>, step: &str) -> Reason {
    let words = work.progress.of_step(work.direction, step).next_back();
    let words = words.and_then(|last| match last.outcome.as_ref() {
        Some((_, _, trimtab_model::call::CallResult::Refused { code, message, .. })) => {
            Some(format!("{code}: {message}"))
        }
        _ => None,
    });
    match words {
        Some(words) => Reason::new(
            "refused",
            format!("AWS refused rds:ModifyDBInstance: {words}"),
            format!("AWS가 rds:ModifyDBInstance 요청을 거부했습니다: {words}"),
        ),
        None => Reason::new(
            "class-not-taken",
            "The class does not change although AWS accepted the modification: most often there is no capacity for it.",
            "AWS가 요청을 받아들였지만 클래스가 바뀌지 않습니다. 여유 용량이 없는 경우가 대부분입니다.",
        ),
    }
}
