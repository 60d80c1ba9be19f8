//! A report as a workbook, with charts that the reader's own program draws.
//!
//! The first sheet has what must be known and decided, then each section has a sheet with its
//! tables, and the last one says how to read them. Amounts are numbers in the reader's currency.

mod bridge;
mod charts;
mod definitions;
mod first;
mod grids;
mod pictures;
mod section;

use trimtab_model::document::{Block, Document, Section};

use super::edition::Edition;
use super::words;
use crate::workbook::{About, Book, WorkbookError};

/// Writes a report as a workbook.
///
/// # Errors
/// Fails if there is more than sheets have room for.
pub fn xlsx(document: &Document, edition: &Edition<'_>) -> Result<Vec<u8>, WorkbookError> {
    let style = edition.style;
    let locale = style.locale();
    let title = words::words(&document.title, style);
    let subject = words::subtitle(document, style);
    let about = About { title: &title, subject: &subject, moment: document.as_of };
    let mut book = Book::new(about, style)?;
    let name = book.name(&locale.text("workbook-first"));
    let shown: Vec<charts::Shown<'_>> = document
        .sections
        .iter()
        .filter(|section| section.title.is_none())
        .flat_map(|section| &section.blocks)
        .filter_map(|block| match block {
            Block::Chart(chart) => {
                let name = book.name(&words::words(&chart.title, style));
                Some(charts::Shown { chart, name, drawn: charts::drawn(chart, style) })
            }
            _ => None,
        })
        .collect();
    first::write(book.page(name)?.with_margin(), document, &shown, edition)?;
    for one in &shown {
        section::chart_alone(book.page(one.name.clone())?.with_margin(), one, document, edition)?;
    }
    let sections = document.sections.iter().filter(|section| has_sheet(section));
    for section in sections.chain(&document.sheets) {
        let title = section.title.as_ref().map(|title| words::words(title, style));
        let title = title.unwrap_or_else(|| section.name.clone());
        let name = book.name(&title);
        section::write(book.page(name)?.with_margin(), (&title, section), document, edition)?;
    }
    let tally = book.tally();
    let name = book.name(&locale.text("workbook-definitions"));
    definitions::write(book.page(name)?.with_margin(), document, style, tally)?;
    book.finish()
}

/// Returns whether a section has tables or charts, and with them a sheet of its own.
fn has_sheet(section: &Section) -> bool {
    section.title.is_some()
        && section
            .blocks
            .iter()
            .any(|block| matches!(block, Block::Rows(_) | Block::Chart(_) | Block::Figures(_)))
}
