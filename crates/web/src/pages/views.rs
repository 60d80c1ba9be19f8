//! Views that people saved: opened, renamed, deleted.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use trimtab_app::failure::Failure;
use trimtab_render::sanitise;
use trimtab_render::style::Style;
use trimtab_render::table::{Cell, Column, Kind, Priority, Table};
use trimtab_store::state::SavedView;

use super::login::own_path;
use super::{failed, missing};
use crate::blocking;
use crate::file;
use crate::html::{Html, see_other};
use crate::query::Query;
use crate::reader::Reader;
use crate::saved::{self, LONGEST_NAME};
use crate::shared::Shared;
use crate::ui::{self, Empty, Page, Sheet, Tab, sheet};

/// Makes the table of views.
fn table(all: &[SavedView], style: &Style) -> Table {
    let locale = style.locale();
    let column =
        |key, title: &str, kind, priority| Column::new(key, locale.text(title), kind, priority);
    let mut table = Table::new(vec![
        column("name", "web-column-name", Kind::Text, Priority::Essential),
        column("page", "web-find-page", Kind::Text, Priority::High),
        column("address", "web-view-address", Kind::Text, Priority::High),
        column("saved_at", "web-view-saved-at", Kind::Timestamp, Priority::High),
        column("id", "column-id", Kind::Text, Priority::Wide),
    ]);
    for view in all {
        let page = saved::page_of(&view.address).map(|tab| locale.text(tab.key()));
        table.row(vec![
            Cell::text(&view.name),
            Cell::optional(page),
            Cell::text(&view.address),
            Cell::Timestamp(view.saved_at),
            Cell::text(&view.id),
        ]);
    }
    table
}

/// Shows the page, or gives the list as a file.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, reader: Reader) -> Response {
    let all = match blocking::read(&shared, saved::all).await {
        Ok(all) => all,
        Err(failure) => return failed(&shared, &reader, Tab::Views, &failure).into_response(),
    };
    if let Some(file) = file::asked(&reader, "views", |style| table(&all, style)) {
        return file;
    }
    let title = reader.text(Tab::Views.key());
    let list = table(&all, &reader.style);
    let link = |row: &ui::Row<'_>| row.text("address").map(str::to_owned);
    let can_change = !shared.options.is_read_only && !all.is_empty();
    let body = html! {
        section class="card" {
            p class="about" { (reader.text("web-views-about")) }
            @if all.is_empty() {
                (ui::empty(&Empty {
                    title: &reader.text("web-views-none"),
                    reason: &reader.text("web-views-none-why"),
                    commands: &[],
                }))
            } @else {
                (sheet(&reader, &Sheet {
                    id: "list",
                    caption: &title,
                    table: &list,
                    link: Some(("name", &link)),
                    choose: can_change.then_some("id"),
                    has_files: true,
                }))
            }
            @if can_change { (change_form(&reader)) }
        }
    };
    Html::ok(ui::page(&shared, &reader, &Page::of(Tab::Views, &title, body))).into_response()
}

/// What can be done with the views that are chosen.
fn change_form(reader: &Reader) -> Markup {
    html! {
        form id="choice" method="post" action="/views/change" class="choice-form" {
            label for="name" { (reader.text("web-view-new-name")) }
            input id="name" name="name" maxlength=(LONGEST_NAME) autocomplete="off";
            button type="submit" class="button" name="do" value="rename" { (reader.text("web-view-rename")) }
            button type="submit" class="button danger" name="do" value="delete" { (reader.text("web-view-delete")) }
            p class="about" { (reader.text("web-view-change-about")) }
        }
    }
}

/// Saves the page that the form was on, and leads back to it.
pub(crate) async fn save(
    State(shared): State<Arc<Shared>>,
    reader: Reader,
    body: Bytes,
) -> Response {
    let given = Query::of(&String::from_utf8_lossy(&body));
    let address = given.get("address").unwrap_or_default().to_owned();
    let (name, chosen) = (given.get("name").unwrap_or_default().to_owned(), reader.chosen.clone());
    let kept = address.clone();
    let saved =
        blocking::read(&shared, move |shared| saved::save(shared, &name, &kept, &chosen)).await;
    match saved {
        Ok(_) => see_other(own_path(&address)),
        Err(failure) => failed(&shared, &reader, Tab::Views, &failure).into_response(),
    }
}

/// Renames or deletes the views that were chosen.
pub(crate) async fn change(
    State(shared): State<Arc<Shared>>,
    reader: Reader,
    body: Bytes,
) -> Response {
    let given = Query::of(&String::from_utf8_lossy(&body));
    let done = blocking::read(&shared, move |shared| changed(shared, &given)).await;
    match done {
        Ok(Some(())) => see_other(Tab::Views.path()),
        Ok(None) => missing::not_found(&shared, &reader, Tab::Views).into_response(),
        Err(failure) => failed(&shared, &reader, Tab::Views, &failure).into_response(),
    }
}

fn changed(shared: &Shared, given: &Query) -> Result<Option<()>, Failure> {
    let chosen: Vec<&str> = given.all("chosen").collect();
    match (given.get("do"), chosen.as_slice()) {
        (_, []) => Err(Failure::usage(
            ("no view was chosen", "선택한 보기가 없습니다"),
            ("tick the rows that are meant", "행을 선택하세요"),
        )),
        (Some("delete"), all) => {
            for id in all {
                // Somebody else may have deleted it meanwhile: it is gone as was asked.
                saved::delete(shared, id)?;
            }
            Ok(Some(()))
        }
        (Some("rename"), [id]) => {
            let name = given.get("name").unwrap_or_default();
            Ok(saved::rename(shared, id, name)?.map(drop))
        }
        (Some("rename"), several) => Err(Failure::usage(
            (
                format!("{} views cannot have one name", several.len()),
                format!("보기 {}개에 같은 이름을 붙일 수 없습니다", several.len()),
            ),
            ("tick one row", "행을 하나만 선택하세요"),
        )),
        (word, _) => {
            let word = sanitise(word.unwrap_or_default());
            Err(Failure::usage(
                (
                    format!("a view cannot be `{word}`"),
                    format!("보기에 할 수 없는 일입니다: `{word}`"),
                ),
                ("rename or delete", "rename 또는 delete를 보내세요"),
            ))
        }
    }
}
