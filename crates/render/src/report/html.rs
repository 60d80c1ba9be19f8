//! A report as a page of HTML that needs nothing else: no script, no font, no request.

mod blocks;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use trimtab_model::document::Document;

use super::edition::Edition;
use super::words;
use blocks::{section, sentence};

/// The style rules of a report: of the page, and of one inside the dashboard.
pub const REPORT_CSS: &str = include_str!("html/report.css");

/// What a browser may do with the page: show it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// Writes a page that can be kept, printed and sent.
pub fn html_page(document: &Document, edition: &Edition<'_>) -> String {
    let style = edition.style;
    let language = style.language.code();
    let title = words::words(&document.title, style);
    let period = format!("{} – {}", document.period.first, document.period.last);
    html! {
        (DOCTYPE)
        html lang=(language) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (title) " · " (period) }
                style { (PreEscaped(REPORT_CSS)) (PreEscaped(edition.chart_css)) }
            }
            body class="report-page" { main { (body(document, edition, Heading::OfPage)) } }
        }
    }
    .into_string()
}

/// Writes the report itself, for a page that has its own head and [`REPORT_CSS`].
pub fn html_fragment(document: &Document, edition: &Edition<'_>) -> String {
    body(document, edition, Heading::OfPart).into_string()
}

/// Whose heading the verdict is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Heading {
    /// That of the page.
    OfPage,
    /// That of a part of a page, which has its own.
    OfPart,
}

fn body(document: &Document, edition: &Edition<'_>, heading: Heading) -> Markup {
    let style = edition.style;
    let footer = words::footer(document, style);
    html! {
        article class="report" {
            header {
                p class="report-kind" {
                    (words::words(&document.title, style)) " · " (words::subtitle(document, style))
                }
                @if heading == Heading::OfPage {
                    h1 { (sentence(&document.verdict, edition)) }
                } @else {
                    h2 class="verdict" { (sentence(&document.verdict, edition)) }
                }
            }
            @for part in &document.sections { (section(part, edition)) }
            @if !footer.is_empty() {
                footer { @for line in &footer { p { (line) } } }
            }
        }
    }
}
