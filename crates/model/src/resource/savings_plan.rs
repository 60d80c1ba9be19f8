//! Savings Plans.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What `describe-savings-plans` says of one plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavingsPlan {
    /// `savingsPlanArn`.
    pub savings_plan_arn: Option<String>,
    /// `savingsPlanType`: `Compute`, `EC2Instance`, `SageMaker` or `Database`.
    pub savings_plan_type: Option<String>,
    /// `ec2InstanceFamily`, to which an EC2 Instance Savings Plan is bound.
    pub ec2_instance_family: Option<String>,
    /// `region`, to which an EC2 Instance Savings Plan is bound.
    pub plan_region: Option<String>,
    /// `state`: `active`, `queued`, `retired`, `returned`, …
    pub state: Option<String>,
    /// `start`.
    pub start: Option<Timestamp>,
    /// `end`.
    pub end: Option<Timestamp>,
    /// `termDurationInSeconds`.
    pub term_duration_seconds: Option<u64>,
    /// `returnableUntil`; its start, where it cannot be returned.
    pub returnable_until: Option<Timestamp>,
    /// `paymentOption`, such as `No Upfront`.
    pub payment_option: Option<String>,
    /// `currency`.
    pub currency: Option<String>,
    /// `commitment`: paid per hour, used or not.
    pub hourly_commitment: Option<Decimal>,
    /// `upfrontPaymentAmount`.
    pub upfront_payment_amount: Option<Decimal>,
}
