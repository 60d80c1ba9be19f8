//! Sums per day and the common dimensions, so that most questions never touch the rows.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use arrow::array::{Array, AsArray, Decimal128Array, RecordBatch};
use arrow::compute::{SortColumn, lexsort_to_indices, take_record_batch};
use arrow::datatypes::{DataType, Decimal128Type, Field, Int64Type, Schema, SchemaRef};
use arrow::error::ArrowError;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use trimtab_model::text::Text;

use super::grouping::Measure;
use super::open::LakeError;
use super::query::{self, Question};
use crate::billing::schema::{READ, decimal_type};
use crate::engine::Engine;
use crate::error::words;

/// What the sums are kept apart by.
pub const KEYS: &[&str] = &[
    "x_ChargeDay",
    "ServiceName",
    "BillingCurrency",
    "ChargeCategory",
    "BillingPeriodStart",
    "BillingAccountId",
    "SubAccountId",
    "RegionId",
    "PricingCategory",
    "CommitmentDiscountStatus",
];

/// The costs, each with the column that counts the rows that have it.
pub const COSTS: &[(&str, &str)] = &[
    ("BilledCost", "x_BilledRows"),
    ("EffectiveCost", "x_EffectiveRows"),
    ("ListCost", "x_ListRows"),
    ("ContractedCost", "x_ContractedRows"),
];

/// How many rows a sum stands for.
pub const ROWS: &str = "x_Rows";

/// The columns of a rollup.
pub static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    let mut fields: Vec<Field> =
        KEYS.iter().filter_map(|key| READ.field_with_name(key).ok().cloned()).collect();
    for (cost, rows) in COSTS {
        fields.push(Field::new(*cost, decimal_type(), true));
        fields.push(Field::new(*rows, DataType::Int64, true));
    }
    fields.push(Field::new(ROWS, DataType::Int64, true));
    Arc::new(Schema::new(fields))
});

/// What was read back of one currency, in units of 10⁻¹⁸: billed, effective, and how many rows.
pub(super) type ReadBack = (i128, i128, i64);

/// Sums staged charges into one Parquet file, and returns what they add up to per currency.
pub(super) fn build(
    engine: &Engine,
    staged: &[PathBuf],
    target: &Path,
) -> Result<BTreeMap<String, ReadBack>, LakeError> {
    let paths: Vec<String> =
        staged.iter().map(|path| path.to_string_lossy().into_owned()).collect();
    let question =
        Question { keys: KEYS.to_vec(), tags: Vec::new(), measures: measures(), condition: None };
    let sums = in_order(&query::ask(engine, &paths, &READ, &question)?)
        .map_err(|cause| LakeError::Unexpected(words(&cause)))?;
    write(&sums, target)
        .map_err(|cause| LakeError::Place { place: target.display().to_string(), cause })?;
    let mut totals = BTreeMap::new();
    add(&mut totals, &sums).ok_or_else(|| {
        LakeError::Unexpected(Text::new("a rollup without its sums", "합계가 없는 집계"))
    })?;
    Ok(totals)
}

/// The costs of charges, how many rows have each, and all rows.
pub(crate) fn measures() -> Vec<Measure> {
    let mut measures = Vec::new();
    for (cost, rows) in COSTS {
        measures.extend([Measure::Amount(cost), Measure::Count { of: cost, named: rows }]);
    }
    measures.push(Measure::Rows(ROWS));
    measures
}

/// Sorts sums by their keys: the same charges make the same file, and days stand together.
fn in_order(sums: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let keys: Vec<SortColumn> = sums
        .columns()
        .iter()
        .take(KEYS.len())
        .map(|values| SortColumn { values: values.clone(), options: None })
        .collect();
    take_record_batch(sums, &lexsort_to_indices(&keys, None)?)
}

fn add(totals: &mut BTreeMap<String, ReadBack>, batch: &RecordBatch) -> Option<()> {
    let currencies = batch.column_by_name("BillingCurrency")?.as_string_opt::<i32>()?;
    let billed = batch.column_by_name("BilledCost")?.as_primitive_opt::<Decimal128Type>()?;
    let effective = batch.column_by_name("EffectiveCost")?.as_primitive_opt::<Decimal128Type>()?;
    let rows = batch.column_by_name(ROWS)?.as_primitive_opt::<Int64Type>()?;
    for row in 0..batch.num_rows() {
        let sum = totals.entry(currencies.value(row).to_owned()).or_default();
        let amount = |column: &Decimal128Array| column.is_valid(row).then(|| column.value(row));
        sum.0 = sum.0.checked_add(amount(billed).unwrap_or_default())?;
        sum.1 = sum.1.checked_add(amount(effective).unwrap_or_default())?;
        sum.2 = sum.2.checked_add(rows.value(row))?;
    }
    Some(())
}

fn write(
    sums: &RecordBatch,
    target: &Path,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let properties = WriterProperties::builder().set_compression(Compression::LZ4_RAW).build();
    let mut writer =
        ArrowWriter::try_new(File::create_new(target)?, sums.schema(), Some(properties))?;
    writer.write(sums)?;
    writer.close()?;
    Ok(())
}
