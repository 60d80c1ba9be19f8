//! Two weeks of daily cost: the week before pale, the week reported strong.

use jiff::civil::Date;
use rust_decimal::Decimal;

use trimtab_model::money::Money;

use super::amount::{Shown, coordinate};
use super::axis::{Axis, Tick};
use super::caption::Caption;
use super::day::{full_day, weekday};
use super::frame::{Frame, Grid, Margins, Stroke, room_for};
use super::ink::Ink;
use super::legend::{LegendItem, LegendMark};
use super::sheet::{Anchor, Rect, Sheet, Tip};
use super::size::Size;
use super::svg::Svg;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// Daily cost in two tones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bars {
    /// What it is called.
    pub caption: Caption,
    /// The days, in order; fourteen in a weekly report.
    pub bars: Vec<Bar>,
}

/// One day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    /// The day.
    pub date: Date,
    /// What it cost; none where nothing is known.
    pub amount: Option<Money>,
    /// Which of the two stretches it belongs to.
    pub tone: BarTone,
}

/// Which stretch a bar belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BarTone {
    /// The one compared with.
    Before,
    /// The one that is reported.
    Now,
}

/// How much of its place a bar takes, to each side of the middle.
const HALF: f64 = 0.38;

impl Bars {
    /// Draws the chart.
    pub fn draw(&self, size: Size, style: &Style) -> Svg {
        let shown = Shown::of(self.amounts(), style);
        let height = size.pick(150.0, 140.0);
        let mut sheet = Sheet::new("bars", &self.caption, size, height);
        let total: Decimal = self.amounts().filter_map(|money| shown.value(money)).sum();
        let count = self.bars.len().to_string();
        let arguments = [("count", count.as_str()), ("total", &shown.text(total))];
        sheet.describe(style.locale().text_with("chart-stack-total", &arguments));
        shown.say_left_out(&mut sheet, self.amounts());
        let frame = self.frame(size, height, &shown, style);
        sheet.add(&frame.grid(Grid::Horizontal));
        let end = middle(self.bars.len()) - 0.5;
        sheet.add(&frame.strokes(&[Stroke::Line(Ink::Axis, vec![(0.0, 0.0), (end, 0.0)])]));
        for (index, bar) in self.bars.iter().enumerate() {
            draw_bar(&mut sheet, &frame, index, bar, &shown, style);
        }
        sheet.finish()
    }

    /// Returns what the two tones mean.
    pub fn legend(&self, style: &Style) -> Vec<LegendItem> {
        let locale = style.locale();
        vec![
            LegendItem::new("before", LegendMark::Fill, locale.text("chart-week-before")),
            LegendItem::new("s1", LegendMark::Fill, locale.text("chart-week-now")),
        ]
    }

    /// Returns the same by day.
    pub fn table(&self, style: &Style) -> Table {
        let locale = style.locale();
        let mut table = Table::new(vec![
            Column::new("day", locale.text("column-day"), Kind::Text, Priority::Essential),
            Column::new("cost", locale.text("column-cost"), Kind::Money, Priority::Essential),
        ]);
        for bar in &self.bars {
            table.row(vec![Cell::text(bar.date.to_string()), Cell::amount(bar.amount)]);
        }
        table
    }

    fn amounts(&self) -> impl Iterator<Item = Money> {
        self.bars.iter().filter_map(|bar| bar.amount)
    }

    fn frame(&self, size: Size, height: f64, shown: &Shown<'_>, style: &Style) -> Frame {
        let values = || self.amounts().filter_map(|money| shown.value(money));
        let y =
            shown.axis(values().min().unwrap_or_default(), values().max().unwrap_or_default(), 3);
        let tick = |(index, bar): (usize, &Bar)| Tick {
            at: middle(index),
            text: weekday(bar.date.weekday(), style.locale()),
        };
        let few = size.pick(31, 14);
        let step = self.bars.len().div_ceil(few).max(1);
        let ticks = self.bars.iter().enumerate().step_by(step).map(tick).collect();
        let x = Axis::new(0.0, middle(self.bars.len().max(1)) - 0.5, ticks);
        let margins = Margins { top: 8.0, right: 4.0, bottom: 20.0, left: room_for(&y) };
        Frame::new((size.width(), height), margins, x, y)
    }
}

fn draw_bar(
    sheet: &mut Sheet,
    frame: &Frame,
    index: usize,
    bar: &Bar,
    shown: &Shown<'_>,
    style: &Style,
) {
    let value = bar.amount.and_then(|money| shown.value(money));
    let text = value.map_or(style.locale().text("chart-no-data"), |value| shown.text(value));
    let line = format!("{} · {text}", full_day(bar.date, style.locale()));
    let at = middle(index);
    sheet.mark(&Tip::new(line), |sheet| match value {
        Some(value) => {
            let class = match bar.tone {
                BarTone::Before => "before",
                BarTone::Now => "s1",
            };
            let top = frame.place(at + HALF, coordinate(value));
            let rect = Rect::between(frame.place(at - HALF, 0.0), top);
            sheet.rect(&format!("bar {class}"), rect, 2.0);
        }
        None => {
            let (x, y) = frame.place(at, 0.0);
            sheet.text("tick", Anchor::Middle, (x, y - 5.0), "–");
        }
    });
}

/// Returns the middle of the place of a bar.
fn middle(index: usize) -> f64 {
    coordinate(Decimal::from(index)) + 0.5
}
