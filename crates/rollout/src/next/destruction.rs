//! Nothing is destroyed in an account where a recovery point could not be had back.

use trimtab_model::call::Call;
use trimtab_model::plan::{Change, ChangeClass};
use trimtab_model::text::Reason;

use super::change::Run;
use crate::progress::ChangeProgress;

/// Returns why a change must not destroy anything any more.
pub(super) fn barred(run: &Run<'_>, change: &Change, one: &ChangeProgress) -> Option<Reason> {
    let is_done = one.attempts.iter().any(|attempt| destroys(&attempt.call));
    if change.class != ChangeClass::Destructive || is_done {
        return None;
    }
    let account = &change.resource.account;
    let failed = run.progress.failed_drills.iter().find(|id| {
        let other = run.plan.change(id).map(|other| &other.resource.account);
        **id != change.id && other == Some(account)
    })?;
    Some(Reason::new(
        "drill-failed-in-account",
        format!("The snapshot of {failed} could not be had back: nothing is deleted in {account}."),
        format!(
            "{failed}의 스냅샷을 복원하지 못해 {account} 계정에서는 아무것도 삭제하지 않습니다."
        ),
    ))
}

fn destroys(call: &Call) -> bool {
    matches!(
        call,
        Call::DeleteVolume { .. } | Call::ReleaseAddress { .. } | Call::PutRetentionPolicy { .. }
    )
}
