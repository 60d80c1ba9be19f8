//! A report as values: what it says, before any format says how it looks.
//!
//! Nothing here is formatted and nothing is HTML. A format of `render` turns each
//! block into what its readers see, in their language and currency.

mod block;
mod chart;
mod figure;
mod rows;
mod sentence;
mod value;

pub use block::{Block, Decision, DecisionKind, Decisions, Note, NoteLevel, Section};
pub use chart::{
    Bar, BarGroup, BridgeStep, ChartBlock, ChartData, FanPoint, FunnelStep, Pair, StackSeries,
};
pub use figure::{Figure, Figures};
pub use rows::{Column, ColumnKind, Row, Rows};
pub use sentence::{Sentence, Span, SpanValue};
pub use value::{Link, Target, Tone, Value};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::text::Text;

/// How often a report comes, and for whom it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DocumentKind {
    /// For the team, every Monday.
    Weekly,
    /// For leads and finance, once the bill is closed.
    Monthly,
    /// For a review of the architecture.
    Quarterly,
}

impl DocumentKind {
    /// Returns the word, as in JSON and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
        }
    }
}

/// Which cost of the bill a report's amounts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CostBasis {
    /// `EffectiveCost`: amortised, after all discounts.
    Effective,
    /// `BilledCost`: the basis of the invoice.
    Billed,
}

impl CostBasis {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Effective => "effective",
            Self::Billed => "billed",
        }
    }
}

/// Days from the first to the last, both of which belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Days {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

impl Days {
    /// Returns whether `date` lies inside.
    pub fn contains(self, date: Date) -> bool {
        self.first <= date && date <= self.last
    }

    /// Iterates over the days.
    pub fn iter(self) -> impl Iterator<Item = Date> {
        let days = std::iter::successors(Some(self.first), |date| date.tomorrow().ok());
        days.take_while(move |date| *date <= self.last)
    }

    /// Returns how many days it has.
    pub fn count(self) -> usize {
        self.iter().count()
    }
}

/// One report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Which report it is.
    pub kind: DocumentKind,
    /// What it is called.
    pub title: Text,
    /// What it comes to, in one sentence.
    pub verdict: Sentence,
    /// The moment it was made for.
    pub as_of: Timestamp,
    /// The UTC days that it is about.
    pub period: Days,
    /// Which cost its amounts are, unless a block says otherwise.
    pub basis: CostBasis,
    /// Its parts, in reading order.
    pub sections: Vec<Section>,
    /// Parts that only a workbook has room for, each a sheet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sheets: Vec<Section>,
    /// What must be known to read its amounts: basis, days, provisional ones, what is left out.
    pub footer: Vec<Sentence>,
}

impl Document {
    /// Iterates over all blocks, in reading order.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.sections.iter().flat_map(|section| &section.blocks)
    }

    /// Iterates over every value that is shown, in reading order.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.verdict
            .values()
            .chain(self.blocks().flat_map(Block::values))
            .chain(self.footer.iter().flat_map(Sentence::values))
    }
}
