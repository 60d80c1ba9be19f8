//! Files that are wrong cost themselves only.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, StringArray};

use crate::support::{HEADER, Row, cpu, csv, gzip, parquet, parquet_of, reduce_files, three};

#[test]
fn a_value_that_its_metric_cannot_have_is_named_and_costs_its_own_file_only() {
    let bad = format!("{HEADER}i-2,AWS/EC2,CPUUtilization,Maximum,60,2026-10-05T00:00:00Z,-0.5\n");
    let rows = three();
    let of_two: Vec<Row> =
        rows.iter().map(|row| Row { resource: "i-2".to_owned(), ..row.clone() }).collect();
    let times: ArrayRef = Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.second)));
    let values: ArrayRef = Arc::new(Float64Array::from(vec![1.0, 2.0, -4.0]));
    for (name, bytes, row) in
        [("bad.csv", bad.into_bytes(), 2), ("bad.parquet", parquet_of(&of_two, times, values), 3)]
    {
        let (reduction, mut errors) =
            reduce_files(&[(name, bytes), ("good.parquet", parquet(&rows))]);
        errors.extend(reduction.errors.clone());
        let [error] = errors.as_slice() else { panic!("{name}: {errors:?}") };
        assert_eq!((error.row, error.column.as_deref()), (Some(row), Some("value")), "{error}");
        assert!(error.problem.en.contains("below 0"), "{error}");
        assert_eq!(reduction.profiles.len(), 1);
    }
    let odd = format!("{HEADER}db,AWS/RDS,ReplicaLag,Maximum,60,2026-10-05T00:00:00Z,-1\n");
    let (reduction, errors) = reduce_files(&[("odd.csv", odd.into())]);
    assert_eq!((errors.len(), reduction.profiles.len()), (0, 1));
}

#[test]
fn a_bad_row_costs_its_own_file_only() {
    let good = csv(&three());
    for (row, column, problem) in [
        (
            "i-2,AWS/EC2,CPUUtilization,Maximum,60,2026-10-05T00:00:00Z,NaN",
            "value",
            "is not a number",
        ),
        (
            "i-2,AWS/EC2,CPUUtilization,Maximum,60,2026-10-05T00:00:00Z,inf",
            "value",
            "is not a number",
        ),
        ("i-2,AWS/EC2,CPUUtilization,Maximum,60,2026-10-05T00:00:00Z,", "value", "is not a number"),
        ("i-2,AWS/EC2,CPUUtilization,Maximum,60,yesterday,1", "timestamp", "is not a time"),
        (
            "i-2,AWS/EC2,CPUUtilization,Maximum,-5,2026-10-05T00:00:00Z,1",
            "period_seconds",
            "number of seconds",
        ),
        (",AWS/EC2,CPUUtilization,Maximum,60,2026-10-05T00:00:00Z,1", "resource_id", "is empty"),
    ] {
        let bad = format!(
            "{HEADER}i-2,AWS/EC2,CPUUtilization,Maximum,60,2026-10-05T00:00:00Z,1\n{row}\n"
        );
        let (reduction, errors) =
            reduce_files(&[("bad.csv", bad.into()), ("good.csv", good.clone())]);
        let [error] = errors.as_slice() else { panic!("{row}: {errors:?}") };
        assert_eq!((error.row, error.column.as_deref()), (Some(3), Some(column)), "{error}");
        assert!(error.problem.en.contains(problem), "{error}");
        assert_eq!(reduction.profiles.len(), 1);
    }
    let short = format!("{HEADER}i-2,AWS/EC2\n");
    let (_, errors) = reduce_files(&[("bad.csv", short.into())]);
    assert_eq!(errors[0].row, Some(2));
}

#[test]
fn a_bad_row_of_parquet_is_found_and_costs_its_own_file_only() {
    let rows = three();
    let times: ArrayRef = Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.second)));
    let doubles: ArrayRef = Arc::new(Float64Array::from(vec![1.0, 2.0, 4.0]));
    let holes: ArrayRef = Arc::new(Int64Array::from(vec![Some(rows[0].second), None, None]));
    let words: ArrayRef = Arc::new(StringArray::from(vec!["2026-10-05", "2026-10-05", "soon"]));
    let cases: [(ArrayRef, ArrayRef, u64, &str); 4] = [
        (times.clone(), Arc::new(Float64Array::from(vec![1.0, 2.0, f64::NAN])), 3, "value"),
        (times, Arc::new(Float64Array::from(vec![None, Some(2.0), None])), 1, "value"),
        (holes, doubles.clone(), 2, "timestamp"),
        (words, doubles, 3, "timestamp"),
    ];
    for (times, values, row, column) in cases {
        let bad: Vec<Row> =
            rows.iter().map(|row| Row { resource: "i-2".to_owned(), ..row.clone() }).collect();
        let (reduction, errors) = reduce_files(&[
            ("bad.parquet", parquet_of(&bad, times, values)),
            ("good.parquet", parquet(&rows)),
        ]);
        assert_eq!(errors, []);
        let [error] = reduction.errors.as_slice() else { panic!("{:?}", reduction.errors) };
        assert_eq!((error.row, error.column.as_deref()), (Some(row), Some(column)), "{error}");
        assert_eq!(reduction.profiles.len(), 1);
        assert_eq!(cpu(&reduction, "i-1").count, 3);
    }
}

#[test]
fn hostile_files_are_clean_errors() {
    let whole = parquet(&three());
    let mut footer = whole.clone();
    let length = footer.len();
    footer[length - 8..length - 4].copy_from_slice(&u32::MAX.to_le_bytes());
    let bomb = gzip(format!("{HEADER}{}", " ".repeat(50_000_000)).as_bytes());
    let mut cut = gzip(&csv(&three()));
    cut.truncate(cut.len() - 12);
    let mut garbage = b"PAR1".to_vec();
    garbage.extend(std::iter::repeat_n(0xa5, 400));
    garbage.extend([200, 0, 0, 0]);
    garbage.extend(b"PAR1");
    for (bytes, problem) in [
        (whole[..length / 2].to_vec(), "its footer is missing"),
        (b"PAR1".to_vec(), "it is too short"),
        (footer, "its footer is longer than the file"),
        (garbage, "is not sound Parquet"),
        (bomb, "unfolds to more than"),
        (format!("{HEADER}\"{}", "a\n".repeat(9_000_000)).into_bytes(), "longer than 16 MiB"),
        (cut, "cannot be read"),
        (Vec::new(), "is empty"),
        (b"a,b\n1,2\n".to_vec(), "has no column"),
        (b"resource_id,resource_id\n".to_vec(), "twice"),
        (format!("{HEADER}\u{fffd}").replace('\u{fffd}', "x").into_bytes(), "fields"),
        ([HEADER.as_bytes(), b"\xff,a,b,Maximum,60,2026-10-05T00:00:00Z,1\n"].concat(), "UTF-8"),
    ] {
        let (reduction, errors) =
            reduce_files(&[("bad.any", bytes), ("good.parquet", whole.clone())]);
        let [error] = errors.as_slice() else { panic!("{problem}: {errors:?}") };
        assert!(error.problem.en.contains(problem), "{error}, expected {problem}");
        assert_eq!(reduction.profiles.len(), 1);
    }
}

#[test]
fn a_page_that_is_damaged_costs_its_own_file_only() {
    let mut damaged = parquet(&three());
    for byte in &mut damaged[8..40] {
        *byte = 0xff;
    }
    let (reduction, errors) =
        reduce_files(&[("bad.parquet", damaged), ("good.parquet", parquet(&three()))]);
    assert_eq!(errors.len() + reduction.errors.len(), 1, "{errors:?} {:?}", reduction.errors);
    assert_eq!(cpu(&reduction, "i-1").count, 3);
}
