//! An Auto Scaling group.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Obstacle;
use crate::action::GroupSizes;
use crate::id::{ChangeId, InstanceType};
use crate::plan::Fingerprint;
use crate::text::Reason;

/// What a group is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupObserved {
    /// What identifies it.
    pub fingerprint: Fingerprint,
    /// What stands in the way of a change.
    pub obstacles: Vec<(Obstacle, Reason)>,
    /// Its sizes.
    pub sizes: GroupSizes,
    /// Instances in service.
    pub in_service: u32,
    /// Whether the tag `trimtab:apply` is `allowed`.
    pub is_opted_in: bool,
    /// The latest refresh of its instances.
    pub refresh: Option<RefreshObserved>,
    /// The version of its launch template that it launches from; absent where it has none.
    #[serde(default)]
    pub version: Option<String>,
    /// How many instances in service were launched from each version.
    #[serde(default)]
    pub launched_from: BTreeMap<String, u32>,
    /// Versions of its launch template that the change made.
    #[serde(default)]
    pub versions: Vec<TemplateVersionObserved>,
}

/// A version of a launch template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateVersionObserved {
    /// `VersionNumber`.
    pub number: String,
    /// `InstanceType`.
    pub instance_type: Option<InstanceType>,
    /// The change that it was made for: its description.
    pub change: ChangeId,
}

/// `DescribeInstanceRefreshes`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshObserved {
    /// `Status`.
    pub status: String,
    /// `PercentageComplete`.
    pub percent: Option<u8>,
    /// The version of the launch template that it leads to.
    pub version: Option<String>,
    /// `StartTime`.
    #[serde(default)]
    pub started_at: Option<Timestamp>,
    /// `EndTime`.
    #[serde(default)]
    pub ended_at: Option<Timestamp>,
    /// `StatusReason`.
    #[serde(default)]
    pub reason: Option<String>,
}
