//! Whether a change was begun, and how far it came, by what is seen of its resource.

use std::collections::BTreeMap;

use trimtab_model::action::{Action, VolumeSettings};
use trimtab_model::call::Call;
use trimtab_model::id::{DbInstanceClass, InstanceType};
use trimtab_model::observed::{
    AddressObserved, DbInstanceObserved, InstanceObserved, Observed, SnapshotObserved,
    VolumeObserved,
};
use trimtab_model::plan::{Change, UnitKind};
use trimtab_model::resource::instance::InstanceState;
use trimtab_model::text::Reason;

use crate::sequence::steps_of;

/// How a fingerprint names what an instance was doing.
const STATE: &str = "State";
const STOPPED: &str = "stopped";

/// What was made of a change before its journal was lost.
#[derive(Debug, Clone, PartialEq)]
pub struct Begun {
    /// What the resource was before, as far as the plan tells.
    pub before: Observed,
    /// What shows that it was begun: identifiers of what was made, and what it is now.
    pub evidence: Vec<String>,
    /// The calls that must have been made, each with its step.
    pub calls: Vec<(&'static str, Call)>,
}

/// Where a change stands whose journal is gone.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// The resource is as the plan expects, and nothing carries the change's mark.
    Untouched,
    /// It was begun.
    Begun(Box<Begun>),
    /// It cannot be told: a person must look.
    Unclear(Reason),
}

/// Returns where a change stands, by what was just seen.
pub fn standing(change: &Change, now: &Observed) -> Standing {
    match (&change.action, now) {
        (Action::ModifyInstanceType { from, to }, Observed::Instance(now)) => {
            instance(change, now, from, to)
        }
        (Action::ModifyDbInstanceClass { from, to }, Observed::DbInstance(now)) => {
            database(change, now, from, to)
        }
        (Action::ModifyVolume { from, to, .. }, Observed::Volume(now)) => {
            volume(change, now, from, to)
        }
        (Action::DeleteVolume { .. }, Observed::Volume(now)) => quarantined_volume(change, now),
        (Action::ReleaseAddress { .. }, Observed::Address(now)) => quarantined(change, now),
        _ => unmarked(change, now),
    }
}

fn instance(
    change: &Change,
    now: &InstanceObserved,
    from: &InstanceType,
    to: &InstanceType,
) -> Standing {
    // A machine that was found stopped stays so: without the word, nothing is concluded.
    let Some(was_stopped) = change.expected.0.get(STATE).map(|state| state == STOPPED) else {
        return Standing::Unclear(state_unknown());
    };
    let is_down = !was_stopped && now.state != InstanceState::Running;
    let is_new = now.instance_type != *from;
    let is_planned = now.instance_type == *to || change.ladder.contains(&now.instance_type);
    let mut evidence = made_snapshots(&now.snapshots);
    evidence.extend(now.reservations.iter().map(|one| one.id.to_string()));
    let has_marks = !evidence.is_empty();
    if !has_marks && !is_down && !is_new {
        return settled(change, now);
    }
    if !has_marks {
        return Standing::Unclear(no_mark());
    }
    if is_new && !is_planned {
        return Standing::Unclear(foreign(&now.instance_type));
    }
    if matches!(
        now.state,
        InstanceState::ShuttingDown | InstanceState::Terminated | InstanceState::Other(_)
    ) {
        return Standing::Unclear(ending(word(&now.state)));
    }
    // Only the journal knew where it was registered, and with which port.
    let is_balanced = change.units.iter().any(|unit| unit.kind == UnitKind::TargetGroup);
    if is_balanced && now.targets.is_empty() {
        return Standing::Unclear(registrations());
    }
    let before = InstanceObserved {
        fingerprint: change.expected.clone(),
        obstacles: Vec::new(),
        state: if was_stopped { InstanceState::Stopped } else { InstanceState::Running },
        state_reason: None,
        instance_type: from.clone(),
        checks: None,
        snapshots: Vec::new(),
        reservations: Vec::new(),
        ..now.clone()
    };
    let (id, steps) = (change.resource.id.clone(), steps_of::INSTANCE);
    let mut calls = Vec::new();
    if !now.snapshots.is_empty() {
        let call = Call::CreateSnapshots { instance: id.clone(), change: change.id.clone() };
        calls.push((steps.snapshot, call));
    }
    if is_down || (is_new && !was_stopped) {
        evidence.push(format!("{} {}", id, word(&now.state)));
        calls.push((steps.stop, Call::StopInstance { instance: id.clone() }));
    }
    if is_new {
        evidence.push(format!("{id} {}", now.instance_type));
        let instance_type = now.instance_type.clone();
        calls
            .push((steps.modify, Call::ModifyInstanceType { instance: id.clone(), instance_type }));
    }
    let is_started = matches!(now.state, InstanceState::Pending | InstanceState::Running);
    if is_new && is_started && !was_stopped {
        calls.push((steps.start, Call::StartInstance { instance: id }));
    }
    begun(Observed::Instance(before), evidence, calls)
}

fn database(
    change: &Change,
    now: &DbInstanceObserved,
    from: &DbInstanceClass,
    to: &DbInstanceClass,
) -> Standing {
    let steps = steps_of::DB_CLASS;
    let mut evidence: Vec<String> = now.snapshots.iter().map(|one| one.id.clone()).collect();
    let pending = now.pending.get(steps.pending);
    let is_asked = now.class == *to || pending.is_some_and(|class| class == to.as_str());
    let is_whole = now.snapshots.iter().any(|one| one.status == "available");
    let is_busy = now.status == "modifying";
    if evidence.is_empty() {
        return if now.class == *from && pending.is_none() {
            settled_db(change, now)
        } else {
            Standing::Unclear(no_mark())
        };
    }
    if (now.class != *from && now.class != *to) || pending.is_some_and(|class| class != to.as_str())
    {
        return Standing::Unclear(foreign(&now.class));
    }
    let before = DbInstanceObserved {
        fingerprint: change.expected.clone(),
        obstacles: Vec::new(),
        status: "available".to_owned(),
        class: from.clone(),
        pending: BTreeMap::new(),
        snapshots: Vec::new(),
        ..now.clone()
    };
    let instance = change.resource.id.clone();
    let mut calls: Vec<(&'static str, Call)> = now
        .snapshots
        .iter()
        .map(|one| {
            let (instance, snapshot) = (instance.clone(), one.id.clone());
            let change = change.id.clone();
            (steps.snapshot, Call::CreateDbSnapshot { instance, snapshot, change })
        })
        .collect();
    if is_asked || (is_busy && is_whole) {
        evidence.push(format!("{instance} {} {}", now.class, now.status));
        calls.push((steps.modify, Call::ModifyDbInstanceClass { instance, class: to.clone() }));
    }
    begun(Observed::DbInstance(before), evidence, calls)
}

fn volume(
    change: &Change,
    now: &VolumeObserved,
    from: &VolumeSettings,
    to: &VolumeSettings,
) -> Standing {
    let steps = steps_of::VOLUME;
    let mut evidence = made_snapshots(&now.snapshots);
    let is_old = now.settings == *from;
    if evidence.is_empty() {
        return if is_old { settled_volume(change, now) } else { Standing::Unclear(no_mark()) };
    }
    let target = now.modification.as_ref().map(|one| one.target.clone());
    let target = target.filter(|target| target.volume_type == to.volume_type);
    if !is_old && now.settings.volume_type != to.volume_type {
        return Standing::Unclear(foreign(&now.settings.volume_type));
    }
    let before = VolumeObserved {
        fingerprint: change.expected.clone(),
        obstacles: Vec::new(),
        settings: from.clone(),
        modification: None,
        snapshots: Vec::new(),
        ..now.clone()
    };
    let id = change.resource.id.clone();
    let snapshot = Call::CreateSnapshot { volume: id.clone(), change: change.id.clone() };
    let mut calls = vec![(steps.snapshot, snapshot)];
    let asked = target.or_else(|| (!is_old).then(|| now.settings.clone()));
    if let Some(to) = asked {
        evidence.push(format!("{id} {}", to.volume_type));
        calls.push((steps.modify, Call::ModifyVolume { volume: id, to }));
    }
    begun(Observed::Volume(before), evidence, calls)
}

fn quarantined_volume(change: &Change, now: &VolumeObserved) -> Standing {
    let steps = steps_of::QUARANTINE;
    let mut evidence = made_snapshots(&now.snapshots);
    let id = change.resource.id.clone();
    let mut calls = Vec::new();
    if !evidence.is_empty() {
        let call = Call::CreateSnapshot { volume: id.clone(), change: change.id.clone() };
        calls.push((steps.snapshot, call));
    }
    if let Some(until) = now.quarantine_until {
        evidence.push(format!("{id} {until}"));
        calls.push((steps.quarantine, Call::Quarantine { resource: id, until }));
    }
    if evidence.is_empty() {
        return settled_volume(change, now);
    }
    let before = VolumeObserved {
        fingerprint: change.expected.clone(),
        obstacles: Vec::new(),
        quarantine_until: None,
        snapshots: Vec::new(),
        ..now.clone()
    };
    begun(Observed::Volume(before), evidence, calls)
}

fn quarantined(change: &Change, now: &AddressObserved) -> Standing {
    let Some(until) = now.quarantine_until else {
        return compared(change, &Observed::Address(now.clone()));
    };
    let id = change.resource.id.clone();
    let evidence = vec![format!("{id} {until}")];
    let before = AddressObserved {
        fingerprint: change.expected.clone(),
        obstacles: Vec::new(),
        quarantine_until: None,
        ..now.clone()
    };
    let call = Call::Quarantine { resource: id, until };
    begun(Observed::Address(before), evidence, vec![(steps_of::QUARANTINE.quarantine, call)])
}

/// What leaves no mark is untouched where it is as the plan expects, and unclear otherwise.
fn unmarked(change: &Change, now: &Observed) -> Standing {
    match now {
        Observed::Gone => Standing::Unclear(gone()),
        other => compared(change, other),
    }
}

fn settled(change: &Change, now: &InstanceObserved) -> Standing {
    compared(change, &Observed::Instance(now.clone()))
}

fn settled_db(change: &Change, now: &DbInstanceObserved) -> Standing {
    compared(change, &Observed::DbInstance(now.clone()))
}

fn settled_volume(change: &Change, now: &VolumeObserved) -> Standing {
    compared(change, &Observed::Volume(now.clone()))
}

fn compared(change: &Change, now: &Observed) -> Standing {
    match change.expected.differences(&now.fingerprint()).next() {
        None => Standing::Untouched,
        Some(_) => Standing::Unclear(no_mark()),
    }
}

fn begun(before: Observed, evidence: Vec<String>, calls: Vec<(&'static str, Call)>) -> Standing {
    Standing::Begun(Box::new(Begun { before, evidence, calls }))
}

fn made_snapshots(all: &[SnapshotObserved]) -> Vec<String> {
    all.iter().map(|one| one.id.to_string()).collect()
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

fn no_mark() -> Reason {
    Reason::new(
        "changed-without-a-mark",
        "It is not what the plan expects, and nothing carries the mark of this change: who changed it cannot be told.",
        "계획과 상태가 다르지만 이 변경의 표시가 있는 것이 없어 누가 바꿨는지 알 수 없습니다.",
    )
}

fn foreign(found: impl std::fmt::Display) -> Reason {
    Reason::new(
        "not-of-this-change",
        format!("It is {found} now, which this change sets nowhere."),
        format!("지금 {found}이며, 이 변경이 설정하는 값이 아닙니다."),
    )
}

fn ending(state: &str) -> Reason {
    Reason::new(
        "instance-ending",
        format!("The instance is in state {state}."),
        format!("인스턴스 상태: {state}."),
    )
}

fn state_unknown() -> Reason {
    Reason::new(
        "state-unknown",
        "Whether it ran when the plan was made does not stand in the plan.",
        "계획을 만들 때 실행 중이었는지 계획에 나와 있지 않습니다.",
    )
}

fn registrations() -> Reason {
    Reason::new(
        "registrations-lost",
        "It was behind a load balancer and is registered nowhere now. Only the lost journal knew in which target groups, and with which port: register it again by hand.",
        "로드 밸런서 뒤에 있던 인스턴스인데 지금은 어디에도 등록되어 있지 않습니다. 대상 그룹과 포트는 사라진 기록에만 있었으므로 직접 다시 등록해야 합니다.",
    )
}

fn gone() -> Reason {
    Reason::new(
        "resource-gone",
        "The resource does not exist any more.",
        "리소스가 더 이상 없습니다.",
    )
}
