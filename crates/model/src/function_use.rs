//! A Lambda function that exists: what its metrics say of its work, and what it costs.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::id::CheckId;
use crate::money::Money;
use crate::recommendation::{CostComponent, Unknown};
use crate::resource::{ResourceRef, Tags};
use crate::serverless::FunctionArchitecture;
use crate::text::Text;

/// A Lambda function that exists. Amounts and counts are for a month of 730 hours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FunctionUse {
    /// The function.
    pub resource: ResourceRef,
    /// Its tags.
    pub tags: Tags,
    /// `FunctionArn`.
    pub function_arn: Option<String>,
    /// `MemorySize` in MB.
    pub memory_mb: Option<u32>,
    /// The processor; absent where the inventory does not tell it.
    pub architecture: Option<FunctionArchitecture>,
    /// `Timeout` in seconds.
    pub timeout_seconds: Option<u32>,
    /// Environments that provisioned concurrency keeps ready, over all aliases and versions; absent where that was not
    /// listed.
    pub kept_ready: Option<u32>,
    /// What its metrics say, or why they say nothing.
    pub work: Result<FunctionWork, Unknown>,
    /// What it costs, or why that is not known.
    pub cost: Result<FunctionMonth, Unknown>,
    /// What is remarkable about it, in order of their codes.
    pub remarks: Vec<Remark>,
}

impl FunctionUse {
    /// Returns the names that somebody may call it by.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.resource.id.as_str())
            .chain(self.resource.name.as_deref())
            .chain(self.function_arn.as_deref())
    }

    /// Returns its calls a month, where they were measured.
    pub fn calls(&self) -> Option<f64> {
        self.work.as_ref().ok().map(|work| work.calls)
    }
}

/// The work of a function, as it was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FunctionWork {
    /// Days that were looked at.
    pub days: f64,
    /// Calls a month.
    pub calls: f64,
    /// Time of a call in milliseconds, the mean; absent without calls, or without the metric.
    pub duration_ms: Option<f64>,
    /// Time of the longest call in milliseconds; absent without the metric.
    pub longest_ms: Option<f64>,
    /// GB-seconds a month; absent where duration or memory is not known.
    pub gb_seconds: Option<f64>,
    /// Calls that were at work at once, the mean; absent without the sum of durations.
    pub at_once: Option<f64>,
    /// The same in the busiest sample.
    pub at_once_busiest: Option<f64>,
    /// Share of the calls that failed, from 0 to 1; absent without calls, or without the metric.
    pub error_share: Option<f64>,
    /// How many times its mean duration the timeout is; absent where one of them is not known.
    pub timeout_times: Option<f64>,
}

/// What an amount was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CostSource {
    /// Its charges on the bill, effective.
    Bill,
    /// Its metrics at list prices.
    Metrics,
}

/// What a function costs a month of 730 hours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FunctionMonth {
    /// The amount.
    pub cost: Money,
    /// What it was taken from.
    pub source: CostSource,
    /// Quantities and prices; empty where the bill says the amount.
    pub components: Vec<CostComponent>,
}

/// What can be remarkable about a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RemarkCode {
    /// Nobody called it, for a month at least.
    Idle,
    /// Nobody called it, for less than a month.
    IdleSoFar,
    /// Its timeout is far above the time that a call takes.
    TimeoutFarAbove,
    /// Its longest call came near its timeout.
    TimeoutNear,
    /// arm64 would run it for less.
    X86,
    /// Containers would do its work for less.
    AlwaysBusy,
}

impl RemarkCode {
    /// Returns the code, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::IdleSoFar => "idle-so-far",
            Self::TimeoutFarAbove => "timeout-far-above",
            Self::TimeoutNear => "timeout-near",
            Self::X86 => "x86",
            Self::AlwaysBusy => "always-busy",
        }
    }
}

/// What is remarkable about a function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// The code.
    pub code: RemarkCode,
    /// The sentence.
    pub text: Text,
    /// The check that recommends a change, where one does.
    pub check: Option<CheckId>,
    /// What one call costs that hangs until the timeout, in dollars at list prices; of `timeout-far-above` alone, and
    /// absent where memory or price is not known.
    pub hung_call_usd: Option<Decimal>,
}
