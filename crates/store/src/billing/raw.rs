//! A batch of rows as the file has them, before they become charges.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use arrow::array::{ArrayRef, RecordBatch};

use trimtab_model::text::Text;

use super::format::{BillFormat, cur_name};
use crate::error::InputError;

/// Where the rows of a batch stand in their file.
#[derive(Debug, Clone)]
pub(super) enum RowNumbers {
    /// One after the other, the first one here.
    From(u64),
    /// Lines of a text, one per row.
    Lines(Vec<u64>),
}

/// What is the same for every batch of one file.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// The file, for messages.
    pub(super) file: PathBuf,
    /// The format.
    pub(super) format: BillFormat,
    /// Where each column stands: FOCUS names as they are, CUR names in their one spelling.
    columns: BTreeMap<String, usize>,
}

impl Layout {
    /// Notes where the columns stand in every batch.
    ///
    /// # Errors
    /// Fails when a column appears twice.
    pub(super) fn new<'a>(
        file: &Path,
        format: BillFormat,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, InputError> {
        let mut columns = BTreeMap::new();
        for (index, written) in names.into_iter().enumerate() {
            let name = if format.is_focus() { written.to_owned() } else { cur_name(written) };
            if columns.insert(name, index).is_some() && is_wanted(format, written) {
                let problem = ("has a column twice", "같은 열이 두 번 나옵니다");
                let hint = ("keep one of the two", "둘 중 하나만 남기세요");
                return Err(InputError::new(file, problem, hint).in_column(written));
            }
        }
        Ok(Self { file: file.to_owned(), format, columns })
    }

    /// Returns the names that start so, in order.
    pub(super) fn starting_with(&self, prefix: &str) -> Vec<String> {
        self.columns.keys().filter(|name| name.starts_with(prefix)).cloned().collect()
    }

    /// Returns a column of a batch, where the file has it.
    pub(super) fn column<'a>(&self, raw: &'a Raw, name: &str) -> Option<&'a ArrayRef> {
        self.columns.get(name).and_then(|index| raw.batch.columns().get(*index))
    }

    /// Makes an error about a row of a batch, counted from 0 within it.
    pub(super) fn error(
        &self,
        raw: &Raw,
        row: usize,
        column: &str,
        problem: impl Into<Text>,
        hint: impl Into<Text>,
    ) -> InputError {
        InputError::new(&self.file, problem, hint).at_row(raw.number(row)).in_column(column)
    }
}

/// A batch as read.
#[derive(Debug, Clone)]
pub(super) struct Raw {
    /// Its columns, in the order of the layout.
    pub(super) batch: RecordBatch,
    /// Its rows.
    pub(super) rows: RowNumbers,
}

impl Raw {
    /// Returns the number of a row in its file.
    pub(super) fn number(&self, row: usize) -> u64 {
        match &self.rows {
            RowNumbers::From(first) => first + row as u64,
            RowNumbers::Lines(lines) => lines.get(row).copied().unwrap_or_default(),
        }
    }
}

/// Returns whether a column is of any use to us. Others are not even decoded.
pub(super) fn is_wanted(format: BillFormat, written: &str) -> bool {
    if format.is_focus() {
        super::focus::WANTED.contains(&written)
    } else {
        let name = cur_name(written);
        super::cur::WANTED.contains(&name.as_str()) || name.starts_with("resource_tags_")
    }
}
