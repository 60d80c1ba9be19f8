//! When each change would begin, if all goes well.

use std::collections::BTreeMap;

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
    let starts = ready.map(|ready| starts(rules, environment, &wave.changes, ready));
    let mut end = ready;
    for change in &wave.changes {
        let start = starts.as_ref().and_then(|starts| starts.get(&change.id).copied());
        let made = start.and_then(|start| start.checked_add(change.duration).ok());
        let watched = made.and_then(|made| made.checked_add(change.soak).ok());
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

/// Returns when the changes of a wave begin: as a run does it, the first that the budgets allow
/// begins as soon as a window is open for long enough. What no window is long enough for is not
/// there.
fn starts<'a>(
    rules: &RolloutRules,
    environment: Environment,
    changes: &'a [Change],
    ready: Timestamp,
) -> BTreeMap<&'a ChangeId, Timestamp> {
    let most = rules.max_in_flight.max(1) as usize;
    let mut starts = BTreeMap::new();
    let mut waiting: Vec<&Change> = changes.iter().collect();
    let mut busy: Vec<(Timestamp, &Change)> = Vec::new();
    let mut now = ready;
    while !waiting.is_empty() {
        busy.retain(|(until, _)| *until > now);
        let soonest = busy.iter().map(|(until, _)| *until).min();
        let is_full = busy.len() >= most;
        let next =
            waiting.iter().position(|change| !is_full && is_affordable(rules, change, &busy));
        let Some((index, change)) = next.and_then(|index| Some((index, *waiting.get(index)?)))
        else {
            // Only the end of a change that is under way makes room.
            let Some(soonest) = soonest else { break };
            now = soonest;
            continue;
        };
        match window::opening(rules, environment, change.duration, now) {
            Some(start) if start > now => now = soonest.map_or(start, |end| end.min(start)),
            Some(start) => {
                waiting.remove(index);
                starts.insert(&change.id, start);
                busy.push((start.saturating_add(change.duration).unwrap_or(start), change));
            }
            None => {
                waiting.remove(index);
            }
        }
    }
    starts
}

/// Returns whether the budget of everything that a change serves allows one more.
fn is_affordable(rules: &RolloutRules, change: &Change, busy: &[(Timestamp, &Change)]) -> bool {
    change.units.iter().all(|unit| {
        let share = u64::from(unit.members) * u64::from(rules.budget_percent) / 100;
        let most = usize::try_from(share).unwrap_or(usize::MAX).max(1);
        let is_of = |one: &&(Timestamp, &Change)| {
            one.1.units.iter().any(|its| its.kind == unit.kind && its.name == unit.name)
        };
        busy.iter().filter(is_of).count() < most
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
