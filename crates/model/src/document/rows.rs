//! A table of a report: typed columns, and values as cells.

use serde::{Deserialize, Serialize};

use super::value::{Tone, Value};
use crate::text::Text;

/// What the cells of a column are. Any of them may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnKind {
    /// Words, names and links.
    Text,
    /// Amounts.
    Amount,
    /// Percent.
    Percent,
    /// Counts and numbers.
    Count,
    /// Days and moments.
    Moment,
}

impl ColumnKind {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Amount => "amount",
            Self::Percent => "percent",
            Self::Count => "count",
            Self::Moment => "moment",
        }
    }

    /// Returns whether its cells stand on the right.
    pub fn is_number(self) -> bool {
        match self {
            Self::Amount | Self::Percent | Self::Count => true,
            Self::Text | Self::Moment => false,
        }
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// A stable name, such as `change`.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// What its cells are.
    pub kind: ColumnKind,
}

impl Column {
    /// Makes a column.
    pub fn new(name: &str, kind: ColumnKind, en: &str, ko: &str) -> Self {
        Self { name: name.to_owned(), title: Text::new(en, ko), kind }
    }
}

/// A row: one value per column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The values, in the order of the columns.
    pub cells: Vec<(Value, Tone)>,
    /// Whether it sums up the rows above.
    pub is_total: bool,
}

impl Row {
    /// Makes a row without tones.
    pub fn new(cells: Vec<Value>) -> Self {
        Self {
            cells: cells.into_iter().map(|value| (value, Tone::Plain)).collect(),
            is_total: false,
        }
    }

    /// Makes it the row that sums up the rows above.
    #[must_use]
    pub fn total(mut self) -> Self {
        self.is_total = true;
        self
    }

    /// Gives the cell at `index` a tone.
    #[must_use]
    pub fn toned(mut self, index: usize, tone: Tone) -> Self {
        if let Some((_, of_cell)) = self.cells.get_mut(index) {
            *of_cell = tone;
        }
        self
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rows {
    /// A stable name, such as `movers`.
    pub name: String,
    /// What it is about, where the title of its section does not say.
    pub title: Option<Text>,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
}
