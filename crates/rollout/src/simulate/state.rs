//! What there is at one moment, and how it goes on by itself.
//!
//! Every length of time is drawn when something begins. Going on draws nothing, so that a state
//! can be copied and brought to any later moment with the same result.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use trimtab_model::call::{Call, Target};
use trimtab_model::id::{InstanceType, ResourceId};

use super::answer::{Answer, refuse};
use super::capacity::{Capacity, Reservation};
use super::db_instance::{Database, DbClasses, DbClassesGone, DbSnapshot};
use super::deployment::{Copy, Deployment};
use super::fault::Ailment;
use super::function::{Alias, Function};
use super::group::{Group, Wanted};
use super::instance::Machine;
use super::random::Random;
use super::setting::{Address, Schedule};
use super::snapshot::Snapshot;
use super::target_group::{Registration, TargetGroup};
use super::volume::{DrillOrder, Volume};

/// The shortest and the longest that something takes.
pub type Span = (SignedDuration, SignedDuration);

/// How long things take. AWS promises none of these; they are of the size that is often seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// From `stopping` to `stopped`.
    pub stopping: Span,
    /// From `pending` to `running`.
    pub pending: Span,
    /// From `running` until the status checks say `ok`.
    pub checks: SignedDuration,
    /// From deregistration until a target is gone.
    pub draining: Span,
    /// From registration, or from running, until a target is healthy.
    pub healthy: SignedDuration,
    /// Until a snapshot is complete.
    pub snapshot: Span,
    /// From `modifying` to `optimizing` of a volume.
    pub modifying_volume: Span,
    /// From `optimizing` to `completed`.
    pub optimizing_volume: SignedDuration,
    /// From `CreateVolume` of a snapshot to `available`.
    pub restoring_volume: Span,
    /// How long the status of a database stays `available` after it was told to change.
    pub db_unseen: SignedDuration,
    /// How long a database takes for a change.
    pub db_modifying: Span,
    /// How long the storage of a database is optimized after it was changed.
    pub db_optimizing: SignedDuration,
    /// How long a database takes to stop, and to start.
    pub db_stopping: Span,
}

impl Default for Times {
    fn default() -> Self {
        let seconds = SignedDuration::from_secs;
        Self {
            stopping: (seconds(15), seconds(60)),
            pending: (seconds(10), seconds(30)),
            checks: seconds(90),
            draining: (seconds(30), seconds(300)),
            healthy: seconds(30),
            snapshot: (seconds(30), seconds(600)),
            modifying_volume: (seconds(5), seconds(60)),
            optimizing_volume: SignedDuration::from_hours(2),
            restoring_volume: (seconds(10), seconds(60)),
            db_unseen: seconds(60),
            db_modifying: (seconds(300), seconds(1200)),
            db_optimizing: SignedDuration::from_hours(6),
            db_stopping: (seconds(120), seconds(600)),
        }
    }
}

/// Everything at one moment.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct State {
    pub(super) now: Timestamp,
    pub(super) times: Times,
    pub(super) machines: BTreeMap<ResourceId, Machine>,
    pub(super) capacity: Capacity,
    pub(super) volumes: BTreeMap<ResourceId, Volume>,
    pub(super) snapshots: BTreeMap<ResourceId, Snapshot>,
    pub(super) target_groups: BTreeMap<ResourceId, TargetGroup>,
    /// The machines that each group ever had, whether they are registered now or not.
    pub(super) members: BTreeMap<ResourceId, BTreeSet<ResourceId>>,
    pub(super) targets: BTreeMap<Target, Registration>,
    pub(super) databases: BTreeMap<ResourceId, Database>,
    pub(super) db_classes: DbClasses,
    pub(super) db_classes_gone: DbClassesGone,
    pub(super) db_snapshots: BTreeMap<String, DbSnapshot>,
    pub(super) deployments: BTreeMap<String, Deployment>,
    pub(super) functions: BTreeMap<ResourceId, Function>,
    /// Functions that do the work of servers, and are well.
    pub(super) successors: BTreeSet<ResourceId>,
    pub(super) groups: BTreeMap<ResourceId, Group>,
    pub(super) addresses: BTreeMap<ResourceId, Address>,
    pub(super) released: BTreeSet<String>,
    pub(super) log_groups: BTreeMap<ResourceId, Option<u32>>,
    pub(super) schedules: BTreeMap<String, Schedule>,
    pub(super) has_schedule_group: bool,
    pub(super) dead_keys: BTreeSet<String>,
    /// Volumes whose snapshots fail.
    pub(super) failing_snapshots: BTreeSet<ResourceId>,
    /// Instances whose next start fails, and with which reason.
    pub(super) failing_starts: BTreeMap<ResourceId, String>,
    pub(super) ailments: Vec<(ResourceId, Ailment, Option<InstanceType>)>,
    random: Random,
    made: u64,
}

impl State {
    pub(super) fn new(now: Timestamp, seed: u64, times: Times) -> Self {
        Self {
            now,
            times,
            machines: BTreeMap::new(),
            capacity: Capacity::default(),
            volumes: BTreeMap::new(),
            snapshots: BTreeMap::new(),
            target_groups: BTreeMap::new(),
            members: BTreeMap::new(),
            targets: BTreeMap::new(),
            databases: BTreeMap::new(),
            db_classes: DbClasses::new(),
            db_classes_gone: DbClassesGone::new(),
            db_snapshots: BTreeMap::new(),
            deployments: BTreeMap::new(),
            functions: BTreeMap::new(),
            successors: BTreeSet::new(),
            groups: BTreeMap::new(),
            addresses: BTreeMap::new(),
            released: BTreeSet::new(),
            log_groups: BTreeMap::new(),
            schedules: BTreeMap::new(),
            has_schedule_group: false,
            dead_keys: BTreeSet::new(),
            failing_snapshots: BTreeSet::new(),
            failing_starts: BTreeMap::new(),
            ailments: Vec::new(),
            random: Random::new(seed),
            made: 0,
        }
    }

    /// Brings everything to a later moment.
    pub(super) fn advance_to(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
        let now = self.now;
        self.finish_snapshots(now);
        self.finish_draining(now);
        self.expire_reservations(now);
        self.move_machines(now);
        self.finish_modifications(now);
        self.finish_drills(now);
        self.move_databases(now);
        self.move_deployments(now);
        self.finish_updates(now);
        self.move_groups(now);
    }

    /// Carries out a call.
    pub(super) fn carry_out(&mut self, call: &Call) -> Answer {
        match call {
            Call::CreateSnapshots { instance, change } => self.create_snapshots(instance, change),
            Call::CreateSnapshot { volume, change } => self.create_snapshot(volume, change),
            Call::CreateCapacityReservation {
                instance_type,
                platform: _,
                availability_zone,
                ends_at,
                change,
                token,
            } => self.create_reservation(Reservation {
                instance_type: instance_type.clone(),
                availability_zone: availability_zone.clone(),
                state: "active".to_owned(),
                change: change.clone(),
                token: token.clone(),
                ends_at: *ends_at,
            }),
            Call::CancelCapacityReservation { reservation } => self.cancel_reservation(reservation),
            Call::DeregisterTarget(target) => self.deregister(target),
            Call::RegisterTarget(target) => self.register(target),
            Call::StopInstance { instance } => self.stop(instance),
            Call::StartInstance { instance } => self.start(instance),
            Call::ModifyInstanceType { instance, instance_type } => {
                self.set_type(instance, instance_type)
            }
            Call::ModifyCreditSpecification { instance, cpu_credits } => {
                self.set_credits(instance, cpu_credits)
            }
            Call::ModifyVolume { volume, to } => self.modify_volume(volume, to),
            Call::DeleteVolume { volume } | Call::DeleteDrillVolume { volume } => {
                self.delete_volume(volume)
            }
            Call::CreateDrillVolume { snapshot, volume_type, change, token, .. } => {
                self.create_drill(&DrillOrder { snapshot, volume_type, change, token })
            }
            Call::Quarantine { resource, until } => self.quarantine(resource, Some(*until)),
            Call::EndQuarantine { resource } => self.quarantine(resource, None),
            Call::ReleaseAddress { allocation } => self.release_address(allocation),
            Call::RecoverAddress { public_ip } => self.recover_address(public_ip),
            Call::CreateDbSnapshot { instance, snapshot, change } => {
                self.create_db_snapshot(instance, snapshot, change)
            }
            Call::ModifyDbInstanceClass { instance, class } => self.modify_class(instance, class),
            Call::ModifyDbStorage { instance, to } => self.modify_storage(instance, to),
            Call::CreateBlueGreenDeployment {
                instance, name, class, storage_gib, change, ..
            } => {
                let (class, storage_gib) = (class.as_ref(), *storage_gib);
                self.create_deployment(instance, &Copy { name, class, storage_gib, change })
            }
            Call::SwitchoverBlueGreenDeployment { deployment, timeout_seconds, .. } => {
                let timeout = SignedDuration::from_secs(i64::from(*timeout_seconds));
                self.switch_over(deployment, timeout)
            }
            Call::StopDbInstance { instance } => self.stop_database(instance),
            Call::StartDbInstance { instance } => self.start_database(instance),
            Call::UpdateFunctionMemory { function, memory_mb, revision } => {
                self.set_memory(function, *memory_mb, revision)
            }
            Call::UpdateFunctionArchitecture { function, architecture, revision } => {
                self.set_architecture(function, architecture, revision)
            }
            Call::PublishVersion { function, code_sha256, change } => {
                self.publish(function, code_sha256, change)
            }
            Call::UpdateAlias { function, alias, version, canary, revision } => {
                let to = Alias { canary: canary.clone(), ..Alias::of(version) };
                self.update_alias(function, alias, &to, revision)
            }
            Call::PutRetentionPolicy { log_group, days } => {
                self.set_retention(log_group, Some(*days))
            }
            Call::DeleteRetentionPolicy { log_group } => self.set_retention(log_group, None),
            Call::ResizeGroup { group, to } => self.resize_group(group, *to),
            Call::CreateLaunchTemplateVersion {
                source_version,
                instance_type,
                change,
                token,
                ..
            } => self.create_version(source_version, instance_type, change, token),
            Call::StartInstanceRefresh {
                group, version, checkpoints, checkpoint_seconds, ..
            } => {
                let pause = SignedDuration::from_secs(i64::from(*checkpoint_seconds));
                self.start_refresh(group, &Wanted { version, checkpoints, pause })
            }
            Call::RollbackInstanceRefresh { group } => self.roll_refresh_back(group),
            Call::CreateSchedule { name, expression, input, .. } => {
                let schedule = Schedule { expression: expression.clone(), input: input.clone() };
                self.create_schedule(name, schedule)
            }
            Call::DeleteSchedule { name } | Call::DeleteGroupSchedule { name, .. } => {
                self.delete_schedule(name)
            }
            Call::CreateScheduleGroup { .. } => self.create_schedule_group(),
            Call::PutGroupSchedule { group, name, recurrence, .. } => {
                let input = group.to_string();
                let schedule = Schedule { expression: recurrence.clone(), input };
                self.create_schedule(name, schedule)
            }
            Call::StartDbCluster { cluster } => {
                refuse("DBClusterNotFoundFault", format!("no {cluster}"))
            }
        }
    }

    /// Returns a moment between the shortest and the longest that something takes from now.
    pub(super) fn after(&mut self, span: Span) -> Timestamp {
        let length = self.random.between(span.0, span.1);
        self.now.saturating_add(length).unwrap_or(Timestamp::MAX)
    }

    pub(super) fn new_id(&mut self, prefix: &str) -> ResourceId {
        self.made += 1;
        ResourceId::new(format!("{prefix}-{:08x}", self.made))
    }

    /// Returns whether a resource has an ailment, as the type that it is.
    pub(super) fn ails(&self, id: &ResourceId, ailment: Ailment) -> bool {
        let now_is = self.machines.get(id).map(|one| &one.instance_type);
        self.ailments.iter().any(|(of, found, only)| {
            of == id && *found == ailment && only.as_ref().is_none_or(|only| Some(only) == now_is)
        })
    }
}
