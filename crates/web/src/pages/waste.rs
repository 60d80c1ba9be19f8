//! What nobody uses.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::html;

use trimtab_model::recommendation::{Finding, Recommendation};

use super::failed;
use super::recommendations::{listed, nothing, table};
use crate::blocking;
use crate::file;
use crate::html::Html;
use crate::reader::Reader;
use crate::shared::Shared;
use crate::ui::{self, Page, Sheet, Tab, figure, sheet};

/// Returns whether a recommendation is about something that nobody uses.
pub(crate) fn is_waste(item: &Recommendation) -> bool {
    matches!(item.finding, Finding::Idle | Finding::Unattached | Finding::Unused)
}

/// Shows the page.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, reader: Reader) -> Response {
    let query = reader.query.clone();
    let found = blocking::read(&shared, move |shared| listed(shared, &query, is_waste)).await;
    let listed = match found {
        Ok(listed) => listed,
        Err(failure) => return failed(&shared, &reader, Tab::Waste, &failure).into_response(),
    };
    if let Some(listed) = &listed
        && let Some(file) = file::asked(&reader, "waste", |style| table(&listed.analysis, style))
    {
        return file;
    }
    let title = reader.text(Tab::Waste.key());
    let body = match &listed {
        None => nothing(&reader),
        Some(listed) => {
            let table = table(&listed.analysis, &reader.style);
            let link =
                |row: &ui::Row<'_>| row.text("id").map(|id| format!("/recommendations/{id}"));
            html! {
                div class="figures" {
                    @for total in listed.analysis.totals.values() {
                        (figure(
                            &reader.text("web-waste-sum"),
                            &reader.style.monthly(total.likely),
                            &reader.text_with("web-found-count", &[("count", &listed.analysis.items.len().to_string())]),
                            "good",
                        ))
                    }
                }
                section class="card" {
                    p { (reader.text("web-waste-about")) }
                    @if listed.analysis.items.is_empty() {
                        p class="nothing" { (reader.text("web-waste-none")) }
                    } @else {
                        (sheet(&reader, &Sheet {
                            id: "list",
                            caption: &title,
                            table: &table,
                            link: Some(("resource", &link)),
                            choose: None,
                            has_files: true,
                        }))
                    }
                }
            }
        }
    };
    Html::ok(ui::page(&shared, &reader, &Page::of(Tab::Waste, &title, body))).into_response()
}
