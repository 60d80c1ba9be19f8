//! The types and the spellings that a column may have.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, Decimal128Array, DictionaryArray, Float32Array, Float64Array, Int32Array,
    Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray, TimestampMillisecondArray,
    TimestampNanosecondArray, TimestampSecondArray,
};
use arrow::datatypes::Int32Type;
use jiff::Timestamp;

use crate::support::{cpu, parquet, parquet_of, reduce_files, three, write_parquet};

#[test]
fn every_type_of_column_gives_the_same_profile() {
    let rows = three();
    let seconds: Vec<i64> = rows.iter().map(|row| row.second).collect();
    let times =
        |per_second: i64| seconds.iter().map(|second| second * per_second).collect::<Vec<_>>();
    let text = |second: &i64| Timestamp::from_second(*second).unwrap().to_string();
    let plain = |second: &i64| text(second).replace('T', " ").replace('Z', "");
    let doubles: ArrayRef = Arc::new(Float64Array::from(vec![1.0, 2.0, 4.0]));
    let instants: ArrayRef = Arc::new(TimestampMillisecondArray::from(times(1000)));
    let decimals =
        Decimal128Array::from(vec![100, 200, 400]).with_precision_and_scale(9, 2).unwrap();
    let variants: Vec<(ArrayRef, ArrayRef)> = vec![
        (instants.clone(), Arc::new(Float32Array::from(vec![1.0, 2.0, 4.0]))),
        (instants.clone(), Arc::new(Int64Array::from(vec![1, 2, 4]))),
        (instants.clone(), Arc::new(Int32Array::from(vec![1, 2, 4]))),
        (instants.clone(), Arc::new(decimals)),
        (Arc::new(TimestampSecondArray::from(times(1))), doubles.clone()),
        (
            Arc::new(TimestampMicrosecondArray::from(times(1_000_000)).with_timezone("Asia/Seoul")),
            doubles.clone(),
        ),
        (
            Arc::new(TimestampNanosecondArray::from(times(1_000_000_000)).with_timezone("+00:00")),
            doubles.clone(),
        ),
        (Arc::new(Int64Array::from(times(1))), doubles.clone()),
        (Arc::new(Int64Array::from(times(1000))), doubles.clone()),
        (
            Arc::new(Int32Array::from_iter_values(seconds.iter().map(|second| *second as i32))),
            doubles.clone(),
        ),
        (Arc::new(StringArray::from_iter_values(seconds.iter().map(text))), doubles.clone()),
        (Arc::new(StringArray::from_iter_values(seconds.iter().map(plain))), doubles.clone()),
    ];
    let (expected, _) = reduce_files(&[("a.parquet", parquet(&rows))]);
    assert_eq!(cpu(&expected, "i-1").count, 3);
    for (times, values) in variants {
        let kind = format!("{} {}", times.data_type(), values.data_type());
        let (reduction, errors) = reduce_files(&[("a.parquet", parquet_of(&rows, times, values))]);
        assert_eq!(errors, [], "{kind}");
        assert_eq!(reduction, expected, "{kind}");
    }
}

#[test]
fn names_may_be_dictionaries_and_the_period_may_be_absent() {
    let rows = three();
    let dictionary = |text: &str| -> ArrayRef {
        Arc::new(std::iter::repeat_n(Some(text), 3).collect::<DictionaryArray<Int32Type>>())
    };
    let batch = RecordBatch::try_from_iter([
        ("resource_id", dictionary("i-1")),
        ("namespace", dictionary("AWS/EC2")),
        ("metric", dictionary("CPUUtilization")),
        ("statistic", dictionary("Maximum")),
        (
            "timestamp",
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.second))) as ArrayRef,
        ),
        ("value", Arc::new(Float64Array::from(vec![1.0, 2.0, 4.0]))),
    ])
    .unwrap();
    let (reduction, errors) = reduce_files(&[("a b%[1]*.parquet", write_parquet(&batch))]);
    assert_eq!(errors, []);
    assert_eq!(cpu(&reduction, "i-1").period_seconds, 60);
    assert_eq!(cpu(&reduction, "i-1").count, 3);
}

#[test]
fn csv_times_may_be_written_in_four_ways() {
    let text = "\u{feff}timestamp,value,statistic,metric,namespace,resource_id,unit\n\
        2026-10-05T09:00:00+09:00,1,Maximum,CPUUtilization,AWS/EC2,i-1,Percent\n\
        2026-10-05 00:01:00,2,Maximum,CPUUtilization,AWS/EC2,i-1,Percent\n\
        1791158520,3,Maximum,CPUUtilization,AWS/EC2,i-1,Percent\n\
        1791158580000,4,Maximum,CPUUtilization,AWS/EC2,i-1,Percent\n";
    let (reduction, errors) = reduce_files(&[("a.csv", text.into())]);
    assert_eq!(errors, []);
    let profile = cpu(&reduction, "i-1");
    assert_eq!((profile.count, profile.sum, profile.period_seconds), (4, 10.0, 60));
    assert_eq!(profile.last, "2026-10-05T00:03:00Z".parse().unwrap());
}
