//! Whether the type of an instance was being changed, and how far that came.

use trimtab_model::call::Call;
use trimtab_model::id::{InstanceType, ResourceId};
use trimtab_model::observed::{InstanceObserved, Observed, TargetHealth, TargetObserved};
use trimtab_model::plan::{Change, UnitKind};
use trimtab_model::resource::instance::InstanceState;

use super::begun::{ByHand, Reach, Standing, begun, compared, made_snapshots, unclear};
use super::reasons::{ending, foreign, no_mark, registrations, state_unknown};
use super::unmarked::unmarked;
use crate::sequence::steps_of;

/// How a fingerprint names what an instance was doing.
const STATE: &str = "State";
const STOPPED: &str = "stopped";
/// What the ARN of a target group has, and that of a load balancer has not.
const GROUP: &str = ":targetgroup/";

pub(super) fn instance(
    change: &Change,
    now: &InstanceObserved,
    from: &InstanceType,
    to: &InstanceType,
) -> Standing {
    // A machine that was found stopped stays so: without the word, nothing is concluded.
    let Some(was_stopped) = change.expected.0.get(STATE).map(|state| state == STOPPED) else {
        return unclear(state_unknown());
    };
    let is_down = !was_stopped && now.state != InstanceState::Running;
    let is_new = now.instance_type != *from;
    let is_planned = now.instance_type == *to || change.ladder.contains(&now.instance_type);
    let mut evidence = made_snapshots(&now.snapshots);
    evidence.extend(now.reservations.iter().map(|one| one.id.to_string()));
    let has_marks = !evidence.is_empty();
    if !has_marks && !is_down && !is_new {
        return compared(change, &Observed::Instance(now.clone()));
    }
    if !has_marks {
        return unclear(no_mark());
    }
    if is_new && !is_planned {
        return unclear(foreign(&now.instance_type));
    }
    if matches!(
        now.state,
        InstanceState::ShuttingDown | InstanceState::Terminated | InstanceState::Other(_)
    ) {
        return unclear(ending(word(&now.state)));
    }
    // Only the journal knew where it was registered, and with which port.
    if let Some(groups) = lost_registrations(change, now) {
        return Standing::Unclear(registrations(), ByHand::Register(groups));
    }
    let is_draining = now.targets.iter().any(|one| one.health == TargetHealth::Draining);
    let before = InstanceObserved {
        fingerprint: change.expected.clone(),
        obstacles: Vec::new(),
        state: if was_stopped { InstanceState::Stopped } else { InstanceState::Running },
        state_reason: None,
        instance_type: from.clone(),
        checks: None,
        targets: now.targets.iter().map(drained).collect(),
        snapshots: Vec::new(),
        reservations: Vec::new(),
        ..now.clone()
    };
    let reach = match (is_new, is_down) {
        (false, false) => Reach::Kept,
        (true, _) if now.state == before.state && !is_draining => Reach::Reached,
        (_, _) => Reach::UnderWay,
    };
    let is_stopped_by_us = is_down || (is_new && !was_stopped);
    let mut calls = Vec::new();
    if !now.snapshots.is_empty() {
        let (instance, change) = (change.resource.id.clone(), change.id.clone());
        calls.push((steps_of::INSTANCE.snapshot, Call::CreateSnapshots { instance, change }));
    }
    calls.extend(made(change, now, is_stopped_by_us, is_new, &mut evidence));
    begun(reach, Observed::Instance(before), evidence, calls)
}

/// Of a machine that something else replaces, nothing carries a mark. Where its registrations are gone
/// or going, it was begun, running or not: a person starts it, and registers it again.
pub(super) fn stopped(change: &Change, now: &InstanceObserved) -> Standing {
    let draining = now.targets.iter().filter(|one| one.health == TargetHealth::Draining);
    let mut groups: Vec<ResourceId> = draining.map(|one| one.target.group.clone()).collect();
    let lost = lost_registrations(change, now);
    if lost.is_none() && groups.is_empty() {
        return unmarked(change, &Observed::Instance(now.clone()));
    }
    groups.extend(lost.into_iter().flatten());
    Standing::Unclear(registrations(), ByHand::Register(groups))
}

/// Returns the calls on the machine that must have been made, and adds what shows each.
fn made(
    change: &Change,
    now: &InstanceObserved,
    is_stopped_by_us: bool,
    is_new: bool,
    evidence: &mut Vec<String>,
) -> Vec<(&'static str, Call)> {
    let (id, steps) = (&change.resource.id, steps_of::INSTANCE);
    let mut calls = Vec::new();
    for one in now.targets.iter().filter(|one| one.health == TargetHealth::Draining) {
        evidence.push(format!("{id} {} draining", one.target.group));
        calls.push((steps.drain, Call::DeregisterTarget(one.target.clone())));
    }
    if is_stopped_by_us {
        evidence.push(format!("{id} {}", word(&now.state)));
        calls.push((steps.stop, Call::StopInstance { instance: id.clone() }));
    }
    if is_new {
        evidence.push(format!("{id} {}", now.instance_type));
        let instance_type = now.instance_type.clone();
        let modify = Call::ModifyInstanceType { instance: id.clone(), instance_type };
        calls.push((steps.modify, modify));
    }
    let is_started = matches!(now.state, InstanceState::Pending | InstanceState::Running);
    if is_new && is_started && is_stopped_by_us {
        calls.push((steps.start, Call::StartInstance { instance: id.clone() }));
    }
    calls
}

/// Returns the target groups that it was registered in and is not any more, as far as the plan
/// knows them: of a load balancer that stands for all of its groups, nothing but that there must
/// be one.
fn lost_registrations(change: &Change, now: &InstanceObserved) -> Option<Vec<ResourceId>> {
    let units = || change.units.iter().filter(|unit| unit.kind == UnitKind::TargetGroup);
    let is_registered =
        |group: &str| now.targets.iter().any(|one| one.target.group.as_str() == group);
    let lost: Vec<ResourceId> = units()
        .map(|unit| unit.name.as_str())
        .filter(|name| name.contains(GROUP) && !is_registered(name))
        .map(ResourceId::new)
        .collect();
    let is_balanced = units().next().is_some();
    (!lost.is_empty() || (is_balanced && now.targets.is_empty())).then_some(lost)
}

/// Returns a registration as it was before its traffic was taken away.
fn drained(one: &TargetObserved) -> TargetObserved {
    match one.health {
        TargetHealth::Draining => TargetObserved { health: TargetHealth::Healthy, ..one.clone() },
        _ => one.clone(),
    }
}

fn word(state: &InstanceState) -> &str {
    match state {
        InstanceState::Pending => "pending",
        InstanceState::Running => "running",
        InstanceState::ShuttingDown => "shutting-down",
        InstanceState::Terminated => "terminated",
        InstanceState::Stopping => "stopping",
        InstanceState::Stopped => "stopped",
        InstanceState::Other(word) => word,
    }
}
