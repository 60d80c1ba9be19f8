//! A forecast: what was, what is likely, and between what it lies in four of five cases.

use jiff::civil::Date;
use rust_decimal::Decimal;

use trimtab_model::money::Money;

use super::amount::{Shown, coordinate};
use super::axis::{Axis, Tick};
use super::caption::Caption;
use super::day::{day_step, full_day, short_day};
use super::frame::{Frame, Grid, Margins, Stroke, room_for};
use super::ink::Ink;
use super::legend::{LegendItem, LegendMark};
use super::sheet::{Anchor, Rect, Sheet, Tip};
use super::size::Size;
use super::svg::{Svg, px};
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// Cost so far and its forecast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fan {
    /// What it is called.
    pub caption: Caption,
    /// What was, by day; none where nothing is known.
    pub history: Vec<(Date, Option<Money>)>,
    /// What is expected, by day.
    pub forecast: Vec<FanPoint>,
    /// What was agreed upon.
    pub budget: Option<Money>,
}

/// The forecast of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FanPoint {
    /// The day.
    pub date: Date,
    /// One case of ten is below.
    pub low: Money,
    /// As many cases are below as above.
    pub likely: Money,
    /// One case of ten is above.
    pub high: Money,
}

impl Fan {
    /// Draws the chart.
    pub fn draw(&self, size: Size, style: &Style) -> Svg {
        let shown = Shown::of(self.amounts(), style);
        let height = size.pick(230.0, 210.0);
        let mut sheet = Sheet::new("fan", &self.caption, size, height);
        if let Some(last) = self.forecast.last() {
            sheet.describe(format!(
                "{} {}",
                last.date,
                style.amount_range(last.likely, last.low, last.high)
            ));
        }
        shown.say_left_out(&mut sheet, self.amounts());
        let frame = self.frame(size, height, &shown, style);
        sheet.add(&frame.grid(Grid::Horizontal));
        sheet.add(&frame.strokes(&self.strokes(&shown)));
        if let Some(budget) = self.budget.and_then(|money| shown.value(money)) {
            let Rect { x, width, .. } = frame.inside();
            let y = frame.place(0.0, coordinate(budget)).1;
            sheet.path("limit danger", &format!("M{} {}H{}", px(x), px(y), px(x + width)));
            let text = format!("{} {}", style.locale().text("chart-budget"), shown.text(budget));
            sheet.text("limit-text", Anchor::Start, (x + 4.0, y - 5.0), &text);
        }
        self.tips(&mut sheet, &frame, style);
        sheet.finish()
    }

    /// Returns what the lines and the area mean.
    pub fn legend(&self, style: &Style) -> Vec<LegendItem> {
        let locale = style.locale();
        vec![
            LegendItem::new("s1", LegendMark::Line, locale.text("chart-actual")),
            LegendItem::new("s1", LegendMark::Dashed, locale.text("chart-likely")),
            LegendItem::new("band s1", LegendMark::Fill, locale.text("chart-band")),
        ]
    }

    /// Returns the same by day.
    pub fn table(&self, style: &Style) -> Table {
        let locale = style.locale();
        let column =
            |key, name: &str, kind| Column::new(key, locale.text(name), kind, Priority::Essential);
        let mut table = Table::new(vec![
            column("day", "column-day", Kind::Text),
            column("actual", "chart-actual", Kind::Money),
            column("forecast", "column-forecast", Kind::Range),
        ]);
        for (date, amount) in &self.history {
            table.row(vec![Cell::text(date.to_string()), Cell::amount(*amount)]);
        }
        for FanPoint { date, low, likely, high } in &self.forecast {
            let range = Cell::Range { likely: *likely, low: *low, high: *high };
            table.row(vec![Cell::text(date.to_string()), Cell::Missing, range]);
        }
        table
    }

    fn amounts(&self) -> impl Iterator<Item = Money> {
        let known = self.history.iter().filter_map(|(_, amount)| *amount);
        let expected = self.forecast.iter().flat_map(|point| [point.low, point.likely, point.high]);
        known.chain(expected).chain(self.budget)
    }

    fn days(&self) -> impl Iterator<Item = Date> {
        let known = self.history.iter().map(|(date, _)| *date);
        known.chain(self.forecast.iter().map(|point| point.date))
    }

    fn frame(&self, size: Size, height: f64, shown: &Shown<'_>, style: &Style) -> Frame {
        let values = || self.amounts().filter_map(|money| shown.value(money));
        let y =
            shown.axis(values().min().unwrap_or_default(), values().max().unwrap_or_default(), 5);
        let days: Vec<Date> = self.days().collect();
        let step = day_step(days.len(), size.pick(9, 4));
        let labelled = days.iter().step_by(step);
        let tick = |date: &Date| Tick { at: place(*date), text: short_day(*date, style.locale()) };
        let ticks = labelled.map(tick).collect();
        let first = days.iter().min().copied().map(place).unwrap_or_default();
        let last = days.iter().max().copied().map(place).unwrap_or_default();
        let x = Axis::new(first, last.max(first + 1.0), ticks);
        let margins = Margins { top: 12.0, right: 16.0, bottom: 22.0, left: room_for(&y) };
        Frame::new((size.width(), height), margins, x, y)
    }

    fn strokes(&self, shown: &Shown<'_>) -> Vec<Stroke> {
        let value = |money: Money| shown.value(money).map(coordinate);
        let point = |point: &FanPoint, money: Money| Some((place(point.date), value(money)?));
        // The forecast goes on from the last day that is known.
        let known =
            |(date, amount): &(Date, Option<Money>)| Some((place(*date), value((*amount)?)?));
        let start = self.history.last().and_then(known);
        let line = |pick: fn(&FanPoint) -> Money| -> Vec<(f64, f64)> {
            let points = self.forecast.iter().filter_map(|day| point(day, pick(day)));
            start.into_iter().chain(points).collect()
        };
        let mut corners = line(|point| point.high);
        corners.extend(line(|point| point.low).into_iter().rev());
        let mut strokes = Vec::new();
        if self.forecast.len() + usize::from(start.is_some()) > 1 {
            strokes.push(Stroke::Inside(Ink::Band(0), corners));
        }
        let runs = self.history.split(|day| known(day).is_none());
        for run in runs.map(|run| run.iter().filter_map(known).collect::<Vec<_>>()) {
            strokes.push(Stroke::Line(Ink::Line(0), run));
        }
        if !self.forecast.is_empty() {
            strokes.push(Stroke::Line(Ink::Projected(0), line(|point| point.likely)));
        }
        strokes
    }

    /// Lays an invisible column over each day that tells its amounts.
    fn tips(&self, sheet: &mut Sheet, frame: &Frame, style: &Style) {
        let locale = style.locale();
        let known = self.history.iter().map(|(date, amount)| {
            let text = amount.map_or(locale.text("chart-no-data"), |money| style.amount(money));
            (*date, text)
        });
        let expected = self
            .forecast
            .iter()
            .map(|point| (point.date, style.amount_range(point.likely, point.low, point.high)));
        let inside = frame.inside();
        for (date, text) in known.chain(expected) {
            let half = |by: f64| frame.place(place(date) + by, 0.0).0;
            let column = Rect { x: half(-0.5), width: half(0.5) - half(-0.5), ..inside };
            sheet.mark(&Tip::new(format!("{} · {text}", full_day(date, locale))), |sheet| {
                sheet.rect("hit", column, 0.0);
            });
        }
    }
}

/// Returns the place of a day.
fn place(date: Date) -> f64 {
    let epoch = jiff::civil::date(1970, 1, 1);
    let days = date.duration_since(epoch).as_hours() / 24;
    coordinate(Decimal::from(days))
}
