//! What AWS itself recommends: a second opinion, to be held against ours.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::collection::Outcome;
use crate::id::{RegionId, ResourceId, SubAccountId};
use crate::money::Money;
use crate::resource::{ResourceKind, ResourceRef};
use crate::text::Reason;

/// Who at AWS says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OpinionSource {
    /// AWS Compute Optimizer.
    ComputeOptimizer,
    /// Cost Optimization Hub.
    CostOptimizationHub,
}

impl OpinionSource {
    /// Every source.
    pub const ALL: &'static [Self] = &[Self::ComputeOptimizer, Self::CostOptimizationHub];

    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ComputeOptimizer => "compute-optimizer",
            Self::CostOptimizationHub => "cost-optimization-hub",
        }
    }

    /// Returns the name that AWS gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ComputeOptimizer => "Compute Optimizer",
            Self::CostOptimizationHub => "Cost Optimization Hub",
        }
    }
}

/// What should happen to a resource, in AWS's opinion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Advice {
    /// Nothing: it fits.
    Keep,
    /// It should be larger.
    Enlarge,
    /// Another size, type or generation.
    Change,
    /// Nothing uses it: stop or delete it.
    Remove,
}

impl Advice {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Enlarge => "enlarge",
            Self::Change => "change",
            Self::Remove => "remove",
        }
    }
}

/// What of a resource an opinion is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aspect {
    /// All of it, or its size.
    Whole,
    /// The storage of a database.
    Storage,
}

/// What one service of AWS says of one resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// Who says it.
    pub source: OpinionSource,
    /// The account of the resource.
    pub account: SubAccountId,
    /// The region of the resource.
    pub region: RegionId,
    /// The kind of the resource.
    pub kind: ResourceKind,
    /// The resource as our inventory names it.
    pub id: ResourceId,
    /// What of the resource it is about.
    pub aspect: Aspect,
    /// What should happen.
    pub advice: Advice,
    /// AWS's own word for it, such as `Overprovisioned` or `Rightsize`.
    pub finding: String,
    /// AWS's reason codes.
    pub reason_codes: Vec<String>,
    /// What AWS proposes, by the keys of a recommendation, such as `instance_type`.
    pub recommended: BTreeMap<String, String>,
    /// What AWS proposes in its own words, where it has no keys.
    pub summary: Option<String>,
    /// What a month would save, as AWS estimates it: before discounts by Compute Optimizer, and
    /// by Cost Optimization Hub as the account has set it.
    pub monthly_saving: Option<Money>,
    /// What a month would save after discounts, as AWS estimates it.
    pub monthly_saving_after_discounts: Option<Money>,
    /// Days that AWS looked at.
    pub lookback_days: Option<u32>,
    /// Whether AWS saw how much memory is used; absent where it does not say.
    pub memory: Option<Sight>,
    /// When AWS made it.
    pub refreshed_at: Option<Timestamp>,
}

/// Whether something was there to be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sight {
    /// It was.
    Seen,
    /// It was not.
    Unseen,
}

/// How the reading of one source in one place ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpinionReading {
    /// The source.
    pub source: OpinionSource,
    /// The account.
    pub account: SubAccountId,
    /// The region; absent where one answer is for all of them.
    pub region: Option<RegionId>,
    /// How it ended. Not enrolled is [`Outcome::OptedOut`].
    pub outcome: Outcome,
    /// How many opinions were read.
    pub opinions: u64,
    /// How many were left out: about kinds that trimtab does not read, and about purchases.
    pub left_out: u64,
    /// What went wrong.
    pub reasons: Vec<Reason>,
    /// When it was read.
    pub at: Timestamp,
}

/// Everything that AWS's services said, and where they were asked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Opinions {
    /// Where they were asked, and how that ended.
    pub readings: Vec<OpinionReading>,
    /// What they said.
    pub opinions: Vec<Opinion>,
}

/// How AWS stands to one of our recommendations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stance {
    /// It says the same.
    Agree,
    /// It says something else.
    Differ,
    /// It says nothing.
    Absent,
}

impl Stance {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agree => "agree",
            Self::Differ => "differ",
            Self::Absent => "absent",
        }
    }
}

/// How AWS stands to one of our recommendations, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondOpinion {
    /// How it stands.
    pub stance: Stance,
    /// Why, in a sentence.
    pub reason: Reason,
    /// What the two looked at differently, whatever they conclude.
    pub differences: Vec<Reason>,
    /// What AWS said of the resource; empty where it said nothing.
    pub opinions: Vec<Opinion>,
}

/// Something that AWS recommends and we do not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnlyAws {
    /// The resource.
    pub resource: ResourceRef,
    /// What AWS says.
    pub opinion: Opinion,
    /// Why we do not.
    pub reason: Reason,
}
