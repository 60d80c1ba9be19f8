//! Changes of which nothing carries a tag: what they make has the name or the words of the change.

use trimtab_model::action::{Action, InstanceRefresh, ScheduledCall, ScheduledSizes};
use trimtab_model::observed::{FunctionObserved, GroupObserved, Observed, ScheduleObserved};
use trimtab_model::plan::Change;

use super::begun::{ByHand, Standing, compared};
use super::reasons::{gone, made_already};

/// Returns what was begun as something for a person, what is as the plan expects as untouched,
/// and anything else as unclear.
pub(super) fn unmarked(change: &Change, now: &Observed) -> Standing {
    let by_hand = |before: Observed| ByHand::Sequence(Box::new(before));
    if *now == Observed::Gone {
        return Standing::Unclear(gone(), by_hand(Observed::Gone));
    }
    match begun(change, now) {
        Some(before) => Standing::Unclear(made_already(), by_hand(before)),
        None => compared(change, now),
    }
}

/// Returns what the resource was before, as far as that can be told, where the change was begun.
fn begun(change: &Change, now: &Observed) -> Option<Observed> {
    let is_begun = match (&change.action, now) {
        (Action::RefreshInstances(plan), Observed::Group(now)) => refreshes(change, now, plan),
        (Action::SwitchDatabase(_), Observed::DbInstance(now)) => {
            now.deployment.as_ref().is_some_and(|one| one.change == change.id)
        }
        (Action::ApplySchedule { .. }, Observed::Schedule(now)) => schedules(change, now),
        (_, Observed::Function(now)) => return function(change, now).map(Observed::Function),
        _ => false,
    };
    is_begun.then(|| now.clone())
}

/// Returns whether the version that a refresh leads to was made, or is being launched from.
fn refreshes(change: &Change, now: &GroupObserved, plan: &InstanceRefresh) -> bool {
    let is_made = now.versions.iter().any(|one| one.change == change.id);
    let leads_to = now.refresh.as_ref().and_then(|one| one.version.as_ref());
    is_made || (plan.to_version.is_some() && leads_to == plan.to_version.as_ref())
}

/// Returns whether there is a schedule of the planned names.
fn schedules(change: &Change, now: &ScheduleObserved) -> bool {
    let Action::ApplySchedule { schedule, target } = &change.action else { return false };
    let calls = ScheduledCall::of(schedule, target, &change.resource).into_iter();
    let sizes = ScheduledSizes::of(schedule, target).into_iter();
    let mut names = calls.map(|one| one.name).chain(sizes.map(|one| one.name));
    names.any(|name| now.schedules.contains_key(&name))
}

/// Returns a function as it was before a version was published for the change. Where an alias
/// points to that version alone, what it pointed to before is not known.
fn function(change: &Change, now: &FunctionObserved) -> Option<FunctionObserved> {
    let is_ours = |version: &str| {
        now.versions.iter().any(|(number, of)| number == version && *of == change.id)
    };
    if !now.versions.iter().any(|(_, of)| *of == change.id) {
        return None;
    }
    let mut before = now.clone();
    before.aliases.retain(|one| !is_ours(&one.version));
    for alias in &mut before.aliases {
        alias.canary = alias.canary.take().filter(|(version, _)| !is_ours(version));
    }
    match &change.action {
        Action::UpdateFunctionMemory { from_mb, .. } => before.memory_mb = *from_mb,
        Action::UpdateFunctionArchitecture { from, .. } => before.architecture.clone_from(from),
        _ => {}
    }
    Some(before)
}
