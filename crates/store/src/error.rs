//! What can be wrong with a file that somebody gives us.

use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use trimtab_model::explain::Explain;
use trimtab_model::text::Text;

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
    /// What is wrong: a lower-case fragment without a full stop. Boxed, so that results stay small.
    pub problem: Box<Text>,
    /// What to do about it: a lower-case fragment without a full stop.
    pub hint: Box<Text>,
}

impl InputError {
    /// Makes an error about a whole file.
    pub fn new(file: &Path, problem: impl Into<Text>, hint: impl Into<Text>) -> Self {
        Self {
            file: file.to_owned(),
            row: None,
            column: None,
            problem: Box::new(problem.into()),
            hint: Box::new(hint.into()),
        }
    }

    /// Makes an error about a file that the system or a library cannot read.
    pub(crate) fn unreadable(
        file: &Path,
        cause: &(dyn Error + 'static),
        hint: impl Into<Text>,
    ) -> Self {
        let problem = Text::new("cannot be read", "읽을 수 없습니다");
        Self::new(file, problem.because(&words(cause)), hint)
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
        write!(f, ": {}", self.problem.en)
    }
}

impl Error for InputError {}

impl Explain for InputError {
    fn text(&self) -> Text {
        let mut korean = self.file.display().to_string();
        if let Some(row) = self.row {
            korean.push_str(&format!(", {row}행"));
        }
        if let Some(column) = &self.column {
            korean.push_str(&format!(", {column} 열"));
        }
        Text::new(self.to_string(), format!("{korean}: {}", self.problem.ko))
    }
}

/// Returns what an error says of itself: in every language if it is ours or a common one
/// of the system's, else a library's own words.
pub fn words(error: &(dyn Error + 'static)) -> Text {
    if let Some(system) = error.downcast_ref::<std::io::Error>() {
        return system.text();
    }
    if let Some(input) = error.downcast_ref::<InputError>() {
        return input.text();
    }
    match error.downcast_ref::<csv::Error>().map(csv::Error::kind) {
        Some(csv::ErrorKind::Io(system)) => system.text(),
        Some(csv::ErrorKind::Utf8 { .. }) => {
            Text::new(error.to_string(), "올바른 UTF-8이 아닙니다")
        }
        _ => Text::verbatim(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_row_and_column_in_both_languages() {
        let error = InputError::new(
            Path::new("bill.csv"),
            ("is not a number", "숫자가 아닙니다"),
            ("mend it", "고치세요"),
        )
        .at_row(3)
        .in_column("BilledCost");
        assert_eq!(
            error.text(),
            Text::new(
                "bill.csv, row 3, column BilledCost: is not a number",
                "bill.csv, 3행, BilledCost 열: 숫자가 아닙니다"
            )
        );
    }
}
