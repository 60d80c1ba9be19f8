//! The memory of a function, chosen by durations that were measured at several sizes.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::id::RegionId;
use crate::price::Price;
use crate::resource::ResourceRef;
use crate::serverless::FunctionArchitecture;

/// One call that was measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasuredCall {
    /// `MemorySize` in MB.
    pub memory_mb: u32,
    /// How long it took, in milliseconds.
    pub duration_ms: Decimal,
    /// The processor, where it is told.
    pub architecture: Option<FunctionArchitecture>,
    /// Whether it began in a new environment.
    pub is_cold: bool,
}

/// The mean of the calls at one size, made by somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeanOfSize {
    /// `MemorySize` in MB.
    pub memory_mb: u32,
    /// How long a call took, in milliseconds.
    pub duration_ms: Decimal,
}

/// What was measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TuningPoints {
    /// Call by call.
    Calls(Vec<MeasuredCall>),
    /// One mean for each size, as AWS Lambda Power Tuning gives it.
    Means(Vec<MeanOfSize>),
}

/// What a size is chosen by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// The cheapest.
    Cost,
    /// The fastest.
    Speed,
    /// A weight between both.
    Balanced,
}

impl Strategy {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cost => "cost",
            Self::Speed => "speed",
            Self::Balanced => "balanced",
        }
    }
}

/// How durations change from one size to the next larger one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// They fall as memory grows: the processor was what a call waited for.
    CpuBound,
    /// They fall by less.
    Mixed,
    /// They stay: a call waits for something else.
    Waiting,
    /// They grow.
    Slower,
}

impl Step {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CpuBound => "cpu-bound",
            Self::Mixed => "mixed",
            Self::Waiting => "waiting",
            Self::Slower => "slower",
        }
    }
}

/// What was measured at one size, and what it costs there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TunedSize {
    /// `MemorySize` in MB.
    pub memory_mb: u32,
    /// The processor.
    pub architecture: FunctionArchitecture,
    /// Calls that were measured; absent where only their mean is known.
    pub samples: Option<u32>,
    /// Of these the fastest and the slowest that are in no mean; absent where only the mean is known.
    pub trimmed: Option<u32>,
    /// How long a call takes, in milliseconds: the mean of the rest.
    pub duration_ms: Decimal,
    /// The same as it is paid: whole milliseconds, rounded up.
    pub billed_ms: Decimal,
    /// GB-seconds of a million calls.
    pub gb_seconds_per_million: Decimal,
    /// Dollars for a million calls, requests included.
    pub usd_per_million: Decimal,
    /// How durations change from the next smaller size; absent for the smallest.
    pub step: Option<Step>,
    /// Times of what the function costs at its present size; absent where that was not measured.
    pub cost_times: Option<Decimal>,
    /// Times of how long a call takes at the present size; absent where that was not measured.
    pub duration_times: Option<Decimal>,
    /// Dollars a month; absent where the number of calls is not known.
    pub usd_per_month: Option<Decimal>,
    /// Whether the function has this size now.
    pub is_present: bool,
    /// Whether it is the one that was chosen.
    pub is_chosen: bool,
}

/// Where the number of calls is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallsFrom {
    /// It was given.
    Given,
    /// The metrics of the function have it.
    Metrics,
}

/// Calls a month, and who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthlyCalls {
    /// Calls a month of 730 hours.
    pub calls: Decimal,
    /// Where the number is from.
    pub source: CallsFrom,
}

/// The sizes of a function beside one another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tuning {
    /// The function; absent where none was named.
    pub function: Option<ResourceRef>,
    /// Where the prices are from.
    pub region: RegionId,
    /// `MemorySize` of the function now, in MB.
    pub present_memory_mb: Option<u32>,
    /// What the size was chosen by.
    pub strategy: Strategy,
    /// The weight of cost, from 0 (speed) to 1 (cost); of `balanced` alone.
    pub balance: Option<Decimal>,
    /// Calls a month.
    pub calls: Option<MonthlyCalls>,
    /// Calls that began in a new environment and are left out.
    pub cold_left_out: u64,
    /// Calls on another processor than the one asked for, which are left out.
    pub others_left_out: u64,
    /// The sizes, by processor and memory.
    pub sizes: Vec<TunedSize>,
    /// Dollars that a million calls cost less than now; below zero where they cost more, absent where the present size was
    /// not measured.
    pub saved_per_million: Option<Decimal>,
    /// The same a month.
    pub saved_per_month: Option<Decimal>,
    /// The price of a request.
    pub request_price: Price,
    /// The price of a GB-second, by processor.
    pub gb_second_prices: BTreeMap<FunctionArchitecture, Price>,
}

impl Tuning {
    /// Returns the size that was chosen.
    pub fn chosen(&self) -> Option<&TunedSize> {
        self.sizes.iter().find(|one| one.is_chosen)
    }
}

/// Why sizes cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TuningFault {
    /// Nothing is left to compare; so many calls were left out because they began in a new environment, or ran on another
    /// processor.
    Nothing {
        /// Calls that began in a new environment.
        cold: u64,
        /// Calls on another processor.
        others: u64,
    },
    /// One size alone was measured, in MB.
    OneSize(u32),
    /// Which processor it was is not told.
    ArchitectureUnknown,
    /// The catalogue has no price of this meter.
    Price(String),
    /// Amounts are too large.
    TooLarge,
}
