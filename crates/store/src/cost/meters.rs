//! The charges reduced to one row per account, region and usage type.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use trimtab_model::charge::MeterCharge;
use trimtab_model::focus::ChargeCategory;
use trimtab_model::money::Currency;

use super::groups::Sums;
use super::rows::Rows;
use crate::lake::LakeError;

/// The sums of each usage type.
#[derive(Default)]
pub(super) struct Meters(BTreeMap<Key, Sum>);

/// In the order in which the rows come out.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    account: Option<String>,
    region: Option<String>,
    usage_type: Option<String>,
    service_name: String,
    commitment: Option<String>,
    pricing_unit: Option<String>,
    currency: Currency,
}

struct Sum {
    cost: Sums,
    /// Absent as soon as one charge has no quantity.
    quantity: Option<Decimal>,
}

impl Meters {
    /// Adds a row of the answer, if it is usage; `text` gives its columns.
    pub(super) fn add<'a>(
        &mut self,
        text: impl Fn(&str) -> Option<&'a str>,
        currency: Currency,
        rows: &Rows<'_>,
        row: usize,
        quantity: Option<Decimal>,
    ) -> Result<(), LakeError> {
        let category = text("ChargeCategory").and_then(|word| word.parse::<ChargeCategory>().ok());
        if category != Some(ChargeCategory::Usage) {
            return Ok(());
        }
        let owned = |name: &str| text(name).map(str::to_owned);
        let key = Key {
            account: owned("SubAccountId").or_else(|| owned("BillingAccountId")),
            region: owned("RegionId"),
            usage_type: owned("x_UsageType"),
            service_name: owned("ServiceName").unwrap_or_default(),
            commitment: owned("CommitmentDiscountStatus"),
            pricing_unit: owned("PricingUnit"),
            currency,
        };
        let nothing = || Sum { cost: Sums::default(), quantity: Some(Decimal::ZERO) };
        let sum = self.0.entry(key).or_insert_with(nothing);
        sum.quantity =
            sum.quantity.and_then(|so_far| quantity.and_then(|more| so_far.checked_add(more)));
        sum.cost.add(rows, row)
    }

    /// Returns what was charged for each.
    pub(super) fn finish(self) -> Result<Vec<MeterCharge>, LakeError> {
        self.0
            .into_iter()
            .map(|(key, sum)| {
                let [_, (effective, complete), ..] = sum.cost.costs(key.currency)?;
                Ok(MeterCharge {
                    account: key.account.map(Into::into),
                    region: key.region.map(Into::into),
                    service_name: key.service_name,
                    usage_type: key.usage_type,
                    commitment_discount_status: key.commitment.and_then(|word| word.parse().ok()),
                    pricing_unit: key.pricing_unit,
                    currency: key.currency,
                    pricing_quantity: sum.quantity,
                    effective: effective.filter(|_| complete),
                })
            })
            .collect()
    }
}
