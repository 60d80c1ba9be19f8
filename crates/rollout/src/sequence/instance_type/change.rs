//! The change of the type itself.

use trimtab_model::call::Call;
use trimtab_model::id::InstanceType;

use super::decision::{call, wait};
use super::reasons::type_not_taken;
use super::steps::{MODIFY, MOST_REPEATS, POLL, TYPE_SETTLES};
use crate::sequence::{Decision, Work};

pub(super) fn modify(work: &Work<'_>, to: &InstanceType) -> Option<Decision> {
    // An accepted change of type may take a while to be seen; made twice it does no harm, but
    // each is an entry in somebody's log.
    let is_asked = work.attempts(MODIFY).next_back().is_some_and(|last| {
        matches!(&last.call, Call::ModifyInstanceType { instance_type, .. } if instance_type == to)
            && last.outcome.as_ref().is_some_and(|(_, _, result)| result.refusal().is_none())
    });
    let since = work.since(MODIFY);
    if is_asked && since.is_some_and(|since| since < TYPE_SETTLES) {
        return Some(wait("type-seen", "the new type to be seen", "바뀐 유형이 반영되기"));
    }
    // It may be seen as stopped while it is not any more.
    if !is_asked && since.is_some_and(|since| since < POLL) {
        return Some(wait("state-seen", "its state to be seen", "상태가 반영되기"));
    }
    if work.attempts(MODIFY).count() >= MOST_REPEATS {
        return Some(Decision::Abort(type_not_taken()));
    }
    let modify = Call::ModifyInstanceType {
        instance: work.change.resource.id.clone(),
        instance_type: to.clone(),
    };
    Some(call(MODIFY, modify))
}
