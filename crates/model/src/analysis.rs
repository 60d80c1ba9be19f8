//! What an analysis says: recommendations, passes, and what it could not judge.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::charge::Cost;
use crate::coverage::Coverage;
use crate::exemption;
use crate::function_use::FunctionUse;
use crate::id::{CheckId, RecommendationId};
use crate::money::{Currency, Money};
use crate::opinion::OnlyAws;
use crate::recommendation::{Increase, Recommendation, Unknown};
use crate::resource::ResourceRef;
use crate::serverless::Candidate;
use crate::text::{Reason, Text};

/// Sums per currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Total {
    /// What the account costs a month of 730 hours, from the bill. Absent without a bill.
    pub monthly_cost: Option<Cost>,
    /// The sum of the low estimates.
    pub low: Money,
    /// The sum of the likely estimates. Never above the monthly cost.
    pub likely: Money,
    /// The sum of the high estimates. Never above the monthly cost.
    pub high: Money,
    /// The sum at list prices.
    pub before_discounts: Money,
    /// How many recommendations are in these sums: those with conditional savings are not.
    pub recommendations: u64,
    /// The sum of the likely savings that depend on a repair of an application. None of the sums
    /// above has it; together with the likely one it never exceeds the monthly cost. Absent where
    /// there is none.
    #[serde(default)]
    pub conditional: Option<Money>,
    /// How many recommendations depend on such a repair.
    #[serde(default)]
    pub conditional_recommendations: u64,
}

/// A verdict without a change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Passed {
    /// The check.
    pub check: CheckId,
    /// The resource.
    pub resource: ResourceRef,
    /// Why nothing is recommended.
    pub reason: Reason,
}

impl Passed {
    /// Returns whether the owner took it out, by a tag or by a rule of the configuration.
    pub fn is_exempt(&self) -> bool {
        matches!(self.reason.code.as_str(), exemption::TAG_CODE | exemption::RULE_CODE)
    }
}

/// A verdict that the data does not allow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unjudged {
    /// The check.
    pub check: CheckId,
    /// The resource.
    pub resource: ResourceRef,
    /// What is missing.
    pub unknown: Unknown,
}

/// A cost that rises by itself, and the check that saw it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RisingCost {
    /// The check.
    pub check: CheckId,
    /// The resource.
    pub resource: ResourceRef,
    /// When, and how much.
    pub increase: Increase,
}

/// A recommendation that another one on the same resource makes pointless.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Superseded {
    /// The one that is left out.
    pub recommendation: Recommendation,
    /// The one that is kept.
    pub by: RecommendationId,
    /// Why.
    pub reason: Reason,
}

/// A day on which nobody works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// The day.
    pub date: Date,
    /// What it is called.
    pub name: Text,
}

/// The outcome of one run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// The moment it was made for.
    pub as_of: Timestamp,
    /// What was read and what was not.
    pub coverage: Coverage,
    /// Sums per currency.
    pub totals: BTreeMap<Currency, Total>,
    /// What to change, largest likely saving first.
    pub items: Vec<Recommendation>,
    /// What costs more by itself since a day or from a day on, the earliest first; in no total.
    #[serde(default)]
    pub increases: Vec<RisingCost>,
    /// What was left out because another recommendation covers it.
    pub superseded: Vec<Superseded>,
    /// What needs no change.
    pub passed: Vec<Passed>,
    /// What could not be judged.
    pub unknown: Vec<Unjudged>,
    /// What AWS recommends and we do not.
    #[serde(default)]
    pub only_aws: Vec<OnlyAws>,
    /// Servers that mostly wait, whether they could be functions or not: those that could first, the largest saving ahead.
    #[serde(default)]
    pub serverless: Vec<Candidate>,
    /// Every Lambda function of the inventory, the dearest first, those whose cost is not known last.
    #[serde(default)]
    pub functions: Vec<FunctionUse>,
    /// The holidays of the year that follows the moment.
    #[serde(default)]
    pub holidays: Vec<Holiday>,
}
