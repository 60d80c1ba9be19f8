//! What asking AWS took: which calls were made, and what AWS charges for them.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::money::Money;

/// What AWS was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ApiPurpose {
    /// A scan of accounts.
    Scan,
    /// Months of Cost Explorer.
    CostExplorer,
}

impl ApiPurpose {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scan => "scan",
            Self::CostExplorer => "cost-explorer",
        }
    }
}

/// What one run of a command took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApiUse {
    /// What for.
    pub purpose: ApiPurpose,
    /// When it began.
    pub began: Timestamp,
    /// When it ended.
    pub ended: Timestamp,
    /// Whether all was asked that should be.
    pub finished: bool,
    /// How often each operation was called, retries included.
    pub calls: Vec<OperationCalls>,
    /// What of it AWS charges, by what we know.
    pub paid: Vec<PaidUse>,
}

/// How often one operation was called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationCalls {
    /// The service, such as `EC2`.
    pub service: String,
    /// The operation, such as `DescribeVolumes`.
    pub operation: String,
    /// How often.
    pub count: u64,
}

/// Something that AWS charges.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PaidUse {
    /// The meter, such as `cloudwatch/getmetricdata`.
    pub meter: String,
    /// How many.
    pub quantity: u64,
    /// What is counted: `metric` or `request`.
    pub unit: String,
    /// What it costs by list price, free allowances left aside; absent where the catalogue had no price.
    pub cost: Option<Money>,
    /// Where the price is from.
    pub price: Option<ApiPrice>,
}

/// The list price of something that AWS charges.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApiPrice {
    /// The price.
    pub price: Money,
    /// Of what, such as `1000 metrics`.
    pub per: String,
    /// The region whose price it is.
    pub region: String,
    /// Where the catalogue has it from.
    pub source: String,
    /// The day the source had it.
    pub as_of: Option<Date>,
}

impl ApiUse {
    /// Returns how many calls were made.
    pub fn call_count(&self) -> u64 {
        self.calls.iter().map(|one| one.count).sum()
    }

    /// Returns how much of something was used.
    pub fn quantity(&self, meter: &str) -> u64 {
        self.paid.iter().filter(|one| one.meter == meter).map(|one| one.quantity).sum()
    }
}

/// What a month of asking took.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiMonth {
    /// The month, UTC, as `2026-10`.
    pub month: String,
    /// How many runs there were.
    pub runs: u64,
    /// How many calls they made.
    pub calls: u64,
    /// Metrics that were asked for.
    pub metrics: u64,
    /// Requests to Cost Explorer.
    pub requests: u64,
    /// What AWS charges for it by list price; absent where a price is not known.
    pub cost: Option<Money>,
}
