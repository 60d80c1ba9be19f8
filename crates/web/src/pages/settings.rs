//! The configuration that holds, where each value comes from, and the log of every change.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::html;

use trimtab_app::pipeline::plan::audit_lines;
use trimtab_render::document::run::audit_table;
use trimtab_render::table::{Cell, Column, Kind, Priority, Table};

use super::failed;
use crate::blocking;
use crate::html::Html;
use crate::reader::Reader;
use crate::shared::Shared;
use crate::ui::{self, Page, Sheet, Tab, card, sheet};

/// Shows the page.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, reader: Reader) -> Response {
    let lines = match blocking::read(&shared, |shared| audit_lines(&shared.settings)).await {
        Ok(lines) => lines,
        Err(failure) => return failed(&shared, &reader, Tab::Settings, &failure).into_response(),
    };
    let title = reader.text(Tab::Settings.key());
    let column =
        |key, title: &str| Column::new(key, reader.text(title), Kind::Text, Priority::Essential);
    let mut values = Table::new(vec![
        column("key", "web-setting"),
        column("value", "web-setting-value"),
        column("origin", "web-setting-origin"),
    ]);
    for setting in &shared.settings.settings {
        values.row(vec![
            Cell::text(setting.key.clone()),
            Cell::text(setting.value.get(reader.style.language)),
            Cell::text(setting.origin.text().get(reader.style.language)),
        ]);
    }
    let audit = audit_table(&lines, &reader.style);
    let body = html! {
        (card(&reader.text("web-settings-values"), Some(&reader.text("web-settings-about")), &sheet(&reader, &Sheet {
            id: "settings",
            caption: &reader.text("web-settings-values"),
            table: &values,
            link: None,
            choose: None,
            has_files: false,
        })))
        section class="card" {
            h2 { (reader.text("web-audit")) }
            @if lines.is_empty() {
                p class="nothing" { (reader.text("web-audit-none")) }
            } @else {
                pre class="plain" { (audit.terminal(&reader.style)) }
            }
        }
    };
    Html::ok(ui::page(&shared, &reader, &Page::of(Tab::Settings, &title, body))).into_response()
}
