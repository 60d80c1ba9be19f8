//! What the colours of a chart mean, as data: the page writes it beside the picture.

use trimtab_model::money::Money;

/// How the sign before an entry looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegendMark {
    /// A filled square.
    Fill,
    /// A hatched square.
    Hatch,
    /// A line.
    Line,
    /// A dashed line.
    Dashed,
    /// A dot.
    Dot,
}

/// One entry of a legend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegendItem {
    /// The class that gives the colour.
    pub class: &'static str,
    /// How the sign looks.
    pub mark: LegendMark,
    /// The name, in the reader's language; it may come from outside.
    pub name: String,
    /// What it comes to, where the chart adds up.
    pub amount: Option<Money>,
}

impl LegendItem {
    pub(super) fn new(class: &'static str, mark: LegendMark, name: impl Into<String>) -> Self {
        Self { class, mark, name: name.into(), amount: None }
    }
}
