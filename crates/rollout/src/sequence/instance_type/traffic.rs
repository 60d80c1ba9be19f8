//! The traffic of load balancers, taken away and given back.

use jiff::SignedDuration;

use trimtab_model::call::{Call, Target};
use trimtab_model::observed::{InstanceObserved, TargetHealth};
use trimtab_model::resource::instance::InstanceState;
use trimtab_model::text::Reason;

use super::decision::{call, operator, wait};
use super::steps::{
    CHECKS_DEADLINE, CREDITS, DRAIN, DRAIN_DEADLINE, POLL, REGISTER, SETTLES, START,
    START_DEADLINE, TARGET_DEADLINE,
};
use crate::sequence::{Decision, Work};

/// Takes the traffic away.
pub(super) fn drain(
    work: &Work<'_>,
    now: &InstanceObserved,
    before: &InstanceObserved,
) -> Option<Decision> {
    if before.state != InstanceState::Running {
        return None;
    }
    let registered = now.targets.iter().find(|one| one.health != TargetHealth::Draining);
    if let Some(one) = registered {
        if one.health == TargetHealth::Healthy && one.healthy_others == 0 {
            return Some(Decision::Abort(Reason::new(
                "last-healthy-target",
                format!("It is the last healthy target of {}.", one.target.group),
                format!("{} 대상 그룹에 남은 마지막 정상 대상입니다.", one.target.group),
            )));
        }
        return Some(call(DRAIN, Call::DeregisterTarget(one.target.clone())));
    }
    if now.targets.is_empty() {
        return None;
    }
    if work.since_first(DRAIN).is_some_and(|since| since > DRAIN_DEADLINE) {
        return Some(Decision::Abort(Reason::new(
            "drain-slow",
            "Its connections did not end in time.",
            "연결이 제한 시간 안에 정리되지 않았습니다.",
        )));
    }
    Some(wait("draining", "its connections to end", "연결이 정리되기"))
}

/// Sees to it that a running machine is well and has its traffic back.
pub(super) fn in_service(
    work: &Work<'_>,
    now: &InstanceObserved,
    before: &InstanceObserved,
) -> Option<Decision> {
    let give_up = |reason: Reason| match work.direction {
        trimtab_model::journal::Direction::Back => operator(work, reason),
        _ => Decision::Abort(reason),
    };
    let since_start = work.since(START).unwrap_or(SignedDuration::ZERO);
    let was_started = work.attempts(START).next().is_some();
    if was_started && !now.checks.is_some_and(trimtab_model::observed::StatusChecks::are_ok) {
        return Some(if since_start > START_DEADLINE + CHECKS_DEADLINE {
            give_up(Reason::new(
                "checks-failed",
                "Its status checks are not all ok.",
                "상태 검사가 모두 정상이 되지 않았습니다.",
            ))
        } else {
            wait("status-checks", "its status checks", "상태 검사가 끝나기")
        });
    }
    if let (Some(was), Some(is)) = (&before.cpu_credits, &now.cpu_credits)
        && was != is
        && work.since(CREDITS).is_none_or(|since| since > SETTLES)
    {
        let restore = Call::ModifyCreditSpecification {
            instance: work.change.resource.id.clone(),
            cpu_credits: was.clone(),
        };
        return Some(call(CREDITS, restore));
    }
    let is_there = |target: &Target| {
        let found = now.targets.iter().find(|one| one.target == *target);
        found.filter(|one| one.health != TargetHealth::Draining)
    };
    let before_targets = before.targets.iter().filter(|one| one.health != TargetHealth::Draining);
    for one in before_targets {
        match is_there(&one.target).map(|found| found.health) {
            None => {
                if work.since(REGISTER).is_some_and(|since| since < POLL) {
                    return Some(wait("traffic-seen", "its registration", "대상 등록이 반영되기"));
                }
                return Some(call(REGISTER, Call::RegisterTarget(one.target.clone())));
            }
            Some(TargetHealth::Healthy) => {}
            // What was not healthy before need not be now.
            Some(_) if one.health != TargetHealth::Healthy => {}
            Some(_) => {
                let since = work.since_first(REGISTER).unwrap_or(since_start);
                return Some(if since > TARGET_DEADLINE + CHECKS_DEADLINE {
                    give_up(Reason::new(
                        "target-unhealthy",
                        format!("It does not become healthy in {}.", one.target.group),
                        format!("{} 대상 그룹에서 정상이 되지 않습니다.", one.target.group),
                    ))
                } else {
                    wait("target-health", "its health check", "대상 상태 검사가 정상이 되기")
                });
            }
        }
    }
    None
}
