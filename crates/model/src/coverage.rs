//! What was read, what was not, and what reading it would unlock.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::CheckId;
use crate::text::Text;

/// How much of a source was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceStatus {
    /// All of it.
    Complete,
    /// Some of it: see the sentence.
    Partial,
    /// None of it.
    Absent,
}

/// One source of data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceCoverage {
    /// A stable name: `billing`, `inventory:describe-volumes`, `metrics:AWS/EC2:CPUUtilization`, `traffic`.
    pub source: String,
    /// How much of it was there.
    pub status: SourceStatus,
    /// How many resources of those that need it have it, and how many need it.
    pub resources: Option<(u64, u64)>,
    /// The first moment it covers.
    pub from: Option<Timestamp>,
    /// The last moment it covers.
    pub until: Option<Timestamp>,
    /// The checks that need it.
    pub unlocks: Vec<CheckId>,
    /// What is missing and how to provide it.
    pub text: Text,
}

/// What became of a rule that takes resources out of checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExemptionStatus {
    /// It took something out.
    Applied,
    /// It is about nothing that was judged.
    Unmatched,
    /// Its last day is over.
    Expired,
}

/// One rule of the configuration that takes resources out of checks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExemptionCoverage {
    /// A stable name: `exempt[1]`, counted from 1 in the order of the configuration.
    pub rule: String,
    /// What became of it.
    pub status: ExemptionStatus,
    /// How many resources it is about.
    pub resources: u64,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// Its conditions, its reason, and what became of it.
    pub text: Text,
}

/// Every source, present and absent.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Coverage {
    /// The sources, in a fixed order.
    pub sources: Vec<SourceCoverage>,
    /// The rules that take resources out of checks, in the order of the configuration.
    #[serde(default)]
    pub exemptions: Vec<ExemptionCoverage>,
}
