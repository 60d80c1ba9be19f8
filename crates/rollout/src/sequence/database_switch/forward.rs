//! The way to the copy.

use jiff::SignedDuration;

use trimtab_model::call::{Call, CallResult};
use trimtab_model::observed::{DbInstanceObserved, DeploymentObserved};

use super::reasons::{differs, hangs, ill, not_switched, not_taken, slow};
use super::steps::{
    CREATE, MOST_CALLS, MOST_LAG, SEEN, SWITCH, SWITCH_SECONDS, is_wanted, manual, ours, planned,
};
use crate::sequence::db_instance::{POLL, SETTLES, Standing, blocked, both, gone, moved, standing};
use crate::sequence::decision::{call, wait};
use crate::sequence::{Decision, Work};

/// A copy of terabytes takes long to make, and to catch up.
const PATIENCE: SignedDuration = SignedDuration::from_hours(48);
/// A switch that hangs, far beyond its own timeout.
const HANGS: SignedDuration = SignedDuration::from_hours(2);
/// How often a copy is looked at that takes hours.
const SLOWLY: SignedDuration = SignedDuration::from_mins(5);

pub(super) fn forward(work: &Work<'_>) -> Decision {
    let operator = |reason| Decision::Operator { reason, manual: manual(work) };
    let Some((now, before)) = both(work) else { return operator(gone()) };
    let deployment = ours(work, now);
    if let Some(one) = deployment.filter(|one| one.status == "SWITCHOVER_COMPLETED") {
        return switched(work, now, one);
    }
    if let Some(reason) = moved(now, before) {
        return operator(reason);
    }
    let Some(one) = deployment else { return create(work, now) };
    match one.status.as_str() {
        "PROVISIONING" => patiently(work, "copying", "the copy to be made", "복제본이 만들어지기"),
        "AVAILABLE" => switch(work, now, one),
        "SWITCHOVER_IN_PROGRESS" => hanging(work).unwrap_or_else(|| {
            wait("switching", "the switch to the copy", "복제본으로 전환되기", POLL)
        }),
        _ => Decision::Abort(ill(one)),
    }
}

fn create(work: &Work<'_>, now: &DbInstanceObserved) -> Decision {
    if work.since(CREATE).is_some_and(|since| since < SETTLES)
        && work.last_refusal(CREATE).is_none()
    {
        let (en, ko) = ("the deployment to be listed", "블루/그린 배포가 조회되기");
        return wait("deployment-seen", en, ko, POLL);
    }
    if let Some(decision) = blocked(work, now) {
        return decision;
    }
    if work.attempts(CREATE).count() >= MOST_CALLS {
        return Decision::Abort(not_taken());
    }
    let Some(plan) = planned(work) else { return Decision::Done };
    let name = trimtab_model::action::DatabaseSwitch::deployment_name(&work.change.id);
    let create = Call::CreateBlueGreenDeployment {
        instance: work.change.resource.id.clone(),
        source: plan.source_arn.clone(),
        name,
        class: plan.class().cloned(),
        storage_gib: plan.storage_gib(),
        change: work.change.id.clone(),
    };
    call(CREATE, create)
}

/// Switches once the copy is what was asked for, has caught up, and a window is open.
fn switch(work: &Work<'_>, now: &DbInstanceObserved, one: &DeploymentObserved) -> Decision {
    if work.since(SWITCH).is_some_and(|since| since < SEEN) {
        return wait("switch-seen", "the switch to be seen", "전환이 조회되기", POLL);
    }
    let last = work.attempts(SWITCH).next_back().and_then(|last| last.outcome.as_ref());
    match last.map(|(_, _, result)| result) {
        Some(CallResult::Refused { code, message, .. }) => {
            return Decision::Abort(not_switched(&format!("{code}: {message}.")));
        }
        // It began, and AWS took it back: it took longer than its timeout.
        Some(CallResult::Accepted { .. }) => {
            let why = one.details.as_deref().unwrap_or("it took longer than its timeout.");
            return Decision::Abort(not_switched(why));
        }
        Some(CallResult::Unknown { .. }) | None => {}
    }
    if work.attempts(SWITCH).count() >= MOST_CALLS {
        return Decision::Abort(not_switched("AWS was asked several times."));
    }
    let Some(green) = one.green.as_ref().filter(|green| green.status == "available") else {
        return patiently(work, "copying", "the copy to be ready", "복제본이 준비되기");
    };
    if !is_wanted(work, &green.class, green.storage_gib) {
        return Decision::Abort(differs(one));
    }
    // What came meanwhile is looked at again: other pending changes, a lost tag, another status.
    if let Some(decision) = blocked(work, now) {
        return decision;
    }
    if green.lag_seconds.is_none_or(|lag| lag > MOST_LAG) {
        return patiently(work, "replica-lag", "the copy to catch up", "복제본이 따라잡기");
    }
    if !work.is_window_open() {
        return wait("window-closed", "the next change window", "다음 변경 시간대", SLOWLY);
    }
    let switch = Call::SwitchoverBlueGreenDeployment {
        instance: work.change.resource.id.clone(),
        deployment: one.id.clone(),
        timeout_seconds: SWITCH_SECONDS,
    };
    call(SWITCH, switch)
}

/// Looks at the database that has the name now.
fn switched(work: &Work<'_>, now: &DbInstanceObserved, one: &DeploymentObserved) -> Decision {
    let operator = |reason| Decision::Operator { reason, manual: manual(work) };
    let is = now.fingerprint.0.get("DbiResourceId");
    let green = one.green.as_ref();
    let expected = green.and_then(|green| green.dbi_resource_id.as_ref());
    if is != expected || !is_wanted(work, &now.class, Some(now.storage.allocated_storage_gib)) {
        return operator(differs(one));
    }
    match standing(now) {
        Standing::Ready | Standing::Optimizing => Decision::Done,
        Standing::Busy => hanging(work).unwrap_or_else(|| {
            wait("switching", "the switch to the copy", "복제본으로 전환되기", POLL)
        }),
        Standing::Stuck => operator(ill(one)),
    }
}

/// Returns the end of a switch that hangs: AWS should have ended it long ago.
fn hanging(work: &Work<'_>) -> Option<Decision> {
    let is_late = work.since(SWITCH).is_some_and(|since| since > HANGS);
    is_late.then(|| Decision::Operator { reason: hangs(), manual: manual(work) })
}

fn patiently(work: &Work<'_>, code: &str, en: &str, ko: &str) -> Decision {
    let is_told = work.progress.unheld_at.is_some_and(|at| work.now.duration_since(at) < PATIENCE);
    let is_late = work.since_first(CREATE).is_some_and(|since| since > PATIENCE);
    if is_late && !is_told { Decision::Hold(slow()) } else { wait(code, en, ko, SLOWLY) }
}
