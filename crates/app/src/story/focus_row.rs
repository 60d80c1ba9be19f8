//! One row of a FOCUS 1.0 bill with the columns that AWS adds.

use jiff::Timestamp;
use rust_decimal::Decimal;

use trimtab_model::focus::{
    ChargeCategory, ChargeClass, ChargeFrequency, CommitmentDiscountStatus, PricingCategory,
};

/// Digits behind the point of every amount and quantity on a generated bill.
pub(super) const SCALE: u32 = 16;

/// Who pays, and who uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    /// Twelve digits.
    pub(super) id: String,
    /// The name people know it by.
    pub(super) name: String,
    /// The currency it is billed in, where it pays.
    pub(super) currency: &'static str,
}

/// What is sold: one meter of a service in one region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Meter {
    /// `ServiceName`.
    pub(super) service_name: String,
    /// `ServiceCategory`.
    pub(super) service_category: &'static str,
    /// `x_ServiceCode`.
    pub(super) service_code: String,
    /// `x_UsageType`.
    pub(super) usage_type: String,
    /// `x_Operation`.
    pub(super) operation: String,
    /// `SkuId`.
    pub(super) sku_id: String,
    /// `SkuPriceId`.
    pub(super) sku_price_id: String,
    /// `PricingUnit`.
    pub(super) unit: String,
    /// `ListUnitPrice`.
    pub(super) price: Decimal,
    /// `RegionId`; absent for what has no region.
    pub(super) region: Option<String>,
    /// `ChargeDescription`.
    pub(super) description: String,
}

/// What was charged for, as the bill names it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct BilledResource {
    /// `ResourceId`: an instance or volume identifier, else an ARN.
    pub(super) id: String,
    /// `ResourceType`.
    pub(super) resource_type: &'static str,
    /// `AvailabilityZone`.
    pub(super) availability_zone: Option<String>,
    /// `Tags`.
    pub(super) tags: Vec<(String, String)>,
}

/// How a commitment takes part in a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct CommitmentUse<'a> {
    /// `CommitmentDiscountId`: the ARN.
    pub(super) id: &'a str,
    /// `CommitmentDiscountType`.
    pub(super) kind: &'static str,
    /// `CommitmentDiscountCategory`: `Spend` or `Usage`.
    pub(super) category: &'static str,
    /// `CommitmentDiscountStatus`; absent for the fee itself.
    pub(super) status: Option<CommitmentDiscountStatus>,
}

/// The four costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowCost {
    /// `BilledCost`.
    pub(super) billed: Decimal,
    /// `EffectiveCost`.
    pub(super) effective: Decimal,
    /// `ListCost`; AWS leaves it empty for what has no list price.
    pub(super) list: Option<Decimal>,
    /// `ContractedCost`.
    pub(super) contracted: Option<Decimal>,
}

impl RowCost {
    /// Returns the costs of something that has no discount.
    pub(super) fn undiscounted(amount: Decimal) -> Self {
        Self { billed: amount, effective: amount, list: Some(amount), contracted: Some(amount) }
    }

    /// Returns the costs of something that has no list price: tax, credit, refund.
    pub(super) fn unlisted(amount: Decimal) -> Self {
        Self { billed: amount, effective: amount, list: None, contracted: None }
    }
}

/// One row.
#[derive(Debug, Clone, Copy)]
pub(super) struct BillRow<'a> {
    /// The account that is billed.
    pub(super) payer: &'a Account,
    /// The account that used it.
    pub(super) account: &'a Account,
    /// `BillingPeriodStart` and `BillingPeriodEnd`.
    pub(super) billing_period: (Timestamp, Timestamp),
    /// `ChargePeriodStart` and `ChargePeriodEnd`.
    pub(super) charge_period: (Timestamp, Timestamp),
    /// `ChargeCategory`.
    pub(super) category: ChargeCategory,
    /// `ChargeClass`.
    pub(super) class: Option<ChargeClass>,
    /// `ChargeFrequency`.
    pub(super) frequency: ChargeFrequency,
    /// `PricingCategory`.
    pub(super) pricing_category: Option<PricingCategory>,
    /// What is sold.
    pub(super) meter: &'a Meter,
    /// What it was sold for.
    pub(super) resource: Option<&'a BilledResource>,
    /// The commitment behind it.
    pub(super) commitment: Option<CommitmentUse<'a>>,
    /// `PricingQuantity`, in the meter's unit.
    pub(super) quantity: Option<Decimal>,
    /// The four costs.
    pub(super) cost: RowCost,
}

impl<'a> BillRow<'a> {
    /// Makes a plain row of use at the meter's price.
    pub(super) fn usage(
        payer: &'a Account,
        account: &'a Account,
        billing_period: (Timestamp, Timestamp),
        charge_period: (Timestamp, Timestamp),
        meter: &'a Meter,
        resource: Option<&'a BilledResource>,
        quantity: Decimal,
    ) -> Self {
        Self {
            payer,
            account,
            billing_period,
            charge_period,
            category: ChargeCategory::Usage,
            class: None,
            frequency: ChargeFrequency::UsageBased,
            pricing_category: Some(PricingCategory::Standard),
            meter,
            resource,
            commitment: None,
            quantity: Some(quantity),
            cost: RowCost::undiscounted(exact(quantity, meter.price)),
        }
    }

    /// Returns the name of the region, as AWS writes it.
    pub(super) fn region_name(&self) -> Option<&'static str> {
        match self.meter.region.as_deref()? {
            "ap-northeast-2" => Some("Asia Pacific (Seoul)"),
            "us-east-1" => Some("US East (N. Virginia)"),
            _ => None,
        }
    }

    /// Returns whether the meter's unit price stands on the row: it does where something was metered.
    pub(super) fn has_unit_price(&self) -> bool {
        self.quantity.is_some() && self.cost.list.is_some()
    }

    /// Returns the unit price after negotiated discounts.
    ///
    /// AWS gives zero for what a commitment covers.
    pub(super) fn contracted_unit_price(&self) -> Option<Decimal> {
        self.has_unit_price().then_some(match self.commitment {
            Some(_) => Decimal::ZERO,
            None => self.meter.price,
        })
    }
}

/// Returns quantity times price with [`SCALE`] digits behind the point.
///
/// A quantity with six digits times a price with ten loses nothing.
pub(super) fn exact(quantity: Decimal, price: Decimal) -> Decimal {
    (quantity * price).round_dp(SCALE)
}
