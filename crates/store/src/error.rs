//! What can be wrong with a file that somebody gives us.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Something wrong in an input file: where, what, and what to do.
///
/// The text names file, row and column where they are known. Rows count from 1 and
/// include the header, as a text editor shows them; for Parquet they count rows of
/// data from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputError {
    /// The file.
    pub file: PathBuf,
    /// The row, where the problem has one.
    pub row: Option<u64>,
    /// The column, where the problem has one.
    pub column: Option<String>,
    /// What is wrong: a lower-case fragment without a full stop.
    pub problem: String,
    /// What to do about it: a lower-case fragment without a full stop.
    pub hint: String,
}

impl InputError {
    /// Makes an error about a whole file.
    pub fn new(file: &Path, problem: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            row: None,
            column: None,
            problem: problem.into(),
            hint: hint.into(),
        }
    }

    /// Adds the row.
    pub fn at_row(mut self, row: u64) -> Self {
        self.row = Some(row);
        self
    }

    /// Adds the column.
    pub fn in_column(mut self, column: impl Into<String>) -> Self {
        self.column = Some(column.into());
        self
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(row) = self.row {
            write!(f, ", row {row}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.problem)
    }
}

impl std::error::Error for InputError {}
