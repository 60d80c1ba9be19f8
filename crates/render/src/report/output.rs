//! A report in the format that somebody asks for by name.

use trimtab_model::document::Document;
use trimtab_model::explain::Explain;
use trimtab_model::text::Text;

use super::edition::Edition;
use super::pdf::{PdfError, pdf};
use super::{html_page, mail, markdown, plain_text, slack, xlsx};
use crate::contract::{pretty, report_json};
use crate::workbook::{WORKBOOK_TYPE, WorkbookError};

/// A format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReportFormat {
    /// Lines of text.
    Text,
    /// Markdown.
    Markdown,
    /// The JSON contract.
    Json,
    /// A page of HTML.
    Html,
    /// The HTML part of a mail.
    Mail,
    /// A message of Slack, as JSON.
    Slack,
    /// PDF.
    Pdf,
    /// A workbook.
    Xlsx,
}

impl ReportFormat {
    /// Every format, in the order of the command line.
    pub const ALL: &'static [Self] = &[
        Self::Text,
        Self::Markdown,
        Self::Json,
        Self::Html,
        Self::Mail,
        Self::Slack,
        Self::Pdf,
        Self::Xlsx,
    ];

    /// Returns the word, as on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "md",
            Self::Json => "json",
            Self::Html => "html",
            Self::Mail => "mail",
            Self::Slack => "slack",
            Self::Pdf => "pdf",
            Self::Xlsx => "xlsx",
        }
    }

    /// Returns the media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain; charset=utf-8",
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Json | Self::Slack => "application/json",
            Self::Html | Self::Mail => "text/html; charset=utf-8",
            Self::Pdf => "application/pdf",
            Self::Xlsx => WORKBOOK_TYPE,
        }
    }

    /// Returns whether it is text that a terminal can show.
    pub fn is_text(self) -> bool {
        match self {
            Self::Text | Self::Markdown | Self::Json | Self::Html | Self::Mail | Self::Slack => {
                true
            }
            Self::Pdf | Self::Xlsx => false,
        }
    }
}

/// A report that cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// As PDF.
    #[error("could not write the report as PDF")]
    Pdf(#[source] PdfError),
    /// As a workbook.
    #[error("could not write the report as a workbook")]
    Xlsx(#[source] WorkbookError),
}

impl Explain for ReportError {
    fn text(&self) -> Text {
        let (korean, cause) = match self {
            Self::Pdf(cause) => ("보고서를 PDF로 쓰지 못했습니다", cause.text()),
            Self::Xlsx(cause) => ("보고서를 엑셀 파일로 쓰지 못했습니다", cause.text()),
        };
        Text::new(self.to_string(), korean).because(&cause)
    }
}

/// Writes a report.
///
/// # Errors
/// Fails if PDF or a workbook cannot be written; the other formats always can.
pub fn report(
    document: &Document,
    format: ReportFormat,
    edition: &Edition<'_>,
) -> Result<Vec<u8>, ReportError> {
    let language = edition.style.language;
    Ok(match format {
        ReportFormat::Text => plain_text(document, edition).into_bytes(),
        ReportFormat::Markdown => markdown(document, edition).into_bytes(),
        ReportFormat::Json => {
            format!("{}\n", pretty(&report_json(document, language))).into_bytes()
        }
        ReportFormat::Html => html_page(document, edition).into_bytes(),
        ReportFormat::Mail => mail(document, edition).html.into_bytes(),
        ReportFormat::Slack => format!("{}\n", pretty(&slack(document, edition))).into_bytes(),
        ReportFormat::Pdf => pdf(document, edition).map_err(ReportError::Pdf)?,
        ReportFormat::Xlsx => xlsx(document, edition).map_err(ReportError::Xlsx)?,
    })
}
