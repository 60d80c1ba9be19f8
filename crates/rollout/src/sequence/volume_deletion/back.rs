//! The way back: out of quarantine, or, once it is deleted, to a person.

use trimtab_model::journal::Direction;
use trimtab_model::observed::Observed;
use trimtab_model::text::Reason;

use super::drill;
use super::steps::{DELETE, POLL, SETTLES, manual};
use crate::sequence::decision::wait;
use crate::sequence::{Decision, Work, quarantine};

pub(super) fn back(work: &Work<'_>) -> Decision {
    let deleted = work.made(Direction::Forward, DELETE).next_back();
    let (Observed::Volume(now), Observed::Volume(before)) = (work.now_is, &work.progress.before)
    else {
        let reason = Reason::new(
            "volume-deleted",
            "The volume is deleted. It comes back by hand only: out of the Recycle Bin, or as a new volume of its snapshot.",
            "볼륨이 삭제되었습니다. 휴지통에서 복원하거나 스냅샷으로 새 볼륨을 만드는 작업은 직접 해야 합니다.",
        );
        return Decision::Operator { reason, manual: manual(work) };
    };
    let is_going = deleted.is_some_and(|one| work.now.duration_since(one.at) < SETTLES);
    if now.state == "deleting" || is_going {
        return wait("deleting", "its deletion", "볼륨 삭제가 끝나기", POLL);
    }
    drill::cleared(work, now, drill::CLEAR)
        .or_else(|| quarantine::undone(work, now.quarantine_until, before.quarantine_until))
        .unwrap_or(Decision::Done)
}
