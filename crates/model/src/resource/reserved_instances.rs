//! Reserved Instances of EC2.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::id::InstanceType;

/// What `describe-reserved-instances` says of one purchase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReservedInstances {
    /// `InstanceType`.
    pub instance_type: InstanceType,
    /// `InstanceCount`.
    pub instance_count: u32,
    /// `ProductDescription`, such as `Linux/UNIX`.
    pub product_description: Option<String>,
    /// `State`: `active`, `payment-pending`, `retired`, …
    pub state: Option<String>,
    /// `Start`.
    pub start: Option<Timestamp>,
    /// `End`.
    pub end: Option<Timestamp>,
    /// `Duration` in seconds.
    pub duration_seconds: Option<u64>,
    /// `OfferingClass`: `standard` or `convertible`.
    pub offering_class: Option<String>,
    /// `OfferingType`, such as `No Upfront`.
    pub offering_type: Option<String>,
    /// `Scope`: `Region` or `Availability Zone`.
    pub scope: Option<String>,
    /// `AvailabilityZone`, where the scope is one.
    pub availability_zone: Option<String>,
    /// `InstanceTenancy`.
    pub instance_tenancy: Option<String>,
    /// `CurrencyCode`.
    pub currency_code: Option<String>,
    /// `FixedPrice`: paid in advance, per instance.
    pub fixed_price: Option<Decimal>,
    /// `UsagePrice`: paid per hour of use, per instance.
    pub usage_price: Option<Decimal>,
    /// The hourly one of `RecurringCharges`, per instance.
    pub recurring_hourly_charge: Option<Decimal>,
}
