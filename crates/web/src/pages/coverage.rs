//! Why something is missing, and what would bring it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use trimtab_model::analysis::Analysis;
use trimtab_model::coverage::SourceStatus;
use trimtab_render::document::{coverage_table, words};
use trimtab_render::{number, sanitise};

use super::failed;
use super::recommendations::nothing;
use crate::blocking;
use crate::file;
use crate::html::Html;
use crate::reader::Reader;
use crate::shared::Shared;
use crate::ui::{self, Page, Sheet, Tab, card, figure, sheet};

/// Shows the page.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, reader: Reader) -> Response {
    let found = blocking::read(&shared, Shared::analysis).await;
    let visible = match found {
        Ok(visible) => visible,
        Err(failure) => return failed(&shared, &reader, Tab::Coverage, &failure).into_response(),
    };
    if let Some(visible) = &visible
        && let Some(file) =
            file::asked(&reader, "coverage", |style| coverage_table(&visible.open.coverage, style))
    {
        return file;
    }
    let title = reader.text(Tab::Coverage.key());
    let body = match &visible {
        None => nothing(&reader),
        Some(visible) => body(&reader, &visible.open),
    };
    Html::ok(ui::page(&shared, &reader, &Page::of(Tab::Coverage, &title, body))).into_response()
}

fn body(reader: &Reader, analysis: &Analysis) -> Markup {
    let sources = &analysis.coverage.sources;
    let of = |status| sources.iter().filter(|source| source.status == status).count() as u64;
    let table = coverage_table(&analysis.coverage, &reader.style);
    let missing = html! {
        ul class="rows" {
            @for source in sources.iter().filter(|source| source.status != SourceStatus::Complete) {
                li {
                    div class="row-words" {
                        p { code { (sanitise(&source.source)) } " · " (words::source_status(source.status, reader.locale())) }
                        p class="about" { (reader.style.sentence(&source.text)) }
                    }
                    @if !source.unlocks.is_empty() {
                        p class="row-amount" { (reader.text_with("web-unlocks", &[("count", &source.unlocks.len().to_string())])) }
                    }
                }
            }
        }
    };
    html! {
        div class="figures" {
            (figure(&reader.text("web-sources-complete"), &number::count(of(SourceStatus::Complete)), &reader.text("web-sources-complete-about"), ""))
            (figure(&reader.text("web-sources-partial"), &number::count(of(SourceStatus::Partial)), &reader.text("web-sources-partial-about"), ""))
            (figure(&reader.text("web-sources-absent"), &number::count(of(SourceStatus::Absent)), &reader.text("web-sources-absent-about"), ""))
            (figure(&reader.text("web-unjudged"), &number::count(analysis.unknown.len() as u64), &reader.text("web-unjudged-about"), ""))
        }
        (card(&reader.text("web-sources"), None, &sheet(reader, &Sheet {
            id: "list",
            caption: &reader.text("web-sources"),
            table: &table,
            link: None,
            choose: None,
            has_files: true,
        })))
        (card(&reader.text("web-sources-missing"), Some(&reader.text("web-sources-missing-about")), &missing))
    }
}
