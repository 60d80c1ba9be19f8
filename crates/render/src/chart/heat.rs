//! A week by hour: when something is used, and when not.

use jiff::civil::Weekday;

use super::axis::{Axis, Tick};
use super::caption::Caption;
use super::day::weekday;
use super::frame::{Frame, Grid, Margins, room_for};
use super::legend::{LegendItem, LegendMark};
use super::lines::LineUnit;
use super::sheet::{Anchor, Rect, Sheet, Tip};
use super::size::Size;
use super::svg::Svg;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// A value for each hour of a week, in the reader's zone.
#[derive(Debug, Clone, PartialEq)]
pub struct Heat {
    /// What it is called.
    pub caption: Caption,
    /// Seven days from Monday of 24 hours each; none where nothing was measured.
    pub hours: Vec<Vec<Option<f64>>>,
    /// What the values are.
    pub unit: LineUnit,
}

const DAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];
/// Shades from least to most.
const SHADES: [&str; 5] = ["h1", "h2", "h3", "h4", "h5"];
const HOURS: u32 = 24;

impl Heat {
    /// Draws the chart.
    pub fn draw(&self, size: Size, style: &Style) -> Svg {
        let height = size.pick(196.0, 148.0);
        let locale = style.locale();
        let mut sheet = Sheet::new("heat", &self.caption, size, height);
        let largest = self.largest();
        match largest {
            Some(value) => {
                let value = self.unit.text(value);
                sheet.describe(locale.text_with("chart-peak", &[("value", &value)]));
            }
            None => sheet.describe(locale.text("chart-no-data")),
        }
        let frame = self.frame(size, height, style);
        sheet.add(&frame.grid(Grid::Bare));
        for (day, name) in DAYS.into_iter().enumerate() {
            for hour in 0..HOURS {
                let value = self.value(day, hour);
                let text = match value {
                    Some(value) => self.unit.text(value),
                    None => locale.text("chart-no-data"),
                };
                let name = weekday(name, locale);
                let (x, y) = (f64::from(hour), row(day));
                let cell = Rect::between(frame.place(x, y), frame.place(x + 1.0, y - 1.0));
                let tip = Tip::new(format!("{name} {hour:02}:00 · {text}"));
                sheet.mark(&tip, |sheet| match value {
                    Some(value) => {
                        let shade = shade(value, largest.unwrap_or_default());
                        sheet.rect(&format!("cell {shade}"), cell.inset(1.0), 2.0);
                    }
                    None => {
                        sheet.rect("cell missing", cell.inset(1.0), 2.0);
                        let at = (cell.x + cell.width / 2.0, cell.y + cell.height / 2.0 + 3.5);
                        sheet.text("tick", Anchor::Middle, at, "–");
                    }
                });
            }
        }
        sheet.finish()
    }

    /// Returns what the shades mean.
    pub fn legend(&self) -> Vec<LegendItem> {
        let largest = self.largest().unwrap_or_default();
        let item = |(place, class): (u32, &'static str)| {
            let from = self.unit.text(largest * f64::from(place) / 5.0);
            let to = self.unit.text(largest * f64::from(place + 1) / 5.0);
            LegendItem::new(class, LegendMark::Fill, format!("{from}–{to}"))
        };
        (0_u32..).zip(SHADES).map(item).collect()
    }

    /// Returns the same by day and hour.
    pub fn table(&self, style: &Style) -> Table {
        let locale = style.locale();
        let column =
            |key, name: &str, kind| Column::new(key, locale.text(name), kind, Priority::Essential);
        let mut table = Table::new(vec![
            column("day", "column-day", Kind::Text),
            column("hour", "column-hour", Kind::Text),
            column("value", "column-value", Kind::Text),
        ]);
        for (day, name) in DAYS.into_iter().enumerate() {
            for hour in 0..HOURS {
                let value = self.value(day, hour);
                table.row(vec![
                    Cell::text(weekday(name, locale)),
                    Cell::text(format!("{hour:02}:00")),
                    Cell::optional(value.map(|value| self.unit.text(value))),
                ]);
            }
        }
        table
    }

    fn value(&self, day: usize, hour: u32) -> Option<f64> {
        let hour = usize::try_from(hour).ok()?;
        self.hours.get(day)?.get(hour).copied().flatten().filter(|value| value.is_finite())
    }

    fn largest(&self) -> Option<f64> {
        let days = (0..DAYS.len()).flat_map(|day| (0..HOURS).map(move |hour| (day, hour)));
        days.filter_map(|(day, hour)| self.value(day, hour)).reduce(f64::max)
    }

    fn frame(&self, size: Size, height: f64, style: &Style) -> Frame {
        let name = |(day, name): (usize, Weekday)| Tick {
            at: row(day) - 0.5,
            text: weekday(name, style.locale()),
        };
        let y = Axis::new(0.0, 7.0, DAYS.into_iter().enumerate().map(name).collect());
        let every = usize::from(size.pick(3_u8, 6));
        let hour = |hour: u32| Tick { at: f64::from(hour), text: format!("{hour:02}") };
        let x = Axis::new(0.0, f64::from(HOURS), (0..=HOURS).step_by(every).map(hour).collect());
        let margins = Margins { top: 2.0, right: 10.0, bottom: 20.0, left: room_for(&y) };
        Frame::new((size.width(), height), margins, x, y)
    }
}

/// Returns the upper edge of the row of a day: Monday is on top.
fn row(day: usize) -> f64 {
    7.0 - f64::from(u32::try_from(day).unwrap_or(7))
}

fn shade(value: f64, largest: f64) -> &'static str {
    let share = if largest > 0.0 { value / largest * 5.0 } else { 0.0 };
    // A float below zero becomes zero.
    let place = (share.ceil() as usize).clamp(1, SHADES.len()) - 1;
    SHADES.get(place).copied().unwrap_or("h5")
}
