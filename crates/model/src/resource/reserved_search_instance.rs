//! Reserved Instances of OpenSearch Service.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What `describe-reserved-instances` of OpenSearch Service says of one purchase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReservedSearchInstance {
    /// `ReservationName`.
    pub reservation_name: Option<String>,
    /// `InstanceType`.
    pub instance_type: String,
    /// `InstanceCount`.
    pub instance_count: Option<u32>,
    /// `PaymentOption`, such as `NO_UPFRONT`.
    pub payment_option: Option<String>,
    /// `CurrencyCode`.
    pub currency_code: Option<String>,
    /// `StartTime`.
    pub start_time: Option<Timestamp>,
    /// `Duration` in seconds.
    pub duration_seconds: Option<u64>,
    /// `State`: `active`, `payment-pending`, `retired`, …
    pub state: Option<String>,
    /// `FixedPrice`: paid in advance, per instance.
    pub fixed_price: Option<Decimal>,
    /// `UsagePrice`: paid per hour, per instance, used or not.
    pub usage_price: Option<Decimal>,
    /// The hourly one of `RecurringCharges`, per instance.
    pub recurring_hourly_charge: Option<Decimal>,
}
