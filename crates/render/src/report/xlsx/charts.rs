//! The figures of charts as grids, and which of their columns a chart draws, and how.

use rust_decimal::Decimal;

use trimtab_model::document::{
    Bar, BarGroup, BridgeStep, ChartBlock, ChartData, FanPoint, FunnelStep, Pair, StackSeries, Tone,
};
use trimtab_model::money::Money;

use super::super::words;
use super::grids::own_words;
use crate::style::Style;
use crate::workbook::{Cell, Column, Filter, Grid, Row, colour};

/// A chart of the first sheet, whose figures have a sheet of their own.
pub(super) struct Shown<'a> {
    /// The chart.
    pub(super) chart: &'a ChartBlock,
    /// The name of the sheet.
    pub(super) name: String,
    /// Its figures.
    pub(super) drawn: Drawn,
}

/// What a chart is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Columns, one upon the other.
    Stacked,
    /// Bars from left to right, one per thing.
    Bars,
    /// Lines over days.
    Lines,
    /// Colours behind numbers; no picture of its own.
    Heat,
}

/// How a series is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    /// Filled with a colour.
    Fill(u32),
    /// Not drawn: what stands upon it hangs in the air.
    Nothing,
    /// A line of a colour.
    Line(u32),
    /// A dashed line.
    Dashed(u32),
    /// A thin line, at the edge of what is expected.
    Edge(u32),
}

/// One column of a grid that a chart draws.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Series {
    /// Its place in the grid.
    pub(super) column: u16,
    /// How it is drawn.
    pub(super) ink: Ink,
    /// The rows that may still change, which are hatched.
    pub(super) provisional: Vec<bool>,
    /// The sign that its numbers are written with, where they are.
    pub(super) label: Option<&'static str>,
}

impl Series {
    /// Makes a series of the column at a place.
    pub(super) fn new(column: usize, ink: Ink) -> Self {
        let column = u16::try_from(column).unwrap_or(u16::MAX);
        Self { column, ink, provisional: Vec::new(), label: None }
    }
}

/// A chart's figures and how they are drawn.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Drawn {
    /// The figures.
    pub(super) grid: Grid,
    /// Whether rows may be sorted and narrowed without harm to the chart.
    pub(super) filter: Filter,
    /// What the chart is.
    pub(super) kind: Kind,
    /// What it draws. The first column of the grid has its categories.
    pub(super) series: Vec<Series>,
    /// Where its axis begins, if not at zero.
    pub(super) floor: Option<Decimal>,
    /// The largest amount.
    pub(super) largest: Option<Money>,
}

/// Returns a chart's figures and how they are drawn.
pub(super) fn drawn(chart: &ChartBlock, style: &Style) -> Drawn {
    let mut drawn = match &chart.data {
        ChartData::DailyBars(bars) => daily(bars, style),
        ChartData::Bridge { from, steps, to } => super::bridge::bridge((from, steps, to), style),
        ChartData::Stack { days, provisional, series } => stack((days, provisional), series, style),
        ChartData::Funnel(steps) => funnel(steps, style),
        ChartData::Dumbbell(pairs) => dumbbell(pairs, style),
        ChartData::Fan(points) => fan(points, style),
        ChartData::Heat { values, .. } => heat(values, style),
    };
    let amounts =
        drawn.grid.rows.iter().flat_map(|row| &row.cells).filter_map(|(cell, _)| match cell {
            Cell::Amount { money, .. } => Some(*money),
            _ => None,
        });
    drawn.largest = amounts.max_by_key(|money| money.amount.abs());
    drawn
}

impl Drawn {
    /// Makes a chart's figures.
    pub(super) fn new(kind: Kind, grid: Grid, series: Vec<Series>) -> Self {
        Self { grid, filter: Filter::On, kind, series, floor: None, largest: None }
    }
}

fn unknown(style: &Style, key: &str) -> Cell {
    Cell::Unknown(words::words(&words::both(key), style))
}

fn amount(money: Option<Money>, style: &Style, why: &str) -> Cell {
    money.map_or_else(|| unknown(style, why), |money| Cell::amount(style.displayed(money)))
}

fn day_column(style: &Style) -> Column {
    Column::new(style.locale().text("report-chart-day"))
}

/// Returns the words for whether a day may still change.
fn settled(is_provisional: bool, style: &Style) -> Cell {
    let locale = style.locale();
    Cell::Text(if is_provisional {
        locale.text("report-provisional")
    } else {
        locale.text("workbook-settled")
    })
}

/// A column per stretch of time, so that each has its colour and its name.
fn daily(bars: &[Bar], style: &Style) -> Drawn {
    let locale = style.locale();
    let groups: Vec<(BarGroup, String, u32)> = [
        (BarGroup::Previous, locale.text("workbook-before"), colour::BEFORE),
        (BarGroup::Current, locale.text("workbook-now"), colour::NOW),
    ]
    .into_iter()
    .filter(|(group, ..)| bars.iter().any(|bar| bar.group == *group))
    .collect();
    let mut columns = vec![day_column(style)];
    columns.extend(groups.iter().map(|(_, title, _)| Column::new(title)));
    columns.push(Column::new(locale.text("workbook-state")));
    let row = |bar: &Bar| {
        let of_group = groups.iter().map(|(group, ..)| {
            if *group == bar.group {
                amount(bar.amount, style, "report-day-not-billed")
            } else {
                Cell::Empty
            }
        });
        let mut cells = vec![Cell::Day(bar.date)];
        cells.extend(of_group);
        cells.push(settled(bar.is_provisional, style));
        Row::plain(cells)
    };
    let series = groups.iter().enumerate().map(|(index, (_, _, colour))| Series {
        provisional: bars.iter().map(|bar| bar.is_provisional).collect(),
        ..Series::new(index + 1, Ink::Fill(*colour))
    });
    let series = series.collect();
    Drawn::new(Kind::Stacked, Grid { columns, rows: bars.iter().map(row).collect() }, series)
}

fn stack(
    (days, provisional): (&[jiff::civil::Date], &[jiff::civil::Date]),
    series: &[StackSeries],
    style: &Style,
) -> Drawn {
    let locale = style.locale();
    let mut columns = vec![day_column(style)];
    columns.extend(series.iter().map(|one| Column::new(words::words(&one.label, style))));
    columns.push(Column::new(locale.text("workbook-state")));
    let is_provisional = |day: &jiff::civil::Date| provisional.contains(day);
    let row = |(index, day): (usize, &jiff::civil::Date)| {
        let of_series = series.iter().map(|one| {
            amount(one.amounts.get(index).copied().flatten(), style, "report-day-not-billed")
        });
        let mut cells = vec![Cell::Day(*day)];
        cells.extend(of_series);
        cells.push(settled(is_provisional(day), style));
        Row::plain(cells)
    };
    let rows = days.iter().enumerate().map(row).collect();
    let series = (0..series.len()).map(|index| {
        let colour = colour::SERIES.get(index).copied().unwrap_or(colour::OTHER);
        Series {
            provisional: days.iter().map(is_provisional).collect(),
            ..Series::new(index + 1, Ink::Fill(colour))
        }
    });
    Drawn::new(Kind::Stacked, Grid { columns, rows }, series.collect())
}

fn funnel(steps: &[FunnelStep], style: &Style) -> Drawn {
    let locale = style.locale();
    let columns = vec![
        Column::new(locale.text("report-chart-step")),
        Column::new(locale.text("report-chart-amount")),
    ];
    let row = |step: &FunnelStep| {
        let why = || step.missing.clone().unwrap_or_else(|| words::both("not-known"));
        let amount = step.amount.map_or_else(
            || Cell::Unknown(words::words(&why(), style)),
            |money| Cell::monthly(style.displayed(money)),
        );
        Row::plain(vec![own_words(&step.label, style), amount])
    };
    let grid = Grid { columns, rows: steps.iter().map(row).collect() };
    let series = Series { label: Some(""), ..Series::new(1, Ink::Fill(colour::NOW)) };
    Drawn::new(Kind::Bars, grid, vec![series])
}

fn dumbbell(pairs: &[Pair], style: &Style) -> Drawn {
    let locale = style.locale();
    let columns = vec![
        Column::new(locale.text("report-chart-step")),
        Column::new(locale.text("report-chart-estimated")),
        Column::new(locale.text("report-chart-realized")),
    ];
    let row = |pair: &Pair| {
        let realized = pair.realized.map_or_else(
            || unknown(style, "report-not-verified"),
            |money| Cell::monthly(style.displayed(money)),
        );
        let estimated = Cell::monthly(style.displayed(pair.estimated));
        Row::plain(vec![own_words(&pair.label, style), estimated, realized])
    };
    let grid = Grid { columns, rows: pairs.iter().map(row).collect() };
    let series =
        vec![Series::new(1, Ink::Fill(colour::BEFORE)), Series::new(2, Ink::Fill(colour::NOW))];
    Drawn::new(Kind::Bars, grid, series)
}

/// What was has a column of its own, so that what is expected is never taken for it.
fn fan(points: &[FanPoint], style: &Style) -> Drawn {
    let locale = style.locale();
    let columns = vec![
        day_column(style),
        Column::new(locale.text("workbook-so-far")),
        Column::new(locale.text("report-chart-expected")),
        Column::new(locale.text("workbook-low")),
        Column::new(locale.text("workbook-high")),
    ];
    let row = |point: &FanPoint| {
        let of = |money: Money| Cell::amount(style.displayed(money));
        let likely = of(point.likely);
        let amounts = match point.range {
            None => [likely, Cell::Empty, Cell::Empty, Cell::Empty],
            Some((low, high)) => [Cell::Empty, likely, of(low), of(high)],
        };
        let mut cells = vec![Cell::Day(point.date)];
        cells.extend(amounts);
        Row::plain(cells)
    };
    let series = vec![
        Series::new(1, Ink::Line(colour::NOW)),
        Series::new(2, Ink::Dashed(colour::NOW)),
        Series::new(3, Ink::Edge(colour::AXIS)),
        Series::new(4, Ink::Edge(colour::AXIS)),
    ];
    let grid = Grid { columns, rows: points.iter().map(row).collect() };
    Drawn::new(Kind::Lines, grid, series)
}

fn heat(values: &[Vec<Option<f64>>], style: &Style) -> Drawn {
    let mut columns = vec![Column::new(style.locale().text("report-chart-weekday"))];
    columns.extend((0..24).map(|hour: u8| Column::new(hour.to_string())));
    let row = |(index, hours): (usize, &Vec<Option<f64>>)| {
        let mut cells = vec![Cell::Number(Decimal::from(index + 1))];
        cells.extend(hours.iter().map(|hour| {
            hour.map_or_else(|| unknown(style, "report-not-measured"), Cell::Measured)
        }));
        Row::plain(cells)
    };
    let rows = values.iter().enumerate().map(row).collect();
    Drawn { filter: Filter::Off, ..Drawn::new(Kind::Heat, Grid { columns, rows }, Vec::new()) }
}

/// Returns a step of a bridge as the first cells of its row.
pub(super) fn named(step: &BridgeStep, amount: Cell, style: &Style) -> Vec<(Cell, Tone)> {
    let tone = match amount {
        Cell::Amount { money, sign: crate::workbook::Sign::Both, .. } => Tone::of_change(money),
        _ => Tone::Plain,
    };
    vec![(own_words(&step.label, style), Tone::Plain), (amount, tone)]
}
