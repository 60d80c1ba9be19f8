//! Metrics over time in small multiples: one panel per metric, measured and projected.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::amount::{number_text, numbers};
use super::axis::Axis;
use super::caption::Caption;
use super::day::{seconds, time_ticks};
use super::frame::{Frame, Grid, Margins, Stroke, room_for};
use super::ink::{Ink, class_of};
use super::legend::{LegendItem, LegendMark};
use super::m4::{Point, m4};
use super::measure::{clean, fitted, width_of};
use super::sheet::{Anchor, Rect, Sheet, Tip};
use super::size::Size;
use super::svg::Svg;
use crate::number;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// Metrics over one stretch of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Lines {
    /// What it is called.
    pub caption: Caption,
    /// Where the time axis begins.
    pub from: Timestamp,
    /// Where it ends.
    pub to: Timestamp,
    /// Moments at which something happened.
    pub marks: Vec<LineMark>,
    /// The metrics, one below the other.
    pub panels: Vec<Panel>,
}

/// A moment at which something happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineMark {
    /// The moment.
    pub at: Timestamp,
    /// What happened.
    pub name: String,
}

/// Between which values something else lay.
#[derive(Debug, Clone, PartialEq)]
pub struct LineBand {
    /// What it is, such as `지난 4주`.
    pub name: String,
    /// Which colour it has, from 0.
    pub colour: usize,
    /// The stretches without a gap: moments in order, each with the least and the largest value.
    pub runs: Vec<Vec<(Timestamp, f64, f64)>>,
}

/// One metric.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// The metric's name.
    pub name: String,
    /// What its values are.
    pub unit: LineUnit,
    /// What must not be passed, with its name.
    pub limit: Option<(f64, String)>,
    /// Whether what is low is bad: then the lowest value is named, and not the highest.
    pub is_floor: bool,
    /// What the lines are compared with.
    pub band: Option<LineBand>,
    /// The lines.
    pub series: Vec<Series>,
}

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What the line is, such as `현재`.
    pub name: String,
    /// Which colour it has, from 0.
    pub colour: usize,
    /// Whether it was measured.
    pub kind: LineKind,
    /// Its points in the order of time, reduced by [`super::m4`] where there are thousands.
    pub points: Vec<Point>,
}

/// Whether a line was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// It was.
    Measured,
    /// It is what would be after a change: dashed.
    Projected,
}

/// What values are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineUnit {
    /// Percent: 50.0 is one half. The axis reaches 100 %.
    Percent,
    /// Plain numbers, followed by this.
    Plain(String),
}

/// Above a plot, for the names of its lines.
const HEAD: f64 = 27.0;
/// Below the last plot, for the days.
const FOOT: f64 = 22.0;
/// The size of names, as the style sheet has it.
const TEXT: f64 = 12.0;
/// From which part of a limit on a line comes near the text above it.
const NEAR: f64 = 0.75;

impl Lines {
    /// Draws the chart.
    pub fn draw(&self, size: Size, style: &Style) -> Svg {
        let count = self.panels.len().max(1);
        let plot = size.pick(112.0, 92.0);
        let each = HEAD + plot + 14.0;
        let height = (0..count).fold(FOOT - 12.0, |height, _| height + each);
        let mut sheet = Sheet::new("lines", &self.caption, size, height);
        let axes: Vec<Axis> = self.panels.iter().map(|panel| panel.axis(style)).collect();
        let left = axes.iter().map(room_for).fold(34.0, f64::max);
        let most = size.pick(15, 6);
        let ticks = time_ticks(self.from, self.to, &style.time_zone, style.locale(), most);
        let x = Axis::new(seconds(self.from), seconds(self.to), ticks);
        let mut top = 0.0;
        for (index, (panel, y)) in self.panels.iter().zip(axes).enumerate() {
            // The days are written once, below the last panel.
            let x = if index + 1 == count { x.clone() } else { x.silent() };
            let below = height - top - HEAD - plot;
            let margins = Margins { top: top + HEAD, right: 10.0, bottom: below, left };
            let frame = Frame::new((size.width(), height), margins, x, y);
            panel.draw(&mut sheet, &frame, (size, top), style);
            for mark in self.marks.iter().filter(|mark| self.from <= mark.at && mark.at <= self.to)
            {
                mark.draw(&mut sheet, &frame);
            }
            top += each;
        }
        sheet.finish()
    }

    /// Returns what the lines of all panels are, each once.
    pub fn legend(&self) -> Vec<LegendItem> {
        let mut items = Vec::new();
        for series in self.panels.iter().flat_map(|panel| &panel.series) {
            let mark = match series.kind {
                LineKind::Measured => LegendMark::Line,
                LineKind::Projected => LegendMark::Dashed,
            };
            let item = LegendItem::new(class_of(series.colour), mark, clean(&series.name));
            if !items.contains(&item) {
                items.push(item);
            }
        }
        for mark in &self.marks {
            let item = LegendItem::new("other", LegendMark::Dashed, clean(&mark.name));
            if !items.contains(&item) {
                items.push(item);
            }
        }
        for band in self.panels.iter().filter_map(|panel| panel.band.as_ref()) {
            let class = band_class(band.colour);
            let item = LegendItem::new(class, LegendMark::Fill, clean(&band.name));
            if !items.contains(&item) {
                items.push(item);
            }
        }
        items
    }

    /// Returns the least and the largest value of every line by day, in the reader's zone.
    pub fn table(&self, style: &Style) -> Table {
        let locale = style.locale();
        let column =
            |key, name: &str, kind| Column::new(key, locale.text(name), kind, Priority::Essential);
        let mut table = Table::new(vec![
            column("metric", "column-metric", Kind::Text),
            column("series", "column-series", Kind::Text),
            column("day", "column-day", Kind::Text),
            column("least", "column-least", Kind::Text),
            column("largest", "column-largest", Kind::Text),
        ]);
        for panel in &self.panels {
            let lines = panel.series.iter().map(|series| {
                let values: Vec<_> =
                    series.values().map(|(at, value)| (at, value, value)).collect();
                (&series.name, values)
            });
            let band = panel.band.iter().map(|band| (&band.name, band.values().collect()));
            for (name, values) in lines.chain(band) {
                for (day, (least, largest)) in by_day(&values, style) {
                    table.row(vec![
                        Cell::text(&panel.name),
                        Cell::text(name),
                        Cell::text(day.to_string()),
                        Cell::text(panel.unit.text(least)),
                        Cell::text(panel.unit.text(largest)),
                    ]);
                }
            }
        }
        table
    }
}

/// Returns the least and the largest value of each day.
fn by_day(values: &[(Timestamp, f64, f64)], style: &Style) -> BTreeMap<Date, (f64, f64)> {
    let mut days: BTreeMap<Date, (f64, f64)> = BTreeMap::new();
    for (at, low, high) in values {
        let day = style.time_zone.to_datetime(*at).date();
        let (least, largest) = days.entry(day).or_insert((*low, *high));
        (*least, *largest) = (least.min(*low), largest.max(*high));
    }
    days
}

/// Returns the classes of a band of a colour.
fn band_class(colour: usize) -> &'static str {
    // Only what has no colour of its own stands beside lines so far.
    if class_of(colour) == "other" { "band other" } else { class_of(colour) }
}

impl LineMark {
    fn draw(&self, sheet: &mut Sheet, frame: &Frame) {
        let Rect { y, height, .. } = frame.inside();
        let (x, _) = frame.place(seconds(self.at), 0.0);
        let ends = (super::svg::px(x), super::svg::px(y), super::svg::px(y + height));
        sheet.mark(&Tip::new(clean(&self.name)), |sheet| {
            sheet.path("connector", &format!("M{} {}V{}", ends.0, ends.1, ends.2));
        });
    }
}

impl LineBand {
    fn values(&self) -> impl Iterator<Item = (Timestamp, f64, f64)> {
        let is_known = |(_, low, high): &(Timestamp, f64, f64)| low.is_finite() && high.is_finite();
        self.runs.iter().flatten().copied().filter(is_known)
    }

    /// Returns the corners of each stretch.
    fn strokes(&self) -> Vec<Stroke> {
        let runs = self.runs.iter().filter(|run| run.len() > 1);
        runs.map(|run| {
            let upper = run.iter().map(|(at, _, high)| (seconds(*at), *high));
            let lower = run.iter().rev().map(|(at, low, _)| (seconds(*at), *low));
            Stroke::Inside(Ink::Band(self.colour), upper.chain(lower).collect())
        })
        .collect()
    }
}

impl Panel {
    fn axis(&self, style: &Style) -> Axis {
        let lines = || self.series.iter().flat_map(|series| series.values().map(|(_, v)| v));
        let highs = || self.band.iter().flat_map(|band| band.values().map(|(.., high)| high));
        let values = || lines().chain(highs());
        let limit = self.limit.as_ref().map(|(limit, _)| *limit);
        let high = values().chain(limit).filter(|value| value.is_finite()).fold(0.0, f64::max);
        let low = values().fold(0.0, f64::min);
        match &self.unit {
            LineUnit::Percent => {
                numbers(low, high.max(100.0), 4, |value| format!("{}%", number::exact(value)))
            }
            // Nothing but zeros lies on the line of an axis that has some height.
            LineUnit::Plain(_) => {
                numbers(low, if high > low { high } else { low + 1.0 }, 3, |value| {
                    number_text(value, style.language)
                })
            }
        }
    }

    fn draw(&self, sheet: &mut Sheet, frame: &Frame, (size, top): (Size, f64), style: &Style) {
        sheet.add(&frame.grid(Grid::Both));
        if let Some(band) = &self.band {
            sheet.mark(&Tip::new(clean(&band.name)), |sheet| {
                sheet.add(&frame.strokes(&band.strokes()));
            });
        }
        // An area below a line would hide what the line is compared with.
        let has_area = |series: &&Series| series.kind == LineKind::Measured && self.band.is_none();
        let areas = self.series.iter().filter(has_area);
        // More than these cannot be told apart; they would only be downloaded.
        let columns = size.pick(360, 150);
        for series in areas {
            let area = |run: Vec<_>| Stroke::Area(Ink::Area(series.colour), run, 0.0);
            let areas: Vec<Stroke> =
                series.runs(columns).into_iter().filter(|run| run.len() > 1).map(area).collect();
            sheet.add(&frame.strokes(&areas));
        }
        // What is projected lies below what was measured: the measured line is the fact.
        for kind in [LineKind::Projected, LineKind::Measured] {
            for series in self.series.iter().filter(|series| series.kind == kind) {
                let ink = match kind {
                    LineKind::Measured => Ink::Line(series.colour),
                    LineKind::Projected => Ink::Projected(series.colour),
                };
                let line = |run| Stroke::Line(ink, run);
                let lines: Vec<Stroke> = series.runs(columns).into_iter().map(line).collect();
                sheet.mark(&Tip::new(self.summary(series, style)), |sheet| {
                    sheet.add(&frame.strokes(&lines));
                });
            }
        }
        self.limit(sheet, frame);
        self.head(sheet, (size.width(), top), style);
    }

    fn limit(&self, sheet: &mut Sheet, frame: &Frame) {
        let Some((limit, name)) = self.limit.as_ref().filter(|(limit, _)| limit.is_finite()) else {
            return;
        };
        let Rect { x, width, .. } = frame.inside();
        let (_, y) = frame.place(0.0, *limit);
        let ends = (super::svg::px(x), super::svg::px(y), super::svg::px(x + width));
        sheet.path("limit danger", &format!("M{} {}H{}", ends.0, ends.1, ends.2));
        let text = format!("{} {}", clean(name), self.unit.text(*limit));
        let (anchor, at) = match self.rises_at_end(*limit) {
            true => (Anchor::Start, x + 4.0),
            false => (Anchor::End, x + width - 4.0),
        };
        sheet.text("limit-text", anchor, (at, y - 5.0), &text);
    }

    /// Returns whether the lines come near the limit in their last fifth, and not in their first: a text
    /// there would lie on them.
    fn rises_at_end(&self, limit: f64) -> bool {
        let values: Vec<f64> =
            self.series.iter().flat_map(|series| series.values().map(|(_, value)| value)).collect();
        let fifth = values.len().div_ceil(5);
        let is_near = |part: &[f64]| part.iter().any(|value| *value >= limit * NEAR);
        let first = values.get(..fifth).unwrap_or_default();
        let last = values.get(values.len().saturating_sub(fifth)..).unwrap_or_default();
        is_near(last) && !is_near(first)
    }

    /// Writes the name of the metric and of each line, as far as they fit.
    fn head(&self, sheet: &mut Sheet, (width, top): (f64, f64), style: &Style) {
        let baseline = top + 14.0;
        let name = fitted(&clean(&self.name), TEXT * 1.08, width / 3.0).unwrap_or_default();
        sheet.text("name", Anchor::Start, (0.0, baseline), &name);
        let mut x = width_of(&name, TEXT * 1.08) + 14.0;
        for series in &self.series {
            let class = match series.kind {
                LineKind::Measured => "line",
                LineKind::Projected => "line projected",
            };
            let Some(text) = fitted(&self.summary(series, style), TEXT, width - x - 24.0) else {
                return;
            };
            let y = baseline - 4.0;
            let (from, to) = (super::svg::px(x), super::svg::px(x + 17.0));
            let path = format!("M{from} {}H{to}", super::svg::px(y));
            sheet.path(&format!("{class} {}", class_of(series.colour)), &path);
            sheet.text("muted", Anchor::Start, (x + 22.0, baseline), &text);
            x += width_of(&text, TEXT) + 38.0;
        }
    }

    fn summary(&self, series: &Series, style: &Style) -> String {
        let worse = if self.is_floor { f64::min } else { f64::max };
        let worst = series.values().map(|(_, value)| value).reduce(worse);
        let locale = style.locale();
        let peak = match worst.map(|value| self.unit.text(value)) {
            Some(value) if self.is_floor => locale.text_with("chart-lowest", &[("value", &value)]),
            Some(value) => locale.text_with("chart-peak", &[("value", &value)]),
            None => locale.text("chart-no-data"),
        };
        format!("{} {peak}", clean(&series.name))
    }
}

impl Series {
    fn values(&self) -> impl Iterator<Item = (Timestamp, f64)> {
        let known = |point: &Point| Some((point.at, point.value.filter(|v| v.is_finite())?));
        self.points.iter().filter_map(known)
    }

    /// Returns the stretches between gaps, a gap is never bridged, in so many columns.
    fn runs(&self, columns: u32) -> Vec<Vec<(f64, f64)>> {
        let points = m4(&self.points, columns);
        let place = |point: &Point| Some((seconds(point.at), point.value?));
        let runs = points.split(|point| point.value.is_none());
        let runs = runs.map(|run| run.iter().filter_map(place).collect::<Vec<_>>());
        runs.filter(|run| !run.is_empty()).collect()
    }
}

impl LineUnit {
    /// Returns a value as it is read.
    pub fn text(&self, value: f64) -> String {
        match self {
            Self::Percent => number::percent(value),
            Self::Plain(unit) if unit.is_empty() => number::significant(value),
            Self::Plain(unit) => format!("{} {}", number::significant(value), clean(unit)),
        }
    }
}
