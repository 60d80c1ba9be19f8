//! The traffic of load balancers, taken away and given back.

use trimtab_model::action::Action;
use trimtab_model::call::{Call, Target};
use trimtab_model::journal::Direction;
use trimtab_model::observed::{InstanceObserved, TargetHealth};
use trimtab_model::resource::instance::InstanceState;
use trimtab_model::text::Reason;

use super::decision::{call, operator, wait};
use super::past::{is_refused, last_traffic};
use super::reasons::target_ill;
use super::steps::{
    CHECKS_DEADLINE, CREDITS, DRAIN, DRAIN_DEADLINE, MOST_REPEATS, REGISTER, SETTLES, START,
    START_DEADLINE, TARGET_DEADLINE,
};
use crate::sequence::{Decision, Work};

/// Takes the traffic away.
pub(super) fn drain(
    work: &Work<'_>,
    now: &InstanceObserved,
    before: &InstanceObserved,
) -> Option<Decision> {
    if before.state != InstanceState::Running || now.targets.is_empty() {
        return None;
    }
    if work.since_first(DRAIN).is_some_and(|since| since > DRAIN_DEADLINE) {
        return Some(Decision::Abort(Reason::new(
            "drain-slow",
            "Its connections did not end in time.",
            "연결이 제한 시간 안에 정리되지 않았습니다.",
        )));
    }
    let is_asked = |target: &Target| {
        last_traffic(work, target)
            .is_some_and(|last| last.step == DRAIN && work.now.duration_since(last.at) < SETTLES)
    };
    let registered = now
        .targets
        .iter()
        .find(|one| one.health != TargetHealth::Draining && !is_asked(&one.target));
    if let Some(one) = registered {
        // Where a function serves, nobody is sent here any more.
        let is_replaced = matches!(work.change.action, Action::StopInstance { .. });
        if one.health == TargetHealth::Healthy && one.healthy_others == 0 && !is_replaced {
            return Some(Decision::Abort(Reason::new(
                "last-healthy-target",
                format!("It is the last healthy target of {}.", one.target.group),
                format!("{} 대상 그룹에 남은 마지막 정상 대상입니다.", one.target.group),
            )));
        }
        return Some(call(DRAIN, Call::DeregisterTarget(one.target.clone())));
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
        Direction::Back => operator(work, reason),
        _ => Decision::Abort(reason),
    };
    let since_start = work.since(START).unwrap_or_else(|| work.elapsed());
    let was_started = work.attempts(START).any(|one| !is_refused(one));
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
    let before_targets = before.targets.iter().filter(|one| one.health != TargetHealth::Draining);
    for one in before_targets {
        let last = last_traffic(work, &one.target);
        let found = now.targets.iter().find(|found| found.target == one.target);
        // Where it was taken away last, what is seen is either gone or about to be.
        let found = found.filter(|found| {
            found.health != TargetHealth::Draining && last.is_none_or(|last| last.step != DRAIN)
        });
        let registered = last.filter(|last| last.step == REGISTER);
        let is_young = registered.is_some_and(|last| work.now.duration_since(last.at) < SETTLES);
        match found.map(|found| found.health) {
            None if is_young => {
                return Some(wait("traffic-seen", "its registration", "대상 등록이 반영되기"));
            }
            None if work.attempts(REGISTER).count() >= MOST_REPEATS * before.targets.len() => {
                return Some(give_up(target_ill(&one.target)));
            }
            None => return Some(call(REGISTER, Call::RegisterTarget(one.target.clone()))),
            // What is seen may be from before it was taken away.
            Some(TargetHealth::Healthy) if is_young => {
                return Some(wait(
                    "target-health",
                    "its health check",
                    "대상 상태 검사가 정상이 되기",
                ));
            }
            Some(TargetHealth::Healthy) => {}
            // What was not healthy before need not be now.
            Some(_) if one.health != TargetHealth::Healthy => {}
            Some(_) => {
                let since = work.since_first(REGISTER).unwrap_or(since_start);
                return Some(if since > TARGET_DEADLINE + CHECKS_DEADLINE {
                    give_up(target_ill(&one.target))
                } else {
                    wait("target-health", "its health check", "대상 상태 검사가 정상이 되기")
                });
            }
        }
    }
    None
}
