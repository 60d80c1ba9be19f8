//! The range of a saving: least, likely and most, on a scale that rows share.

use trimtab_model::money::Money;

use super::amount::{Shown, coordinate};
use super::axis::Axis;
use super::caption::Caption;
use super::frame::{Frame, Margins};
use super::sheet::{Rect, Sheet, Tip};
use super::size::Size;
use super::svg::Svg;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// A saving as a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// What it is called; not shown.
    pub caption: Caption,
    /// The least.
    pub low: Money,
    /// What is expected.
    pub likely: Money,
    /// The most.
    pub high: Money,
    /// Where the bar ends: the largest of all rows that are compared.
    pub scale: Money,
}

const HEIGHT: f64 = 10.0;

impl Range {
    /// Draws the bar, 10 pixels high.
    pub fn draw(&self, size: Size, style: &Style) -> Svg {
        let amounts = [self.likely, self.low, self.high, self.scale];
        let shown = Shown::of(amounts, style);
        let mut sheet = Sheet::new("range", &self.caption, size, HEIGHT);
        let text = style.amount_range(self.likely, self.low, self.high);
        sheet.describe(&text);
        shown.say_left_out(&mut sheet, amounts.into_iter());
        let value = |money: Money| shown.value(money).map(coordinate);
        let most = amounts.into_iter().filter_map(value).fold(0.0, f64::max);
        let margins = Margins { top: 0.0, right: 1.0, bottom: 0.0, left: 1.0 };
        let axes = (Axis::bare(0.0, most), Axis::bare(0.0, 1.0));
        let frame = Frame::new((size.width(), HEIGHT), margins, axes.0, axes.1);
        let x = |money: Money| value(money).map(|value| frame.place(value, 0.0).0);
        sheet.mark(&Tip::new(text), |sheet| {
            let track = Rect { x: 0.0, y: 3.0, width: size.width(), height: 4.0 };
            sheet.rect("track", track, 2.0);
            if let (Some(low), Some(high)) = (x(self.low), x(self.high)) {
                let (low, high) = (low.min(high), low.max(high));
                let band = Rect { x: low, width: (high - low).max(2.0), ..track };
                sheet.rect("saved pale", band, 2.0);
            }
            if let Some(likely) = x(self.likely) {
                let x = (likely - 1.5).clamp(0.0, size.width() - 3.0);
                sheet.rect("saved", Rect { x, y: 0.5, width: 3.0, height: 9.0 }, 1.0);
            }
        });
        sheet.finish()
    }

    /// Returns the same as one row.
    pub fn table(&self, style: &Style) -> Table {
        let title = style.locale().text("column-range");
        let column = Column::new("range", title, Kind::Range, Priority::Essential);
        let mut table = Table::new(vec![column]);
        table.row(vec![Cell::Range { likely: self.likely, low: self.low, high: self.high }]);
        table
    }
}
