//! Reads the engine's answers.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int64Type, TimestampMicrosecondType};

use trimtab_model::text::Text;

use crate::error::words;
use crate::lake::LakeError;

/// A batch of an answer, its columns by name.
pub(super) struct Rows<'a> {
    batch: &'a RecordBatch,
}

impl<'a> Rows<'a> {
    pub(super) fn new(batch: &'a RecordBatch) -> Self {
        Self { batch }
    }

    pub(super) fn count(&self) -> usize {
        self.batch.num_rows()
    }

    /// Returns a column of text as plain strings.
    pub(super) fn text(&self, name: &str) -> Result<ArrayRef, LakeError> {
        cast(self.column(name)?, &DataType::Utf8)
            .map_err(|cause| LakeError::Unexpected(words(&cause)))
    }

    /// Returns the exact decimal in a row.
    pub(super) fn decimal(&self, name: &str, row: usize) -> Result<Option<i128>, LakeError> {
        let column = self.column(name)?;
        let decimals =
            column.as_primitive_opt::<Decimal128Type>().ok_or_else(|| unexpected(name))?;
        Ok((row < decimals.len() && decimals.is_valid(row)).then(|| decimals.value(row)))
    }

    /// Returns the count in a row.
    pub(super) fn number(&self, name: &str, row: usize) -> Result<u64, LakeError> {
        let column = self.column(name)?;
        let numbers = column.as_primitive_opt::<Int64Type>().ok_or_else(|| unexpected(name))?;
        Ok(if row < numbers.len() && numbers.is_valid(row) {
            u64::try_from(numbers.value(row)).unwrap_or_default()
        } else {
            0
        })
    }

    /// Returns the day in a row.
    pub(super) fn day(&self, name: &str, row: usize) -> Result<Option<i32>, LakeError> {
        let column = self.column(name)?;
        let days = column.as_primitive_opt::<Date32Type>().ok_or_else(|| unexpected(name))?;
        Ok((row < days.len() && days.is_valid(row)).then(|| days.value(row)))
    }

    /// Returns the moment in a row, in microseconds since 1970-01-01 UTC.
    pub(super) fn moment(&self, name: &str, row: usize) -> Result<Option<i64>, LakeError> {
        let column = self.column(name)?;
        let moments = column
            .as_primitive_opt::<TimestampMicrosecondType>()
            .ok_or_else(|| unexpected(name))?;
        Ok((row < moments.len() && moments.is_valid(row)).then(|| moments.value(row)))
    }

    fn column(&self, name: &str) -> Result<&'a ArrayRef, LakeError> {
        self.batch.column_by_name(name).ok_or_else(|| unexpected(name))
    }
}

/// Returns the text in a row of a column that [`Rows::text`] gave.
pub(super) fn text_at(column: &ArrayRef, row: usize) -> Option<&str> {
    let column = column.as_string_opt::<i32>()?;
    (row < column.len() && column.is_valid(row)).then(|| column.value(row))
}

fn unexpected(name: &str) -> LakeError {
    LakeError::Unexpected(Text::new(
        format!("no column {name} of the type that was asked for"),
        format!("{name}: 요청한 형식의 열이 없습니다"),
    ))
}
