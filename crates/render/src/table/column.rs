//! What a column holds and how much it matters.

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
}

impl Column {
    /// Makes a column.
    pub fn new(
        key: &'static str,
        title: impl Into<String>,
        kind: Kind,
        priority: Priority,
    ) -> Self {
        Self { key, title: title.into(), kind, priority, cut: Cut::Early }
    }

    /// Makes its texts the last to be cut.
    pub fn cut_late(self) -> Self {
        Self { cut: Cut::Late, ..self }
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
