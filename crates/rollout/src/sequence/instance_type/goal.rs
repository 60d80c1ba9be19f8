//! Which type is to be reached, and which ones we may have set.

use trimtab_model::action::Action;
use trimtab_model::call::Call;
use trimtab_model::id::InstanceType;
use trimtab_model::observed::{InstanceObserved, Observed};
use trimtab_model::resource::instance::InstanceState;

use super::past::is_refused;
use super::steps::{NO_CAPACITY, STARTS_OF_A_TYPE};
use crate::sequence::Work;

/// Lists the types that we may have set.
pub(super) fn possible<'a>(work: &Work<'a>) -> Vec<&'a InstanceType> {
    let to = match &work.change.action {
        Action::ModifyInstanceType { to, .. } => Some(to),
        _ => None,
    };
    to.into_iter().chain(&work.change.ladder).collect()
}

/// Returns the type to reach: the next one where a type was tried often enough.
pub(super) fn goal(work: &Work<'_>, before: &InstanceObserved) -> Option<InstanceType> {
    let tried = |wanted: &InstanceType| starts_of(work, before, wanted) >= STARTS_OF_A_TYPE;
    let is_down =
        matches!(work.now_is, Observed::Instance(now) if now.state == InstanceState::Stopped);
    let running = match work.now_is {
        Observed::Instance(now) if !is_down => {
            possible(work).into_iter().find(|one| **one == now.instance_type)
        }
        _ => None,
    };
    running.or_else(|| possible(work).into_iter().find(|one| !tried(one))).cloned()
}

/// Counts the starts that were tried while the instance had a type.
pub(super) fn starts_of(
    work: &Work<'_>,
    before: &InstanceObserved,
    wanted: &InstanceType,
) -> usize {
    let mut current = &before.instance_type;
    let mut starts = 0;
    for attempt in &work.progress.attempts {
        match &attempt.call {
            Call::ModifyInstanceType { instance_type, .. } if !is_refused(attempt) => {
                current = instance_type;
            }
            // What was refused as too fast or too early says nothing of the capacity.
            Call::StartInstance { .. }
                if current == wanted
                    && attempt.direction == work.direction
                    && attempt
                        .outcome
                        .as_ref()
                        .and_then(|(_, _, result)| result.refusal())
                        .is_none_or(|code| NO_CAPACITY.contains(&code)) =>
            {
                starts += 1;
            }
            _ => {}
        }
    }
    starts
}
