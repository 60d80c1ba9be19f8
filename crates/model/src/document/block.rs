//! The blocks that a section is made of.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::chart::ChartBlock;
use super::figure::Figures;
use super::rows::Rows;
use super::sentence::Sentence;
use super::value::{Link, Value};
use crate::text::Text;

/// A part of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// A stable name, such as `movers`.
    pub name: String,
    /// Its title; absent for the part that stands below the verdict.
    pub title: Option<Text>,
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// One block of a section.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// Key figures.
    Figures(Figures),
    /// A chart.
    Chart(Box<ChartBlock>),
    /// A table.
    Rows(Rows),
    /// A sentence.
    Note(Note),
    /// What somebody has to decide.
    Decisions(Decisions),
}

impl Block {
    /// Makes a chart.
    pub fn chart(chart: ChartBlock) -> Self {
        Self::Chart(Box::new(chart))
    }

    /// Makes a note that explains.
    pub fn note(sentence: Sentence) -> Self {
        Self::Note(Note { level: NoteLevel::Explains, sentence })
    }

    /// Makes a note that says what is not known, and what would make it known.
    pub fn missing(sentence: Sentence) -> Self {
        Self::Note(Note { level: NoteLevel::Missing, sentence })
    }

    /// Returns the values that it shows; those of a chart are its own.
    pub fn values(&self) -> Vec<&Value> {
        match self {
            Self::Figures(figures) => figures
                .iter()
                .flat_map(|figure| {
                    let note = figure.note.iter().flat_map(Sentence::values);
                    std::iter::once(&figure.value).chain(note)
                })
                .collect(),
            Self::Chart(chart) => chart.caption.iter().flat_map(Sentence::values).collect(),
            Self::Rows(rows) => {
                rows.rows.iter().flat_map(|row| row.cells.iter().map(|(value, _)| value)).collect()
            }
            Self::Note(note) => note.sentence.values().collect(),
            Self::Decisions(decisions) => decisions
                .items
                .iter()
                .flat_map(|item| [&item.savings, &item.risk].into_iter().chain(&item.owner))
                .chain(decisions.items.iter().flat_map(|item| item.state.values()))
                .collect(),
        }
    }
}

/// Why a note is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NoteLevel {
    /// It explains what stands above.
    Explains,
    /// Something is not known.
    Missing,
    /// Something needs attention.
    Warns,
}

impl NoteLevel {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Explains => "explains",
            Self::Missing => "missing",
            Self::Warns => "warns",
        }
    }
}

/// A sentence of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// Why it is there.
    pub level: NoteLevel,
    /// The sentence.
    pub sentence: Sentence,
}

/// What is to be decided about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DecisionKind {
    /// A recommendation that nobody has answered.
    Recommendation,
    /// A plan that waits for an approval.
    Plan,
    /// A cost that rises by itself on a known day.
    Increase,
}

impl DecisionKind {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recommendation => "recommendation",
            Self::Plan => "plan",
            Self::Increase => "increase",
        }
    }
}

/// One decision that somebody has to make.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// What it is about.
    pub kind: DecisionKind,
    /// What it is called; absent target where it has no page of its own.
    pub title: Text,
    /// Where it is shown in full.
    pub link: Option<Link>,
    /// What it saves, or costs, a month.
    pub savings: Value,
    /// How likely users notice.
    pub risk: Value,
    /// Who decides; absent where nobody is named for anything.
    pub owner: Option<Value>,
    /// How it stands.
    pub state: Sentence,
    /// Until when; absent where nothing sets a day.
    pub deadline: Option<Timestamp>,
}

/// Decisions, the most urgent first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decisions {
    /// The decisions that are shown.
    pub items: Vec<Decision>,
    /// How many more there are.
    pub more: u64,
}
