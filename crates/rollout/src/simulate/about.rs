//! Which resource, and which change, a call is about.

use trimtab_model::call::Call;
use trimtab_model::id::{ChangeId, ResourceId};

use super::world::World;

impl World {
    pub(super) fn resource_of(&self, call: &Call) -> Option<ResourceId> {
        let of_change = |change: &ChangeId| self.resources.get(change).cloned();
        match call {
            Call::CreateCapacityReservation { change, .. }
            | Call::CreateDrillVolume { change, .. }
            | Call::CreateLaunchTemplateVersion { change, .. } => of_change(change),
            Call::CancelCapacityReservation { reservation } => {
                of_change(&self.state.capacity.reservations.get(reservation)?.change)
            }
            Call::RegisterTarget(target) | Call::DeregisterTarget(target) => {
                Some(target.instance.clone())
            }
            Call::CreateSnapshots { instance, .. }
            | Call::StopInstance { instance }
            | Call::StartInstance { instance }
            | Call::ModifyInstanceType { instance, .. }
            | Call::ModifyCreditSpecification { instance, .. }
            | Call::CreateDbSnapshot { instance, .. }
            | Call::ModifyDbInstanceClass { instance, .. }
            | Call::ModifyDbStorage { instance, .. }
            | Call::CreateBlueGreenDeployment { instance, .. }
            | Call::SwitchoverBlueGreenDeployment { instance, .. }
            | Call::StopDbInstance { instance }
            | Call::StartDbInstance { instance } => Some(instance.clone()),
            Call::CreateSnapshot { volume, .. }
            | Call::ModifyVolume { volume, .. }
            | Call::DeleteVolume { volume }
            | Call::DeleteDrillVolume { volume } => Some(volume.clone()),
            Call::Quarantine { resource, .. } | Call::EndQuarantine { resource } => {
                Some(resource.clone())
            }
            Call::ReleaseAddress { allocation } => Some(allocation.clone()),
            Call::UpdateFunctionMemory { function, .. }
            | Call::UpdateFunctionArchitecture { function, .. }
            | Call::PublishVersion { function, .. }
            | Call::UpdateAlias { function, .. } => Some(function.clone()),
            Call::PutRetentionPolicy { log_group, .. }
            | Call::DeleteRetentionPolicy { log_group } => Some(log_group.clone()),
            Call::ResizeGroup { group, .. }
            | Call::PutGroupSchedule { group, .. }
            | Call::DeleteGroupSchedule { group, .. }
            | Call::StartInstanceRefresh { group, .. }
            | Call::RollbackInstanceRefresh { group } => Some(group.clone()),
            Call::StartDbCluster { cluster } => Some(cluster.clone()),
            Call::RecoverAddress { .. }
            | Call::CreateScheduleGroup { .. }
            | Call::CreateSchedule { .. }
            | Call::DeleteSchedule { .. } => None,
        }
    }

    pub(super) fn change_of(&self, call: &Call, resource: Option<&ResourceId>) -> Option<ChangeId> {
        match call {
            Call::CreateSnapshots { change, .. }
            | Call::CreateSnapshot { change, .. }
            | Call::CreateCapacityReservation { change, .. }
            | Call::CreateDrillVolume { change, .. }
            | Call::CreateDbSnapshot { change, .. }
            | Call::CreateLaunchTemplateVersion { change, .. }
            | Call::PublishVersion { change, .. } => Some(change.clone()),
            _ => {
                let found = self.resources.iter().find(|(_, of)| Some(*of) == resource);
                found.map(|(change, _)| change.clone())
            }
        }
    }
}
