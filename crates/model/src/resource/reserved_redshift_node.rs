//! Reserved nodes of Redshift.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What `describe-reserved-nodes` of Redshift says of one purchase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReservedRedshiftNode {
    /// `NodeType`.
    pub node_type: String,
    /// `NodeCount`.
    pub node_count: Option<u32>,
    /// `OfferingType`, such as `No Upfront`.
    pub offering_type: Option<String>,
    /// `CurrencyCode`.
    pub currency_code: Option<String>,
    /// `StartTime`.
    pub start_time: Option<Timestamp>,
    /// `Duration` in seconds.
    pub duration_seconds: Option<u64>,
    /// `State`: `active`, `payment-pending`, `retired`, …
    pub state: Option<String>,
    /// `FixedPrice`: paid in advance, per node.
    pub fixed_price: Option<Decimal>,
    /// `UsagePrice`: paid per hour, per node, used or not.
    pub usage_price: Option<Decimal>,
    /// The hourly one of `RecurringCharges`, per node.
    pub recurring_hourly_charge: Option<Decimal>,
}
