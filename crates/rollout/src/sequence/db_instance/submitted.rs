//! What follows a modification that was asked for.

use jiff::SignedDuration;

use trimtab_model::text::Reason;

use super::snapshot::SNAPSHOT;
use crate::sequence::{Afterwards, Decision, Reaction, Work};

pub(in crate::sequence) const POLL: SignedDuration = SignedDuration::from_secs(30);
/// How long a modification may take to show: one was seen to begin seven minutes after AWS had
/// taken it, with the status `available` meanwhile.
pub(in crate::sequence) const SETTLES: SignedDuration = SignedDuration::from_mins(10);
/// How long a modification goes on before a person looks. Nothing is asked for meanwhile.
pub(in crate::sequence) const DEADLINE: SignedDuration = SignedDuration::from_hours(6);
/// How long the way back is tried.
pub(in crate::sequence) const BACK_DEADLINE: SignedDuration = SignedDuration::from_hours(24);

/// AWS's words for a change that holds already, or is pending.
const NOTHING_TO_DO: &str = "no modifications were requested";

/// Returns whether AWS refused the latest call of a step for there is nothing to change: then it
/// is done, or pending, and only looking says which.
pub(in crate::sequence) fn nothing_to_modify(work: &Work<'_>, step: &str) -> bool {
    let last = work.progress.of_step(work.direction, step).next_back();
    let result = last.and_then(|last| last.outcome.as_ref()).map(|(_, _, result)| result);
    match result {
        Some(trimtab_model::call::CallResult::Refused { message, .. }) => {
            message.to_ascii_lowercase().contains(NOTHING_TO_DO)
        }
        _ => false,
    }
}

/// Returns the end of a modification that goes on for too long.
pub(in crate::sequence) fn overdue(
    work: &Work<'_>,
    step: &str,
    deadline: SignedDuration,
    manual: fn(&Work<'_>) -> Vec<String>,
) -> Option<Decision> {
    let first = work.progress.of_step(work.direction, step).next()?;
    let is_late = work.now.duration_since(first.at) > deadline;
    is_late.then(|| Decision::Operator { reason: slow(deadline), manual: manual(work) })
}

fn slow(deadline: SignedDuration) -> Reason {
    let hours = deadline.as_hours();
    Reason::new(
        "modification-slow",
        format!(
            "The modification goes on for more than {hours} hours. Nothing more was asked of AWS meanwhile."
        ),
        format!("변경이 {hours}시간 넘게 진행 중입니다. 그동안 AWS에 추가로 요청하지 않았습니다."),
    )
}

/// What follows from a refusal: `modify` is the step that changes it, `restore` the one back.
pub(in crate::sequence) fn react(step: &str, code: &str, modify: &str, restore: &str) -> Reaction {
    let seconds = SignedDuration::from_secs;
    match code {
        // It changes by itself just now, or a snapshot of the name exists: looking says more, and
        // the sequence waits before it asks again.
        "InvalidDBInstanceState" | "DBSnapshotAlreadyExists" => Reaction::Observe,
        // "No modifications were requested" has this code, and so has much else.
        "InvalidParameterCombination" if step == modify || step == restore => Reaction::Observe,
        "InsufficientDBInstanceCapacity" | "ProvisionedIopsNotAvailableInAZFault"
            if step == restore =>
        {
            Reaction::Retry { attempts: 6, pause: seconds(60), then: Afterwards::Operator }
        }
        "SnapshotQuotaExceeded" if step == SNAPSHOT => Reaction::Give(Afterwards::Abort),
        _ => Reaction::Give(Afterwards::Abort),
    }
}
