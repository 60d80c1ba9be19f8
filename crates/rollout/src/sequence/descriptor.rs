//! How an action is done, as functions of what is seen.

use trimtab_model::action::Action;

use super::decision::{Decision, Reaction, Watch};
use super::work::Work;
use super::{
    address_release, database_switch, db_instance_class, db_storage, function, group_sizes,
    instance_refresh, instance_type, log_retention, schedule, volume_deletion, volume_settings,
};

/// How one action is done.
#[derive(Debug, Clone, Copy)]
pub struct Sequence {
    /// The way to the plan.
    pub forward: fn(&Work<'_>) -> Decision,
    /// The way back to what was.
    pub back: fn(&Work<'_>) -> Decision,
    /// What is given back once all is well, or once it is as it was.
    pub release: fn(&Work<'_>) -> Decision,
    /// Whether the resource is out of service now, so that one must not stop here.
    pub is_disrupted: fn(&Work<'_>) -> bool,
    /// What became of the resource since the planned state was reached.
    pub watch: fn(&Work<'_>) -> Watch,
    /// What follows from a refusal, by step and error code.
    pub react: fn(&str, &str) -> Reaction,
    /// Commands with which a person would bring the resource back into service.
    pub manual: fn(&Work<'_>) -> Vec<String>,
}

impl Sequence {
    /// Returns how an action is done; absent for one that trimtab does not do itself.
    pub fn of(action: &Action) -> Option<&'static Self> {
        match action {
            Action::ModifyInstanceType { .. } => Some(&instance_type::SEQUENCE),
            Action::StopInstance { .. } => Some(&instance_type::STOP_SEQUENCE),
            Action::ModifyVolume { .. } => Some(&volume_settings::SEQUENCE),
            Action::DeleteVolume { .. } => Some(&volume_deletion::SEQUENCE),
            Action::ReleaseAddress { .. } => Some(&address_release::SEQUENCE),
            Action::ModifyDbInstanceClass { .. } => Some(&db_instance_class::SEQUENCE),
            Action::ModifyDbStorage { .. } => Some(&db_storage::SEQUENCE),
            Action::UpdateFunctionMemory { .. } | Action::UpdateFunctionArchitecture { .. } => {
                Some(&function::SEQUENCE)
            }
            Action::PutRetentionPolicy { .. } => Some(&log_retention::SEQUENCE),
            Action::ResizeAutoScalingGroup { .. } => Some(&group_sizes::SEQUENCE),
            Action::SwitchDatabase(_) => Some(&database_switch::SEQUENCE),
            Action::RefreshInstances(_) => Some(&instance_refresh::SEQUENCE),
            Action::ApplySchedule { target, .. } => schedule::sequence(target),
            _ => None,
        }
    }
}
