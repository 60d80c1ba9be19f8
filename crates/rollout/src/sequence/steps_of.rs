//! The names of steps, for whoever writes down that one must have been taken.

use super::instance_type::{DRAIN, MODIFY, SNAPSHOT, START, STOP};
use super::quarantine::QUARANTINE as MARK;
use super::{db_instance, db_instance_class, volume_settings, volume_snapshot};

/// The steps of another type of an instance.
pub(crate) struct InstanceSteps {
    pub(crate) snapshot: &'static str,
    pub(crate) drain: &'static str,
    pub(crate) stop: &'static str,
    pub(crate) modify: &'static str,
    pub(crate) start: &'static str,
}

/// The steps of another class of a database.
pub(crate) struct DbClassSteps {
    pub(crate) snapshot: &'static str,
    pub(crate) modify: &'static str,
    /// How pending modifications name the class.
    pub(crate) pending: &'static str,
}

/// The steps of other settings of a volume.
pub(crate) struct VolumeSteps {
    pub(crate) snapshot: &'static str,
    pub(crate) modify: &'static str,
}

/// The steps of what lies in quarantine first.
pub(crate) struct QuarantineSteps {
    pub(crate) snapshot: &'static str,
    pub(crate) quarantine: &'static str,
}

pub(crate) const INSTANCE: InstanceSteps =
    InstanceSteps { snapshot: SNAPSHOT, drain: DRAIN, stop: STOP, modify: MODIFY, start: START };
pub(crate) const DB_CLASS: DbClassSteps = DbClassSteps {
    snapshot: db_instance::SNAPSHOT,
    modify: db_instance_class::MODIFY,
    pending: db_instance_class::PENDING,
};
pub(crate) const VOLUME: VolumeSteps =
    VolumeSteps { snapshot: volume_snapshot::SNAPSHOT, modify: volume_settings::MODIFY };
pub(crate) const QUARANTINE: QuarantineSteps =
    QuarantineSteps { snapshot: volume_snapshot::SNAPSHOT, quarantine: MARK };
