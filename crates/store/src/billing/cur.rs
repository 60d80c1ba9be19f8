//! Cost and Usage Report rows, legacy and 2.0, to charges in the words of FOCUS.
//!
//! Column meanings: AWS Data Exports user guide, "Cost and Usage Report (CUR) 2.0", and
//! the legacy report's data dictionary. What a line item type means is in `line_type`.
//! Where a column that amortisation needs is missing or empty, the effective cost of
//! that row is unknown: null, never zero. `ListCost` is the public on-demand cost, which
//! AWS gives for usage only; other rows have none.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Decimal128Array, Int32Array, StringArray};

use trimtab_model::focus::ChargeCategory;

use super::column::{self, Columns, Text};
use super::line_type::{self, Amortised, LineType};
use super::map::{Draft, Mapped};
use super::raw::{Layout, Raw};
use super::tags;
use crate::error::InputError;

/// The columns that are read, in their one spelling; `resource_tags_…` beside them.
pub(super) const WANTED: &[&str] = &[
    "bill_billing_entity",
    "bill_billing_period_start_date",
    "bill_invoice_id",
    "bill_invoicing_entity",
    "bill_payer_account_id",
    "line_item_availability_zone",
    "line_item_currency_code",
    "line_item_legal_entity",
    "line_item_line_item_description",
    "line_item_line_item_type",
    "line_item_operation",
    "line_item_product_code",
    "line_item_resource_id",
    "line_item_unblended_cost",
    "line_item_unblended_rate",
    "line_item_usage_account_id",
    "line_item_usage_account_name",
    "line_item_usage_amount",
    "line_item_usage_end_date",
    "line_item_usage_start_date",
    "line_item_usage_type",
    "pricing_public_on_demand_cost",
    "pricing_public_on_demand_rate",
    "pricing_rate_code",
    "pricing_term",
    "pricing_unit",
    "product",
    "product_product_family",
    "product_product_name",
    "product_region",
    "product_region_code",
    "product_sku",
    "reservation_effective_cost",
    "reservation_reservation_a_r_n",
    "reservation_unused_amortized_upfront_fee_for_billing_period",
    "reservation_unused_recurring_fee",
    "resource_tags",
    "savings_plan_savings_plan_a_r_n",
    "savings_plan_savings_plan_effective_cost",
    "savings_plan_total_commitment_to_date",
    "savings_plan_used_commitment",
];

/// Text that only changes its name.
const RENAMED: &[(&str, &str)] = &[
    ("bill_payer_account_id", "BillingAccountId"),
    ("bill_invoice_id", "InvoiceId"),
    ("line_item_legal_entity", "InvoiceIssuerName"),
    ("line_item_availability_zone", "AvailabilityZone"),
    ("line_item_line_item_description", "ChargeDescription"),
    ("line_item_operation", "x_Operation"),
    ("line_item_product_code", "x_ServiceCode"),
    ("line_item_resource_id", "ResourceId"),
    ("line_item_usage_account_id", "SubAccountId"),
    ("line_item_usage_account_name", "SubAccountName"),
    ("line_item_usage_type", "x_UsageType"),
    ("line_item_currency_code", "BillingCurrency"),
    ("pricing_rate_code", "SkuPriceId"),
    ("pricing_unit", "PricingUnit"),
    ("product_sku", "SkuId"),
    ("product_product_family", "ResourceType"),
];

/// Maps one batch.
///
/// # Errors
/// Fails on the first row that cannot be a charge.
pub(super) fn map(columns: &mut Columns, layout: &Layout, raw: &Raw) -> Result<Mapped, InputError> {
    let mut draft = Draft::new(layout, raw);
    for (name, focus) in RENAMED {
        draft.set_text_if(focus, columns.text(layout, raw, name)?);
    }
    if let Some(unit) = draft.text("PricingUnit").cloned() {
        draft.set_text("ConsumedUnit", unit);
    }
    draft.set_text_if("ServiceName", service_name(columns, layout, raw)?);
    draft.set_text_if("RegionId", region(columns, layout, raw)?);
    draft.set_text_if("Tags", tags_of(columns, layout, raw)?);
    draft.set_text("ProviderName", column::repeated(Some("AWS"), raw.batch.num_rows()));
    draft.set_text_if("PublisherName", columns.text(layout, raw, "bill_billing_entity")?);
    let lines = line_types(columns, layout, raw)?;
    set_words(&mut draft, columns, layout, raw, &lines)?;
    set_costs(&mut draft, columns, layout, raw, &lines)?;
    draft.set_charge_period(
        columns.moment(layout, raw, "line_item_usage_start_date")?,
        columns.moment(layout, raw, "line_item_usage_end_date")?,
    );
    draft.set_billing_period(columns.moment(layout, raw, "bill_billing_period_start_date")?);
    draft.finish("line_item_usage_start_date", "line_item_currency_code")
}

/// The line type of each row.
struct Lines {
    text: Text,
    by_key: Vec<Option<&'static LineType>>,
}

impl Lines {
    fn of(&self, row: usize) -> Option<&'static LineType> {
        self.by_key.get(self.text.key(row)?).copied().flatten()
    }

    /// Returns a column with one word per line type.
    fn words(&self, word: impl Fn(&'static LineType) -> Option<&'static str>) -> Text {
        let values: StringArray =
            self.by_key.iter().map(|line| Some(line.and_then(&word).unwrap_or(""))).collect();
        let keys: Int32Array = self
            .text
            .keys()
            .iter()
            .map(|key| {
                let line = self.by_key.get(usize::try_from(key?).ok()?).copied().flatten()?;
                word(line).and(key)
            })
            .collect();
        column::dictionary(keys, Arc::new(values))
    }
}

fn line_types(columns: &Columns, layout: &Layout, raw: &Raw) -> Result<Lines, InputError> {
    let name = "line_item_line_item_type";
    let text =
        columns.text(layout, raw, name)?.unwrap_or_else(|| column::nothing(raw.batch.num_rows()));
    let words = text.values().as_string::<i32>();
    let by_key = words.iter().map(|word| word.and_then(line_type::of)).collect();
    let lines = Lines { text, by_key };
    for row in 0..lines.text.len() {
        if lines.of(row).is_none() {
            let shown: String = column::value(&lines.text, row)
                .unwrap_or_default()
                .chars()
                .filter(|letter| !letter.is_control())
                .take(40)
                .collect();
            let known: Vec<&str> = line_type::ALL.iter().map(|line| line.word).collect();
            return Err(layout.error(
                raw,
                row,
                name,
                (
                    format!("`{shown}` is not a line item type that is known"),
                    format!("`{shown}`: 알 수 없는 항목 유형입니다"),
                ),
                (
                    format!("known are {}", known.join(", ")),
                    format!("알려진 유형: {}", known.join(", ")),
                ),
            ));
        }
    }
    Ok(lines)
}

fn set_words(
    draft: &mut Draft<'_>,
    columns: &Columns,
    layout: &Layout,
    raw: &Raw,
    lines: &Lines,
) -> Result<(), InputError> {
    draft.set_text("x_LineItemType", lines.words(|line| Some(line.word)));
    draft.set_text("ChargeCategory", lines.words(|line| Some(line.category.as_str())));
    draft.set_text("ChargeFrequency", lines.words(|line| Some(line.frequency)));
    draft.set_text(
        "ChargeClass",
        lines.words(|line| (line.word == "Refund").then_some("Correction")),
    );
    let covered = |line: &'static LineType| {
        matches!(line.amortised, Amortised::SavingsPlanUse | Amortised::ReservationUse)
    };
    draft.set_text("CommitmentDiscountStatus", lines.words(|line| covered(line).then_some("Used")));
    draft.set_text(
        "CommitmentDiscountType",
        lines.words(|line| match line.amortised {
            Amortised::SavingsPlanUse | Amortised::SavingsPlanUnused => Some("Savings Plan"),
            Amortised::ReservationUse | Amortised::ReservationUnused => Some("Reserved"),
            Amortised::Unblended | Amortised::Nothing | Amortised::FeeUnlessReservation => None,
        }),
    );
    draft.set_text_if(
        "CommitmentDiscountId",
        column::first_of(
            columns.text(layout, raw, "savings_plan_savings_plan_a_r_n")?,
            columns.text(layout, raw, "reservation_reservation_a_r_n")?,
        ),
    );
    let term = columns.text(layout, raw, "pricing_term")?;
    let usage_type = columns.text(layout, raw, "line_item_usage_type")?;
    let pricing: Text = (0..raw.batch.num_rows())
        .map(|row| {
            let line = lines.of(row)?;
            if covered(line) {
                return Some("Committed");
            }
            if line.category != ChargeCategory::Usage || line.amortised == Amortised::Nothing {
                return None;
            }
            let of = |text: &Option<Text>, known: &dyn Fn(&str) -> bool| {
                text.as_ref().and_then(|text| column::value(text, row)).is_some_and(known)
            };
            if of(&usage_type, &|text| text.contains("SpotUsage"))
                || of(&term, &|text| text == "Spot")
            {
                Some("Dynamic")
            } else {
                Some("Standard")
            }
        })
        .collect();
    draft.set_text("PricingCategory", pricing);
    Ok(())
}

fn set_costs(
    draft: &mut Draft<'_>,
    columns: &mut Columns,
    layout: &Layout,
    raw: &Raw,
    lines: &Lines,
) -> Result<(), InputError> {
    let rows = raw.batch.num_rows();
    let mut read = |name: &str| columns.decimal(layout, raw, name);
    let unblended =
        read("line_item_unblended_cost")?.unwrap_or_else(|| column::decimals(vec![None; rows]));
    if let Some(row) = (0..rows).find(|row| unblended.is_null(*row)) {
        return Err(layout.error(
            raw,
            row,
            "line_item_unblended_cost",
            ("is empty", "비어 있습니다"),
            (
                "export the file again; every line item has an unblended cost",
                "파일을 다시 내보내세요. 모든 항목에는 비혼합 비용이 있습니다",
            ),
        ));
    }
    let plan_use = read("savings_plan_savings_plan_effective_cost")?;
    let plan_total = read("savings_plan_total_commitment_to_date")?;
    let plan_used = read("savings_plan_used_commitment")?;
    let reserved_use = read("reservation_effective_cost")?;
    let unused_upfront = read("reservation_unused_amortized_upfront_fee_for_billing_period")?;
    let unused_recurring = read("reservation_unused_recurring_fee")?;
    let list = read("pricing_public_on_demand_cost")?;
    let reservation = columns.text(layout, raw, "reservation_reservation_a_r_n")?;
    let at = |array: &Option<Decimal128Array>, row: usize| {
        array.as_ref().filter(|array| array.is_valid(row)).map(|array| array.value(row))
    };
    let effective: Vec<Option<i128>> = (0..rows)
        .map(|row| match lines.of(row)?.amortised {
            Amortised::Unblended => Some(unblended.value(row)),
            Amortised::Nothing => Some(0),
            Amortised::SavingsPlanUse => at(&plan_use, row),
            Amortised::SavingsPlanUnused => Some(at(&plan_total, row)? - at(&plan_used, row)?),
            Amortised::ReservationUse => at(&reserved_use, row),
            Amortised::ReservationUnused => {
                Some(at(&unused_upfront, row)? + at(&unused_recurring, row)?)
            }
            Amortised::FeeUnlessReservation => {
                // Without the column nobody can tell an upfront fee from another fee.
                let named = column::value(reservation.as_ref()?, row).is_some();
                Some(if named { 0 } else { unblended.value(row) })
            }
        })
        .collect();
    let usage = |row: usize| {
        lines.of(row).is_some_and(|line| {
            line.category == ChargeCategory::Usage && line.amortised != Amortised::Nothing
        })
    };
    let listed = (0..rows).map(|row| at(&list, row).filter(|_| usage(row))).collect();
    draft.set_decimal("BilledCost", unblended);
    draft.set_decimal("EffectiveCost", column::decimals(effective));
    draft.set_decimal("ListCost", column::decimals(listed));
    if let Some(quantity) = columns.decimal(layout, raw, "line_item_usage_amount")? {
        draft.set_decimal("PricingQuantity", quantity.clone());
        draft.set_decimal("ConsumedQuantity", quantity);
    }
    if let Some(price) = columns.decimal(layout, raw, "pricing_public_on_demand_rate")? {
        draft.set_decimal("ListUnitPrice", price);
    }
    if let Some(price) = columns.decimal(layout, raw, "line_item_unblended_rate")? {
        draft.set_decimal("ContractedUnitPrice", price);
    }
    Ok(())
}

/// The product's name, else its code. CUR 2.0 keeps the name in the map `product`.
fn service_name(columns: &Columns, layout: &Layout, raw: &Raw) -> Result<Option<Text>, InputError> {
    let named = match columns.text(layout, raw, "product_product_name")? {
        Some(named) => Some(named),
        None => in_product(columns, layout, raw, "product_name")?,
    };
    Ok(column::first_of(named, columns.text(layout, raw, "line_item_product_code")?))
}

/// The region code, else the zone without its letter.
fn region(columns: &Columns, layout: &Layout, raw: &Raw) -> Result<Option<Text>, InputError> {
    let code = column::first_of(
        columns.text(layout, raw, "product_region_code")?,
        columns.text(layout, raw, "product_region")?,
    );
    // Row by row: one export may fill either place.
    let code = column::first_of(code, in_product(columns, layout, raw, "region")?);
    let zone = columns.text(layout, raw, "line_item_availability_zone")?.map(|zone| {
        let regions: StringArray = zone
            .values()
            .as_string::<i32>()
            .iter()
            .map(|zone| {
                zone.map(|zone| zone.trim_end_matches(|letter: char| letter.is_ascii_lowercase()))
            })
            .collect();
        column::dictionary(zone.keys().clone(), Arc::new(regions))
    });
    Ok(column::first_of(code, zone))
}

/// One key of the column `product`: a map in Parquet, JSON in CSV.
fn in_product(
    columns: &Columns,
    layout: &Layout,
    raw: &Raw,
    key: &str,
) -> Result<Option<Text>, InputError> {
    match layout.column(raw, "product") {
        None => Ok(None),
        Some(array) if tags::is_map(array) => Ok(tags::value_of_map(array, key)),
        Some(_) => Ok(columns.text(layout, raw, "product")?.map(|text| {
            let found: Vec<Option<String>> = text
                .values()
                .as_string::<i32>()
                .iter()
                .map(|json| json.and_then(|json| tags::find(json, key)))
                .collect();
            (0..text.len())
                .map(|row| text.key(row).and_then(|key| found.get(key)).and_then(Option::as_deref))
                .collect()
        })),
    }
}

/// One JSON object per row: from the column `resource_tags`, or from one column per tag.
fn tags_of(columns: &mut Columns, layout: &Layout, raw: &Raw) -> Result<Option<Text>, InputError> {
    if let Some(array) = layout.column(raw, "resource_tags") {
        return if tags::is_map(array) {
            Ok(Some(tags::of_map(array as &ArrayRef, &mut columns.tags)))
        } else {
            columns.text(layout, raw, "resource_tags")
        };
    }
    let mut found = Vec::new();
    for name in layout.starting_with("resource_tags_") {
        if let Some(text) = columns.text(layout, raw, &name)? {
            let key =
                name.trim_start_matches("resource_tags_").trim_start_matches("user_").to_owned();
            found.push((key, text));
        }
    }
    if found.is_empty() {
        return Ok(None);
    }
    Ok(Some(tags::of_columns(&found, raw.batch.num_rows())))
}
