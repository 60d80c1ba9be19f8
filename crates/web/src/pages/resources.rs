//! What there is, and who owns it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::html;

use trimtab_app::failure::Failure;
use trimtab_model::resource::{ResourceRef, Tags};
use trimtab_render::document::words;
use trimtab_render::style::Style;
use trimtab_render::table::{Cell, Column, Kind, Priority, Table, Tone};

use super::failed;
use crate::blocking;
use crate::file;
use crate::html::Html;
use crate::reader::Reader;
use crate::scope::Scope;
use crate::shared::Shared;
use crate::ui::{self, Empty, Page, Sheet, Tab, sheet};
use crate::view::resource_address;

/// A resource of the list.
pub(crate) struct Listed {
    /// The resource.
    pub(crate) resource: ResourceRef,
    /// Its tags.
    pub(crate) tags: Tags,
    /// How many open recommendations are about it.
    pub(crate) recommendations: u64,
}

/// Returns every resource of the inventory that is looked at.
///
/// # Errors
/// Fails if the store cannot be read.
pub(crate) fn listed(shared: &Shared, scope: &Scope) -> Result<Vec<Listed>, Failure> {
    let Some(snapshot) = shared.inventory()? else { return Ok(Vec::new()) };
    let sieve = scope.sieve(shared)?;
    let mut counts: BTreeMap<ResourceRef, u64> = BTreeMap::new();
    if let Some(visible) = shared.analysis()? {
        for item in &visible.open.items {
            *counts.entry(item.resource.clone()).or_default() += 1;
        }
    }
    let tags = snapshot.tags().into_iter().filter(|(resource, _)| sieve.keeps(resource));
    let all = tags.map(|(resource, tags)| {
        let recommendations = counts.get(&resource).copied().unwrap_or_default();
        Listed { resource, tags: tags.clone(), recommendations }
    });
    Ok(all.collect())
}

fn table(all: &[Listed], style: &Style) -> Table {
    let locale = style.locale();
    let text =
        |key, title: &str, priority| Column::new(key, locale.text(title), Kind::Text, priority);
    let mut table = Table::new(vec![
        text("resource", "column-resource", Priority::Essential),
        text("kind", "web-kind", Priority::High),
        text("environment", "column-environment", Priority::High),
        text("account", "column-account", Priority::High),
        text("region", "column-region", Priority::High),
        Column::new(
            "recommendations",
            locale.text("web-recommendations"),
            Kind::Count,
            Priority::High,
        ),
        text("resource_id", "column-resource-id", Priority::High),
        text("tags", "web-tags", Priority::Wide),
    ]);
    for one in all {
        let resource = &one.resource;
        let tags: Vec<String> =
            one.tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let plain = |text: &str| (Cell::text(text), Tone::Plain);
        table.toned_row(vec![
            (Cell::Text(words::resource_name(resource)), Tone::Plain),
            plain(resource.kind.as_str()),
            (
                Cell::text(resource.environment.as_str()),
                words::environment_tone(resource.environment),
            ),
            plain(resource.account.as_str()),
            plain(resource.region.as_str()),
            (Cell::Count(one.recommendations), Tone::Plain),
            plain(resource.id.as_str()),
            (Cell::Text(tags.join(", ")), Tone::Plain),
        ]);
    }
    table
}

/// Shows the page.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, reader: Reader) -> Response {
    let query = reader.query.clone();
    let read = move |shared: &Shared| listed(shared, &Scope::of(&query)?);
    let all = match blocking::read(&shared, read).await {
        Ok(all) => all,
        Err(failure) => return failed(&shared, &reader, Tab::Resources, &failure).into_response(),
    };
    if let Some(file) = file::asked(&reader, "resources", |style| table(&all, style)) {
        return file;
    }
    let title = reader.text(Tab::Resources.key());
    let table = table(&all, &reader.style);
    let link = |row: &ui::Row<'_>| {
        Some(resource_address(
            row.text("kind")?,
            row.text("account")?,
            row.text("region")?,
            row.text("resource_id")?,
        ))
    };
    let body = html! {
        section class="card" {
            @if all.is_empty() && !reader.scope.is_everything() {
                p class="nothing" { (reader.text("web-scope-nothing")) }
            } @else if all.is_empty() {
                (ui::empty(&Empty {
                    title: &reader.text("web-resources-none"),
                    reason: &reader.text("web-resources-none-why"),
                    commands: &["trimtab scan", "trimtab ingest --from DIR"],
                }))
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
    };
    Html::ok(ui::page(&shared, &reader, &Page::of(Tab::Resources, &title, body))).into_response()
}
