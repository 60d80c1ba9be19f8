//! What a simulated run left behind, held against what its journal says.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use trimtab_model::action::Action;
use trimtab_model::call::Call;
use trimtab_model::id::{ChangeId, ResourceId};
use trimtab_model::journal::{ChangeOutcome, Event, Journal};
use trimtab_model::observed::Observed;
use trimtab_model::plan::{Change, Plan};
use trimtab_model::resource::instance::InstanceState;

use super::world::{Deed, World};
use crate::progress::{Phase, Progress};

/// One change, as the journal and as the world has it.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeProof {
    /// The change.
    pub change: ChangeId,
    /// How the journal says it ended; absent where it did not begin or did not end.
    pub outcome: Option<ChangeOutcome>,
    /// What the resource must be by that.
    pub expected: String,
    /// What it is in the world.
    pub found: String,
    /// How often it was down: once on the way, and once more on the way back.
    pub outages: usize,
    /// How long it was down at once at most; absent where it was not, or where the world does
    /// not keep count.
    pub longest: Option<SignedDuration>,
    /// How long it may be.
    pub budget: SignedDuration,
}

impl ChangeProof {
    /// Returns whether the resource is what the journal says.
    pub fn agrees(&self) -> bool {
        self.expected == self.found
    }

    /// Returns whether it was never down for longer than it may be.
    pub fn is_within_budget(&self) -> bool {
        self.longest.is_none_or(|longest| longest <= self.budget)
    }
}

/// What was looked at, and what was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Proof {
    /// Every change of the plan, in order.
    pub changes: Vec<ChangeProof>,
    /// Machines that ran when it began.
    pub running_before: Vec<ResourceId>,
    /// Those of them that do not run any more.
    pub stopped: Vec<ResourceId>,
    /// Targets that were registered before and are not, or drain.
    pub drained: Vec<String>,
    /// Capacity reservations that still cost money.
    pub reserved: Vec<ResourceId>,
    /// Calls that reached the world.
    pub calls: usize,
    /// Those of them that no intent in the journal came before.
    pub unannounced: usize,
}

impl Proof {
    /// Returns whether everything is as the journal says, in service, and announced.
    pub fn holds(&self) -> bool {
        self.changes.iter().all(|one| one.agrees() && one.is_within_budget())
            && self.stopped.is_empty()
            && self.drained.is_empty()
            && self.reserved.is_empty()
            && self.unannounced == 0
    }
}

/// Holds a world against the journal of the run that ended in it.
pub fn proof(plan: &Plan, journal: &Journal, world: &mut World) -> Proof {
    let progress = Progress::of(journal);
    let changes = plan.changes().map(|change| of_change(change, &progress, world)).collect();
    let ran =
        |id: &&ResourceId| world.runs(id).first().is_some_and(|(_, as_type)| as_type.is_some());
    let running_before: Vec<ResourceId> =
        world.machines().map(|(id, _)| id).filter(ran).cloned().collect();
    let meant = stopped_on_purpose(plan, &progress);
    let is_stopped = |id: &&ResourceId| {
        !meant.contains(*id)
            && world.machine(id).is_none_or(|machine| machine.state != InstanceState::Running)
    };
    let stopped = running_before.iter().filter(is_stopped).cloned().collect();
    let reserved = world.reservations().iter().filter(|(_, one)| one.state == "active");
    let reserved = reserved.map(|(id, _)| id.clone()).collect();
    let (calls, unannounced) = calls(journal, world);
    let mut drained = drained(&progress, world);
    drained.retain(|one| !meant.iter().any(|id| one.ends_with(&format!(" {id}"))));
    Proof { changes, running_before, stopped, drained, reserved, calls, unannounced }
}

fn of_change(change: &Change, progress: &Progress, world: &mut World) -> ChangeProof {
    let outcome = progress.changes.get(&change.id).and_then(|one| match &one.phase {
        Phase::Closed { outcome, .. } => Some(*outcome),
        _ => None,
    });
    let (before, after) = settings(&change.action);
    let expected = match outcome {
        Some(ChangeOutcome::Confirmed) => after,
        _ => before,
    };
    let observed = world.observe(change);
    // The function serves while what it replaced is stopped.
    let is_stop = matches!(change.action, Action::StopInstance { .. });
    let found = if is_stop { power(&observed) } else { found(&observed) };
    let outages = if is_stop { Vec::new() } else { outages(world, &change.resource.id) };
    ChangeProof {
        change: change.id.clone(),
        outcome,
        expected,
        found,
        outages: outages.len(),
        longest: outages.iter().map(|(from, until)| until.duration_since(*from)).max(),
        budget: change.downtime_budget,
    }
}

/// Lists the machines that were to be stopped, and are.
fn stopped_on_purpose(plan: &Plan, progress: &Progress) -> BTreeSet<ResourceId> {
    let is_confirmed = |change: &&Change| {
        let phase = progress.changes.get(&change.id).map(|one| &one.phase);
        matches!(phase, Some(Phase::Closed { outcome: ChangeOutcome::Confirmed, .. }))
    };
    let stops =
        plan.changes().filter(|change| matches!(change.action, Action::StopInstance { .. }));
    stops.filter(is_confirmed).map(|change| change.resource.id.clone()).collect()
}

/// Returns whether a machine runs, in a word.
fn power(observed: &Observed) -> String {
    match observed {
        Observed::Instance(one) if one.state == InstanceState::Running => RUNS.to_owned(),
        Observed::Instance(one) if one.state == InstanceState::Stopped => STOPPED.to_owned(),
        _ => GONE.to_owned(),
    }
}

/// Lists when a machine was down, of one that ran at first.
fn outages(world: &World, id: &ResourceId) -> Vec<(Timestamp, Timestamp)> {
    let runs = world.runs(id);
    if runs.first().is_none_or(|(_, as_type)| as_type.is_none()) {
        return Vec::new();
    }
    let ends = runs.iter().skip(1).map(|(at, _)| *at).chain([world.now()]);
    let stretches = runs.iter().zip(ends);
    stretches
        .filter(|((_, as_type), _)| as_type.is_none())
        .map(|((from, _), end)| (*from, end))
        .collect()
}

/// Returns what a resource is before and after a change, in the words of the API.
fn settings(action: &Action) -> (String, String) {
    match action {
        Action::ModifyInstanceType { from, to } => (from.to_string(), to.to_string()),
        Action::ModifyVolume { from, to, .. } => (from.volume_type.clone(), to.volume_type.clone()),
        Action::ModifyDbInstanceClass { from, to } => (from.to_string(), to.to_string()),
        Action::ModifyDbStorage { from, to } => {
            (from.storage_type.clone(), to.storage_type.clone())
        }
        Action::UpdateFunctionArchitecture { from, to } => (from.clone(), to.clone()),
        Action::PutRetentionPolicy { retention_in_days } => {
            (FOR_EVER.to_owned(), retention_in_days.to_string())
        }
        Action::ResizeAutoScalingGroup { from, to } => {
            (from.max_size.to_string(), to.max_size.to_string())
        }
        Action::StopInstance { .. } => (RUNS.to_owned(), STOPPED.to_owned()),
        Action::DeleteVolume { settings, .. } => (settings.volume_type.clone(), GONE.to_owned()),
        Action::ReleaseAddress { public_ip } => {
            (public_ip.clone().unwrap_or_default(), GONE.to_owned())
        }
        _ => (GONE.to_owned(), GONE.to_owned()),
    }
}

const GONE: &str = "-";
const RUNS: &str = "running";
const STOPPED: &str = "stopped";
const FOR_EVER: &str = "never";

fn found(observed: &Observed) -> String {
    match observed {
        Observed::Gone => GONE.to_owned(),
        Observed::Instance(one) => one.instance_type.to_string(),
        Observed::Volume(one) => one.settings.volume_type.clone(),
        Observed::DbInstance(one) => one.class.to_string(),
        Observed::Address(one) => one.public_ip.clone().unwrap_or_default(),
        Observed::Function(one) => one.architecture.clone(),
        Observed::LogGroup(one) => {
            one.retention_days.map_or_else(|| FOR_EVER.to_owned(), |days| days.to_string())
        }
        Observed::Group(one) => one.sizes.max_size.to_string(),
        Observed::Schedule(_) => GONE.to_owned(),
    }
}

fn drained(progress: &Progress, world: &World) -> Vec<String> {
    let before = progress.changes.values().filter_map(|one| match &one.before {
        Observed::Instance(before) => Some(&before.targets),
        _ => None,
    });
    let lost = before.flatten().filter(|one| !world.is_registered(&one.target));
    lost.map(|one| format!("{} {}", one.target.group, one.target.instance)).collect()
}

/// Counts the calls of the world, and those that come before every intent of the same call that
/// is left: each intent announces one call.
fn calls(journal: &Journal, world: &World) -> (usize, usize) {
    let mut intents: Vec<(Timestamp, &Call)> = Vec::new();
    for entry in journal.entries() {
        if let Event::Intent { call, .. } = &entry.event {
            intents.push((entry.at, call));
        }
    }
    let mut used: BTreeSet<usize> = BTreeSet::new();
    let mut unannounced = 0;
    let mut count = 0;
    for happened in world.history() {
        let Deed::Called { call, .. } = &happened.what else { continue };
        count += 1;
        let announced = intents.iter().enumerate().find(|(index, (at, intent))| {
            !used.contains(index) && *at <= happened.at && *intent == &**call
        });
        match announced {
            Some((index, _)) => {
                used.insert(index);
            }
            None => unannounced += 1,
        }
    }
    (count, unannounced)
}
