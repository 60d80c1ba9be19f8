//! Sums per day and the common dimensions, so that most questions never touch the rows.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use arrow::array::{Array, AsArray, Decimal128Array, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Decimal128Type, Field, Int64Type, Schema, SchemaRef};
use datafusion::functions_aggregate::expr_fn::{count, sum};
use datafusion::logical_expr::{Expr, ident, lit};
use datafusion::prelude::ParquetReadOptions;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use trimtab_model::text::Text;

use super::open::LakeError;
use crate::billing::schema::{READ, decimal_type};
use crate::engine::Engine;

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
    let batches = engine.wait(async {
        let options = ParquetReadOptions::default().schema(&READ);
        let charges = engine.session().read_parquet(paths, options).await?;
        let keys: Vec<Expr> = KEYS.iter().map(|key| ident(*key)).collect();
        let mut sums = Vec::new();
        for (cost, rows) in COSTS {
            sums.push(sum(ident(*cost)).alias(*cost));
            sums.push(count(ident(*cost)).alias(*rows));
        }
        sums.push(count(lit(1_i64)).alias(ROWS));
        let by_day = KEYS.iter().take(2).map(|key| ident(*key).sort(true, true)).collect();
        charges.aggregate(keys, sums)?.sort(by_day)?.collect().await
    })?;
    write(&batches, target)
        .map_err(|cause| LakeError::Place { place: target.display().to_string(), cause })?;
    let mut totals = BTreeMap::new();
    for batch in &batches {
        add(&mut totals, batch).ok_or_else(|| {
            LakeError::Unexpected(Text::new("a rollup without its sums", "합계가 없는 집계"))
        })?;
    }
    Ok(totals)
}

fn add(totals: &mut BTreeMap<String, ReadBack>, batch: &RecordBatch) -> Option<()> {
    let currencies = cast(batch.column_by_name("BillingCurrency")?, &DataType::Utf8).ok()?;
    let currencies = currencies.as_string_opt::<i32>()?;
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
    batches: &[RecordBatch],
    target: &Path,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let properties = WriterProperties::builder().set_compression(Compression::LZ4_RAW).build();
    // Readers choose views themselves; plain text is what every reader knows.
    let plain: Vec<Field> = SCHEMA
        .fields()
        .iter()
        .map(|field| match field.data_type() {
            DataType::Utf8View => field.as_ref().clone().with_data_type(DataType::Utf8),
            _ => field.as_ref().clone(),
        })
        .collect();
    let plain: SchemaRef = Arc::new(Schema::new(plain));
    let mut writer =
        ArrowWriter::try_new(File::create_new(target)?, plain.clone(), Some(properties))?;
    for batch in batches {
        let columns = batch
            .columns()
            .iter()
            .zip(plain.fields())
            .map(|(column, field)| {
                if column.data_type() == field.data_type() {
                    Ok(column.clone())
                } else {
                    cast(column, field.data_type())
                }
            })
            .collect::<Result<Vec<_>, _>>()?;
        writer.write(&RecordBatch::try_new(plain.clone(), columns)?)?;
    }
    writer.close()?;
    Ok(())
}
