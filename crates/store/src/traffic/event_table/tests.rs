//! Events as Parquet, read with their damages.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
    TimestampMillisecondArray, TimestampNanosecondArray, UInt32Array,
};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;

use super::*;
use crate::error::InputError;

/// 2026-10-01T00:00:00Z.
const START: i64 = 1_790_812_800;

fn written(columns: Vec<(&str, ArrayRef)>) -> tempfile::NamedTempFile {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    // Small groups, so that a file has several.
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(2)).build();
    let mut writer =
        ArrowWriter::try_new(file.reopen().unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    file
}

fn texts(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

fn shown(path: &Path) -> Result<Vec<String>, InputError> {
    let mut rows = Rows::open(path)?;
    let mut found = Vec::new();
    while let Some((_, read)) = rows.next()? {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        found.push(match read {
            Ok(request) => {
                let time = jiff::Timestamp::from_microsecond(request.time).unwrap();
                let service = request.service.map_or("-".to_owned(), |name| text(&name));
                format!("{time} {} {service}", text(&request.user.unwrap()))
            }
            Err(problem) => format!("{problem:?}"),
        });
    }
    Ok(found)
}

fn check(columns: Vec<(&str, ArrayRef)>, expected: &[&str]) {
    let file = written(columns);
    assert_eq!(shown(file.path()).unwrap(), expected);
}

fn fails(columns: Vec<(&str, ArrayRef)>, expected: &str) {
    let file = written(columns);
    let error = shown(file.path()).expect_err("it must fail");
    let column = error.column.clone().unwrap_or_default();
    assert_eq!(format!("{column}: {}", error.problem.en), expected);
}

#[test]
fn timestamps_of_any_unit_are_read() {
    let expected = ["2026-10-01T00:00:00Z kim -", "2026-10-01T00:00:01.5Z kim -"];
    let milliseconds = [START * 1_000, START * 1_000 + 1_500];
    let of = |unit: i64| milliseconds.map(|count| count * unit).to_vec();
    let times: [ArrayRef; 4] = [
        Arc::new(TimestampMillisecondArray::from(of(1)).with_timezone("Asia/Seoul")),
        Arc::new(TimestampMicrosecondArray::from(of(1_000)).with_timezone("UTC")),
        Arc::new(TimestampNanosecondArray::from(of(1_000_000))),
        Arc::new(Int64Array::from(of(1))),
    ];
    for time in times {
        check(vec![("user", texts(&[Some("kim"); 2])), ("time", time)], &expected);
    }
    let seconds: ArrayRef = Arc::new(Int64Array::from(vec![START]));
    let one = ["2026-10-01T00:00:00Z kim -"];
    check(vec![("user", texts(&[Some("kim")])), ("time", seconds)], &one);
}

#[test]
fn columns_are_found_by_name_in_any_order_and_users_may_be_numbers() {
    let time = texts(&[Some("2026-10-01T09:00:00+09:00"), Some("2026-10-01T00:00:00")]);
    let user: ArrayRef = Arc::new(UInt32Array::from(vec![7, u32::MAX]));
    let service = texts(&[Some(" lobby "), None]);
    let other: ArrayRef = Arc::new(Float64Array::from(vec![0.5, 0.5]));
    check(
        vec![(" Service", service), ("level", other), ("TIME", time), ("User", user)],
        &["2026-10-01T00:00:00Z 7 lobby", "2026-10-01T00:00:00Z 4294967295 -"],
    );
}

#[test]
fn a_row_that_cannot_be_read_is_one_problem() {
    let long = "x".repeat(MAX_LINE + 1);
    let users = texts(&[Some("kim"), None, Some(" "), Some("lee"), Some(&long), Some("park")]);
    let good = Some("2026-10-01T00:00:00Z");
    let times = texts(&[None, good, good, Some("soon"), good, good]);
    check(
        vec![("user", users), ("time", times)],
        &["Time", "NoUser", "NoUser", "Time", "TooLong", "2026-10-01T00:00:00Z park -"],
    );
}

#[test]
fn what_is_missing_or_of_another_type_is_named() {
    let (user, time) = (|| texts(&[Some("kim")]), || texts(&[Some("2026-10-01")]));
    let number = || -> ArrayRef { Arc::new(Float64Array::from(vec![0.5])) };
    fails(vec![("user", user())], "time: has no column time");
    fails(vec![("who", user()), ("time", time())], "user: has no column user");
    let not_text = "user: holds Float64, not text or a whole number";
    fails(vec![("user", number()), ("time", time())], not_text);
    let expected = "time: holds Float64, not a timestamp, ISO 8601 text, or seconds or milliseconds since 1970";
    fails(vec![("user", user()), ("time", number())], expected);
    let columns = vec![("user", user()), ("time", time()), ("service", number())];
    fails(columns, "service: holds Float64, not text");
}

#[test]
fn a_damaged_file_is_named_with_its_row_and_column() {
    let users: Vec<String> = (0..6).map(|user| format!("user-{user}")).collect();
    let users: ArrayRef = Arc::new(StringArray::from(users));
    let times: ArrayRef = Arc::new(Int64Array::from(vec![START; 6]));
    let file = written(vec![("user", users), ("time", times)]);
    let whole = std::fs::read(file.path()).unwrap();
    let mut cut = whole.clone();
    cut.truncate(whole.len() - 10);
    std::fs::write(file.path(), &cut).unwrap();
    let error = shown(file.path()).unwrap_err();
    assert!(error.problem.en.starts_with("is Parquet that was cut or damaged"), "{error}");

    // The third row group: its user column says a value less than the footer does.
    let sound = {
        std::fs::write(file.path(), &whole).unwrap();
        SoundParquet::open(file.path(), Limits::default()).unwrap()
    };
    let column = sound.parsed().row_group(2).column(0);
    let at = usize::try_from(column.data_page_offset()).unwrap();
    let mut damaged = whole.clone();
    damaged[at..at + 4].fill(0xff);
    std::fs::write(file.path(), &damaged).unwrap();
    assert!(shown(file.path()).is_err());

    // Within the pages: what was before is read, and the row behind is named.
    let size = usize::try_from(column.compressed_size()).unwrap();
    let start = usize::try_from(
        column.dictionary_page_offset().unwrap_or_else(|| column.data_page_offset()),
    )
    .unwrap();
    let mut damaged = whole;
    // Lengths of texts lie at the beginning of the dictionary's data.
    let text = damaged[start..start + size]
        .windows(6)
        .position(|bytes| bytes == b"user-4")
        .expect("the text as it is");
    damaged[start + text - 4..start + text].fill(0x7f);
    std::fs::write(file.path(), &damaged).unwrap();
    let mut rows = Rows::open(file.path()).unwrap();
    let mut read = 0;
    let error = loop {
        match rows.next() {
            Ok(Some(_)) => read += 1,
            Ok(None) => panic!("it ended well"),
            Err(error) => break error,
        }
    };
    assert_eq!((read, error.row), (4, Some(5)), "{error}");
    assert!(error.problem.en.starts_with("is Parquet that cannot be read"), "{error}");
}
