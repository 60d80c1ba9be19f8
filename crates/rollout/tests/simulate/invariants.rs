//! What holds of every history, whatever goes wrong in it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use trimtab_model::call::{Call, CallResult};
use trimtab_model::gate::GateState;
use trimtab_model::id::{ChangeId, InstanceType, ResourceId};
use trimtab_model::journal::{ChangeOutcome, Direction, Event, Journal};
use trimtab_model::observed::{InstanceObserved, Observed};
use trimtab_model::plan::{Change, Plan};
use trimtab_model::resource::instance::InstanceState;
use trimtab_rollout::simulate::{Deed, End, ForeignChange, Played, World};
use trimtab_rollout::window;

use crate::scene::{SECRET, tell};

/// What is looked at.
struct History<'a> {
    plan: &'a Plan,
    world: &'a World,
    journal: &'a Journal,
    end: End,
    /// For how long nobody drove, all in all.
    dead: SignedDuration,
}

type Invariant = fn(&History<'_>) -> Result<(), String>;

const ALL: &[(&str, Invariant)] = &[
    ("I1 nothing is forgotten out of service", i01_nothing_is_forgotten),
    ("I2 one mutation a resource, and no more than the budget", i02_within_the_budget),
    ("I3 every call has its intent and its outcome", i03_every_call_is_written),
    ("I4 every change ends", i04_every_change_ends),
    ("I5 nothing begins outside the window", i05_inside_the_window),
    ("I6 no advance without proof", i06_no_advance_without_proof),
    ("I7 no undo of what others did", i07_no_undo_of_others),
    ("I8 nothing is stopped without a recovery point", i08_recovery_point_first),
    ("I9 what was found stopped ends stopped", i09_found_stopped_ends_stopped),
    ("I10 the journal gives what is", i10_the_journal_gives_what_is),
    ("I11 a person is called in time", i11_called_in_time),
    ("I12 no secret is written", i12_no_secret_is_written),
];

/// Fails where one does not hold.
pub fn hold(plan: &Plan, world: &World, played: &Played, dead: SignedDuration) {
    let history = History { plan, world, journal: &played.journal, end: played.end, dead };
    for (name, invariant) in ALL {
        if let Err(why) = invariant(&history) {
            panic!("{name}: {why}{}", tell(&played.journal));
        }
    }
}

impl History<'_> {
    /// Returns each change that began, with what its instance was before.
    fn begun(&self) -> Vec<(&Change, &InstanceObserved, Timestamp)> {
        let begun = self.journal.entries().iter().filter_map(|entry| match &entry.event {
            Event::ChangeStarted { change, before } => match &**before {
                Observed::Instance(before) => {
                    Some((self.plan.change(change).unwrap(), before, entry.at))
                }
                _ => None,
            },
            _ => None,
        });
        begun.collect()
    }

    fn outcome(&self, id: &ChangeId) -> Option<ChangeOutcome> {
        self.journal.entries().iter().find_map(|entry| match &entry.event {
            Event::ChangeClosed { change, outcome, .. } if change == id => Some(*outcome),
            _ => None,
        })
    }

    fn is_held(&self, id: &ChangeId) -> bool {
        let mut held = false;
        for entry in self.journal.entries() {
            match &entry.event {
                Event::Held { change, .. } if change == id => held = true,
                Event::Unheld { change, .. } | Event::RollbackStarted { change, .. }
                    if change == id =>
                {
                    held = false;
                }
                _ => {}
            }
        }
        held
    }

    fn disturbances(&self, id: &ResourceId) -> Vec<(Timestamp, &ForeignChange)> {
        let of = self.world.history().iter().filter_map(|one| match &one.what {
            Deed::Disturbed { resource, change } if resource == id => Some((one.at, change)),
            _ => None,
        });
        of.collect()
    }

    /// Returns whether somebody else stopped, started, retyped or ended a resource.
    fn is_disturbed(&self, id: &ResourceId) -> bool {
        self.disturbances(id).iter().any(|(_, change)| {
            !matches!(
                change,
                ForeignChange::Attach(_)
                    | ForeignChange::Detach(_)
                    | ForeignChange::RemoveTag
                    | ForeignChange::Protect
                    | ForeignChange::MoveHost
            )
        })
    }

    fn intents(&self) -> impl Iterator<Item = (u64, Timestamp, &ChangeId, Direction, &Call)> {
        self.journal.entries().iter().filter_map(|entry| match &entry.event {
            Event::Intent { change, direction, call, .. } => {
                Some((entry.number, entry.at, change, *direction, &**call))
            }
            _ => None,
        })
    }

    fn result(&self, number: u64) -> Option<&CallResult> {
        self.journal.entries().iter().find_map(|entry| match &entry.event {
            Event::Outcome { intent, result } if *intent == number => Some(result),
            _ => None,
        })
    }
}

fn i01_nothing_is_forgotten(history: &History<'_>) -> Result<(), String> {
    if history.end == End::Killed {
        return Ok(());
    }
    for (change, before, _) in history.begun() {
        let id = &change.resource.id;
        let has_incident = history.is_held(&change.id)
            || history.outcome(&change.id) == Some(ChangeOutcome::NeedsOperator);
        if has_incident || before.state != InstanceState::Running || history.is_disturbed(id) {
            continue;
        }
        let machine = history.world.machine(id).unwrap();
        if machine.state != InstanceState::Running {
            return Err(format!("{id} is {:?}", machine.state));
        }
        if let Some(lost) =
            before.targets.iter().find(|one| !history.world.is_registered(&one.target))
        {
            return Err(format!("{id} is not in {:?}", lost.target));
        }
        let is_original = matches!(
            history.outcome(&change.id),
            Some(ChangeOutcome::Original | ChangeOutcome::Refused)
        );
        if is_original && machine.instance_type != before.instance_type {
            return Err(format!(
                "{id} is {} and was {}",
                machine.instance_type, before.instance_type
            ));
        }
    }
    Ok(())
}

fn i02_within_the_budget(history: &History<'_>) -> Result<(), String> {
    let mut open: BTreeMap<&ChangeId, u64> = BTreeMap::new();
    let mut busy: BTreeSet<&ChangeId> = BTreeSet::new();
    for entry in history.journal.entries() {
        match &entry.event {
            Event::Intent { change, .. } if open.insert(change, entry.number).is_some() => {
                return Err(format!("{change} has two intents open at {}", entry.number));
            }
            Event::Outcome { intent, .. } => open.retain(|_, number| number != intent),
            Event::ChangeStarted { change, .. } | Event::RollbackStarted { change, .. } => {
                busy.insert(change);
            }
            Event::SoakStarted { change, .. } | Event::ChangeClosed { change, .. } => {
                busy.remove(change);
            }
            _ => {}
        }
        // A way back out of a soak is not put off, so only what begins is counted.
        if !matches!(&entry.event, Event::ChangeStarted { .. }) {
            continue;
        }
        let mut users: BTreeMap<_, (usize, usize)> = BTreeMap::new();
        for change in busy.iter().filter_map(|id| history.plan.change(id)) {
            for unit in &change.units {
                let share =
                    unit.members as usize * usize::from(history.plan.rules.budget_percent) / 100;
                let user = users.entry((unit.kind, &unit.name)).or_insert((0, share.max(1)));
                user.0 += 1;
            }
        }
        if let Some((unit, (count, most))) = users.iter().find(|(_, (count, most))| count > most) {
            return Err(format!("{count} of at most {most} of {unit:?} at {}", entry.number));
        }
    }
    Ok(())
}

fn i03_every_call_is_written(history: &History<'_>) -> Result<(), String> {
    let intents: Vec<_> = history.intents().collect();
    let mut calls = history.world.history().iter().filter_map(|one| match &one.what {
        Deed::Called { call, .. } => Some((one.at, &**call)),
        _ => None,
    });
    let mut waiting = calls.next();
    for (number, at, _, _, call) in &intents {
        if waiting.is_some_and(|(made, made_call)| made_call == *call && made >= *at) {
            waiting = calls.next();
        }
        if history.result(*number).is_none() && history.end != End::Killed {
            return Err(format!("the intent {number} has no outcome"));
        }
    }
    if let Some((at, call)) = waiting {
        return Err(format!("{call:?} at {at} has no intent"));
    }
    let fences: Vec<u64> = history.journal.entries().iter().map(|entry| entry.fence).collect();
    if fences.is_sorted() { Ok(()) } else { Err("the fencing numbers go back".to_owned()) }
}

fn i04_every_change_ends(history: &History<'_>) -> Result<(), String> {
    if history.end == End::Endless {
        return Err("it goes on for ever".to_owned());
    }
    if !matches!(history.end, End::Finished(_)) {
        return Ok(());
    }
    let open = history.begun().into_iter().find(|(one, _, _)| history.outcome(&one.id).is_none());
    open.map_or(Ok(()), |(change, _, _)| Err(format!("{} did not end", change.id)))
}

fn i05_inside_the_window(history: &History<'_>) -> Result<(), String> {
    let mut begun: BTreeSet<&ChangeId> = BTreeSet::new();
    for (number, at, id, direction, call) in history.intents() {
        let change = history.plan.change(id).unwrap();
        let is_open = window::open_until(&history.plan.rules, change.environment, at).is_some();
        if direction == Direction::Forward && !is_open && !begun.contains(id) {
            return Err(format!("{call:?} at {number} is outside the window"));
        }
        if call.is_lasting() {
            begun.insert(id);
        }
    }
    Ok(())
}

fn i06_no_advance_without_proof(history: &History<'_>) -> Result<(), String> {
    let mut passed: BTreeSet<&ChangeId> = BTreeSet::new();
    for entry in history.journal.entries() {
        match &entry.event {
            Event::GateJudged { change, verdict, evidence, .. }
                if verdict.state == GateState::Pass && evidence.len() == 64 =>
            {
                passed.insert(change);
            }
            Event::ChangeClosed { change, outcome: ChangeOutcome::Refused, .. } => {
                passed.insert(change);
            }
            Event::ChangeClosed { change, outcome: ChangeOutcome::Confirmed, .. }
                if !passed.contains(change) =>
            {
                return Err(format!("{change} is confirmed without proof"));
            }
            Event::ChangeStarted { change, .. } => {
                let (stage, wave) = history.plan.place(change).unwrap();
                let before = history.plan.changes().filter(|other| {
                    let (its_stage, its_wave) = history.plan.place(&other.id).unwrap();
                    (its_stage, its_wave) < (stage, wave)
                });
                if let Some(other) = before.map(|one| &one.id).find(|id| !passed.contains(*id)) {
                    return Err(format!("{change} began before {other} had passed"));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn i07_no_undo_of_others(history: &History<'_>) -> Result<(), String> {
    for (change, before, _) in history.begun() {
        let possible: BTreeSet<&InstanceType> = match &change.action {
            trimtab_model::action::Action::ModifyInstanceType { from, to } => {
                [from, to].into_iter().chain(&change.ladder).collect()
            }
            _ => continue,
        };
        let mut is_foreign = false;
        for one in history.world.history() {
            match &one.what {
                Deed::Disturbed { resource, change: ForeignChange::SetType(to) }
                    if *resource == change.resource.id =>
                {
                    is_foreign = !possible.contains(to);
                }
                Deed::Called { call, real: Some(CallResult::Accepted { .. }), .. } => {
                    if let Call::ModifyInstanceType { instance, .. } = &**call
                        && *instance == change.resource.id
                        && is_foreign
                        && before.state == InstanceState::Running
                        && history.world_lag_is_none()
                    {
                        return Err(format!("a type of others was overwritten on {instance}"));
                    }
                }
                _ => {}
            }
        }
    }
    Ok(())
}

impl History<'_> {
    /// Returns whether what was described was never old: only then can nobody be overwritten.
    fn world_lag_is_none(&self) -> bool {
        self.world.is_consistent()
    }
}

fn i08_recovery_point_first(history: &History<'_>) -> Result<(), String> {
    for (number, _, id, direction, call) in history.intents() {
        let is_risky = matches!(call, Call::StopInstance { .. } | Call::ModifyInstanceType { .. });
        if direction != Direction::Forward || !is_risky {
            continue;
        }
        let begun = history.begun();
        let (_, before, _) = begun.iter().find(|(change, _, _)| change.id == *id).unwrap();
        let is_kept = |volume: &ResourceId| {
            let mut snapshots = history.world.snapshots().values();
            snapshots
                .any(|one| one.volume == *volume && one.change == *id && one.state == "completed")
        };
        if let Some(volume) = before.volumes.iter().find(|volume| !is_kept(volume)) {
            return Err(format!("{call:?} at {number} without a snapshot of {volume}"));
        }
    }
    Ok(())
}

fn i09_found_stopped_ends_stopped(history: &History<'_>) -> Result<(), String> {
    for (change, before, _) in history.begun() {
        let id = &change.resource.id;
        let is_stopped = before.state == InstanceState::Stopped;
        if !is_stopped || history.is_disturbed(id) {
            continue;
        }
        let now = &history.world.machine(id).unwrap().state;
        if *now != InstanceState::Stopped {
            return Err(format!("{id} was stopped and is {now:?}"));
        }
    }
    Ok(())
}

fn i10_the_journal_gives_what_is(history: &History<'_>) -> Result<(), String> {
    if history.end == End::Killed {
        return Ok(());
    }
    for (change, before, _) in history.begun() {
        let id = &change.resource.id;
        let mut is_sure = !history.is_disturbed(id);
        let mut instance_type = before.instance_type.clone();
        let mut registered: BTreeMap<_, bool> =
            before.targets.iter().map(|one| (one.target.clone(), true)).collect();
        for (number, _, _, _, call) in history.intents().filter(|one| *one.2 == change.id) {
            match history.result(number) {
                Some(CallResult::Accepted { .. }) => {}
                Some(CallResult::Refused { .. }) => continue,
                Some(CallResult::Unknown { .. }) | None => is_sure = false,
            }
            match call {
                Call::ModifyInstanceType { instance_type: to, .. } => instance_type = to.clone(),
                Call::RegisterTarget(target) => {
                    registered.insert(target.clone(), true);
                }
                Call::DeregisterTarget(target) => {
                    registered.insert(target.clone(), false);
                }
                _ => {}
            }
        }
        if !is_sure {
            continue;
        }
        let machine = history.world.machine(id).unwrap();
        if machine.instance_type != instance_type {
            return Err(format!("{id} is {} and not {instance_type}", machine.instance_type));
        }
        let wrong =
            registered.iter().find(|(one, is_in)| history.world.is_registered(one) != **is_in);
        if let Some((target, _)) = wrong {
            return Err(format!("{target:?} is not as written"));
        }
    }
    Ok(())
}

fn i11_called_in_time(history: &History<'_>) -> Result<(), String> {
    for (change, before, begun_at) in history.begun() {
        let id = &change.resource.id;
        if before.state != InstanceState::Running || history.is_disturbed(id) {
            continue;
        }
        let runs = history.world.runs(id);
        for (index, (since, running)) in runs.iter().enumerate() {
            if running.is_some() || *since < begun_at {
                continue;
            }
            let until = runs.get(index + 1).map_or(history.world.now(), |(at, _)| *at);
            let most = change.downtime_budget + SignedDuration::from_secs(60) + history.dead;
            if until.duration_since(*since) <= most {
                continue;
            }
            let due = since.saturating_add(most).unwrap();
            let is_called = history.journal.entries().iter().any(|entry| {
                let is_call = matches!(
                    &entry.event,
                    Event::Paged { .. }
                        | Event::Held { .. }
                        | Event::ChangeClosed { outcome: ChangeOutcome::NeedsOperator, .. }
                );
                is_call && entry.event.change() == Some(&change.id) && entry.at <= due
            });
            if !is_called && history.end != End::Killed {
                return Err(format!(
                    "{id} was down from {since} to {until}, and nobody was called"
                ));
            }
        }
    }
    Ok(())
}

fn i12_no_secret_is_written(history: &History<'_>) -> Result<(), String> {
    let text = serde_json::to_string(history.journal).unwrap();
    if text.contains(SECRET) { Err("user data is in the journal".to_owned()) } else { Ok(()) }
}
