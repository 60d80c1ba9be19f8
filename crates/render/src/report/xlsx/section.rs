//! A sheet for a section: its tables, each with the chart that is drawn of it.

use std::collections::BTreeSet;

use rust_xlsxwriter::ConditionalFormat2ColorScale;

use trimtab_model::document::{Block, ChartBlock, CostBasis, Document, Note, NoteLevel, Section};
use trimtab_model::money::Currency;

use super::super::edition::Edition;
use super::super::words;
use super::charts::{Drawn, Kind, Shown, drawn};
use super::grids;
use super::pictures::{Source, picture};
use crate::style::Style;
use crate::workbook::{Filter, Line, Page, Placed, WorkbookError, colour, written};

/// Size of charts, in pixels, and the rows that they cover.
const SIZE: (u32, u32) = (640, 320);
const ROWS: u32 = 17;
/// Characters of a table beside which a chart still stands.
const BESIDE: usize = 84;
/// The row of the headings on a sheet that has one table.
const HEADER: u32 = 3;

/// Writes a section.
///
/// # Errors
/// Fails if the sheet is full.
pub(super) fn write(
    mut page: Page<'_>,
    (title, section): (&str, &Section),
    document: &Document,
    edition: &Edition<'_>,
) -> Result<(), WorkbookError> {
    let style = edition.style;
    page.line(title, Line::Title)?;
    page.line(&basis(document, style), Line::Soft)?;
    page.row = HEADER;
    let mut tables = Vec::new();
    for block in &section.blocks {
        match block {
            Block::Figures(figures) => {
                tables.push(page.grid(&grids::figures(figures, edition), Filter::Off)?);
                page.row += 1;
            }
            Block::Rows(rows) => {
                if let Some(title) = &rows.title {
                    page.line(&words::words(title, style), Line::Heading)?;
                }
                tables.push(page.grid(&grids::rows(rows, edition), Filter::On)?);
                page.row += 1;
            }
            Block::Chart(chart) => {
                let title = page.line(&words::words(&chart.title, style), Line::Heading)?;
                let left = page.left;
                let of = drawn(chart, style);
                tables.push(figures(&mut page, chart, (&of, (title, left)), style)?);
                page.row += 1;
            }
            Block::Note(one) => note(&mut page, one, style),
            // They stand on the first sheet.
            Block::Decisions(_) => {}
        }
    }
    page.finish(frozen(&tables))
}

/// Writes a chart of the first sheet with its figures.
///
/// # Errors
/// Fails if the sheet is full.
pub(super) fn chart_alone(
    mut page: Page<'_>,
    shown: &Shown<'_>,
    document: &Document,
    edition: &Edition<'_>,
) -> Result<(), WorkbookError> {
    let style = edition.style;
    page.line(&words::words(&shown.chart.title, style), Line::Title)?;
    page.line(&basis(document, style), Line::Soft)?;
    let (title, placed) = alone(&page, &shown.drawn);
    page.row = placed.header;
    figures(&mut page, shown.chart, (&shown.drawn, title), style)?;
    page.finish(placed.header + 1)
}

/// Returns where the title and the figures of a chart stand that has a sheet of its own.
pub(super) fn alone(page: &Page<'_>, drawn: &Drawn) -> ((u32, u16), Placed) {
    let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX - HEADER - 1);
    let columns = u16::try_from(drawn.grid.columns.len()).unwrap_or(u16::MAX - page.left);
    let placed = Placed {
        header: HEADER,
        end: HEADER + 1 + count(drawn.grid.rows.len()),
        left: page.left,
        right: page.left + columns,
    };
    ((0, page.left), placed)
}

/// Writes the figures of a chart, and the chart beside them; below, where they are wide.
fn figures(
    page: &mut Page<'_>,
    chart: &ChartBlock,
    (drawn, title): (&Drawn, (u32, u16)),
    style: &Style,
) -> Result<Placed, WorkbookError> {
    let placed = page.grid(&drawn.grid, drawn.filter)?;
    let name = page.name.clone();
    let source = Source { sheet: &name, title, placed };
    if let Some(picture) = picture(drawn, source, page.look, SIZE) {
        if page.width(placed) <= BESIDE {
            page.chart((placed.header, placed.right + 1), &picture)?;
            page.row = page.row.max(placed.header + ROWS);
        } else {
            page.chart((page.row + 1, page.left), &picture)?;
            page.row += ROWS + 1;
        }
    }
    if drawn.kind == Kind::Heat && placed.end > placed.header + 1 {
        let scale = ConditionalFormat2ColorScale::new()
            .set_minimum_color(0xFF_FF_FF)
            .set_maximum_color(colour::NOW);
        let (first, last) = (placed.header + 1, placed.end - 1);
        page.sheet()
            .add_conditional_format(first, placed.left + 1, last, placed.right - 1, &scale)
            .map_err(written)?;
    }
    if let Some(caption) = &chart.caption {
        page.sentence(&words::line(caption, style), Line::Soft);
    }
    if drawn.floor.is_some() {
        page.sentence(&style.locale().text("workbook-axis-cut"), Line::Soft);
    }
    Ok(placed)
}

/// Returns the rows that stay in sight: the headings of a table that is alone on its sheet, else
/// the title.
fn frozen(tables: &[Placed]) -> u32 {
    match tables {
        [only] if only.header <= HEADER + 1 => only.header + 1,
        _ => HEADER - 1,
    }
}

/// Writes a sentence of its own.
pub(super) fn note(page: &mut Page<'_>, note: &Note, style: &Style) {
    let line = match note.level {
        NoteLevel::Explains => Line::Soft,
        NoteLevel::Missing | NoteLevel::Warns => Line::Body,
    };
    page.sentence(&words::line(&note.sentence, style), line);
}

/// Returns the line that says what amounts are: currency, period, basis.
pub(super) fn basis(document: &Document, style: &Style) -> String {
    style.locale().text_with(
        "workbook-basis-line",
        &[
            ("currency", &currencies(document, style)),
            ("first", &document.period.first.to_string()),
            ("last", &document.period.last.to_string()),
            ("basis", &basis_words(document.basis, style)),
        ],
    )
}

/// Returns the words for which cost of the bill amounts are.
pub(super) fn basis_words(basis: CostBasis, style: &Style) -> String {
    let locale = style.locale();
    match basis {
        CostBasis::Effective => locale.text("workbook-effective"),
        CostBasis::Billed => locale.text("workbook-billed"),
    }
}

/// Returns the currencies that amounts are shown in; a dash where there are none.
pub(super) fn currencies(document: &Document, style: &Style) -> String {
    let shown = |currency| style.conversion(currency).map_or(currency, |(_, to)| to);
    let codes: BTreeSet<Currency> = words::currencies(document).into_iter().map(shown).collect();
    let codes: Vec<&str> = codes.iter().map(Currency::code).collect();
    if codes.is_empty() { "–".to_owned() } else { codes.join(", ") }
}
