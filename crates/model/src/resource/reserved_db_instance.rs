//! Reserved DB instances of RDS.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What `describe-reserved-db-instances` says of one purchase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReservedDbInstance {
    /// `ReservedDBInstanceArn`.
    pub reserved_db_instance_arn: Option<String>,
    /// `DBInstanceClass`.
    pub db_instance_class: String,
    /// `DBInstanceCount`.
    pub db_instance_count: Option<u32>,
    /// `ProductDescription`, such as `postgresql`.
    pub product_description: Option<String>,
    /// `MultiAZ`.
    pub multi_az: Option<bool>,
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
    /// `FixedPrice`: paid in advance, per instance.
    pub fixed_price: Option<Decimal>,
    /// `UsagePrice`: paid per hour, per instance, used or not.
    pub usage_price: Option<Decimal>,
    /// The hourly one of `RecurringCharges`, per instance.
    pub recurring_hourly_charge: Option<Decimal>,
}
