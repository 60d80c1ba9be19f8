//! What others do to a resource while a rollout is at it.

use trimtab_model::id::ResourceId;
use trimtab_model::resource::instance::InstanceState;

use super::fault::ForeignChange;
use super::instance::Due;
use super::state::State;

impl State {
    /// Does what somebody else does. What does not apply to the resource has no effect.
    pub(super) fn disturb(&mut self, id: &ResourceId, change: &ForeignChange) {
        let due = self.after(self.times.pending);
        let checks = self.times.checks;
        let now = self.now;
        if self.groups.contains_key(id) {
            return self.disturb_group(id, change);
        }
        if *change == ForeignChange::Terminate {
            return self.terminate(id);
        }
        let Some(machine) = self.machines.get_mut(id).filter(|one| one.exists()) else { return };
        let mut freed = None;
        match change {
            ForeignChange::Stop => {
                if machine.occupies() {
                    freed =
                        Some((machine.instance_type.clone(), machine.availability_zone.clone()));
                    machine.state = InstanceState::Stopped;
                    machine.state_reason = Some("Client.UserInitiatedShutdown".to_owned());
                    machine.due = None;
                    machine.runs_as(now, None);
                }
            }
            ForeignChange::Start => {
                if machine.state == InstanceState::Stopped {
                    machine.state = InstanceState::Pending;
                    machine.state_reason = None;
                    machine.launch_time = now;
                    machine.due = Some((due, Due::Running));
                }
            }
            ForeignChange::SetType(to) => {
                machine.instance_type = to.clone();
                if machine.state == InstanceState::Running {
                    machine.launch_time = now;
                    machine.running_since = now;
                    machine.checks_at = now.saturating_add(checks).unwrap_or(now);
                    machine.runs_as(now, Some(to.clone()));
                }
            }
            ForeignChange::MoveHost => {
                if machine.state == InstanceState::Running {
                    machine.launch_time = now;
                    machine.running_since = now;
                    machine.checks_at = now.saturating_add(checks).unwrap_or(now);
                }
            }
            ForeignChange::Attach(volume) => {
                machine.volumes.insert(volume.clone());
            }
            ForeignChange::Detach(volume) => {
                machine.volumes.remove(volume);
            }
            ForeignChange::RemoveTag => machine.is_opted_in = false,
            ForeignChange::Protect => machine.is_stop_protected = true,
            ForeignChange::Replace => {
                machine.image = format!("{}-new", machine.image);
                machine.launch_time = now;
            }
            ForeignChange::Terminate => {}
        }
        if let Some((of, zone)) = freed {
            self.give_capacity(&of, &zone);
        }
    }
}
