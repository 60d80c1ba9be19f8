//! Where is it? Pages, saved views, recommendations, plans, runs and resources by their names.
//!
//! The dialog that every page has asks for the list alone; without a script, its link leads to the whole page.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::failed;
use crate::blocking;
use crate::html::Html;
use crate::reader::Reader;
use crate::shared::Shared;
use crate::ui::{self, Page, Tab};
use crate::view::{Hit, hits};

/// Shows the page, or the list alone.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, reader: Reader) -> Response {
    let asked = reader.query.get("q").unwrap_or_default().to_owned();
    let (style, question) = (reader.style.clone(), asked.clone());
    let found = blocking::read(&shared, move |shared| hits(shared, &style, &question)).await;
    let found = match found {
        Ok(found) => found,
        Err(failure) => return failed(&shared, &reader, Tab::Find, &failure).into_response(),
    };
    if reader.query.get("part") == Some("list") {
        return Html::ok(list(&reader, &asked, &found)).into_response();
    }
    let title = reader.text(Tab::Find.key());
    let body = html! {
        section class="card" {
            form method="get" action="/find" class="filter-line" role="search" {
                label for="question" { (reader.text("web-find-label")) }
                input id="question" name="q" type="search" value=(asked) maxlength="200"
                    placeholder=(reader.text("web-find-example")) autocomplete="off" spellcheck="false";
                button type="submit" class="button" { (reader.text("web-find")) }
            }
            (list(&reader, &asked, &found))
        }
    };
    Html::ok(ui::page(&shared, &reader, &Page::of(Tab::Find, &title, body))).into_response()
}

fn list(reader: &Reader, asked: &str, found: &[Hit]) -> Markup {
    let count = found.len().to_string();
    html! {
        p class="hidden" role="status" {
            @if !asked.is_empty() { (reader.text_with("web-find-count", &[("count", &count)])) }
        }
        @if found.is_empty() {
            p class="nothing" { (reader.text("web-find-nothing")) }
        } @else {
            ul class="found" {
                @for hit in found {
                    li {
                        a href=(hit.address) {
                            span class="badge" { (reader.text(hit.kind.key())) }
                            span class="found-words" {
                                span class="found-title" { (hit.title) }
                                @if !hit.about.is_empty() { " " span class="about" { (hit.about) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
