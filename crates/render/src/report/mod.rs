//! Reports in every format: one document of values, written for a mail, a page, a sheet.
//!
//! Each format is a function of a [`Document`](trimtab_model::document::Document) and an
//! [`Edition`]: whose eyes it is for. None of them adds anything up.

mod bars;
mod chart_rows;
mod draw;
mod edition;
mod html;
mod mail;
mod markdown;
mod output;
mod pdf;
mod plain;
#[cfg(test)]
mod sample;
mod slack;
#[cfg(test)]
mod tests;
mod words;
mod xlsx;

pub use chart_rows::chart_rows;
pub use draw::{chart_caption, chart_svg, fan, waterfall};
pub use edition::{ChartDrawing, Edition};
pub use html::{REPORT_CSS, html_fragment, html_page};
pub use mail::{Mail, MailImage, mail};
pub use markdown::markdown;
pub use output::{ReportError, ReportFormat, report};
pub use pdf::{FONT, PdfError, pdf};
pub use plain::plain_text;
pub use slack::slack;
pub use xlsx::xlsx;
