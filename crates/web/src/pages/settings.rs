//! The configuration that holds, where each value comes from, and the log of every change.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::html;

use trimtab_app::pipeline::plan::audit_lines;
use trimtab_render::document::run::audit_table;
use trimtab_render::style::Style;
use trimtab_render::table::{Cell, Column, Kind, Priority, Table};

use super::failed;
use crate::blocking;
use crate::file;
use crate::html::Html;
use crate::reader::Reader;
use crate::shared::Shared;
use crate::ui::{self, Page, Sheet, Tab, card, sheet};

/// The name of the log of changes in an address.
const AUDIT: &str = "audit";

/// Makes the table of settings.
fn settings(shared: &Shared, style: &Style) -> Table {
    let locale = style.locale();
    let column =
        |key, title: &str| Column::new(key, locale.text(title), Kind::Text, Priority::Essential);
    let mut values = Table::new(vec![
        column("key", "web-setting"),
        column("value", "web-setting-value"),
        column("origin", "web-setting-origin"),
    ]);
    for setting in &shared.settings.settings {
        values.row(vec![
            Cell::text(setting.key.clone()),
            Cell::text(setting.value.get(style.language)),
            Cell::text(setting.origin.text().get(style.language)),
        ]);
    }
    values
}

/// Shows the page, or gives one of its lists as a file.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, reader: Reader) -> Response {
    let lines = match blocking::read(&shared, |shared| audit_lines(&shared.settings)).await {
        Ok(lines) => lines,
        Err(failure) => return failed(&shared, &reader, Tab::Settings, &failure).into_response(),
    };
    let title = reader.text(Tab::Settings.key());
    let audit = |style: &Style| audit_table(&lines, style);
    let all = |style: &Style| settings(&shared, style);
    let is_main = reader.query.get("list").is_none();
    let main = is_main.then(|| file::asked(&reader, "settings", all)).flatten();
    if let Some(file) = main.or_else(|| file::asked_of(&reader, AUDIT, audit)) {
        return file;
    }
    let (values, log) = (all(&reader.style), audit(&reader.style));
    let audit_title = reader.text("web-audit");
    let body = html! {
        (card(&reader.text("web-settings-values"), Some(&reader.text("web-settings-about")), &sheet(&reader, &Sheet {
            id: "list",
            caption: &reader.text("web-settings-values"),
            table: &values,
            link: None,
            choose: None,
            has_files: true,
        })))
        section class="card" {
            h2 { (audit_title) }
            @if lines.is_empty() {
                p class="nothing" { (reader.text("web-audit-none")) }
            } @else {
                (sheet(&reader, &Sheet {
                    id: AUDIT,
                    caption: &audit_title,
                    table: &log,
                    link: None,
                    choose: None,
                    has_files: true,
                }))
            }
        }
    };
    Html::ok(ui::page(&shared, &reader, &Page::of(Tab::Settings, &title, body))).into_response()
}
