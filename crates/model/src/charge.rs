//! What was charged: totals, and what each resource cost.
//!
//! Billing rows stay on the engine. What analysis sees is this: one row per
//! resource and meter over the days that the bill covers.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::commitment::CommitmentMonth;
use crate::focus::{ChargeCategory, CommitmentDiscountStatus, PricingCategory};
use crate::id::{RegionId, ResourceId, SubAccountId};
use crate::money::{Currency, Money};
use crate::period::{HOURS_PER_MONTH, Period};

/// The four costs of FOCUS for one charge or one group of charges.
///
/// `list` and `contracted` are absent where any row of the group lacks them: a
/// sum over some of the rows would look like a discount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// `BilledCost`: the basis of the invoice.
    pub billed: Money,
    /// `EffectiveCost`: amortised, after all discounts.
    pub effective: Money,
    /// `ListCost`: at public prices, before any discount.
    pub list: Option<Money>,
    /// `ContractedCost`: at negotiated prices, before commitment discounts.
    pub contracted: Option<Money>,
}

/// What one resource was charged for one meter within [`Charges::window`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceCharge {
    /// `ResourceId` as the bill writes it, shortened to the last part of an ARN
    /// where inventory uses the short form.
    pub resource_id: ResourceId,
    /// `SubAccountId`, where the bill has it.
    pub account: Option<SubAccountId>,
    /// `RegionId`, where the bill has it.
    pub region: Option<RegionId>,
    /// `ServiceName`.
    pub service_name: String,
    /// `ChargeCategory`.
    pub charge_category: ChargeCategory,
    /// AWS's usage type, such as `APN2-BoxUsage:m5.large`, where the export has it.
    pub usage_type: Option<String>,
    /// `SkuId`, where the bill has it.
    pub sku_id: Option<String>,
    /// `PricingCategory`.
    pub pricing_category: Option<PricingCategory>,
    /// Whether a commitment covered this usage.
    pub commitment_discount_status: Option<CommitmentDiscountStatus>,
    /// `PricingUnit`, such as `Hrs` or `GB-Mo`.
    pub pricing_unit: Option<String>,
    /// `PricingQuantity` summed over the window, in `pricing_unit`.
    pub pricing_quantity: Option<Decimal>,
    /// What it cost within the window.
    pub cost: Cost,
}

/// What one usage type was charged in one account and region within [`Charges::window`], whether
/// the bill names the resources or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeterCharge {
    /// `SubAccountId`, or the billing account where a charge has none.
    pub account: Option<SubAccountId>,
    /// `RegionId`, where the bill has it.
    pub region: Option<RegionId>,
    /// `ServiceName`.
    pub service_name: String,
    /// AWS's usage type, where the export has it.
    pub usage_type: Option<String>,
    /// Whether a commitment covered this usage.
    pub commitment_discount_status: Option<CommitmentDiscountStatus>,
    /// `PricingUnit`, such as `Hrs` or `GB`.
    pub pricing_unit: Option<String>,
    /// The currency of the charges.
    pub currency: Currency,
    /// `PricingQuantity` summed over the window; absent where a charge has none.
    pub pricing_quantity: Option<Decimal>,
    /// `EffectiveCost` summed over the window; absent where a charge has none.
    pub effective: Option<Money>,
}

/// What the bill says, reduced to what analysis needs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Charges {
    /// The days that both the bill and the look-back of 30 days cover. Absent
    /// when no bill was read.
    pub window: Option<Period>,
    /// Cost of everything in the window, per currency.
    pub totals: BTreeMap<Currency, Cost>,
    /// Effective cost in the window per account and currency. Charges without a
    /// sub-account stand under the billing account.
    #[serde(with = "crate::pairs")]
    pub by_account: BTreeMap<(SubAccountId, Currency), Cost>,
    /// What each resource was charged, sorted by resource, then usage type.
    pub resources: Vec<ResourceCharge>,
    /// What each usage type was charged, sorted by account, region, then usage type.
    #[serde(default)]
    pub meters: Vec<MeterCharge>,
    /// What each commitment did in each of the last billing periods, sorted by commitment,
    /// then period.
    #[serde(default)]
    pub commitments: Vec<CommitmentMonth>,
}

impl Charges {
    /// Returns the factor from an amount in the window to an amount per month of 730 hours.
    ///
    /// Absent when there is no bill, or when the window is empty.
    pub fn monthly_factor(&self) -> Option<Decimal> {
        let hours = self.window?.hours();
        (!hours.is_zero()).then(|| Decimal::from(HOURS_PER_MONTH) / hours)
    }

    /// Returns the charges of one resource. [`Charges::resources`] is sorted, so this is a slice.
    pub fn of_resource(&self, resource: &ResourceId) -> &[ResourceCharge] {
        let start = self.resources.partition_point(|charge| charge.resource_id < *resource);
        let end = self.resources.partition_point(|charge| charge.resource_id <= *resource);
        self.resources.get(start..end).unwrap_or_default()
    }

    /// Returns the usage cost of one resource per month, effective, per currency.
    ///
    /// Absent when the bill does not name the resource.
    pub fn monthly_effective(&self, resource: &ResourceId) -> Option<BTreeMap<Currency, Money>> {
        let factor = self.monthly_factor()?;
        let mut sums: BTreeMap<Currency, Money> = BTreeMap::new();
        for charge in self.of_resource(resource) {
            if charge.charge_category != ChargeCategory::Usage {
                continue;
            }
            let effective = charge.cost.effective;
            let sum = sums.entry(effective.currency).or_insert(Money::zero(effective.currency));
            *sum = sum.checked_add(effective).ok()?;
        }
        if sums.is_empty() {
            return None;
        }
        sums.into_iter().map(|(currency, sum)| Some((currency, sum.times(factor).ok()?))).collect()
    }
}
