//! A line the size of a word: how a metric went, beside its name.

use super::axis::Axis;
use super::caption::Caption;
use super::frame::{Frame, Margins, Stroke};
use super::ink::Ink;
use super::lines::LineUnit;
use super::sheet::{Sheet, Tip};
use super::size::Size;
use super::svg::{Svg, px};
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// How a metric went.
#[derive(Debug, Clone, PartialEq)]
pub struct Spark {
    /// What it is called; not shown.
    pub caption: Caption,
    /// The values, evenly spaced; a gap stays a gap.
    pub values: Vec<Option<f64>>,
    /// What the values are.
    pub unit: LineUnit,
    /// What must not be passed.
    pub limit: Option<f64>,
}

const HEIGHT: f64 = 24.0;

impl Spark {
    /// Draws the chart: for [`Size::CELL`], 24 pixels high.
    pub fn draw(&self, size: Size, style: &Style) -> Svg {
        let mut sheet = Sheet::new("spark", &self.caption, size, HEIGHT);
        let summary = self.summary(style);
        sheet.describe(&summary);
        let margins = Margins { top: 2.0, right: 3.0, bottom: 2.0, left: 1.0 };
        let values = || self.values.iter().flatten().copied().filter(|value| value.is_finite());
        let high = values().chain(self.limit).filter(|v| v.is_finite()).fold(0.0, f64::max);
        let low = values().fold(0.0, f64::min);
        let x = Axis::bare(0.0, place(self.values.len().saturating_sub(1)));
        let frame = Frame::new((size.width(), HEIGHT), margins, x, Axis::bare(low, high));
        let runs = self.runs();
        let mut strokes: Vec<Stroke> = runs
            .iter()
            .filter(|run| run.len() > 1)
            .map(|run| Stroke::Area(Ink::Area(0), run.clone(), low.max(0.0)))
            .collect();
        strokes.extend(runs.iter().map(|run| Stroke::Line(Ink::Line(0), run.clone())));
        sheet.mark(&Tip::new(summary), |sheet| {
            if let Some(limit) = self.limit.filter(|limit| limit.is_finite()) {
                let y = px(frame.place(0.0, limit).1);
                sheet.path("limit danger", &format!("M0 {y}H{}", px(size.width())));
            }
            sheet.add(&frame.strokes(&strokes));
            if let Some((x, y)) = runs.last().and_then(|run| run.last()) {
                sheet.circle("dot s1", frame.place(*x, *y), 1.8);
            }
        });
        sheet.finish()
    }

    /// Returns the values in order.
    pub fn table(&self, style: &Style) -> Table {
        let locale = style.locale();
        let mut table = Table::new(vec![
            Column::new("place", locale.text("column-place"), Kind::Count, Priority::Essential),
            Column::new("value", locale.text("column-value"), Kind::Text, Priority::Essential),
        ]);
        for (index, value) in (1_u64..).zip(&self.values) {
            let value = value.filter(|value| value.is_finite());
            let cell = Cell::optional(value.map(|value| self.unit.text(value)));
            table.row(vec![Cell::Count(index), cell]);
        }
        table
    }

    fn summary(&self, style: &Style) -> String {
        let locale = style.locale();
        let values = || self.values.iter().flatten().copied().filter(|value| value.is_finite());
        match (values().reduce(f64::max), values().next_back()) {
            (Some(peak), Some(last)) => {
                let (peak, last) = (self.unit.text(peak), self.unit.text(last));
                locale.text_with("chart-spark", &[("peak", &peak), ("last", &last)])
            }
            _ => locale.text("chart-no-data"),
        }
    }

    fn runs(&self) -> Vec<Vec<(f64, f64)>> {
        let mut runs = vec![Vec::new()];
        for (index, value) in self.values.iter().enumerate() {
            match value.filter(|value| value.is_finite()) {
                Some(value) => {
                    if let Some(run) = runs.last_mut() {
                        run.push((place(index), value));
                    }
                }
                None => runs.push(Vec::new()),
            }
        }
        runs.retain(|run| !run.is_empty());
        runs
    }
}

fn place(index: usize) -> f64 {
    f64::from(u32::try_from(index).unwrap_or(u32::MAX))
}
