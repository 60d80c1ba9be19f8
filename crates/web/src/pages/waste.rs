//! Recommendations of one kind: what nobody uses, and what could run otherwise.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use trimtab_model::recommendation::{ActionType, Finding, Recommendation};

use super::failed;
use super::recommendations::{Listed, listed, nothing, seen, table};
use crate::blocking;
use crate::file;
use crate::html::Html;
use crate::reader::Reader;
use crate::shared::Shared;
use crate::ui::{self, Page, Sheet, Tab, figure, sheet};

/// A kind of recommendation that has a page.
struct Group {
    tab: Tab,
    /// The name of its files.
    name: &'static str,
    is_in: fn(&Recommendation) -> bool,
    /// What their sum is called.
    sum: &'static str,
    /// What they are.
    about: &'static str,
    /// What is said where there are none.
    none: &'static str,
}

/// What nobody uses.
pub(crate) async fn show(state: State<Arc<Shared>>, reader: Reader) -> Response {
    let group = Group {
        tab: Tab::Waste,
        name: "waste",
        is_in: is_waste,
        sum: "web-waste-sum",
        about: "web-waste-about",
        none: "web-waste-none",
    };
    shown(state, reader, group).await
}

/// What could run otherwise: at other hours, on other processors, in newer generations, in other numbers.
pub(crate) async fn modernise(state: State<Arc<Shared>>, reader: Reader) -> Response {
    let group = Group {
        tab: Tab::Modernise,
        name: "modernise",
        is_in: is_modern,
        sum: "web-modernise-sum",
        about: "web-modernise-about",
        none: "web-modernise-none",
    };
    shown(state, reader, group).await
}

fn is_waste(item: &Recommendation) -> bool {
    matches!(item.finding, Finding::Idle | Finding::Unattached | Finding::Unused)
        && item.action_type != ActionType::Schedule
}

fn is_modern(item: &Recommendation) -> bool {
    matches!(
        item.action_type,
        ActionType::Schedule
            | ActionType::MigrateToGraviton
            | ActionType::Upgrade
            | ActionType::ScaleIn
            | ActionType::ConvertServerless
            | ActionType::MoveToContainers
    )
}

async fn shown(State(shared): State<Arc<Shared>>, reader: Reader, group: Group) -> Response {
    let query = reader.query.clone();
    let found = blocking::read(&shared, move |shared| listed(shared, &query, group.is_in)).await;
    let listed = match found {
        Ok(listed) => listed,
        Err(failure) => return failed(&shared, &reader, group.tab, &failure).into_response(),
    };
    if let Some(listed) = &listed
        && let Some(file) = file::asked(&reader, group.name, |style| table(&listed.items(), style))
    {
        return file;
    }
    let title = reader.text(group.tab.key());
    let body = match &listed {
        None => nothing(&reader),
        Some(listed) => body(&reader, &group, listed, &title),
    };
    Html::ok(ui::page(&shared, &reader, &Page::of(group.tab, &title, body))).into_response()
}

fn body(reader: &Reader, group: &Group, listed: &Listed, title: &str) -> Markup {
    let items = listed.items();
    let table = table(&items, &reader.style);
    let seen = seen(reader, &table, listed);
    let link = |row: &ui::Row<'_>| row.text("id").map(|id| format!("/recommendations/{id}"));
    html! {
        div id="sums" class="figures" {
            @for total in seen.totals.values() {
                (figure(
                    &reader.text(group.sum),
                    &reader.style.monthly(total.likely),
                    &ui::found_count(reader, (total.recommendations, total.conditional_recommendations)),
                    "good",
                ))
            }
        }
        section class="card" {
            p { (reader.text(group.about)) }
            @if items.is_empty() {
                p class="nothing" { (reader.text(group.none)) }
            } @else {
                (sheet(reader, &Sheet {
                    id: "list",
                    caption: title,
                    table: &table,
                    link: Some(("resource", &link)),
                    choose: None,
                    has_files: true,
                }))
            }
        }
    }
}
