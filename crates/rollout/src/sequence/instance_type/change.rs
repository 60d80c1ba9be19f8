//! The change of the type itself.

use trimtab_model::call::Call;
use trimtab_model::id::InstanceType;
use trimtab_model::text::Reason;

use super::decision::{call, wait};
use super::steps::{MODIFY, TYPE_SETTLES};
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
        return Some(wait("type-seen", "the new type to be seen", "바뀐 타입이 반영되기"));
    }
    if work.attempts(MODIFY).count() >= 6 {
        return Some(Decision::Abort(Reason::new(
            "type-not-taken",
            "The type does not change although AWS accepted it.",
            "AWS가 요청을 받아들였지만 타입이 바뀌지 않습니다.",
        )));
    }
    let modify = Call::ModifyInstanceType {
        instance: work.change.resource.id.clone(),
        instance_type: to.clone(),
    };
    Some(call(MODIFY, modify))
}
