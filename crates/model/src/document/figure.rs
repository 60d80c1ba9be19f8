//! The few figures that a report begins with.

use serde::{Deserialize, Serialize};

use super::sentence::Sentence;
use super::value::{Tone, Value};
use crate::text::Text;

/// One key figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// A stable name, such as `month_to_date`.
    pub name: String,
    /// What it is, its period included.
    pub label: Text,
    /// How much.
    pub value: Value,
    /// What to compare it with, or how it is known.
    pub note: Option<Sentence>,
    /// What its colour says.
    pub tone: Tone,
}

/// At most four figures: more are read by nobody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figures(Vec<Figure>);

impl Figures {
    /// How many there are at most.
    pub const MOST: usize = 4;

    /// Keeps the first four.
    pub fn new(figures: impl IntoIterator<Item = Figure>) -> Self {
        Self(figures.into_iter().take(Self::MOST).collect())
    }

    /// Iterates over them.
    pub fn iter(&self) -> std::slice::Iter<'_, Figure> {
        self.0.iter()
    }
}
