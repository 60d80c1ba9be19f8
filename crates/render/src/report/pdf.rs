//! A report as PDF, made in process: no browser, no service, the same bytes for the same report.
//!
//! The font is inside, as a subset, with its text selectable in Korean and English. Text is set
//! by a layout of ours, which is enough for lines, tables and bars; scripts that need shaping are
//! shown letter by letter.

mod blocks;
mod charts;
mod paint;
mod sheet;
mod table;
mod typeface;

use trimtab_model::document::Document;
use trimtab_model::explain::Explain;
use trimtab_model::text::Text;

use super::edition::Edition;
use super::words;
use sheet::{Ink, Sheet};
use typeface::Typeface;

/// The font of a PDF: Noto Sans KR, the Korean face of Noto Sans CJK, cut down to what reports use.
///
/// `tools/report-font.py` makes it; its licence lies beside it.
pub const FONT: &[u8] = include_bytes!("../../assets/NotoSansKR-Regular.otf");

/// A PDF that cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// The font is broken.
    #[error("the embedded font cannot be read")]
    Font,
    /// The writer refuses.
    #[error("the PDF cannot be written: {0}")]
    Write(String),
}

impl Explain for PdfError {
    fn text(&self) -> Text {
        let korean = match self {
            Self::Font => "내장 글꼴을 읽을 수 없습니다".to_owned(),
            Self::Write(cause) => format!("PDF를 쓸 수 없습니다: {cause}"),
        };
        Text::new(self.to_string(), korean)
    }
}

/// Writes a report as PDF.
///
/// # Errors
/// Fails if the font or the writer does; neither depends on what the report says.
pub fn pdf(document: &Document, edition: &Edition<'_>) -> Result<Vec<u8>, PdfError> {
    let style = edition.style;
    let typeface = Typeface::new(FONT).ok_or(PdfError::Font)?;
    let mut sheet = Sheet::new(&typeface);
    let title = words::words(&document.title, style);
    let kind = format!("{title} · {}", words::subtitle(document, style));
    sheet.paragraph(&kind, 8.5, Ink::Soft);
    sheet.space(4.0);
    blocks::sentence(&mut sheet, &document.verdict, edition, blocks::HEADLINE);
    sheet.space(8.0);
    for section in &document.sections {
        blocks::section(&mut sheet, section, edition);
    }
    sheet.space(10.0);
    sheet.rule();
    for line in words::footer(document, style) {
        sheet.paragraph(&line, 7.5, Ink::Soft);
    }
    paint::paint(&sheet.finish(), document, &title, style)
}
