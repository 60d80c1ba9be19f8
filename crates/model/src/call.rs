//! The calls that change something, each complete: nothing is decided when it is made.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::action::{DbStorageSettings, GroupSizes, VolumeSettings};
use crate::id::{ChangeId, DbInstanceClass, InstanceType, ResourceId};

/// A target of a target group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Target {
    /// The target group's ARN.
    pub group: ResourceId,
    /// The instance.
    pub instance: ResourceId,
    /// The port, where the registration names one.
    pub port: Option<u16>,
}

/// One call of an AWS API that changes something.
///
/// Every call names one resource, so that one bad identifier fails one change only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Call {
    /// `ec2:CreateSnapshots`: all volumes of an instance at one moment.
    CreateSnapshots {
        /// The instance.
        instance: ResourceId,
        /// The change that it is for; becomes the tag `trimtab:change`.
        change: ChangeId,
    },
    /// `ec2:CreateSnapshot`.
    CreateSnapshot {
        /// The volume.
        volume: ResourceId,
        /// The change that it is for.
        change: ChangeId,
    },
    /// `ec2:CreateCapacityReservation`, targeted, for one instance.
    CreateCapacityReservation {
        /// The type.
        instance_type: InstanceType,
        /// The platform, such as `Linux/UNIX`.
        platform: String,
        /// The zone.
        availability_zone: String,
        /// When it ends by itself.
        ends_at: Timestamp,
        /// The change that it is for.
        change: ChangeId,
        /// The client token: the same one twice makes one reservation.
        token: String,
    },
    /// `ec2:CancelCapacityReservation`.
    CancelCapacityReservation {
        /// The reservation.
        reservation: ResourceId,
    },
    /// `elasticloadbalancing:DeregisterTargets`.
    DeregisterTarget(Target),
    /// `elasticloadbalancing:RegisterTargets`.
    RegisterTarget(Target),
    /// `ec2:StopInstances`, never forced.
    StopInstance {
        /// The instance.
        instance: ResourceId,
    },
    /// `ec2:StartInstances`.
    StartInstance {
        /// The instance.
        instance: ResourceId,
    },
    /// `ec2:ModifyInstanceAttribute` of the type alone.
    ModifyInstanceType {
        /// The instance.
        instance: ResourceId,
        /// The type.
        instance_type: InstanceType,
    },
    /// `ec2:ModifyInstanceCreditSpecification`.
    ModifyCreditSpecification {
        /// The instance.
        instance: ResourceId,
        /// `standard` or `unlimited`.
        cpu_credits: String,
    },
    /// `ec2:ModifyVolume`.
    ModifyVolume {
        /// The volume.
        volume: ResourceId,
        /// The settings.
        to: VolumeSettings,
    },
    /// `ec2:DeleteVolume`.
    DeleteVolume {
        /// The volume.
        volume: ResourceId,
    },
    /// `ec2:CreateVolume` of a snapshot, only to see whether it can be had back.
    CreateDrillVolume {
        /// The snapshot.
        snapshot: ResourceId,
        /// The zone.
        availability_zone: String,
        /// `VolumeType`.
        volume_type: String,
        /// The change that it is for.
        change: ChangeId,
        /// The client token: the same one twice makes one volume.
        token: String,
    },
    /// `ec2:DeleteVolume` of a volume that was made for that.
    DeleteDrillVolume {
        /// The volume.
        volume: ResourceId,
    },
    /// `ec2:CreateTags` of `trimtab:quarantine-until`.
    Quarantine {
        /// The resource.
        resource: ResourceId,
        /// Until when it lies untouched.
        until: Timestamp,
    },
    /// `ec2:DeleteTags` of `trimtab:quarantine-until`.
    EndQuarantine {
        /// The resource.
        resource: ResourceId,
    },
    /// `ec2:ReleaseAddress`.
    ReleaseAddress {
        /// The allocation.
        allocation: ResourceId,
    },
    /// `ec2:AllocateAddress` of an address that was ours.
    RecoverAddress {
        /// The address.
        public_ip: String,
    },
    /// `rds:CreateDBSnapshot`.
    CreateDbSnapshot {
        /// The database.
        instance: ResourceId,
        /// The snapshot's identifier, the same for the same change.
        snapshot: String,
        /// The change that it is for.
        change: ChangeId,
    },
    /// `rds:ModifyDBInstance` of the class alone, applied immediately.
    ModifyDbInstanceClass {
        /// The database.
        instance: ResourceId,
        /// The class.
        class: DbInstanceClass,
    },
    /// `rds:ModifyDBInstance` of the storage alone, applied immediately.
    ModifyDbStorage {
        /// The database.
        instance: ResourceId,
        /// The storage.
        to: DbStorageSettings,
    },
    /// `rds:CreateBlueGreenDeployment`: a copy that follows the database.
    CreateBlueGreenDeployment {
        /// The database.
        instance: ResourceId,
        /// Its ARN.
        source: String,
        /// The name of the deployment, the same for the same change.
        name: String,
        /// The class of the copy, where it is another one.
        class: Option<DbInstanceClass>,
        /// The size of the copy in GiB, where it is another one.
        storage_gib: Option<u32>,
        /// The change that it is for; becomes the tag `trimtab:change`.
        change: ChangeId,
    },
    /// `rds:SwitchoverBlueGreenDeployment`: the copy takes the name over.
    SwitchoverBlueGreenDeployment {
        /// The database.
        instance: ResourceId,
        /// `BlueGreenDeploymentIdentifier`.
        deployment: String,
        /// Seconds after which AWS takes it back.
        timeout_seconds: u32,
    },
    /// `rds:StopDBInstance`.
    StopDbInstance {
        /// The database.
        instance: ResourceId,
    },
    /// `rds:StartDBInstance`.
    StartDbInstance {
        /// The database.
        instance: ResourceId,
    },
    /// `lambda:UpdateFunctionConfiguration` of the memory alone.
    UpdateFunctionMemory {
        /// The function.
        function: ResourceId,
        /// The memory in MB.
        memory_mb: u32,
        /// `RevisionId` that it must still have.
        revision: String,
    },
    /// `lambda:UpdateFunctionCode` of the architecture alone, with the package that the function
    /// has: it is downloaded right before.
    UpdateFunctionArchitecture {
        /// The function.
        function: ResourceId,
        /// `x86_64` or `arm64`.
        architecture: String,
        /// `RevisionId` that it must still have.
        revision: String,
    },
    /// `lambda:PublishVersion`.
    PublishVersion {
        /// The function.
        function: ResourceId,
        /// `CodeSha256` that is published.
        code_sha256: String,
        /// The change that it is for; becomes the description.
        change: ChangeId,
    },
    /// `lambda:UpdateAlias`.
    UpdateAlias {
        /// The function.
        function: ResourceId,
        /// The alias.
        alias: String,
        /// The version that it points to.
        version: String,
        /// The version that gets a share of the calls, and the share in percent.
        canary: Option<(String, u8)>,
        /// `RevisionId` that the alias must still have.
        revision: String,
    },
    /// `logs:PutRetentionPolicy`.
    PutRetentionPolicy {
        /// The log group.
        log_group: ResourceId,
        /// Days.
        days: u32,
    },
    /// `logs:DeleteRetentionPolicy`: events are kept for ever.
    DeleteRetentionPolicy {
        /// The log group.
        log_group: ResourceId,
    },
    /// `autoscaling:UpdateAutoScalingGroup` of the sizes alone.
    ResizeGroup {
        /// The group.
        group: ResourceId,
        /// The sizes.
        to: GroupSizes,
    },
    /// `ec2:CreateLaunchTemplateVersion`: a version that is as another but for its type.
    CreateLaunchTemplateVersion {
        /// The launch template: its identifier, else its name.
        launch_template: String,
        /// The version that it is made of, a number.
        source_version: String,
        /// The type.
        instance_type: InstanceType,
        /// The change that it is for; becomes the description.
        change: ChangeId,
        /// The client token: the same one twice makes one version.
        token: String,
    },
    /// `autoscaling:StartInstanceRefresh` towards a version of the launch template.
    StartInstanceRefresh {
        /// The group.
        group: ResourceId,
        /// The launch template.
        launch_template: String,
        /// Its version, a number.
        version: String,
        /// Least share of healthy instances, in percent.
        min_healthy_percent: u8,
        /// Most share of instances, the new ones beside the old, in percent.
        #[serde(default)]
        max_healthy_percent: Option<u8>,
        /// The shares that are replaced at which it pauses, in percent.
        #[serde(default)]
        checkpoints: Vec<u8>,
        /// How long it pauses there, in seconds.
        #[serde(default)]
        checkpoint_seconds: u32,
        /// Alarms that let AWS take it back by itself.
        #[serde(default)]
        alarms: Vec<String>,
    },
    /// `autoscaling:RollbackInstanceRefresh`.
    RollbackInstanceRefresh {
        /// The group.
        group: ResourceId,
    },
    /// `rds:StartDBCluster`.
    StartDbCluster {
        /// The cluster.
        cluster: ResourceId,
    },
    /// `autoscaling:PutScheduledUpdateGroupAction`.
    PutGroupSchedule {
        /// The group.
        group: ResourceId,
        /// The action's name, the same for the same change.
        name: String,
        /// When, such as `0 19 * * MON-FRI`.
        recurrence: String,
        /// The zone, as IANA names it.
        time_zone: String,
        /// The sizes; absent to empty the group and leave its maximum.
        sizes: Option<GroupSizes>,
    },
    /// `autoscaling:DeleteScheduledAction`.
    DeleteGroupSchedule {
        /// The group.
        group: ResourceId,
        /// The action's name.
        name: String,
    },
    /// `scheduler:CreateScheduleGroup`: the group that every schedule of ours is in.
    CreateScheduleGroup {
        /// Its name.
        name: String,
    },
    /// `scheduler:CreateSchedule`, in the group of our own.
    CreateSchedule {
        /// The name, the same for the same change.
        name: String,
        /// The expression, such as `cron(0 19 ? * MON-FRI *)`.
        expression: String,
        /// The zone, as IANA names it.
        time_zone: String,
        /// The ARN of the API call that it makes.
        target: String,
        /// The input of that call, as JSON.
        input: String,
        /// The ARN of the role that it acts as.
        #[serde(default)]
        role: String,
    },
    /// `scheduler:DeleteSchedule`.
    DeleteSchedule {
        /// The name.
        name: String,
    },
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallResult {
    /// AWS took it.
    Accepted {
        /// AWS's identifier of the request, which CloudTrail has too.
        request_id: Option<String>,
        /// What it made, by name: `snapshot`, `reservation`, `version`.
        made: BTreeMap<String, String>,
    },
    /// AWS refused it: nothing was changed.
    Refused {
        /// AWS's error code.
        code: String,
        /// AWS's words.
        message: String,
        /// AWS's identifier of the request.
        request_id: Option<String>,
    },
    /// No answer, or one that tells nothing. It may have been done.
    Unknown {
        /// What happened.
        why: String,
    },
}

impl Call {
    /// Returns the IAM action, such as `ec2:StopInstances`.
    pub fn iam_action(&self) -> &'static str {
        match self {
            Self::CreateSnapshots { .. } => "ec2:CreateSnapshots",
            Self::CreateSnapshot { .. } => "ec2:CreateSnapshot",
            Self::CreateCapacityReservation { .. } => "ec2:CreateCapacityReservation",
            Self::CancelCapacityReservation { .. } => "ec2:CancelCapacityReservation",
            Self::DeregisterTarget(_) => "elasticloadbalancing:DeregisterTargets",
            Self::RegisterTarget(_) => "elasticloadbalancing:RegisterTargets",
            Self::StopInstance { .. } => "ec2:StopInstances",
            Self::StartInstance { .. } => "ec2:StartInstances",
            Self::ModifyInstanceType { .. } => "ec2:ModifyInstanceAttribute",
            Self::ModifyCreditSpecification { .. } => "ec2:ModifyInstanceCreditSpecification",
            Self::ModifyVolume { .. } => "ec2:ModifyVolume",
            Self::DeleteVolume { .. } | Self::DeleteDrillVolume { .. } => "ec2:DeleteVolume",
            Self::CreateDrillVolume { .. } => "ec2:CreateVolume",
            Self::Quarantine { .. } => "ec2:CreateTags",
            Self::EndQuarantine { .. } => "ec2:DeleteTags",
            Self::ReleaseAddress { .. } => "ec2:ReleaseAddress",
            Self::RecoverAddress { .. } => "ec2:AllocateAddress",
            Self::CreateDbSnapshot { .. } => "rds:CreateDBSnapshot",
            Self::ModifyDbInstanceClass { .. } | Self::ModifyDbStorage { .. } => {
                "rds:ModifyDBInstance"
            }
            Self::CreateBlueGreenDeployment { .. } => "rds:CreateBlueGreenDeployment",
            Self::SwitchoverBlueGreenDeployment { .. } => "rds:SwitchoverBlueGreenDeployment",
            Self::StopDbInstance { .. } => "rds:StopDBInstance",
            Self::StartDbInstance { .. } => "rds:StartDBInstance",
            Self::UpdateFunctionMemory { .. } => "lambda:UpdateFunctionConfiguration",
            Self::UpdateFunctionArchitecture { .. } => "lambda:UpdateFunctionCode",
            Self::PublishVersion { .. } => "lambda:PublishVersion",
            Self::UpdateAlias { .. } => "lambda:UpdateAlias",
            Self::PutRetentionPolicy { .. } => "logs:PutRetentionPolicy",
            Self::DeleteRetentionPolicy { .. } => "logs:DeleteRetentionPolicy",
            Self::ResizeGroup { .. } => "autoscaling:UpdateAutoScalingGroup",
            Self::CreateLaunchTemplateVersion { .. } => "ec2:CreateLaunchTemplateVersion",
            Self::StartInstanceRefresh { .. } => "autoscaling:StartInstanceRefresh",
            Self::RollbackInstanceRefresh { .. } => "autoscaling:RollbackInstanceRefresh",
            Self::StartDbCluster { .. } => "rds:StartDBCluster",
            Self::PutGroupSchedule { .. } => "autoscaling:PutScheduledUpdateGroupAction",
            Self::DeleteGroupSchedule { .. } => "autoscaling:DeleteScheduledAction",
            Self::CreateScheduleGroup { .. } => "scheduler:CreateScheduleGroup",
            Self::CreateSchedule { .. } => "scheduler:CreateSchedule",
            Self::DeleteSchedule { .. } => "scheduler:DeleteSchedule",
        }
    }
}

impl Call {
    /// Returns whether it changes the resource itself, and not only what is kept or held for it.
    pub fn touches_resource(&self) -> bool {
        !matches!(
            self,
            Self::CreateSnapshots { .. }
                | Self::CreateSnapshot { .. }
                | Self::CreateDrillVolume { .. }
                | Self::DeleteDrillVolume { .. }
                | Self::CreateDbSnapshot { .. }
                | Self::CreateCapacityReservation { .. }
                | Self::CancelCapacityReservation { .. }
                | Self::PublishVersion { .. }
                | Self::CreateScheduleGroup { .. }
                | Self::CreateLaunchTemplateVersion { .. }
                | Self::CreateBlueGreenDeployment { .. }
        )
    }

    /// Returns whether it begins something that goes on by itself, out of service or not, and
    /// that is better brought to its end than turned back when a window closes.
    pub fn is_lasting(&self) -> bool {
        matches!(
            self,
            Self::ModifyVolume { .. }
                | Self::ModifyDbInstanceClass { .. }
                | Self::ModifyDbStorage { .. }
                | Self::StartInstanceRefresh { .. }
                | Self::CreateBlueGreenDeployment { .. }
                | Self::SwitchoverBlueGreenDeployment { .. }
                | Self::StopInstance { .. }
                | Self::Quarantine { .. }
        )
    }
}

impl CallResult {
    /// Returns the error code, where it was refused.
    pub fn refusal(&self) -> Option<&str> {
        match self {
            Self::Refused { code, .. } => Some(code),
            Self::Accepted { .. } | Self::Unknown { .. } => None,
        }
    }
}
