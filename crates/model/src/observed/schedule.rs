//! The schedules that stop and start a resource.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Obstacle;
use crate::plan::Fingerprint;
use crate::text::Reason;

/// What the schedules of a resource are now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScheduleObserved {
    /// What identifies the resource.
    pub fingerprint: Fingerprint,
    /// What stands in the way of a change.
    pub obstacles: Vec<(Obstacle, Reason)>,
    /// Schedules of ours for it, by name, with their expression.
    pub schedules: BTreeMap<String, String>,
    /// The roles that they act as, by the same names, where they act as any.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub roles: BTreeMap<String, String>,
    /// Whether the group is there that schedules of ours are made in.
    #[serde(default)]
    pub has_group: bool,
    /// Whether the resource runs, so that it does not stay as a schedule left it; unknown while
    /// it is starting or stopping.
    #[serde(default)]
    pub is_running: Option<bool>,
    /// Whether the tag `trimtab:apply` is `allowed`.
    pub is_opted_in: bool,
}
