//! The one shape of a charge in the lake: FOCUS 1.2 names, exact decimals, UTC.
//!
//! Names with `x_` are ours, as FOCUS asks of columns beyond the specification.

use std::sync::{Arc, LazyLock};

use arrow::datatypes::{DataType, Field, FieldRef, Schema, SchemaRef, TimeUnit};

use super::decimal::{PRECISION, SCALE};
use super::unit::{DIGITS, Unit, Units};

/// How a column is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text that repeats itself.
    Text,
    /// A cost, price or quantity.
    Decimal,
    /// A moment, UTC.
    Moment,
    /// A day, UTC.
    Day,
}

/// Every column of a charge, in the order of the file.
pub const COLUMNS: &[(&str, Kind)] = &[
    ("x_ChargeDay", Kind::Day),
    ("ServiceName", Kind::Text),
    ("BilledCost", Kind::Decimal),
    ("EffectiveCost", Kind::Decimal),
    ("ListCost", Kind::Decimal),
    ("ContractedCost", Kind::Decimal),
    ("BillingCurrency", Kind::Text),
    ("ChargeCategory", Kind::Text),
    ("BillingPeriodStart", Kind::Day),
    ("ChargePeriodStart", Kind::Moment),
    ("ChargePeriodEnd", Kind::Moment),
    ("BillingAccountId", Kind::Text),
    ("SubAccountId", Kind::Text),
    ("SubAccountName", Kind::Text),
    ("RegionId", Kind::Text),
    ("AvailabilityZone", Kind::Text),
    ("ResourceId", Kind::Text),
    ("ResourceName", Kind::Text),
    ("ResourceType", Kind::Text),
    ("ServiceCategory", Kind::Text),
    ("ChargeClass", Kind::Text),
    ("ChargeFrequency", Kind::Text),
    ("ChargeDescription", Kind::Text),
    ("PricingCategory", Kind::Text),
    ("PricingUnit", Kind::Text),
    ("PricingQuantity", Kind::Decimal),
    ("ConsumedUnit", Kind::Text),
    ("ConsumedQuantity", Kind::Decimal),
    ("ListUnitPrice", Kind::Decimal),
    ("ContractedUnitPrice", Kind::Decimal),
    ("SkuId", Kind::Text),
    ("SkuPriceId", Kind::Text),
    ("CommitmentDiscountId", Kind::Text),
    ("CommitmentDiscountCategory", Kind::Text),
    ("CommitmentDiscountType", Kind::Text),
    ("CommitmentDiscountStatus", Kind::Text),
    ("InvoiceId", Kind::Text),
    ("InvoiceIssuerName", Kind::Text),
    ("ProviderName", Kind::Text),
    ("PublisherName", Kind::Text),
    ("Tags", Kind::Text),
    ("x_UsageType", Kind::Text),
    ("x_Operation", Kind::Text),
    ("x_ServiceCode", Kind::Text),
    ("x_LineItemType", Kind::Text),
];

/// The columns as they come to the writer: text by dictionary.
pub static WRITTEN: LazyLock<SchemaRef> = LazyLock::new(|| {
    schema(|| DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)))
});

/// The columns as the engine reads them: text by views, which it groups fastest.
pub static READ: LazyLock<SchemaRef> = LazyLock::new(|| schema(|| DataType::Utf8View));

/// The columns as a file holds them, by the unit of each.
pub(super) fn stored(units: &Units) -> Schema {
    let fields = WRITTEN.fields().iter().zip(units.each());
    let field = |(field, unit): (&FieldRef, Option<Unit>)| match unit {
        Some(unit) => field.as_ref().clone().with_data_type(DataType::Decimal128(
            DIGITS,
            i8::try_from(unit.scale()).unwrap_or(SCALE),
        )),
        None => field.as_ref().clone(),
    };
    Schema::new(fields.map(field).collect::<Vec<_>>())
}

/// The type of every cost and quantity.
pub fn decimal_type() -> DataType {
    DataType::Decimal128(PRECISION, SCALE)
}

/// The type of every moment.
pub fn moment_type() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

fn schema(text: impl Fn() -> DataType) -> SchemaRef {
    let fields: Vec<Field> = COLUMNS
        .iter()
        .map(|(name, kind)| {
            let data_type = match kind {
                Kind::Text => text(),
                Kind::Decimal => decimal_type(),
                Kind::Moment => moment_type(),
                Kind::Day => DataType::Date32,
            };
            Field::new(*name, data_type, true)
        })
        .collect();
    Arc::new(Schema::new(fields))
}
