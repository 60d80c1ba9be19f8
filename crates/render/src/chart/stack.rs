//! Daily cost as stacked bars: one colour per series, days that may still change hatched.

use jiff::civil::Date;
use rust_decimal::Decimal;

use trimtab_model::money::Money;

use super::amount::{Shown, coordinate};
use super::axis::{Axis, Tick};
use super::caption::Caption;
use super::day::{day_step, full_day, short_day};
use super::frame::{Frame, Grid, Margins, Stroke, room_for};
use super::ink::Ink;
use super::layer::{Layer, layers, others_name, reach, start};
use super::legend::{LegendItem, LegendMark};
use super::measure::clean;
use super::sheet::{Anchor, Rect, Sheet, Tip};
use super::size::Size;
use super::svg::Svg;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// Daily cost by series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stack {
    /// What it is called.
    pub caption: Caption,
    /// The names of the series. The eight largest have a colour; the others are added up.
    pub series: Vec<String>,
    /// The days, in order.
    pub days: Vec<StackDay>,
    /// What is not kept apart by series, and is added to the others.
    pub rest: Option<StackRest>,
}

/// What many small series come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackRest {
    /// How many they are.
    pub count: u64,
    /// Their sum by day; none where nothing is known.
    pub values: Vec<Option<Money>>,
}

/// One day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackDay {
    /// The day.
    pub date: Date,
    /// What each series cost, in the order of the names; none where nothing is known.
    pub values: Vec<Option<Money>>,
    /// Whether the bill may still change.
    pub state: DayState,
    /// What happened on the day: a patch, an anomaly.
    pub event: Option<String>,
    /// The page of the day.
    pub link: Option<String>,
}

/// Whether the bill of a day may still change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayState {
    /// It is final.
    Settled,
    /// It may still change.
    Provisional,
}

impl Stack {
    /// Draws the chart.
    pub fn draw(&self, size: Size, style: &Style) -> Svg {
        let shown = self.shown(style);
        let layers = self.layers(&shown, style);
        let height = size.pick(240.0, 220.0);
        let mut sheet = Sheet::new("stack", &self.caption, size, height);
        self.describe(&mut sheet, &shown, style);
        let frame = self.frame(size, height, &shown, &layers, style);
        sheet.define_hatch();
        sheet.add(&frame.grid(Grid::Horizontal));
        for (place, layer) in layers.iter().enumerate() {
            let path = self.bars(&frame, &layers, place);
            sheet.path(&format!("bar {}", layer.class), &path);
        }
        let days = coordinate(Decimal::from(self.days.len()));
        let zero = vec![(0.0, 0.0), (days, 0.0)];
        sheet.add(&frame.strokes(&[Stroke::Line(Ink::Axis, zero)]));
        for (index, day) in self.days.iter().enumerate() {
            self.day(&mut sheet, &frame, &layers, (index, day), &shown, style);
        }
        sheet.finish()
    }

    /// Returns what the colours mean, largest first.
    pub fn legend(&self, style: &Style) -> Vec<LegendItem> {
        let shown = self.shown(style);
        let mut items: Vec<LegendItem> = self
            .layers(&shown, style)
            .into_iter()
            .map(|layer| LegendItem {
                amount: Some(Money::new(layer.total, shown.currency)),
                ..LegendItem::new(layer.class, LegendMark::Fill, layer.name)
            })
            .collect();
        if self.days.iter().any(|day| day.state == DayState::Provisional) {
            let text = style.locale().text("chart-provisional");
            items.push(LegendItem::new("other", LegendMark::Hatch, text));
        }
        if self.days.iter().any(|day| day.event.is_some()) {
            let text = style.locale().text("chart-event");
            items.push(LegendItem::new("danger", LegendMark::Dot, text));
        }
        items
    }

    /// Returns the same by day and series.
    pub fn table(&self, style: &Style) -> Table {
        let locale = style.locale();
        let column =
            |key, name: &str, kind| Column::new(key, locale.text(name), kind, Priority::Essential);
        let mut table = Table::new(vec![
            column("day", "column-day", Kind::Text),
            column("series", "column-series", Kind::Text),
            column("cost", "column-cost", Kind::Money),
            column("status", "column-status", Kind::Text),
            column("event", "column-event-name", Kind::Text),
        ]);
        let rest = self.rest.as_ref().map(|rest| (others_name(rest.count, style), &rest.values));
        for (index, day) in self.days.iter().enumerate() {
            let state = match day.state {
                DayState::Settled => locale.text("chart-settled"),
                DayState::Provisional => locale.text("chart-provisional"),
            };
            let series = self.series.iter().zip(day.values.iter().copied());
            let rest = rest.as_ref().map(|(name, values)| (name, values.get(index).copied()));
            for (name, value) in series.chain(rest.map(|(name, value)| (name, value.flatten()))) {
                table.row(vec![
                    Cell::text(day.date.to_string()),
                    Cell::text(name),
                    Cell::amount(value),
                    Cell::text(&state),
                    Cell::optional(day.event.as_deref()),
                ]);
            }
        }
        table
    }

    fn amounts(&self) -> impl Iterator<Item = Money> {
        let rest = self.rest.iter().flat_map(|rest| rest.values.iter().copied().flatten());
        self.days.iter().flat_map(|day| day.values.iter().copied().flatten()).chain(rest)
    }

    fn shown<'a>(&self, style: &'a Style) -> Shown<'a> {
        Shown::of(self.amounts(), style)
    }

    fn layers(&self, shown: &Shown<'_>, style: &Style) -> Vec<Layer> {
        let value = |day: &StackDay, place: usize| {
            day.values.get(place).copied().flatten().and_then(|money| shown.value(money))
        };
        let series = self.series.iter().enumerate().map(|(place, name)| {
            (name.as_str(), self.days.iter().map(|day| value(day, place)).collect())
        });
        let rest = self.rest.as_ref().map(|rest| {
            let value = |money: &Option<Money>| money.and_then(|money| shown.value(money));
            (rest.count, rest.values.iter().map(value).collect())
        });
        layers(series, rest, style)
    }

    fn describe(&self, sheet: &mut Sheet, shown: &Shown<'_>, style: &Style) {
        let total: Decimal = self.amounts().filter_map(|money| shown.value(money)).sum();
        let days = self.days.len().to_string();
        let arguments = [("count", days.as_str()), ("total", &shown.text(total))];
        sheet.describe(style.locale().text_with("chart-stack-total", &arguments));
        shown.say_left_out(sheet, self.amounts());
    }

    fn frame(
        &self,
        size: Size,
        height: f64,
        shown: &Shown<'_>,
        layers: &[Layer],
        style: &Style,
    ) -> Frame {
        let reach = |day: usize| reach(layers, day);
        let low = (0..self.days.len()).map(|day| reach(day).0).min().unwrap_or_default();
        let high = (0..self.days.len()).map(|day| reach(day).1).max().unwrap_or_default();
        let y = shown.axis(low, high, 5);
        let step = day_step(self.days.len(), size.pick(9, 5));
        let labelled = self.days.iter().enumerate().step_by(step);
        let tick = |(index, day): (usize, &StackDay)| Tick {
            at: middle(index),
            text: short_day(day.date, style.locale()),
        };
        let end = coordinate(Decimal::from(self.days.len().max(1)));
        let x = Axis::new(0.0, end, labelled.map(tick).collect());
        let margins = Margins { top: 16.0, right: 6.0, bottom: 22.0, left: room_for(&y) };
        Frame::new((size.width(), height), margins, x, y)
    }

    /// Returns the bars of one layer over all days as one path.
    fn bars(&self, frame: &Frame, layers: &[Layer], place: usize) -> String {
        let below = layers.get(..place).unwrap_or_default();
        let Some(layer) = layers.get(place) else { return String::new() };
        let mut path = String::new();
        for (day, value) in layer.values.iter().enumerate() {
            let Some(value) = value.filter(|value| !value.is_zero()) else { continue };
            let start = start(below, day, value);
            path.push_str(&column(frame, day, start, start + value).outline());
        }
        path
    }

    fn day(
        &self,
        sheet: &mut Sheet,
        frame: &Frame,
        layers: &[Layer],
        (index, day): (usize, &StackDay),
        shown: &Shown<'_>,
        style: &Style,
    ) {
        let (low, high) = reach(layers, index);
        let bar = column(frame, index, low, high);
        let is_known = layers.iter().any(|layer| matches!(layer.values.get(index), Some(Some(_))));
        let inside = frame.inside();
        let whole = Rect { y: inside.y, height: inside.height, ..bar.inset(-0.5) };
        sheet.mark(&self.tip(layers, (index, day), is_known, shown, style), |sheet| {
            if !is_known {
                let at = (bar.x + bar.width / 2.0, frame.place(0.0, 0.0).1 - 5.0);
                sheet.text("tick", Anchor::Middle, at, "–");
            } else if day.state == DayState::Provisional {
                sheet.patterned("hatch", bar);
            }
            if day.event.is_some() {
                let at = (bar.x + bar.width / 2.0, bar.y - 8.0);
                sheet.circle("event danger", at, 3.5);
            }
            sheet.rect("hit", Rect { y: 0.0, height: whole.y + whole.height, ..whole }, 0.0);
        });
    }

    fn tip(
        &self,
        layers: &[Layer],
        (index, day): (usize, &StackDay),
        is_known: bool,
        shown: &Shown<'_>,
        style: &Style,
    ) -> Tip {
        let locale = style.locale();
        let mut line = full_day(day.date, locale);
        let values: Vec<(&Layer, Decimal)> =
            layers.iter().filter_map(|layer| Some((layer, (*layer.values.get(index)?)?))).collect();
        let total: Decimal = values.iter().map(|(_, value)| *value).sum();
        line.push_str(" · ");
        line.push_str(&if is_known { shown.text(total) } else { locale.text("chart-no-data") });
        if is_known && day.state == DayState::Provisional {
            line.push_str(&format!(" · {}", locale.text("chart-provisional")));
        }
        if let Some(event) = &day.event {
            line.push_str(&format!(" · {}", clean(event)));
        }
        let more =
            values.iter().map(|(layer, value)| format!("{} {}", layer.name, shown.text(*value)));
        Tip { more: more.collect(), ..Tip::new(line).to(day.link.as_deref()) }
    }
}

fn column(frame: &Frame, day: usize, from: Decimal, to: Decimal) -> Rect {
    let at = middle(day);
    let corner = |x: f64, y: Decimal| frame.place(x, coordinate(y));
    Rect::between(corner(at - 0.44, from), corner(at + 0.44, to))
}

/// Returns the middle of the place of a day.
fn middle(day: usize) -> f64 {
    coordinate(Decimal::from(day)) + 0.5
}
