//! Series of one name from several places.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use trimtab_model::metric::Origin;
use trimtab_store::profile::Reduction;

use crate::support::{HEADER, origin, reduce_files, three, write_parquet};

/// One sample of a database that several places have, each with its own value.
fn database(origin: &str, value: &str) -> String {
    format!("game,AWS/RDS,CPUUtilization,Maximum,60,2026-10-05T00:00:00Z,{value}{origin}\n")
}

fn origins(reduction: &Reduction) -> Vec<(Option<Origin>, f64)> {
    reduction.profiles.iter().map(|(key, profile)| (key.origin.clone(), profile.max)).collect()
}

#[test]
fn series_of_one_name_are_apart_where_directories_or_columns_say_where_they_are_from() {
    let plain = |value: &str| format!("{HEADER}{}", database("", value)).into_bytes();
    let header = HEADER.replace('\n', ",account,region\n");
    let columns =
        format!("{header}{}{}", database(",444455556666,us-east-1", "3"), database(",,", "4"));
    let (reduction, errors) = reduce_files(&[
        ("a.csv", plain("1")),
        ("111122223333/eu-west-1/a.csv", plain("2")),
        ("111122223333/b.csv", columns.clone().into()),
        ("111122223333/ap-south-1/c.csv", columns.into()),
    ]);
    assert_eq!((errors, reduction.errors.clone()), (vec![], vec![]));
    assert_eq!(
        origins(&reduction),
        [
            (None, 4.0),
            (Some(origin("111122223333", "ap-south-1")), 4.0),
            (Some(origin("111122223333", "eu-west-1")), 2.0),
            (Some(origin("444455556666", "us-east-1")), 3.0),
        ]
    );
}

#[test]
fn parquet_says_where_it_is_from_as_csv_does() {
    let text = |text: &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(std::iter::repeat_n(text, 3)))
    };
    let rows = three();
    let accounts: ArrayRef =
        Arc::new(StringArray::from(vec![Some("111122223333"), None, Some("111122223333")]));
    let regions: ArrayRef =
        Arc::new(StringArray::from(vec![Some("eu-west-1"), Some("eu-west-1"), Some("")]));
    let times: ArrayRef = Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.second)));
    let batch = RecordBatch::try_from_iter([
        ("resource_id", text("game")),
        ("namespace", text("AWS/RDS")),
        ("metric", text("CPUUtilization")),
        ("statistic", text("Maximum")),
        ("account", accounts),
        ("region", regions),
        ("timestamp", times),
        ("value", Arc::new(Float64Array::from(vec![1.0, 2.0, 4.0])) as ArrayRef),
    ])
    .unwrap();
    let bytes = write_parquet(&batch);
    let (reduction, errors) =
        reduce_files(&[("a.parquet", bytes.clone()), ("444455556666/us-east-1/a.parquet", bytes)]);
    assert_eq!((errors, reduction.errors.clone()), (vec![], vec![]));
    assert_eq!(
        origins(&reduction),
        [
            (None, 4.0),
            (Some(origin("111122223333", "eu-west-1")), 1.0),
            (Some(origin("444455556666", "us-east-1")), 4.0),
        ]
    );
}
