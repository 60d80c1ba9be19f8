//! Finds the first row of a file that cannot be read: the slow way, taken only when there is one.

use std::fs::File;
use std::path::Path;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Float64Array, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, TimeUnit};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use trimtab_model::metric::is_possible;
use trimtab_model::text::{StaticText, Text};

use super::columns::{Columns, GROUP, PERIOD, TIMESTAMP, VALUE};
use crate::error::InputError;

const EMPTY: StaticText = StaticText { en: "is empty", ko: "비어 있습니다" };
const NO_MOMENT: StaticText = StaticText { en: "is not a time", ko: "시각이 아닙니다" };
const NO_NUMBER: StaticText = StaticText { en: "is not a number", ko: "숫자가 아닙니다" };
const NO_SECONDS: StaticText =
    StaticText { en: "is not a number of seconds", ko: "초 단위 정수가 아닙니다" };

/// Returns what is wrong with the first bad row, naming `file` while reading `path`.
pub(super) fn first_bad(file: &Path, path: &Path, columns: &Columns) -> Option<InputError> {
    let unsound = |cause: &(dyn std::error::Error + 'static)| {
        let hint = ("export the file again", "파일을 다시 내보내세요");
        InputError::unreadable(file, cause, hint)
    };
    let reader = File::open(path)
        .map_err(|cause| unsound(&cause))
        .and_then(|file| {
            ParquetRecordBatchReaderBuilder::try_new(file).map_err(|cause| unsound(&cause))
        })
        .and_then(|builder| builder.build().map_err(|cause| unsound(&cause)));
    let reader = match reader {
        Ok(reader) => reader,
        Err(error) => return Some(error),
    };
    let mut before = 0_u64;
    for batch in reader {
        let batch = match batch {
            Ok(batch) => batch,
            Err(cause) => return Some(unsound(&cause).at_row(before + 1)),
        };
        if let Some((row, column, problem)) = bad_row(&batch, columns) {
            let hint =
                ("mend the row, or leave it out of the export", "행을 바로잡거나 내보낼 때 빼세요");
            let error = InputError::new(file, problem, hint);
            return Some(error.at_row(before + row as u64 + 1).in_column(column));
        }
        before += batch.num_rows() as u64;
    }
    None
}

/// Returns the first bad row of a batch, counted from 0, its column and what is wrong.
fn bad_row(batch: &RecordBatch, columns: &Columns) -> Option<(usize, &'static str, Text)> {
    let mut worst: Option<(usize, &'static str, Text)> = None;
    let mut note = |row: usize, column: &'static str, problem: Text| {
        if worst.as_ref().is_none_or(|(first, _, _)| row < *first) {
            worst = Some((row, column, problem));
        }
    };
    for column in GROUP {
        if let Some(row) = batch.column_by_name(column).and_then(first_null) {
            note(row, column, EMPTY.to_text());
        }
    }
    if let Some(times) = batch.column_by_name(TIMESTAMP) {
        let row = if columns.is_text_timestamp() {
            let millisecond = DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()));
            cast(times, &millisecond).ok().as_ref().and_then(first_null)
        } else {
            first_null(times)
        };
        if let Some(row) = row {
            note(row, TIMESTAMP, NO_MOMENT.to_text());
        }
    }
    let mut note_number = |column, problem: StaticText, is_bad: fn(Option<f64>) -> bool| {
        let numbers = batch.column_by_name(column);
        let numbers = numbers.and_then(|numbers| cast(numbers, &DataType::Float64).ok());
        let row = numbers
            .as_ref()
            .and_then(|numbers| numbers.as_any().downcast_ref::<Float64Array>())
            .and_then(|numbers| numbers.iter().position(is_bad));
        if let Some(row) = row {
            note(row, column, problem.to_text());
        }
    };
    note_number(VALUE, NO_NUMBER, |value| !value.is_some_and(f64::is_finite));
    note_number(PERIOD, NO_SECONDS, |period| {
        period.is_some_and(|period| !(1.0..=f64::from(u32::MAX)).contains(&period))
    });
    if let Some((row, metric)) = impossible(batch) {
        let problem = Text::new(
            format!("is below 0, which {metric} cannot be"),
            format!("0보다 작을 수 없는 지표입니다({metric})"),
        );
        note(row, VALUE, problem);
    }
    worst
}

/// Returns the first row with a value that its metric cannot have, and the metric.
fn impossible(batch: &RecordBatch) -> Option<(usize, String)> {
    let text = |name: &str| cast(batch.column_by_name(name)?, &DataType::Utf8).ok();
    let (namespaces, metrics) = (text("namespace")?, text("metric")?);
    let (namespaces, metrics) =
        (namespaces.as_string_opt::<i32>()?, metrics.as_string_opt::<i32>()?);
    let values = cast(batch.column_by_name(VALUE)?, &DataType::Float64).ok()?;
    let values = values.as_any().downcast_ref::<Float64Array>()?;
    let mut rows = values.iter().zip(namespaces).zip(metrics);
    let row = rows.position(|((value, namespace), metric)| {
        let known = value.zip(namespace).zip(metric);
        known.is_some_and(|((value, namespace), metric)| {
            value.is_finite() && !is_possible(namespace, metric, value)
        })
    })?;
    Some((row, metrics.value(row).to_owned()))
}

fn first_null(array: &ArrayRef) -> Option<usize> {
    (array.null_count() > 0).then(|| (0..array.len()).find(|row| array.is_null(*row))).flatten()
}
