//! What becomes of the machine while it is watched.

use trimtab_model::observed::Observed;
use trimtab_model::resource::instance::InstanceState;
use trimtab_model::text::Reason;

use super::drift::is_ending;
use super::reasons::{foreign_type, unknown_state};
use crate::sequence::{Watch, Work};

pub(super) fn is_disrupted(work: &Work<'_>) -> bool {
    let Observed::Instance(before) = &work.progress.before else { return false };
    let Observed::Instance(now) = work.now_is else { return true };
    before.state == InstanceState::Running && now.state != InstanceState::Running
}

pub(super) fn watch(work: &Work<'_>) -> Watch {
    let (Observed::Instance(now), Some(Observed::Instance(after))) =
        (work.now_is, &work.progress.after)
    else {
        return Watch::Undisturbed;
    };
    if is_ending(&now.state) {
        return Watch::Lost(unknown_state(now));
    }
    if now.instance_type != after.instance_type {
        return Watch::Hold(foreign_type(now));
    }
    if now.state != after.state {
        return Watch::Hold(Reason::new(
            "state-changed-by-others",
            "It was stopped or started by somebody else while it was watched.",
            "지켜보는 동안 다른 사람이 중지하거나 시작했습니다.",
        ));
    }
    if now.launch_time != after.launch_time {
        return Watch::Restart(Reason::new(
            "restarted",
            "It was restarted while it was watched, and is watched anew.",
            "지켜보는 동안 다시 시작되어 처음부터 다시 지켜봅니다.",
        ));
    }
    let was_well = after.checks.is_some_and(trimtab_model::observed::StatusChecks::are_ok);
    if was_well && now.checks.is_some_and(trimtab_model::observed::StatusChecks::is_impaired) {
        return Watch::Ill(Reason::new(
            "checks-impaired",
            "A status check is impaired.",
            "상태 검사에서 문제가 발견되었습니다.",
        ));
    }
    Watch::Undisturbed
}
