//! An Auto Scaling group.

use serde::{Deserialize, Serialize};

use super::Obstacle;
use crate::action::GroupSizes;
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
}
