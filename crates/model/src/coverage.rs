//! What was read, what was not, and what reading it would unlock.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::{CheckId, RegionId, SubAccountId};
use crate::resource::ResourceKind;
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

/// A source that is read place by place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceSource {
    /// The listings of resources.
    Inventory,
    /// The metrics of CloudWatch that come by themselves.
    CloudWatch,
    /// How much memory machines use: an agent tells it.
    AgentMemory,
    /// The bill.
    Bill,
    /// What Compute Optimizer says.
    ComputeOptimizer,
    /// What Cost Optimization Hub says.
    CostOptimizationHub,
}

impl PlaceSource {
    /// Every source, in the order in which they are shown.
    pub const ALL: [Self; 6] = [
        Self::Inventory,
        Self::CloudWatch,
        Self::AgentMemory,
        Self::Bill,
        Self::ComputeOptimizer,
        Self::CostOptimizationHub,
    ];

    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inventory => "inventory",
            Self::CloudWatch => "cloudwatch",
            Self::AgentMemory => "agent-memory",
            Self::Bill => "bill",
            Self::ComputeOptimizer => "compute-optimizer",
            Self::CostOptimizationHub => "cost-optimization-hub",
        }
    }
}

/// How much of a source is known of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceStatus {
    /// All of it.
    Complete,
    /// Some of it.
    Partial,
    /// None of it: it was asked for, or is known not to be there.
    None,
    /// Nobody has asked, or nothing says what came of it.
    Unknown,
    /// There is nothing there that it could be about.
    NotNeeded,
}

impl PlaceStatus {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Partial => "partial",
            Self::None => "none",
            Self::Unknown => "unknown",
            Self::NotNeeded => "not-needed",
        }
    }
}

/// What is known of one source at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlaceReading {
    /// How much of it.
    pub status: PlaceStatus,
    /// How much was read and how much there is to read: listings, or resources; absent where that is no question.
    pub read: Option<(u64, u64)>,
    /// When it was read last, or up to when; absent where that was not kept.
    pub at: Option<Timestamp>,
}

/// What is known of one account and region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceCoverage {
    /// The account.
    pub account: SubAccountId,
    /// The region.
    pub region: RegionId,
    /// Every source.
    pub sources: BTreeMap<PlaceSource, PlaceReading>,
}

impl PlaceCoverage {
    /// Returns when any of the sources was read last.
    pub fn latest(&self) -> Option<Timestamp> {
        self.sources.values().filter_map(|reading| reading.at).max()
    }
}

/// How far the metrics of one account and region were read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceMarks {
    /// The account.
    pub account: SubAccountId,
    /// The region.
    pub region: RegionId,
    /// Resources whose own metrics were read, and up to when.
    pub measured: (u64, Option<Timestamp>),
    /// Resources whose memory an agent tells, and up to when.
    pub memory: (u64, Option<Timestamp>),
}

/// A permission that a role lacks in one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionGap {
    /// The account.
    pub account: SubAccountId,
    /// The IAM action, such as `rds:DescribeDBInstances`.
    pub action: String,
    /// Whether AWS has refused just this action; otherwise it is one of those that the listing calls.
    pub is_exact: bool,
    /// Where.
    pub regions: BTreeSet<RegionId>,
    /// What is missing for it.
    pub kinds: BTreeSet<ResourceKind>,
    /// The checks that need what is missing.
    pub unlocks: BTreeSet<CheckId>,
    /// When it was refused last.
    pub at: Timestamp,
}

/// A signal that would settle what could not be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingSignal {
    /// A stable name, such as `metrics:CWAgent:mem_used_percent`.
    pub signal: String,
    /// How many resources lack a verdict for want of it.
    pub resources: u64,
    /// The checks that wait for it.
    pub checks: BTreeSet<CheckId>,
}
