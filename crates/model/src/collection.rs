//! How the reading of one kind in one place ended.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{RegionId, SubAccountId};
use crate::resource::ResourceKind;
use crate::text::Reason;

/// How a listing ended. Only `Complete` allows a conclusion from what is not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Everything was read.
    Complete,
    /// Some of it was read; totals are lower bounds.
    Partial,
    /// A permission is missing.
    Denied,
    /// AWS asked for fewer calls until we gave up.
    Throttled,
    /// The account does not use the region or service.
    OptedOut,
    /// It could not be read for another reason.
    Failed,
}

impl Outcome {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Partial => "partial",
            Self::Denied => "denied",
            Self::Throttled => "throttled",
            Self::OptedOut => "opted-out",
            Self::Failed => "failed",
        }
    }

    /// Returns whether something is missing that a user should know of. What an account
    /// does not use is not missing.
    pub fn is_hole(self) -> bool {
        match self {
            Self::Complete | Self::OptedOut => false,
            Self::Partial | Self::Denied | Self::Throttled | Self::Failed => true,
        }
    }
}

/// How the reading of one kind in one account and region ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collection {
    /// The account.
    pub account: SubAccountId,
    /// The region.
    pub region: RegionId,
    /// The kind.
    pub kind: ResourceKind,
    /// How it ended.
    pub outcome: Outcome,
    /// How many resources were read.
    pub resources: u64,
    /// What went wrong, once per kind of problem.
    pub reasons: Vec<Reason>,
    /// The IAM actions that AWS refused, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<String>,
    /// When it was read.
    pub at: Timestamp,
}
