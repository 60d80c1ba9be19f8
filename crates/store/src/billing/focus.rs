//! FOCUS rows to charges: the columns are the same, their types are brought into line.
//!
//! `BilledCost` may be null only where a commitment discount is named: usage that a
//! commitment covers has no invoice amount of its own, and AWS leaves it out. Any
//! other null there is an error, because a total would silently lack an amount.
//! `EffectiveCost`, `ListCost` and `ContractedCost` may be null anywhere (AWS's
//! exports leave them so against the specification) and stay null.

use arrow::array::{Array, ArrayRef};

use super::column::{self, Columns, Text};
use super::map::{Draft, Mapped};
use super::raw::{Layout, Raw};
use crate::error::InputError;

/// The columns that are read.
pub(super) const WANTED: &[&str] = &[
    "AvailabilityZone",
    "BilledCost",
    "BillingAccountId",
    "BillingCurrency",
    "BillingPeriodStart",
    "ChargeCategory",
    "ChargeClass",
    "ChargeDescription",
    "ChargeFrequency",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "CommitmentDiscountCategory",
    "CommitmentDiscountId",
    "CommitmentDiscountStatus",
    "CommitmentDiscountType",
    "ConsumedQuantity",
    "ConsumedUnit",
    "ContractedCost",
    "ContractedUnitPrice",
    "EffectiveCost",
    "InvoiceId",
    "InvoiceIssuerName",
    "ListCost",
    "ListUnitPrice",
    "PricingCategory",
    "PricingQuantity",
    "PricingUnit",
    "ProviderName",
    "PublisherName",
    "RegionId",
    "ResourceId",
    "ResourceName",
    "ResourceType",
    "ServiceCategory",
    "ServiceName",
    "ServiceProviderName",
    "SkuId",
    "SkuMeter",
    "SkuPriceId",
    "SubAccountId",
    "SubAccountName",
    "Tags",
    "x_Operation",
    "x_ServiceCode",
    "x_UsageType",
];

/// Text that is stored under the name that FOCUS gives it.
const SAME: &[&str] = &[
    "AvailabilityZone",
    "BillingAccountId",
    "ChargeCategory",
    "ChargeClass",
    "ChargeDescription",
    "ChargeFrequency",
    "CommitmentDiscountCategory",
    "CommitmentDiscountId",
    "CommitmentDiscountStatus",
    "CommitmentDiscountType",
    "ConsumedUnit",
    "InvoiceId",
    "InvoiceIssuerName",
    "PricingCategory",
    "PricingUnit",
    "PublisherName",
    "RegionId",
    "ResourceId",
    "ResourceName",
    "ResourceType",
    "ServiceCategory",
    "ServiceName",
    "SkuId",
    "SkuPriceId",
    "SubAccountId",
    "SubAccountName",
    "x_Operation",
    "x_ServiceCode",
];

/// Maps one batch.
///
/// # Errors
/// Fails on the first row that cannot be a charge.
pub(super) fn map(columns: &mut Columns, layout: &Layout, raw: &Raw) -> Result<Mapped, InputError> {
    let mut draft = Draft::new(layout, raw);
    for name in SAME {
        if let Some(text) = columns.text(layout, raw, name)? {
            draft.set_text(name, text);
        }
    }
    draft.set_text_if("BillingCurrency", columns.text(layout, raw, "BillingCurrency")?);
    draft.set_text_if("Tags", tags(columns, layout, raw)?);
    // AWS's FOCUS 1.2 has the usage type in SkuMeter; its 1.0 has x_UsageType.
    draft.set_text_if(
        "x_UsageType",
        column::first_of(
            columns.text(layout, raw, "x_UsageType")?,
            columns.text(layout, raw, "SkuMeter")?,
        ),
    );
    // FOCUS 1.3 renamed ProviderName to ServiceProviderName.
    draft.set_text_if(
        "ProviderName",
        column::first_of(
            columns.text(layout, raw, "ProviderName")?,
            columns.text(layout, raw, "ServiceProviderName")?,
        ),
    );
    for name in [
        "BilledCost",
        "EffectiveCost",
        "ListCost",
        "ContractedCost",
        "PricingQuantity",
        "ConsumedQuantity",
        "ListUnitPrice",
        "ContractedUnitPrice",
    ] {
        if let Some(decimals) = columns.decimal(layout, raw, name)? {
            draft.set_decimal(name, decimals);
        }
    }
    draft.set_charge_period(
        columns.moment(layout, raw, "ChargePeriodStart")?,
        columns.moment(layout, raw, "ChargePeriodEnd")?,
    );
    draft.set_billing_period(columns.moment(layout, raw, "BillingPeriodStart")?);
    billed_nulls_are_explained(&draft, layout, raw)?;
    draft.finish("ChargePeriodStart", "BillingCurrency")
}

fn billed_nulls_are_explained(
    draft: &Draft<'_>,
    layout: &Layout,
    raw: &Raw,
) -> Result<(), InputError> {
    let Some(billed) = draft.decimal("BilledCost").filter(|billed| billed.null_count() > 0) else {
        return Ok(());
    };
    let names = |name: &str, row: usize| {
        draft.text(name).is_some_and(|text| column::value(text, row).is_some())
    };
    for row in 0..billed.len() {
        if billed.is_null(row)
            && !names("CommitmentDiscountId", row)
            && !names("CommitmentDiscountStatus", row)
        {
            return Err(layout.error(
                raw,
                row,
                "BilledCost",
                (
                    "is empty and no commitment discount explains it",
                    "비어 있는데, 그 까닭이 될 약정 할인도 없습니다",
                ),
                (
                    "export the file again; every charge has a billed cost",
                    "파일을 다시 내보내세요. 모든 요금에는 청구 비용이 있습니다",
                ),
            ));
        }
    }
    Ok(())
}

/// Tags are JSON text in CSV, and JSON text or a map in Parquet.
fn tags(columns: &mut Columns, layout: &Layout, raw: &Raw) -> Result<Option<Text>, InputError> {
    match layout.column(raw, "Tags") {
        Some(array) if super::tags::is_map(array) => {
            Ok(Some(super::tags::of_map(array as &ArrayRef, &mut columns.tags)))
        }
        _ => columns.text(layout, raw, "Tags"),
    }
}
