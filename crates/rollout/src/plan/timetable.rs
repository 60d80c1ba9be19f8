//! When each change would begin, if all goes well.

use std::collections::BTreeSet;

use jiff::Timestamp;

use trimtab_model::environment::Environment;
use trimtab_model::id::ChangeId;
use trimtab_model::plan::{Change, Plan, RolloutRules, Wave, WaveName};
use trimtab_model::text::Reason;

use crate::window;

/// A change and its time.
#[derive(Debug, Clone, PartialEq)]
pub struct Slot {
    /// The change.
    pub change: ChangeId,
    /// Its stage.
    pub environment: Environment,
    /// Its wave.
    pub wave: WaveName,
    /// When it begins at the earliest; absent where it never does.
    pub start: Option<Timestamp>,
    /// When it is made at the latest, in all but rare cases.
    pub made: Option<Timestamp>,
    /// When it was watched for as long as its stage demands.
    pub watched: Option<Timestamp>,
    /// Why it never begins.
    pub reason: Option<Reason>,
}

/// A change that is under way for a time.
struct Busy<'a> {
    change: &'a Change,
    from: Timestamp,
    until: Timestamp,
}

/// Returns when each change of a plan would begin, from `now` on: at the earliest opening that
/// is long enough, within the budgets, each wave after the one before was watched, and each
/// stage as soon as it is approved, which is at once.
///
/// Changes take as long as they may and none fails. A change that waits for its quarantine is
/// listed with the moment at which the quarantine begins.
pub fn simulate_schedule(plan: &Plan, now: Timestamp) -> Vec<Slot> {
    let mut slots = Vec::new();
    let mut ready = Some(now);
    for stage in &plan.stages {
        for wave in &stage.waves {
            ready = schedule(&plan.rules, stage.environment, wave, ready, &mut slots);
        }
    }
    // A plan that has expired is not started any more; one that was started goes on.
    let first = slots.first().and_then(|slot| slot.start);
    if first.is_none_or(|start| start > plan.expires_at) {
        for slot in &mut slots {
            let reason = slot.reason.take().unwrap_or_else(expired);
            *slot = Slot {
                start: None,
                made: None,
                watched: None,
                reason: Some(reason),
                ..slot.clone()
            };
        }
    }
    slots
}

/// Adds the changes of a wave, and returns when all of them were watched; never, where one of
/// them does not begin.
fn schedule(
    rules: &RolloutRules,
    environment: Environment,
    wave: &Wave,
    ready: Option<Timestamp>,
    slots: &mut Vec<Slot>,
) -> Option<Timestamp> {
    let mut busy: Vec<Busy<'_>> = Vec::new();
    let mut end = ready;
    for change in &wave.changes {
        let start = ready.and_then(|ready| beginning(rules, environment, change, ready, &busy));
        let made = start.and_then(|start| start.checked_add(change.duration).ok());
        let watched = made.and_then(|made| made.checked_add(change.soak).ok());
        if let (Some(from), Some(until)) = (start, made) {
            busy.push(Busy { change, from, until });
        }
        let reason = match (ready, start) {
            (None, _) => Some(behind()),
            (Some(_), None) => Some(never()),
            (Some(_), Some(_)) => None,
        };
        end = end.zip(watched).map(|(end, watched)| end.max(watched));
        let (change, wave) = (change.id.clone(), wave.name);
        slots.push(Slot { change, environment, wave, start, made, watched, reason });
    }
    end
}

/// Returns the earliest moment at which a window is open and every budget allows it.
fn beginning(
    rules: &RolloutRules,
    environment: Environment,
    change: &Change,
    ready: Timestamp,
    busy: &[Busy<'_>],
) -> Option<Timestamp> {
    // Only the end of a change that is under way makes room.
    let ends: BTreeSet<Timestamp> =
        busy.iter().map(|one| one.until).filter(|end| *end > ready).collect();
    std::iter::once(ready)
        .chain(ends)
        .filter_map(|from| window::opening(rules, environment, change.duration, from))
        .filter(|start| is_affordable(rules, change, *start, busy))
        .min()
}

fn is_affordable(
    rules: &RolloutRules,
    change: &Change,
    start: Timestamp,
    busy: &[Busy<'_>],
) -> bool {
    let end = start.saturating_add(change.duration).unwrap_or(start);
    let beside: Vec<&Busy<'_>> =
        busy.iter().filter(|one| one.from < end && one.until > start).collect();
    let most = rules.max_in_flight.max(1) as usize;
    beside.len() < most
        && change.units.iter().all(|unit| {
            let share = u64::from(unit.members) * u64::from(rules.budget_percent) / 100;
            let most = usize::try_from(share).unwrap_or(usize::MAX).max(1);
            let is_of = |one: &&&Busy<'_>| {
                let units = &one.change.units;
                units.iter().any(|its| its.kind == unit.kind && its.name == unit.name)
            };
            beside.iter().filter(is_of).count() < most
        })
}

fn never() -> Reason {
    Reason::new(
        "never-open",
        "No window is ever long enough for it.",
        "이 변경을 마칠 만큼 긴 변경 시간대가 없습니다.",
    )
}

fn behind() -> Reason {
    Reason::new(
        "behind-another",
        "Something before it never begins.",
        "앞선 변경이 시작되지 못합니다.",
    )
}

fn expired() -> Reason {
    Reason::new(
        "expires-first",
        "The plan expires before it could begin.",
        "시작할 수 있는 시점보다 계획이 먼저 만료됩니다.",
    )
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::super::sample;
    use super::*;

    #[test]
    fn stages_and_waves_follow_each_other_with_their_soak_between() {
        let plan = sample::plan();
        let slots = simulate_schedule(&plan, sample::now());
        assert_eq!(slots.len(), plan.changes().count());
        let mut earlier: Option<&Slot> = None;
        for slot in &slots {
            let start = slot.start.expect("every change begins");
            let change = plan.change(&slot.change).unwrap();
            let until = window::open_until(&plan.rules, slot.environment, start).unwrap();
            assert!(until.duration_since(start) >= change.duration);
            let before = earlier.filter(|before| {
                (before.environment, before.wave) != (slot.environment, slot.wave)
            });
            assert!(before.is_none_or(|before| before.watched.unwrap() <= start));
            earlier = Some(slot);
        }
    }

    #[test]
    fn what_serves_together_is_not_down_together() {
        let mut plan = sample::plan();
        plan.stages.drain(..1);
        let waves = &mut plan.stages[0].waves;
        let first = waves[0].changes[0].clone();
        let mut second = first.clone();
        second.id = "C-2".into();
        waves[0].changes.push(second);
        let starts: Vec<_> = simulate_schedule(&plan, sample::now())
            .iter()
            .take(2)
            .map(|slot| slot.start.unwrap())
            .collect();
        assert!(starts[1].duration_since(starts[0]) >= first.duration, "{starts:?}");
    }

    #[test]
    fn without_a_window_nothing_begins_and_the_reason_is_said() {
        let mut plan = sample::plan();
        plan.rules.windows.clear();
        let slots = simulate_schedule(&plan, sample::now());
        assert!(slots.iter().all(|slot| slot.start.is_none() && slot.reason.is_some()));
    }

    #[test]
    fn an_expired_plan_does_not_begin() {
        let mut plan = sample::plan();
        plan.expires_at = sample::now() - SignedDuration::from_hours(1);
        assert!(simulate_schedule(&plan, sample::now()).iter().all(|slot| slot.start.is_none()));
    }
}
