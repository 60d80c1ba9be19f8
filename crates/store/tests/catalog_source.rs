//! The embedded prices against the tables they were made from, where those are at hand.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use arrow::array::{Array as _, AsArray as _, RecordBatch};
use arrow::datatypes::Float64Type;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use trimtab_model::id::{InstanceType, RegionId};
use trimtab_model::price::DbPriceKey;
use trimtab_store::catalog;

/// Returns the source table, or says that the test is skipped.
#[expect(clippy::print_stdout, reason = "a skipped test must say so")]
fn source(file: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("TRIMTAB_SHARED_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let path = shared.join("catalog").join(file);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {file} is not at hand; TRIMTAB_SHARED_DATA may name its directory");
    None
}

fn batches(path: &Path) -> Vec<RecordBatch> {
    let file = File::open(path).expect("readable");
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).expect("Parquet").build();
    reader.expect("a reader").map(|batch| batch.expect("rows")).collect()
}

fn texts(batch: &RecordBatch, column: &str) -> Vec<String> {
    let column = batch.column_by_name(column).expect("the column is there");
    let text = arrow::compute::cast(column, &arrow::datatypes::DataType::Utf8).expect("text");
    let text = text.as_string::<i32>();
    (0..text.len()).map(|row| text.value(row).to_owned()).collect()
}

fn prices(batch: &RecordBatch) -> Vec<f64> {
    let column = batch.column_by_name("usd_hour").expect("the column is there");
    column.as_primitive::<Float64Type>().values().to_vec()
}

/// Returns whether the exact text is the shortest one of the double.
fn is_same(exact: rust_decimal::Decimal, source: f64) -> bool {
    exact.to_string().parse::<f64>().is_ok_and(|exact| exact.to_bits() == source.to_bits())
}

#[test]
fn every_instance_price_is_the_sources() {
    let Some(path) = source("ec2_ondemand_linux.parquet") else { return };
    let mut compared = 0;
    for batch in batches(&path) {
        let regions: Vec<RegionId> =
            texts(&batch, "region").into_iter().map(RegionId::from).collect();
        let book = catalog::price_book(&regions.iter().cloned().collect::<BTreeSet<_>>());
        let (types, currency) = (texts(&batch, "instance_type"), texts(&batch, "currency"));
        let (location, usd) = (texts(&batch, "location_type"), prices(&batch));
        for row in 0..batch.num_rows() {
            let instance_type = InstanceType::from(types[row].as_str());
            let price = book.instance_hour(&regions[row], &instance_type);
            if location[row] != "AWS Region" || currency[row] != "USD" {
                assert!(price.is_none(), "{} {instance_type}", regions[row]);
                continue;
            }
            let price = price.unwrap_or_else(|| panic!("{} {instance_type}", regions[row]));
            assert!(is_same(price.usd, usd[row]), "{price:?} {}", usd[row]);
            compared += 1;
        }
    }
    println!("{compared} instance prices are equal");
    assert_eq!(compared, 17_183);
}

#[test]
fn every_database_price_is_the_sources() {
    let Some(path) = source("rds_ondemand.parquet") else { return };
    let mut compared = 0;
    for batch in batches(&path) {
        let regions: Vec<RegionId> =
            texts(&batch, "region").into_iter().map(RegionId::from).collect();
        let book = catalog::price_book(&regions.iter().cloned().collect::<BTreeSet<_>>());
        let (classes, engines) = (texts(&batch, "db_class"), texts(&batch, "engine"));
        let (editions, licenses) = (texts(&batch, "edition"), texts(&batch, "license"));
        for (row, usd) in prices(&batch).into_iter().enumerate() {
            let key = DbPriceKey {
                db_instance_class: classes[row].as_str().into(),
                engine: engines[row].clone(),
                edition: editions[row].clone(),
                license: licenses[row].clone(),
            };
            let price = &book.regions[&regions[row]].db_instance_hour[&key];
            assert!(is_same(price.usd, usd), "{key:?} {price:?} {usd}");
            compared += 1;
        }
    }
    println!("{compared} database prices are equal");
    assert_eq!(compared, 13_082);
}
