//! A bill that several threads convert at once.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use crate::support::{Bench, FOCUS};

const ROW: &str = "1,1,1,USD,Usage,2026-10-01,2026-10-02,2026-10-01,1,,,,,";

#[test]
fn threads_do_not_disturb_each_other() {
    let rows = 150_000;
    let columns = FOCUS.split(',').zip(ROW.split(',')).map(|(name, value)| {
        let array: ArrayRef = if name.ends_with("Cost") {
            Arc::new((0..rows).map(|row| Some(f64::from(row) / 8.0)).collect::<Float64Array>())
        } else if name == "ResourceId" {
            Arc::new((0..rows).map(|row| Some(format!("i-{row}"))).collect::<StringArray>())
        } else {
            Arc::new(StringArray::from(vec![(!value.is_empty()).then_some(value); 150_000]))
        };
        (name, array, true)
    });
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(10_000))
        .build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    let bench = Bench::new();
    let ingested = bench.ingest(&[bench.file("bill", writer.into_inner().unwrap())]);
    assert_eq!(ingested.failed, []);
    // The sum of 0 to 149,999, an eighth each.
    assert_eq!(bench.totals(), ["2026-10 1 USD 1406240625 1406240625 150000"]);
}
