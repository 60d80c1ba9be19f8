//! Whether a change was begun, and how far it came, by what is seen of its resource.

use std::collections::BTreeMap;

use trimtab_model::action::{Action, VolumeSettings};
use trimtab_model::call::Call;
use trimtab_model::id::{DbInstanceClass, ResourceId};
use trimtab_model::observed::{
    AddressObserved, DbInstanceObserved, Observed, SnapshotObserved, VolumeObserved,
};
use trimtab_model::plan::Change;
use trimtab_model::text::Reason;

use super::machine::{instance, stopped};
use super::reasons::{foreign, no_mark};
use super::unmarked::unmarked;
use crate::sequence::steps_of;

/// What was made of a change before its journal was lost.
#[derive(Debug, Clone, PartialEq)]
pub struct Begun {
    /// How far it came.
    pub reach: Reach,
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
    Unclear(Reason, ByHand),
}

/// How far a change came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Nothing is seen but what is kept or held for it: it had not touched its resource yet, or
    /// was taken back already.
    Kept,
    /// The resource is on its way, or was left on it.
    UnderWay,
    /// The resource is as planned and in service: it is only watched.
    Reached,
}

/// The commands that a person begins with.
#[derive(Debug, Clone, PartialEq)]
pub enum ByHand {
    /// Those that take the change back.
    Undo,
    /// Those, and registrations in these target groups.
    Register(Vec<ResourceId>),
    /// Those that whatever makes the change gives, for a resource that was this before.
    Sequence(Box<Observed>),
}

/// Returns where a change stands, by what was just seen.
pub fn standing(change: &Change, now: &Observed) -> Standing {
    match (&change.action, now) {
        (Action::ModifyInstanceType { from, to }, Observed::Instance(now)) => {
            instance(change, now, from, to)
        }
        (Action::StopInstance { .. }, Observed::Instance(now)) => stopped(change, now),
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
            unclear(no_mark())
        };
    }
    if (now.class != *from && now.class != *to) || pending.is_some_and(|class| class != to.as_str())
    {
        return unclear(foreign(&now.class));
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
    let reach = match (is_asked, pending) {
        (false, _) => Reach::Kept,
        (true, None) if now.class == *to && now.status == "available" => Reach::Reached,
        (true, _) => Reach::UnderWay,
    };
    if is_asked || (is_busy && is_whole) {
        evidence.push(format!("{instance} {} {}", now.class, now.status));
        calls.push((steps.modify, Call::ModifyDbInstanceClass { instance, class: to.clone() }));
    }
    begun(reach, Observed::DbInstance(before), evidence, calls)
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
        return if is_old { settled_volume(change, now) } else { unclear(no_mark()) };
    }
    let is_ours = |target: &VolumeSettings| target.volume_type == to.volume_type && target != from;
    let latest = now.modification.as_ref().filter(|one| is_ours(&one.target));
    // A word that this version does not know is no end.
    let is_over = |state: &str| matches!(state, "completed" | "failed");
    let is_busy = latest.is_some_and(|one| !is_over(&one.state));
    let reach = match (is_old, is_busy) {
        (true, false) => Reach::Kept,
        (false, false) if now.settings == *to => Reach::Reached,
        (_, _) => Reach::UnderWay,
    };
    let target = latest.map(|one| one.target.clone());
    if !is_old && now.settings.volume_type != to.volume_type {
        return unclear(foreign(&now.settings.volume_type));
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
    begun(reach, Observed::Volume(before), evidence, calls)
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
    let reach = if now.quarantine_until.is_some() { Reach::UnderWay } else { Reach::Kept };
    begun(reach, Observed::Volume(before), evidence, calls)
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
    let calls = vec![(steps_of::QUARANTINE.quarantine, call)];
    begun(Reach::UnderWay, Observed::Address(before), evidence, calls)
}

fn settled_db(change: &Change, now: &DbInstanceObserved) -> Standing {
    compared(change, &Observed::DbInstance(now.clone()))
}

fn settled_volume(change: &Change, now: &VolumeObserved) -> Standing {
    compared(change, &Observed::Volume(now.clone()))
}

pub(super) fn compared(change: &Change, now: &Observed) -> Standing {
    match change.expected.differences(&now.fingerprint()).next() {
        None => Standing::Untouched,
        Some(_) => unclear(no_mark()),
    }
}

pub(super) fn begun(
    reach: Reach,
    before: Observed,
    evidence: Vec<String>,
    calls: Vec<(&'static str, Call)>,
) -> Standing {
    Standing::Begun(Box::new(Begun { reach, before, evidence, calls }))
}

/// Returns what is for a person, with the commands that take it back.
pub(super) fn unclear(reason: Reason) -> Standing {
    Standing::Unclear(reason, ByHand::Undo)
}

pub(super) fn made_snapshots(all: &[SnapshotObserved]) -> Vec<String> {
    all.iter().map(|one| one.id.to_string()).collect()
}
