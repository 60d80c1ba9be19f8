//! Tables, figures and decisions of a report as grids of typed cells.

use trimtab_model::document::{Decision, DecisionKind, Decisions, Figures, Rows, Tone, Value};
use trimtab_model::text::Text;

use super::super::edition::Edition;
use super::super::words;
use crate::locale::Locale;
use crate::style::Style;
use crate::workbook::{Cell, Column, Grid, Row, Span};

/// Returns a value as a cell; of a range what is expected.
pub(super) fn cell(value: &Value, edition: &Edition<'_>) -> Cell {
    let style = edition.style;
    match value {
        Value::Text(text) => own_words(text, style),
        Value::Name(name) => Cell::Text(name.clone()),
        Value::Amount(money) | Value::Range { likely: money, .. } => {
            Cell::amount(style.displayed(*money))
        }
        Value::Monthly(money) | Value::MonthlyRange { likely: money, .. } => {
            Cell::monthly(style.displayed(*money))
        }
        Value::Change(money) => Cell::amount(style.displayed(*money)).signed(),
        Value::MonthlyChange(money) => Cell::monthly(style.displayed(*money)).signed(),
        Value::UnitPrice(money) => Cell::Amount {
            money: style.displayed(*money),
            span: Span::Unit,
            sign: crate::workbook::Sign::Minus,
        },
        Value::Percent(percent) => Cell::percent(*percent),
        Value::PercentChange(percent) => Cell::percent(*percent).signed(),
        Value::Count(count) => Cell::Number((*count).into()),
        Value::Number(number) => Cell::Number(*number),
        Value::Date(date) => Cell::Day(*date),
        Value::Moment(moment) => Cell::Moment(*moment),
        Value::Currency(currency) => Cell::Text(currency.code().to_owned()),
        Value::Link(link) => {
            let words = link.words.get(style.language).to_owned();
            match edition.address(&link.target) {
                Some(address) => Cell::Link { words, address },
                None => Cell::Text(words),
            }
        }
        Value::Missing(why) => Cell::Unknown(words::words(why, style)),
    }
}

/// Returns the least and the most of a range.
fn range(value: &Value, style: &Style) -> Option<(Cell, Cell)> {
    match value {
        Value::Range { low, high, .. } => {
            Some((Cell::amount(style.displayed(*low)), Cell::amount(style.displayed(*high))))
        }
        Value::MonthlyRange { low, high, .. } => {
            Some((Cell::monthly(style.displayed(*low)), Cell::monthly(style.displayed(*high))))
        }
        _ => None,
    }
}

/// Returns words as they are: they are made safe where they are written, and what was left out
/// is counted there.
pub(super) fn own_words(text: &Text, style: &Style) -> Cell {
    let words = text.get(style.language);
    if words.is_empty() { Cell::Empty } else { Cell::Text(words.to_owned()) }
}

/// Returns a table. A column with ranges has two more: the least and the most.
pub(super) fn rows(rows: &Rows, edition: &Edition<'_>) -> Grid {
    let style = edition.style;
    let has_range = |place: usize| {
        let mut cells = rows.rows.iter().filter_map(|row| row.cells.get(place));
        cells.any(|(value, _)| range(value, style).is_some())
    };
    let is_ranged: Vec<bool> = (0..rows.columns.len()).map(has_range).collect();
    let mut grid = Grid::default();
    for (column, is_ranged) in rows.columns.iter().zip(&is_ranged) {
        let title = words::words(&column.title, style);
        add_column(&mut grid, &title, *is_ranged, style.locale());
    }
    for row in &rows.rows {
        let mut cells = Vec::new();
        for ((value, tone), is_ranged) in row.cells.iter().zip(&is_ranged) {
            add_value(&mut cells, (value, *tone), *is_ranged, edition);
        }
        grid.rows.push(Row { cells, is_total: row.is_total });
    }
    grid
}

fn add_column(grid: &mut Grid, title: &str, is_ranged: bool, locale: Locale) {
    grid.columns.push(Column::new(title));
    if is_ranged {
        let title = [("title", title)];
        grid.columns.push(Column::new(locale.text_with("workbook-low-of", &title)));
        grid.columns.push(Column::new(locale.text_with("workbook-high-of", &title)));
    }
}

fn add_value(
    cells: &mut Vec<(Cell, Tone)>,
    (value, tone): (&Value, Tone),
    is_ranged: bool,
    edition: &Edition<'_>,
) {
    cells.push((cell(value, edition), tone));
    if is_ranged {
        let (low, high) = range(value, edition.style).unwrap_or((Cell::Empty, Cell::Empty));
        cells.extend([(low, Tone::Muted), (high, Tone::Muted)]);
    }
}

/// Returns the key figures, one a row.
pub(super) fn figures(figures: &Figures, edition: &Edition<'_>) -> Grid {
    let style = edition.style;
    let locale = style.locale();
    let is_ranged = figures.iter().any(|figure| range(&figure.value, style).is_some());
    let mut grid = Grid::default();
    grid.columns.push(Column::new(locale.text("workbook-figure")));
    grid.columns.push(Column::new(locale.text("workbook-value")));
    if is_ranged {
        grid.columns.push(Column::new(locale.text("workbook-low")));
        grid.columns.push(Column::new(locale.text("workbook-high")));
    }
    grid.columns.push(Column::new(locale.text("workbook-note")));
    for figure in figures.iter() {
        let mut cells = vec![(own_words(&figure.label, style), Tone::Plain)];
        add_value(&mut cells, (&figure.value, figure.tone), is_ranged, edition);
        let note = figure.note.as_ref().map(|note| words::line(note, style));
        cells.push((note.map_or(Cell::Empty, Cell::Text), Tone::Muted));
        grid.rows.push(Row { cells, is_total: false });
    }
    grid
}

/// Returns what must be decided, one a row.
pub(super) fn decisions(decisions: &Decisions, edition: &Edition<'_>) -> Grid {
    let style = edition.style;
    let locale = style.locale();
    let items = &decisions.items;
    let is_ranged = items.iter().any(|item| range(&item.savings, style).is_some());
    let has_owner = items.iter().any(|item| item.owner.is_some());
    let has_deadline = items.iter().any(|item| item.deadline.is_some());
    let mut grid = Grid::default();
    grid.columns.push(Column::new(locale.text("workbook-decision")));
    grid.columns.push(Column::new(locale.text("workbook-estimated")));
    if is_ranged {
        grid.columns.push(Column::new(locale.text("workbook-low")));
        grid.columns.push(Column::new(locale.text("workbook-high")));
    }
    grid.columns.push(Column::new(locale.text("workbook-kind")));
    grid.columns.push(Column::new(locale.text("workbook-risk")));
    if has_owner {
        grid.columns.push(Column::new(locale.text("workbook-owner")));
    }
    if has_deadline {
        grid.columns.push(Column::new(locale.text("workbook-deadline")));
    }
    grid.columns.push(Column::new(locale.text("workbook-state")));
    for item in items {
        let mut cells = vec![(title(item, edition), Tone::Plain)];
        add_value(&mut cells, (&item.savings, tone(item)), is_ranged, edition);
        cells.push((Cell::Text(kind(item.kind, locale)), Tone::Plain));
        cells.push((cell(&item.risk, edition), Tone::Plain));
        if has_owner {
            let owner = item.owner.as_ref().map(|owner| cell(owner, edition));
            cells.push((owner.unwrap_or(Cell::Empty), Tone::Plain));
        }
        if has_deadline {
            cells.push((item.deadline.map_or(Cell::Empty, Cell::Moment), Tone::Plain));
        }
        cells.push((Cell::Text(words::line(&item.state, style)), Tone::Plain));
        grid.rows.push(Row { cells, is_total: false });
    }
    grid
}

fn title(item: &Decision, edition: &Edition<'_>) -> Cell {
    let words = item.title.get(edition.style.language).to_owned();
    match item.link.as_ref().and_then(|link| edition.address(&link.target)) {
        Some(address) => Cell::Link { words, address },
        None => Cell::Text(words),
    }
}

/// A saving is green, and what a cost rises by is red.
fn tone(item: &Decision) -> Tone {
    match &item.savings {
        Value::Change(money) | Value::MonthlyChange(money) => Tone::of_change(*money),
        Value::Missing(_) => Tone::Muted,
        _ => Tone::Fell,
    }
}

fn kind(kind: DecisionKind, locale: Locale) -> String {
    match kind {
        DecisionKind::Recommendation => locale.text("workbook-kind-recommendation"),
        DecisionKind::Plan => locale.text("workbook-kind-plan"),
        DecisionKind::Increase => locale.text("workbook-kind-increase"),
    }
}
