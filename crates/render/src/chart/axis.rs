//! One axis: how far it reaches and where its ticks are, both chosen by us.

use std::ops::Range;

use plotters::coord::ranged1d::{
    KeyPointHint, KeyPointWeight, NoDefaultFormatting, Ranged, ValueFormatter,
};

/// A place on an axis with its text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    pub at: f64,
    pub text: String,
}

/// One axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Axis {
    from: f64,
    to: f64,
    ticks: Vec<Tick>,
}

impl Axis {
    /// Makes an axis; one without an extent gets one, so that its values have a place.
    pub(super) fn new(from: f64, to: f64, ticks: Vec<Tick>) -> Self {
        let is_extent = from.is_finite() && to.is_finite() && to > from;
        let (from, to) = if is_extent { (from, to) } else { (0.0, 1.0) };
        Self { from, to, ticks }
    }

    /// Makes an axis without ticks.
    pub(super) fn bare(from: f64, to: f64) -> Self {
        Self::new(from, to, Vec::new())
    }

    /// Returns the same axis with ticks that have no texts.
    pub(super) fn silent(&self) -> Self {
        let silent = |tick: &Tick| Tick { text: String::new(), ..*tick };
        Self { ticks: self.ticks.iter().map(silent).collect(), ..*self }
    }

    pub(super) fn from(&self) -> f64 {
        self.from
    }

    pub(super) fn to(&self) -> f64 {
        self.to
    }

    pub(super) fn ticks(&self) -> &[Tick] {
        &self.ticks
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        let share = ((value - self.from) / (self.to - self.from)).clamp(0.0, 1.0);
        let (start, end) = (f64::from(limit.0), f64::from(limit.1));
        // A float that is no number becomes zero; callers leave those out.
        (start + share * (end - start)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        // The library draws a fine grid and a coarse one; there is only the coarse one here.
        match hint.weight() {
            KeyPointWeight::Bold => self.ticks.iter().map(|tick| tick.at).collect(),
            KeyPointWeight::Any => Vec::new(),
        }
    }

    fn range(&self) -> Range<f64> {
        self.from..self.to
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        let is_it = |tick: &&Tick| tick.at.to_bits() == value.to_bits();
        self.ticks.iter().find(is_it).map(|tick| tick.text.clone()).unwrap_or_default()
    }
}
