//! The columns of a FOCUS 1.0 bill as AWS exports it, and what stands in them.

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::focus_row::BillRow;

/// AWS's legal name, as issuer and publisher.
const ISSUER: &str = "Amazon Web Services, Inc.";

/// The text columns, in the order of [`texts`].
pub(super) const TEXT_COLUMNS: [&str; 33] = [
    "AvailabilityZone",
    "BillingAccountId",
    "BillingAccountName",
    "BillingCurrency",
    "ChargeCategory",
    "ChargeClass",
    "ChargeDescription",
    "ChargeFrequency",
    "CommitmentDiscountCategory",
    "CommitmentDiscountId",
    "CommitmentDiscountName",
    "CommitmentDiscountStatus",
    "CommitmentDiscountType",
    "ConsumedUnit",
    "InvoiceIssuerName",
    "PricingCategory",
    "PricingUnit",
    "ProviderName",
    "PublisherName",
    "RegionId",
    "RegionName",
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
    "x_UsageType",
];

/// The number columns, in the order of [`numbers`].
pub(super) const NUMBER_COLUMNS: [&str; 8] = [
    "BilledCost",
    "ConsumedQuantity",
    "ContractedCost",
    "ContractedUnitPrice",
    "EffectiveCost",
    "ListCost",
    "ListUnitPrice",
    "PricingQuantity",
];

/// The time columns, in the order of [`times`].
pub(super) const TIME_COLUMNS: [&str; 4] =
    ["BillingPeriodEnd", "BillingPeriodStart", "ChargePeriodEnd", "ChargePeriodStart"];

/// Returns the text cells of a row.
pub(super) fn texts<'a>(row: &BillRow<'a>) -> [Option<&'a str>; TEXT_COLUMNS.len()] {
    let meter = row.meter;
    let resource = row.resource;
    let commitment = row.commitment;
    let metered = row.quantity.is_some();
    let unit = metered.then_some(meter.unit.as_str());
    [
        resource.and_then(|resource| resource.availability_zone.as_deref()),
        Some(&row.payer.id),
        Some(&row.payer.name),
        Some(row.payer.currency),
        Some(row.category.as_str()),
        row.class.map(|class| class.as_str()),
        Some(&meter.description),
        Some(row.frequency.as_str()),
        commitment.map(|commitment| commitment.category),
        commitment.map(|commitment| commitment.id),
        None,
        commitment.and_then(|commitment| commitment.status).map(|status| status.as_str()),
        commitment.map(|commitment| commitment.kind),
        unit,
        Some(ISSUER),
        row.pricing_category.map(|category| category.as_str()),
        unit,
        Some("AWS"),
        Some(ISSUER),
        meter.region.as_deref(),
        row.region_name(),
        resource.map(|resource| resource.id.as_str()),
        None,
        resource.map(|resource| resource.resource_type),
        Some(meter.service_category),
        Some(&meter.service_name),
        Some(&meter.sku_id),
        Some(&meter.sku_price_id),
        Some(&row.account.id),
        Some(&row.account.name),
        Some(&meter.operation),
        Some(&meter.service_code),
        Some(&meter.usage_type),
    ]
}

/// Returns the number cells of a row.
pub(super) fn numbers(row: &BillRow<'_>) -> [Option<Decimal>; NUMBER_COLUMNS.len()] {
    [
        Some(row.cost.billed),
        row.quantity,
        row.cost.contracted,
        row.contracted_unit_price(),
        Some(row.cost.effective),
        row.cost.list,
        row.has_unit_price().then_some(row.meter.price),
        row.quantity,
    ]
}

/// Returns the time cells of a row.
pub(super) fn times(row: &BillRow<'_>) -> [Timestamp; TIME_COLUMNS.len()] {
    [row.billing_period.1, row.billing_period.0, row.charge_period.1, row.charge_period.0]
}
