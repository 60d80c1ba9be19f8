//! What is configured: accounts and roles, who may do what, what the owner wants, where each value comes from; and the
//! log of every change.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::plan::audit_lines;
use trimtab_model::audit::AuditLine;
use trimtab_render::document::run::audit_table;
use trimtab_render::sanitise;
use trimtab_render::style::Style;
use trimtab_render::table::{Cell, Column, Kind, Priority, Table};

use super::failed;
use super::failure::told;
use super::settings_sections::{SECTIONS, Section};
use crate::blocking;
use crate::file;
use crate::html::Html;
use crate::query::Query;
use crate::reader::Reader;
use crate::shared::Shared;
use crate::ui::{self, Page, Sheet, Tab, card, facts, sheet};
use crate::view::{Configured, configured};

/// The name of the log of changes in an address.
const AUDIT: &str = "audit";
/// Lines of it that the page has room for.
const LATEST: usize = 10;

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
    let lines = blocking::read(&shared, |shared| audit_lines(&shared.settings)).await;
    let found = match blocking::read(&shared, configured).await {
        Ok(found) => found,
        Err(failure) => return failed(&shared, &reader, Tab::Settings, &failure).into_response(),
    };
    let title = reader.text(Tab::Settings.key());
    let asked = reader.query.get("list");
    if asked == Some(AUDIT) {
        return audit_page(&shared, &reader, &title, lines);
    }
    let of_section = |section: &Section| {
        file::asked_of(&reader, section.id, |style| (section.table)(&found, style))
    };
    let all = |style: &Style| settings(&shared, style);
    let main = asked.is_none().then(|| file::asked(&reader, "settings", all)).flatten();
    if let Some(file) = main.or_else(|| SECTIONS.iter().find_map(of_section)) {
        return file;
    }
    let values = all(&reader.style);
    let body = html! {
        div class="columns halves" {
            (deciding(&reader, &found))
            (serving(&reader, &found))
        }
        @for section in &SECTIONS { (section.shown(&reader, &found)) }
        (latest(&reader, &lines))
        (card(&reader.text("web-settings-values"), Some(&reader.text("web-settings-about")), &sheet(&reader, &Sheet {
            id: "list",
            caption: &reader.text("web-settings-values"),
            table: &values,
            link: None,
            choose: None,
            has_files: true,
        })))
    };
    Html::ok(ui::page(&shared, &reader, &Page::of(Tab::Settings, &title, body))).into_response()
}

/// Who decides, and as whom accounts are read.
fn deciding(reader: &Reader, found: &Configured) -> Markup {
    let approvers: Vec<String> = found.approvers.iter().map(|name| sanitise(name)).collect();
    let anybody = reader.text("web-settings-anybody");
    let who = if approvers.is_empty() { anybody } else { approvers.join(", ") };
    let none = || reader.text("web-settings-not-set");
    let shown = |text: &Option<String>| text.as_deref().map_or_else(none, sanitise);
    let rows = [
        ("web-settings-approvers", who, "rollout.approvers"),
        ("web-settings-profile", shown(&found.profile), "profile"),
        ("web-settings-organization", shown(&found.organization_role), "organization.role"),
    ];
    card(&reader.text("web-settings-deciding"), None, &keyed(reader, &rows))
}

/// Whom this server lets in.
fn serving(reader: &Reader, found: &Configured) -> Markup {
    let authentication = match found.authentication {
        "token" => "web-settings-token",
        _ => "web-settings-no-token",
    };
    let decides = if found.is_read_only { "web-settings-reads" } else { "web-settings-decides" };
    let hosts: Vec<String> = found.hosts.iter().map(|host| sanitise(host)).collect();
    let own = reader.text("web-settings-own-names");
    let rows = [
        ("web-settings-authentication", reader.text(authentication), "--auth"),
        ("web-settings-deciding-here", reader.text(decides), "--read-only"),
        ("web-settings-hosts", if hosts.is_empty() { own } else { hosts.join(", ") }, "--host"),
    ];
    card(&reader.text("web-settings-serving"), None, &keyed(reader, &rows))
}

/// Returns facts, each with what says it.
fn keyed(reader: &Reader, rows: &[(&str, String, &str)]) -> Markup {
    let fact = |(name, value, key): &(&str, String, &str)| {
        let value = html! { (value) p class="about" { code { (key) } } };
        (reader.text(name), value)
    };
    facts(&rows.iter().map(fact).collect::<Vec<_>>())
}

/// The latest lines of the log of changes.
fn latest(reader: &Reader, lines: &Result<Vec<AuditLine>, Failure>) -> Markup {
    let title = reader.text("web-audit");
    let all = Query::default().with("list", Some(AUDIT)).on(&reader.path);
    let body = match lines {
        // The log alone cannot be trusted then; what is configured holds.
        Err(failure) => told(reader, failure),
        Ok(lines) if lines.is_empty() => {
            html! { p class="nothing" { (reader.text("web-audit-none")) } }
        }
        Ok(lines) => {
            let latest: Vec<AuditLine> = lines.iter().rev().take(LATEST).cloned().collect();
            html! {
                (log_sheet(reader, &title, &latest, false))
                p { a href=(all) { (reader.text_with("web-audit-all", &[("count", &lines.len().to_string())])) } }
            }
        }
    };
    card(&title, None, &body)
}

fn log_sheet(reader: &Reader, title: &str, lines: &[AuditLine], has_files: bool) -> Markup {
    let table = audit_table(lines, &reader.style);
    sheet(
        reader,
        &Sheet { id: AUDIT, caption: title, table: &table, link: None, choose: None, has_files },
    )
}

/// The log of changes alone, or as a file.
fn audit_page(
    shared: &Shared,
    reader: &Reader,
    settings: &str,
    lines: Result<Vec<AuditLine>, Failure>,
) -> Response {
    let mut lines = match lines {
        Ok(lines) => lines,
        Err(failure) => return failed(shared, reader, Tab::Settings, &failure).into_response(),
    };
    if let Some(file) = file::asked(reader, AUDIT, |style| audit_table(&lines, style)) {
        return file;
    }
    // Whoever reads it looks for what was done last.
    lines.reverse();
    let title = reader.text("web-audit");
    let body = html! {
        section class="card" {
            @if lines.is_empty() {
                p class="nothing" { (reader.text("web-audit-none")) }
            } @else {
                (log_sheet(reader, &title, &lines, true))
            }
        }
    };
    let mut page = Page::of(Tab::Settings, &title, body);
    page.trail = Some((settings, Tab::Settings.path()));
    Html::ok(ui::page(shared, reader, &page)).into_response()
}
