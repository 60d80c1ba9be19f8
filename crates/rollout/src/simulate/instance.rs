//! Instances: what they are, and what they answer to calls.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use trimtab_model::id::{InstanceType, ResourceId};
use trimtab_model::observed::{CheckState, InstanceObserved, Obstacle, StatusChecks};
use trimtab_model::plan::{Change, Fingerprint};
use trimtab_model::resource::instance::InstanceState;
use trimtab_model::text::Reason;

use super::answer::{Answer, refuse, taken};
use super::fault::Ailment;
use super::state::State;

/// An instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Machine {
    /// `InstanceType`.
    pub instance_type: InstanceType,
    /// `ImageId`.
    pub image: String,
    /// `Placement.AvailabilityZone`.
    pub availability_zone: String,
    /// `PlatformDetails`.
    pub platform: String,
    /// `Architecture`.
    pub architecture: String,
    /// `EnaSupport`.
    pub has_ena: bool,
    /// `State.Name`.
    pub state: InstanceState,
    /// `StateReason.Code`.
    pub state_reason: Option<String>,
    /// `LaunchTime`.
    pub launch_time: Timestamp,
    /// Its volumes.
    pub volumes: BTreeSet<ResourceId>,
    /// `CpuCredits`.
    pub cpu_credits: Option<String>,
    /// Whether the tag `trimtab:apply` is `allowed`.
    pub is_opted_in: bool,
    /// `disableApiStop`.
    pub is_stop_protected: bool,
    /// `UserData`: a secret that nobody may see.
    pub user_data: String,
    /// When it got into `running`.
    pub(super) running_since: Timestamp,
    /// When its status checks say `ok`.
    pub(super) checks_at: Timestamp,
    pub(super) due: Option<(Timestamp, Due)>,
    /// Since when it has been which type, running, or has not been running.
    pub(super) runs: Vec<(Timestamp, Option<InstanceType>)>,
}

/// What a machine is on its way to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Due {
    Stopped,
    Running,
    /// Back to `stopped`, with this reason: the start fails.
    Failed(String),
    Terminated,
}

impl Machine {
    /// Makes a machine that has been running since a moment.
    pub fn running(instance_type: &str, availability_zone: &str, since: Timestamp) -> Self {
        Self {
            instance_type: InstanceType::new(instance_type),
            image: "ami-1".to_owned(),
            availability_zone: availability_zone.to_owned(),
            platform: "Linux/UNIX".to_owned(),
            architecture: "x86_64".to_owned(),
            has_ena: true,
            state: InstanceState::Running,
            state_reason: None,
            launch_time: since,
            volumes: BTreeSet::new(),
            cpu_credits: None,
            is_opted_in: true,
            is_stop_protected: false,
            user_data: String::new(),
            running_since: since,
            checks_at: since,
            due: None,
            runs: vec![(since, Some(InstanceType::new(instance_type)))],
        }
    }

    /// Makes a machine that has been stopped for long.
    pub fn stopped(instance_type: &str, availability_zone: &str, since: Timestamp) -> Self {
        Self {
            state: InstanceState::Stopped,
            state_reason: Some("Client.UserInitiatedShutdown".to_owned()),
            runs: vec![(since, None)],
            ..Self::running(instance_type, availability_zone, since)
        }
    }

    /// Returns whether it can still be described.
    pub(super) fn exists(&self) -> bool {
        !matches!(self.state, InstanceState::ShuttingDown | InstanceState::Terminated)
    }

    /// Returns whether it takes up a machine.
    pub(super) fn occupies(&self) -> bool {
        matches!(
            self.state,
            InstanceState::Running | InstanceState::Pending | InstanceState::Stopping
        )
    }

    pub(super) fn runs_as(&mut self, since: Timestamp, as_type: Option<InstanceType>) {
        self.runs.push((since, as_type));
    }
}

impl State {
    pub(super) fn stop(&mut self, id: &ResourceId) -> Answer {
        let due = self.after(self.times.stopping);
        let is_stuck = self.ails(id, Ailment::StuckStopping);
        let now = self.now;
        let machine = self.permitted(id)?;
        match machine.state {
            InstanceState::Running if machine.is_stop_protected => {
                refuse("OperationNotPermitted", format!("{id} is protected from being stopped"))
            }
            InstanceState::Running => {
                machine.state = InstanceState::Stopping;
                machine.state_reason = Some("Client.UserInitiatedShutdown".to_owned());
                machine.due = (!is_stuck).then_some((due, Due::Stopped));
                machine.runs_as(now, None);
                taken()
            }
            // Assumed: what is stopped, or about to be, is taken without effect.
            InstanceState::Stopping | InstanceState::Stopped => taken(),
            _ => refuse("IncorrectInstanceState", format!("{id} cannot be stopped now")),
        }
    }

    pub(super) fn start(&mut self, id: &ResourceId) -> Answer {
        let due = self.after(self.times.pending);
        let failure = self.failure_of_start(id);
        let is_stuck = self.ails(id, Ailment::StuckPending);
        let now = self.now;
        let machine = self.permitted(id)?;
        match machine.state {
            InstanceState::Stopped => {}
            // As AWS documents: starting what runs has no effect.
            InstanceState::Running | InstanceState::Pending => return taken(),
            _ => return refuse("IncorrectInstanceState", format!("{id} cannot be started now")),
        }
        let (of, zone) = (machine.instance_type.clone(), machine.availability_zone.clone());
        self.take_capacity(&of, &zone)?;
        if let Some(machine) = self.machines.get_mut(id) {
            machine.state = InstanceState::Pending;
            machine.state_reason = None;
            machine.launch_time = now;
            let end = failure.map_or(Due::Running, Due::Failed);
            machine.due = (!is_stuck).then_some((due, end));
        }
        taken()
    }

    /// Returns with which reason a start will fail behind the caller's back.
    fn failure_of_start(&mut self, id: &ResourceId) -> Option<String> {
        if let Some(reason) = self.failing_starts.remove(id) {
            return Some(reason);
        }
        let machine = self.machines.get(id)?;
        let has_dead_key = machine.volumes.iter().any(|volume| self.has_dead_key(volume));
        has_dead_key.then(|| "Client.InternalError".to_owned())
    }

    pub(super) fn set_type(&mut self, id: &ResourceId, to: &InstanceType) -> Answer {
        let shape = self.capacity.shapes.get(to).cloned();
        let machine = self.permitted(id)?;
        if machine.state != InstanceState::Stopped {
            return refuse("IncorrectInstanceState", format!("{id} is not stopped"));
        }
        let Some(shape) = shape else {
            return refuse("InvalidInstanceAttributeValue", format!("no type {to}"));
        };
        // Which of its codes AWS uses for a wrong architecture is not documented: assumed.
        if shape.architecture != machine.architecture {
            return refuse(
                "InvalidInstanceAttributeValue",
                format!("{to} is another architecture"),
            );
        }
        if shape.needs_ena && !machine.has_ena {
            return refuse("InvalidParameterCombination", format!("{to} needs ENA"));
        }
        machine.instance_type = to.clone();
        // A type with credits begins with the mode that is usual for its family.
        machine.cpu_credits = match (&shape.baseline_percent, &machine.cpu_credits) {
            (None, _) => None,
            (Some(_), Some(mode)) => Some(mode.clone()),
            (Some(_), None) if to.as_str().starts_with("t2.") => Some("standard".to_owned()),
            (Some(_), None) => Some("unlimited".to_owned()),
        };
        taken()
    }

    pub(super) fn set_credits(&mut self, id: &ResourceId, mode: &str) -> Answer {
        let machine = self.permitted(id)?;
        if machine.cpu_credits.is_none() {
            return refuse("InstanceCreditSpecification.NotSupported", "the type has no credits");
        }
        machine.cpu_credits = Some(mode.to_owned());
        taken()
    }

    pub(super) fn terminate(&mut self, id: &ResourceId) {
        let due = self.after(self.times.stopping);
        let now = self.now;
        let Some(machine) = self.machines.get_mut(id).filter(|one| one.exists()) else { return };
        let frees = machine.occupies();
        let (of, zone) = (machine.instance_type.clone(), machine.availability_zone.clone());
        machine.state = InstanceState::ShuttingDown;
        machine.due = Some((due, Due::Terminated));
        machine.runs_as(now, None);
        if frees {
            self.give_capacity(&of, &zone);
        }
    }

    /// Returns a machine that exists and that our role may change: one with the tag.
    fn permitted(&mut self, id: &ResourceId) -> Result<&mut Machine, super::answer::Refusal> {
        let Some(machine) = self.machines.get_mut(id) else {
            return refuse("InvalidInstanceID.NotFound", format!("no {id}"));
        };
        if !machine.is_opted_in {
            return refuse("UnauthorizedOperation", format!("{id} has no tag trimtab:apply"));
        }
        Ok(machine)
    }

    pub(super) fn move_machines(&mut self, now: Timestamp) {
        let checks = self.times.checks;
        let mut freed = Vec::new();
        for machine in self.machines.values_mut() {
            let Some((at, due)) = machine.due.clone().filter(|(at, _)| *at <= now) else {
                continue;
            };
            machine.due = None;
            match due {
                Due::Stopped => {
                    machine.state = InstanceState::Stopped;
                    freed.push((machine.instance_type.clone(), machine.availability_zone.clone()));
                }
                Due::Failed(reason) => {
                    machine.state = InstanceState::Stopped;
                    machine.state_reason = Some(reason);
                    freed.push((machine.instance_type.clone(), machine.availability_zone.clone()));
                }
                Due::Running => {
                    machine.state = InstanceState::Running;
                    machine.running_since = at;
                    machine.checks_at = at.saturating_add(checks).unwrap_or(at);
                    machine.runs_as(at, Some(machine.instance_type.clone()));
                }
                Due::Terminated => machine.state = InstanceState::Terminated,
            }
        }
        for (of, zone) in freed {
            self.give_capacity(&of, &zone);
        }
    }

    pub(super) fn instance(&self, change: &Change) -> Option<InstanceObserved> {
        let id = &change.resource.id;
        let machine = self.machines.get(id)?;
        Some(InstanceObserved {
            fingerprint: Fingerprint(BTreeMap::from([
                ("InstanceId".to_owned(), id.to_string()),
                ("ImageId".to_owned(), machine.image.clone()),
                ("LaunchTime".to_owned(), machine.launch_time.to_string()),
                ("AvailabilityZone".to_owned(), machine.availability_zone.clone()),
            ])),
            obstacles: self.obstacles_of(machine),
            state: machine.state.clone(),
            state_reason: machine.state_reason.clone(),
            instance_type: machine.instance_type.clone(),
            launch_time: Some(machine.launch_time),
            availability_zone: Some(machine.availability_zone.clone()),
            platform: Some(machine.platform.clone()),
            volumes: machine.volumes.clone(),
            checks: self.checks_of(id, machine),
            cpu_credits: machine.cpu_credits.clone(),
            is_opted_in: machine.is_opted_in,
            targets: self.targets_of(id),
            snapshots: self.snapshots_of(&change.id, |volume| machine.volumes.contains(volume)),
            reservations: self.reservations_of(&change.id),
        })
    }

    fn checks_of(&self, id: &ResourceId, machine: &Machine) -> Option<StatusChecks> {
        if machine.state != InstanceState::Running {
            return None;
        }
        let is_young = self.now < machine.checks_at;
        let state = if is_young || self.ails(id, Ailment::Initializing) {
            CheckState::NotYet
        } else if self.ails(id, Ailment::Impaired) {
            CheckState::Impaired
        } else {
            CheckState::Ok
        };
        Some(StatusChecks { system: CheckState::Ok, instance: state, attached_ebs: Some(state) })
    }

    /// Lists what can be seen before anything is done: of the many rules, those that the
    /// simulated state can break.
    fn obstacles_of(&self, machine: &Machine) -> Vec<(Obstacle, Reason)> {
        let mut found = Vec::new();
        if machine.is_stop_protected {
            let reason = Reason::new(
                "stop-protection",
                "It has stop protection.",
                "중지 방지가 켜져 있습니다.",
            );
            found.push((Obstacle::Block, reason));
        }
        if machine.volumes.iter().any(|volume| self.has_dead_key(volume)) {
            let reason = Reason::new(
                "key-not-enabled",
                "The key of one of its volumes is not enabled.",
                "볼륨의 KMS 키가 활성화되어 있지 않습니다.",
            );
            found.push((Obstacle::Block, reason));
        }
        found
    }
}
