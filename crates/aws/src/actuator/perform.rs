//! One call, made once.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::Mutex;

use trimtab_model::call::{Call, CallResult};
use trimtab_model::id::{ChangeId, PlanId};
use trimtab_model::observed::{Inspected, Observed};
use trimtab_model::plan::Change;

use super::{
    answer, autoscaling, blue_green, ec2, elb, lambda, launch_template, logs, rds, scheduler,
};
use crate::actions::Handler;
use crate::error::AwsError;
use crate::inspect;
use crate::observe::{self, Known, Look};
use crate::session::Session;

/// The tag on everything that a change makes: the change.
pub const CHANGE_TAG: &str = "trimtab:change";
/// The tag on everything that a change makes: the plan.
pub const PLAN_TAG: &str = "trimtab:plan";
/// The tag on a volume that is made only to see whether a snapshot can be had back.
pub const DRILL_TAG: &str = "trimtab:drill";
/// The tag that says until when something lies in quarantine.
pub const QUARANTINE_TAG: &str = "trimtab:quarantine-until";

/// Makes the calls of one plan in one account and region, and looks at its resources.
#[derive(Debug, Clone)]
pub struct Actuator {
    reading: Session,
    once: Session,
    plan: PlanId,
    known: Arc<Mutex<Known>>,
}

/// What a call is for: the tags of what it makes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Purpose<'a> {
    pub(super) plan: &'a PlanId,
    pub(super) change: &'a ChangeId,
}

impl Purpose<'_> {
    /// Returns the tags, as names and values.
    pub(super) fn tags(&self) -> [(&'static str, &str); 2] {
        [(CHANGE_TAG, self.change.as_str()), (PLAN_TAG, self.plan.as_str())]
    }
}

impl Actuator {
    /// Makes one for a plan's resources in the session's account and region.
    pub fn new(session: &Session, plan: PlanId) -> Self {
        Self {
            reading: session.clone(),
            once: session.once(),
            plan,
            known: Arc::new(Mutex::new(Known::default())),
        }
    }

    /// Returns the same, whose next call is made in another session of the same place: one that may
    /// do no more than that.
    pub fn by(&self, session: &Session) -> Self {
        Self { once: session.once(), ..self.clone() }
    }

    /// Makes a call of a change: one request, or none where the change's action has no such call.
    ///
    /// The intent must be on the disk before. What comes back is never an error: it says what is
    /// known of the call, and goes into the journal.
    pub async fn perform(&self, change: &Change, call: &Call) -> CallResult {
        if self.is_elsewhere(change) {
            return answer::refused(
                "NotSent",
                "the change is of another account or region than this conversation",
                None,
            );
        }
        match Handler::of(&change.action) {
            Some(handler) if (handler.makes)(call) => self.send(&change.id, call).await,
            Some(_) => {
                answer::refused("NotSent", "the action of the change has no such call", None)
            }
            None => answer::refused("NotBuilt", "trimtab does not make this change itself", None),
        }
    }

    /// Looks at the resource of a change and at what hangs on it.
    ///
    /// # Errors
    /// Fails if something that the next step depends on could not be read.
    pub async fn observe(&self, change: &Change) -> Result<Observed, AwsError> {
        self.look(change).await.map(|look| look.observed)
    }

    /// Looks as [`Self::observe`] does, and tells besides what must be known before anything is
    /// changed.
    ///
    /// # Errors
    /// As [`Self::observe`].
    pub async fn look(&self, change: &Change) -> Result<Look, AwsError> {
        observe::look(&self.reading, &self.known, change).await
    }

    /// Reads everything that can stand in the way of a change, beyond what a look tells.
    ///
    /// # Errors
    /// As [`Self::observe`]. What else could not be read is absent from the facts, and said.
    pub async fn inspect(&self, change: &Change, now: Timestamp) -> Result<Inspected, AwsError> {
        inspect::inspect(&self.reading, &self.known, change, now).await
    }

    fn is_elsewhere(&self, change: &Change) -> bool {
        change.resource.account != *self.once.account()
            || change.resource.region != *self.once.region()
    }

    pub(super) async fn send(&self, change: &ChangeId, call: &Call) -> CallResult {
        let purpose = Purpose { plan: &self.plan, change };
        let (session, ec2) = (&self.once, self.once.ec2());
        match call {
            Call::CreateSnapshots { instance, .. } => {
                ec2::create_snapshots(&ec2, instance, purpose).await
            }
            Call::CreateSnapshot { volume, .. } => {
                ec2::create_snapshot(&ec2, volume, purpose).await
            }
            Call::CreateCapacityReservation {
                instance_type,
                platform,
                availability_zone,
                ends_at,
                token,
                ..
            } => {
                let seat = ec2::Seat { instance_type, platform, availability_zone };
                ec2::reserve(&ec2, seat, *ends_at, token, purpose).await
            }
            Call::CancelCapacityReservation { reservation } => {
                ec2::cancel_reservation(&ec2, reservation).await
            }
            Call::DeregisterTarget(target) => elb::deregister(&session.elbv2(), target).await,
            Call::RegisterTarget(target) => elb::register(&session.elbv2(), target).await,
            Call::StopInstance { instance } => ec2::stop(&ec2, instance).await,
            Call::StartInstance { instance } => ec2::start(&ec2, instance).await,
            Call::ModifyInstanceType { instance, instance_type } => {
                ec2::modify_type(&ec2, instance, instance_type).await
            }
            Call::ModifyCreditSpecification { instance, cpu_credits } => {
                ec2::modify_credits(&ec2, instance, cpu_credits).await
            }
            Call::ModifyVolume { volume, to } => ec2::modify_volume(&ec2, volume, to).await,
            Call::DeleteVolume { volume } | Call::DeleteDrillVolume { volume } => {
                ec2::delete_volume(&ec2, volume).await
            }
            Call::CreateDrillVolume { snapshot, availability_zone, volume_type, token, .. } => {
                let drill = ec2::Drill { snapshot, availability_zone, volume_type };
                ec2::create_drill_volume(&ec2, drill, token, purpose).await
            }
            Call::Quarantine { resource, until } => ec2::quarantine(&ec2, resource, *until).await,
            Call::EndQuarantine { resource } => ec2::end_quarantine(&ec2, resource).await,
            Call::ReleaseAddress { allocation } => ec2::release_address(&ec2, allocation).await,
            Call::RecoverAddress { public_ip } => {
                ec2::recover_address(&ec2, public_ip, purpose).await
            }
            Call::CreateDbSnapshot { instance, snapshot, .. } => {
                rds::create_snapshot(&session.rds(), instance, snapshot, purpose).await
            }
            Call::ModifyDbInstanceClass { instance, class } => {
                rds::modify_class(&session.rds(), instance, class).await
            }
            Call::ModifyDbStorage { instance, to } => {
                rds::modify_storage(&session.rds(), instance, to).await
            }
            Call::CreateBlueGreenDeployment { source, name, class, storage_gib, .. } => {
                let (class, storage_gib) = (class.as_ref(), *storage_gib);
                let copy = blue_green::Copy { source, name, class, storage_gib };
                blue_green::create(&session.rds(), copy, purpose).await
            }
            Call::SwitchoverBlueGreenDeployment { deployment, timeout_seconds, .. } => {
                blue_green::switch_over(&session.rds(), deployment, *timeout_seconds).await
            }
            Call::StopDbInstance { instance } => rds::stop(&session.rds(), instance).await,
            Call::StartDbInstance { instance } => rds::start(&session.rds(), instance).await,
            Call::UpdateFunctionMemory { function, memory_mb, revision } => {
                lambda::update_memory(&session.lambda(), function, *memory_mb, revision).await
            }
            Call::UpdateFunctionArchitecture { function, architecture, revision } => {
                lambda::update_architecture(session, function, architecture, revision).await
            }
            Call::PublishVersion { function, code_sha256, change } => {
                lambda::publish(&session.lambda(), function, code_sha256, change).await
            }
            Call::UpdateAlias { function, alias, version, canary, revision } => {
                let route = lambda::Route { alias, version, canary: canary.as_ref(), revision };
                lambda::update_alias(&session.lambda(), function, route).await
            }
            Call::PutRetentionPolicy { log_group, days } => {
                logs::put_retention(&session.logs(), log_group, *days).await
            }
            Call::DeleteRetentionPolicy { log_group } => {
                logs::delete_retention(&session.logs(), log_group).await
            }
            Call::ResizeGroup { group, to } => {
                autoscaling::resize(&session.autoscaling(), group, *to).await
            }
            Call::CreateLaunchTemplateVersion {
                launch_template,
                source_version,
                instance_type,
                change,
                token,
            } => {
                let version = launch_template::Version {
                    template: launch_template,
                    source: source_version,
                    instance_type,
                    change,
                    token,
                };
                launch_template::create_version(&ec2, version).await
            }
            Call::StartInstanceRefresh {
                group,
                launch_template,
                version,
                min_healthy_percent,
                max_healthy_percent,
                checkpoints,
                checkpoint_seconds,
                alarms,
            } => {
                let template = autoscaling::Template { name: launch_template, version };
                let pace = autoscaling::Pace {
                    least: *min_healthy_percent,
                    most: *max_healthy_percent,
                    checkpoints,
                    pause_seconds: *checkpoint_seconds,
                    alarms,
                };
                autoscaling::refresh(&session.autoscaling(), group, template, pace).await
            }
            Call::RollbackInstanceRefresh { group } => {
                autoscaling::roll_back(&session.autoscaling(), group).await
            }
            Call::StartDbCluster { cluster } => rds::start_cluster(&session.rds(), cluster).await,
            Call::PutGroupSchedule { group, name, recurrence, time_zone, sizes } => {
                let wanted = autoscaling::Wanted { name, recurrence, time_zone, sizes: *sizes };
                autoscaling::put_schedule(&session.autoscaling(), group, wanted).await
            }
            Call::DeleteGroupSchedule { group, name } => {
                autoscaling::delete_schedule(&session.autoscaling(), group, name).await
            }
            Call::CreateScheduleGroup { name } => {
                scheduler::create_group(&session.scheduler(), name).await
            }
            Call::CreateSchedule { name, expression, time_zone, target, input, role } => {
                let wanted = scheduler::Wanted { name, expression, time_zone, target, input, role };
                scheduler::create(&session.scheduler(), wanted, purpose).await
            }
            Call::DeleteSchedule { name } => scheduler::delete(&session.scheduler(), name).await,
        }
    }
}
