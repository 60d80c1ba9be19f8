//! A ring that is as full as we are sure.

use super::caption::Caption;
use super::sheet::{Anchor, Sheet, Tip};
use super::size::Size;
use super::svg::{Svg, px};
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// How sure we are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ring {
    /// What it is called; not shown.
    pub caption: Caption,
    /// How sure, from 0 to 100; none where it cannot be said.
    pub percent: Option<u8>,
}

/// Rings from this size on have room for their number.
const LEAST_FOR_NUMBER: f64 = 36.0;
/// Below this the ring is not one to rest on.
const SURE: u8 = 70;

impl Ring {
    /// Draws the ring, as high as wide; for [`Size::TEXT`] without the number inside.
    pub fn draw(&self, size: Size, style: &Style) -> Svg {
        let side = size.width();
        let mut sheet = Sheet::new("ring", &self.caption, size, side);
        let text = match self.percent {
            Some(percent) => {
                let value = percent.min(100).to_string();
                style.locale().text_with("chart-confidence", &[("value", &value)])
            }
            None => style.locale().text("chart-no-data"),
        };
        sheet.describe(&text);
        let (middle, radius) = (side / 2.0, side / 2.0 - side * 0.1 - 0.5);
        sheet.mark(&Tip::new(text), |sheet| {
            let stroke = if side >= LEAST_FOR_NUMBER { "ring-track large" } else { "ring-track" };
            let has_number = side >= LEAST_FOR_NUMBER;
            let Some(percent) = self.percent else {
                sheet.circle(&format!("{stroke} unknown"), (middle, middle), radius);
                if has_number {
                    sheet.text("muted", Anchor::Middle, (middle, middle + 4.5), "–");
                }
                return;
            };
            sheet.circle(stroke, (middle, middle), radius);
            let percent = percent.min(100);
            let class = if percent >= SURE { "s1" } else { "other" };
            let stroke = stroke.replace("track", "arc");
            if percent == 100 {
                sheet.circle(&format!("{stroke} {class}"), (middle, middle), radius);
            } else if percent > 0 {
                sheet.path(&format!("{stroke} {class}"), &arc(middle, radius, percent));
            }
            if has_number {
                let at = (middle, middle + 4.5);
                sheet.text("value", Anchor::Middle, at, &percent.to_string());
            }
        });
        sheet.finish()
    }

    /// Returns the same as one row.
    pub fn table(&self, style: &Style) -> Table {
        let title = style.locale().text("column-confidence");
        let column = Column::new("confidence", title, Kind::Percent, Priority::Essential);
        let mut table = Table::new(vec![column]);
        let percent = self.percent.map(|percent| f64::from(percent.min(100)));
        table.row(vec![percent.map_or(Cell::Missing, Cell::Percent)]);
        table
    }
}

/// Returns the arc from the top, clockwise.
fn arc(middle: f64, radius: f64, percent: u8) -> String {
    let angle = f64::from(percent) / 100.0 * std::f64::consts::TAU;
    let end = (middle + radius * angle.sin(), middle - radius * angle.cos());
    let large = u8::from(percent > 50);
    let radius_text = px(radius);
    format!(
        "M{} {}A{radius_text} {radius_text} 0 {large} 1 {} {}",
        px(middle),
        px(middle - radius),
        px(end.0),
        px(end.1)
    )
}
