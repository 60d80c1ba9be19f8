//! A log group.

use serde::{Deserialize, Serialize};

use super::Obstacle;
use crate::plan::Fingerprint;
use crate::text::Reason;

/// What a log group is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogGroupObserved {
    /// What identifies it.
    pub fingerprint: Fingerprint,
    /// What stands in the way of a change.
    pub obstacles: Vec<(Obstacle, Reason)>,
    /// `retentionInDays`; absent where events are kept for ever.
    pub retention_days: Option<u32>,
    /// Whether the tag `trimtab:apply` is `allowed`.
    pub is_opted_in: bool,
}
