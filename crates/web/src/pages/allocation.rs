//! Who pays, and what nobody owns.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::html;

use trimtab_app::failure::Failure;
use trimtab_model::environment::Environment;
use trimtab_render::number;
use trimtab_render::style::Style;
use trimtab_render::table::{Cell, Column, Kind, Priority, Table};

use super::failed;
use crate::blocking;
use crate::file;
use crate::html::Html;
use crate::reader::Reader;
use crate::shared::Shared;
use crate::ui::{self, Empty, Page, Sheet, Tab, card, figure, sheet};

/// How resources are tagged.
struct Tagging {
    resources: u64,
    untagged: u64,
    unknown_environment: u64,
    /// By key: how many resources have it, and how many different values.
    keys: BTreeMap<String, (u64, u64)>,
}

fn tagging(shared: &Shared) -> Result<Option<Tagging>, Failure> {
    let Some(snapshot) = shared.inventory()? else { return Ok(None) };
    let all = snapshot.tags();
    let mut values: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
    let (mut untagged, mut unknown) = (0, 0);
    for (resource, tags) in &all {
        untagged += u64::from(tags.is_empty());
        unknown += u64::from(resource.environment == Environment::Unknown);
        for (key, value) in tags.iter() {
            *values.entry(key).or_default().entry(value).or_default() += 1;
        }
    }
    let keys = values
        .into_iter()
        .map(|(key, values)| (key.to_owned(), (values.values().sum(), values.len() as u64)));
    Ok(Some(Tagging {
        resources: all.len() as u64,
        untagged,
        unknown_environment: unknown,
        keys: keys.collect(),
    }))
}

#[expect(clippy::cast_precision_loss, reason = "counts of resources, shown in percent")]
fn percent(part: u64, whole: u64) -> Cell {
    if whole == 0 { Cell::Missing } else { Cell::Percent(part as f64 / whole as f64 * 100.0) }
}

fn table(tagging: &Tagging, style: &Style) -> Table {
    let locale = style.locale();
    let mut table = Table::new(vec![
        Column::new("key", locale.text("web-tag-key"), Kind::Text, Priority::Essential),
        Column::new("resources", locale.text("column-resources"), Kind::Count, Priority::Essential),
        Column::new("coverage", locale.text("column-coverage"), Kind::Percent, Priority::Essential),
        Column::new("values", locale.text("web-tag-values"), Kind::Count, Priority::High),
    ]);
    for (key, (resources, values)) in &tagging.keys {
        table.row(vec![
            Cell::text(key),
            Cell::Count(*resources),
            percent(*resources, tagging.resources),
            Cell::Count(*values),
        ]);
    }
    table
}

/// Shows the page.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, reader: Reader) -> Response {
    let tagging = match blocking::read(&shared, tagging).await {
        Ok(tagging) => tagging,
        Err(failure) => return failed(&shared, &reader, Tab::Allocation, &failure).into_response(),
    };
    if let Some(tagging) = &tagging
        && let Some(file) = file::asked(&reader, "tags", |style| table(tagging, style))
    {
        return file;
    }
    let title = reader.text(Tab::Allocation.key());
    let body = match &tagging {
        None => html! {
            section class="card" {
                (ui::empty(&Empty {
                    title: &reader.text("web-resources-none"),
                    reason: &reader.text("web-resources-none-why"),
                    commands: &["trimtab scan", "trimtab ingest --from DIR"],
                }))
            }
        },
        Some(tagging) => {
            let table = table(tagging, &reader.style);
            html! {
                div class="figures" {
                    (figure(&reader.text("web-resources"), &number::count(tagging.resources), "", ""))
                    (figure(&reader.text("web-untagged"), &number::count(tagging.untagged), &reader.text("web-untagged-about"), ""))
                    (figure(&reader.text("web-no-environment"), &number::count(tagging.unknown_environment), &reader.text("web-no-environment-about"), ""))
                }
                (card(&reader.text("web-tag-coverage"), Some(&reader.text("web-tag-coverage-about")), &sheet(&reader, &Sheet {
                    id: "list",
                    caption: &reader.text("web-tag-coverage"),
                    table: &table,
                    link: None,
                    choose: None,
                    has_files: true,
                })))
            }
        }
    };
    Html::ok(ui::page(&shared, &reader, &Page::of(Tab::Allocation, &title, body))).into_response()
}
