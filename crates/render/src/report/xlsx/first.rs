//! The first sheet: the verdict, the figures, what must be decided.

use trimtab_model::document::{Block, Document, Section};

use super::super::edition::Edition;
use super::super::words;
use super::charts::Shown;
use super::grids;
use super::pictures::{Source, picture};
use super::section::{alone, basis, note};
use crate::workbook::{Filter, Line, Page, WorkbookError};

/// Size of its charts, in pixels, and the rows that they cover.
const SIZE: (u32, u32) = (920, 280);
const ROWS: u32 = 15;

/// Writes the first sheet.
///
/// # Errors
/// Fails if the sheet is full.
pub(super) fn write(
    mut page: Page<'_>,
    document: &Document,
    shown: &[Shown<'_>],
    edition: &Edition<'_>,
) -> Result<(), WorkbookError> {
    let style = edition.style;
    page.line(&words::words(&document.title, style), Line::Title)?;
    page.line(&words::subtitle(document, style), Line::Soft)?;
    page.line(&basis(document, style), Line::Soft)?;
    page.row += 1;
    page.sentence(&words::line(&document.verdict, style), Line::Verdict);
    page.row += 1;
    let mut shown = shown.iter();
    for section in &document.sections {
        if super::has_sheet(section) {
            let is_decisions = |block: &&Block| matches!(block, Block::Decisions(_));
            let decisions: Vec<&Block> = section.blocks.iter().filter(is_decisions).collect();
            if !decisions.is_empty() {
                part(&mut page, (section, &decisions), &mut shown, edition)?;
            }
        } else {
            let all: Vec<&Block> = section.blocks.iter().collect();
            part(&mut page, (section, &all), &mut shown, edition)?;
        }
    }
    page.sheet().set_tab_color(crate::workbook::colour::NOW);
    page.finish(0)
}

fn part<'a>(
    page: &mut Page<'_>,
    (section, blocks): (&Section, &[&Block]),
    shown: &mut impl Iterator<Item = &'a Shown<'a>>,
    edition: &Edition<'_>,
) -> Result<(), WorkbookError> {
    let style = edition.style;
    if let Some(title) = &section.title {
        page.line(&words::words(title, style), Line::Heading)?;
    }
    for block in blocks {
        match block {
            Block::Figures(figures) => {
                page.grid(&grids::figures(figures, edition), Filter::Off)?;
                page.row += 1;
            }
            Block::Chart(_) => {
                let Some(one) = shown.next() else { continue };
                let (title, placed) = alone(page, &one.drawn);
                let source = Source { sheet: &one.name, title, placed };
                if let Some(chart) = picture(&one.drawn, source, page.look, SIZE) {
                    page.chart((page.row, page.left), &chart)?;
                    page.row += ROWS;
                    if let Some(caption) = &one.chart.caption {
                        page.sentence(&words::line(caption, style), Line::Soft);
                    }
                }
            }
            Block::Note(one) => note(page, one, style),
            Block::Decisions(decisions) => {
                page.grid(&grids::decisions(decisions, edition), Filter::On)?;
                if let Some(more) = words::more_decisions(decisions.more, style) {
                    page.line(&more, Line::Soft)?;
                }
            }
            // A section with a table has a sheet of its own.
            Block::Rows(rows) => {
                page.grid(&grids::rows(rows, edition), Filter::On)?;
            }
        }
    }
    page.row += 1;
    Ok(())
}
