//! Samples as files, and what they reduce to.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Float64Array, Int32Array, RecordBatch, StringArray, TimestampMillisecondArray,
};
use jiff::Timestamp;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use trimtab_model::calendar::Calendar;
use trimtab_model::metric::{Origin, Statistic};
use trimtab_model::period::Period;
use trimtab_model::profile::UsageProfile;
use trimtab_store::engine::Engine;
use trimtab_store::metrics::Metrics;
use trimtab_store::profile::{Progress, Reduction};
use trimtab_store::{InputError, input, profile};

pub(super) const HEADER: &str =
    "resource_id,namespace,metric,statistic,period_seconds,timestamp,value\n";

pub(super) fn window() -> Period {
    // 2026-10-05 is a Monday.
    period("2026-10-05T00:00:00Z", "2026-10-08T00:00:00Z")
}

pub(super) fn period(start: &str, end: &str) -> Period {
    Period::new(start.parse().unwrap(), end.parse().unwrap()).unwrap()
}

pub(super) fn reduce_dir(
    dir: &Path,
    window: Period,
    calendar: &Calendar,
) -> (Reduction, Vec<InputError>) {
    let (files, errors) = input::list(dir, "metrics");
    assert_eq!(errors, []);
    let (mut metrics, errors) = Metrics::open(&files);
    let engine = Engine::new(3).unwrap();
    let silent = Arc::new(|_: Progress| {});
    let reduction = profile::reduce(&engine, &mut metrics, window, calendar, silent).unwrap();
    (reduction, errors)
}

/// Reduces files given by name and bytes.
pub(super) fn reduce_files(files: &[(&str, Vec<u8>)]) -> (Reduction, Vec<InputError>) {
    reduce_in(files, window(), &Calendar::default())
}

/// Reduces files given by name and bytes, of a window and for the days of a calendar.
pub(super) fn reduce_in(
    files: &[(&str, Vec<u8>)],
    window: Period,
    calendar: &Calendar,
) -> (Reduction, Vec<InputError>) {
    let dir = tempfile::tempdir().unwrap();
    let metrics = dir.path().join("metrics");
    std::fs::create_dir(&metrics).unwrap();
    for (name, bytes) in files {
        let path = metrics.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    reduce_dir(dir.path(), window, calendar)
}

pub(super) fn origin(account: &str, region: &str) -> Origin {
    Origin { account: account.into(), region: region.into() }
}

pub(super) fn cpu<'a>(reduction: &'a Reduction, resource: &str) -> &'a UsageProfile {
    reduction
        .profiles
        .find(
            &origin("111122223333", "eu-west-1"),
            &resource.into(),
            "AWS/EC2",
            "CPUUtilization",
            Statistic::Maximum,
        )
        .unwrap()
}

#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) resource: String,
    pub(super) second: i64,
    pub(super) value: f64,
}

pub(super) fn csv(rows: &[Row]) -> Vec<u8> {
    let mut text = HEADER.to_owned();
    for Row { resource, second, value } in rows {
        let at = Timestamp::from_second(*second).unwrap();
        text += &format!("{resource},AWS/EC2,CPUUtilization,Maximum,60,{at},{value}\n");
    }
    text.into_bytes()
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn parquet(rows: &[Row]) -> Vec<u8> {
    let seconds: Vec<i64> = rows.iter().map(|row| row.second * 1000).collect();
    let times = TimestampMillisecondArray::from(seconds).with_timezone("UTC");
    let values = Float64Array::from_iter_values(rows.iter().map(|row| row.value));
    parquet_of(rows, Arc::new(times), Arc::new(values))
}

pub(super) fn parquet_of(rows: &[Row], times: ArrayRef, values: ArrayRef) -> Vec<u8> {
    let constant = |text: &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(std::iter::repeat_n(text, rows.len())))
    };
    let ids = StringArray::from_iter_values(rows.iter().map(|row| row.resource.as_str()));
    let batch = RecordBatch::try_from_iter([
        ("value", values),
        ("timestamp", times),
        ("period_seconds", Arc::new(Int32Array::from(vec![60; rows.len()])) as ArrayRef),
        ("resource_id", Arc::new(ids)),
        ("namespace", constant("AWS/EC2")),
        ("metric", constant("CPUUtilization")),
        ("statistic", constant("Maximum")),
        ("unit", constant("Percent")),
    ])
    .unwrap();
    write_parquet(&batch)
}

pub(super) fn write_parquet(batch: &RecordBatch) -> Vec<u8> {
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(64)).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.into_inner().unwrap()
}

pub(super) fn three() -> Vec<Row> {
    let start = window().start().as_second();
    [(0, 1.0), (60, 2.0), (180, 4.0)]
        .map(|(offset, value)| Row { resource: "i-1".to_owned(), second: start + offset, value })
        .to_vec()
}
