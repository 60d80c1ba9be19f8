//! The last sheet: what must be known to read the others.

use trimtab_model::document::Document;

use super::super::words;
use super::section::{basis_words, currencies};
use crate::style::Style;
use crate::workbook::{Cell, Column, Filter, Grid, Line, Page, Row, Tally, WorkbookError};

/// Writes the sheet of definitions.
///
/// # Errors
/// Fails if the sheet is full.
pub(super) fn write(
    mut page: Page<'_>,
    document: &Document,
    style: &Style,
    tally: Tally,
) -> Result<(), WorkbookError> {
    let locale = style.locale();
    page.line(&locale.text("workbook-definitions"), Line::Title)?;
    page.row += 1;
    let zone = style.time_zone.iana_name().unwrap_or("UTC").to_owned();
    let facts = [
        (locale.text("workbook-report"), Cell::Text(words::words(&document.title, style))),
        (locale.text("workbook-first-day"), Cell::Day(document.period.first)),
        (locale.text("workbook-last-day"), Cell::Day(document.period.last)),
        (locale.text("workbook-made"), Cell::Moment(document.as_of)),
        (locale.text("workbook-basis"), Cell::Text(basis_words(document.basis, style))),
        (locale.text("workbook-currency"), Cell::Text(currencies(document, style))),
        (locale.text("workbook-time-zone"), Cell::Text(zone)),
    ];
    let columns = [locale.text("workbook-item"), locale.text("workbook-meaning")];
    let rows = facts.map(|(name, cell)| Row::plain(vec![Cell::Text(name), cell]));
    page.grid(
        &Grid { columns: columns.map(Column::new).to_vec(), rows: rows.to_vec() },
        Filter::Off,
    )?;
    page.row += 1;
    rates(&mut page, document, style)?;
    page.line(&locale.text("workbook-reading"), Line::Heading)?;
    for line in words::footer(document, style) {
        page.sentence(&line, Line::Body);
    }
    for line in [
        locale.text("workbook-says-amounts"),
        locale.text("workbook-says-unknown"),
        locale.text("workbook-says-provisional"),
        locale.text("workbook-says-ranges"),
        locale.text("workbook-says-digits"),
    ] {
        page.sentence(&line, Line::Body);
    }
    if has_bridge(document) {
        page.sentence(&locale.text("workbook-says-bridge"), Line::Body);
    }
    page.tallied(tally);
    page.finish(0)
}

fn has_bridge(document: &Document) -> bool {
    use trimtab_model::document::{Block, ChartData};
    document.blocks().any(|block| {
        matches!(block, Block::Chart(chart) if matches!(chart.data, ChartData::Bridge { .. }))
    })
}

/// Writes the rates that amounts were converted with, as numbers.
fn rates(page: &mut Page<'_>, document: &Document, style: &Style) -> Result<(), WorkbookError> {
    let locale = style.locale();
    let currencies = words::currencies(document);
    let used: Vec<_> =
        currencies.into_iter().filter_map(|currency| style.conversion(currency)).collect();
    if used.is_empty() {
        return Ok(());
    }
    page.line(&locale.text("workbook-rates"), Line::Heading)?;
    let columns = [
        locale.text("workbook-rate-from"),
        locale.text("workbook-rate"),
        locale.text("workbook-rate-to"),
        locale.text("workbook-rate-day"),
        locale.text("workbook-rate-source"),
    ];
    let rows = used.into_iter().map(|(rate, _)| {
        Row::plain(vec![
            Cell::Text(format!("1 {}", rate.from.code())),
            Cell::Number(rate.rate),
            Cell::Text(rate.to.code().to_owned()),
            Cell::Day(rate.date),
            Cell::Text(rate.source.clone()),
        ])
    });
    let grid = Grid { columns: columns.map(Column::new).to_vec(), rows: rows.collect() };
    page.grid(&grid, Filter::Off)?;
    page.row += 1;
    Ok(())
}
