//! What a column holds and how much it matters.

use super::cell::Cell;
use crate::width::Alignment;

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// Counts.
    Count,
    /// Exact numbers.
    Number,
    /// Amounts or prices.
    Money,
    /// Amounts with their range.
    Range,
    /// Percent.
    Percent,
    /// Moments.
    Timestamp,
}

/// Which columns go first when the terminal is narrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Always shown.
    Essential,
    /// Dropped last.
    High,
    /// Dropped second.
    Normal,
    /// Dropped first.
    Low,
    /// Shown only when asked for by `--wide` or by name.
    Wide,
}

/// Which texts are cut first when the terminal is narrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Those whose beginning says most.
    Early,
    /// Those whose end says as much, such as `db.r5.2xlarge → db.r5.large`.
    Late,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The name in machine formats, in `--columns` and in `--sort`.
    pub key: &'static str,
    /// The title in the reader's language.
    pub title: String,
    /// What its cells are.
    pub kind: Kind,
    /// How much it matters.
    pub priority: Priority,
    /// When its texts are cut.
    pub cut: Cut,
    /// The words of its cells in their order, each with its name for machines; empty where words
    /// have no order but the alphabet's.
    pub scale: Vec<(String, &'static str)>,
}

impl Column {
    /// Makes a column.
    pub fn new(
        key: &'static str,
        title: impl Into<String>,
        kind: Kind,
        priority: Priority,
    ) -> Self {
        Self { key, title: title.into(), kind, priority, cut: Cut::Early, scale: Vec::new() }
    }

    /// Makes its texts the last to be cut.
    pub fn cut_late(self) -> Self {
        Self { cut: Cut::Late, ..self }
    }

    /// Gives its words an order: rows are sorted and compared by it.
    pub fn ranked(self, scale: Vec<(String, &'static str)>) -> Self {
        Self { scale, ..self }
    }

    /// Returns the place of a word in the order of the column, by what is shown or by its name.
    pub(super) fn rank(&self, word: &str) -> Option<usize> {
        let is_it = |text: &str| text.to_lowercase() == word.to_lowercase();
        self.scale.iter().position(|(shown, name)| is_it(shown) || is_it(name))
    }

    /// Returns the place of a cell in the order of the column.
    pub(super) fn rank_of(&self, cell: &Cell) -> Option<usize> {
        match cell {
            Cell::Text(word) => self.rank(word),
            _ => None,
        }
    }

    /// Returns the side its cells stand on: numbers right, words left.
    pub fn alignment(&self) -> Alignment {
        match self.kind {
            Kind::Text | Kind::Timestamp => Alignment::Left,
            Kind::Count | Kind::Number | Kind::Money | Kind::Range | Kind::Percent => {
                Alignment::Right
            }
        }
    }

    /// Returns the names of its fields in CSV and TSV: amounts bring their currency.
    pub(super) fn field_names(&self) -> Vec<String> {
        let key = self.key;
        match self.kind {
            Kind::Text | Kind::Count | Kind::Number | Kind::Percent | Kind::Timestamp => {
                vec![key.to_owned()]
            }
            Kind::Money => vec![key.to_owned(), format!("{key}_currency")],
            Kind::Range => vec![
                key.to_owned(),
                format!("{key}_low"),
                format!("{key}_high"),
                format!("{key}_currency"),
            ],
        }
    }
}
