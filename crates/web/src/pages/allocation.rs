//! Who pays, and what nobody owns.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use rust_decimal::Decimal;

use trimtab_app::failure::Failure;
use trimtab_model::allocation::SharedPool;
use trimtab_model::money::Money;
use trimtab_render::document::allocation_table;
use trimtab_render::style::Style;
use trimtab_render::table::{Cell, Column, Kind, Priority, Table};
use trimtab_render::{number, sanitise};

use super::failed;
use crate::blocking;
use crate::file;
use crate::html::Html;
use crate::query::Query;
use crate::reader::Reader;
use crate::scope::Scope;
use crate::shared::Shared;
use crate::ui::{self, Empty, Page, Sheet, Tab, card, figure, sheet};
use crate::view::{Allocated, Tagging, allocated, percent_of_count, tagging};

fn percent(part: u64, whole: u64) -> Cell {
    percent_of_count(part, whole).map_or(Cell::Missing, Cell::Percent)
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

/// What the page is made of.
struct Owned {
    tagging: Option<Arc<Tagging>>,
    allocated: Option<Allocated>,
}

fn owned(shared: &Shared, query: &Query) -> Result<Owned, Failure> {
    let scope = Scope::of(query)?;
    Ok(Owned { tagging: tagging(shared, &scope)?, allocated: allocated(shared, query)? })
}

/// Shows the page.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, reader: Reader) -> Response {
    let query = reader.query.clone();
    let owned = match blocking::read(&shared, move |shared| owned(shared, &query)).await {
        Ok(owned) => owned,
        Err(failure) => return failed(&shared, &reader, Tab::Allocation, &failure).into_response(),
    };
    // One of the two is the list of the address: it is filtered, sorted and taken away by it.
    let is_of_tags = reader.query.get("list") == Some("tags");
    let file = match &owned {
        Owned { tagging: Some(tagging), .. } if is_of_tags => {
            file::asked(&reader, "tags", |style| table(tagging, style))
        }
        Owned { allocated: Some(found), .. } if reader.query.get("list").is_some() => {
            let all = pools(found);
            let asked = |(list, pool): &(String, &SharedPool)| {
                file::asked_of(&reader, list, |style| bearers(pool, style))
            };
            all.iter().find_map(asked)
        }
        Owned { allocated: Some(found), .. } => {
            let written = |style: &Style| allocation_table(&found.all, &Cell::Missing, style);
            file::asked_as(&reader, "allocation", &shown(&reader, found), written)
        }
        _ => None,
    };
    if let Some(file) = file {
        return file;
    }
    let title = reader.text(Tab::Allocation.key());
    let body = html! {
        @if let Some(tagging) = &owned.tagging { (figures(&reader, tagging)) }
        div class="tools" { nav class="choice" aria-label=(title) {
            @for (word, key) in [(None, "web-allocation-owners"), (Some("tags"), "web-tag-coverage")] {
                a href=(reader.query.with("sort", None).with("list", word).on(&reader.path))
                    aria-current=[(word.is_some() == is_of_tags).then_some("true")] { (reader.text(key)) }
            }
        } }
        @if is_of_tags { (tags(&reader, owned.tagging.as_deref())) }
        @else { (owners(&reader, owned.allocated.as_ref())) }
    };
    Html::ok(ui::page(&shared, &reader, &Page::of(Tab::Allocation, &title, body))).into_response()
}

fn figures(reader: &Reader, tagging: &Tagging) -> Markup {
    html! {
        div class="figures" {
            (figure(&reader.text("web-resources"), &number::count(tagging.resources), "", ""))
            (figure(&reader.text("web-untagged"), &number::count(tagging.untagged), &reader.text("web-untagged-about"), ""))
            (figure(&reader.text("web-no-environment"), &number::count(tagging.unknown_environment), &reader.text("web-no-environment-about"), ""))
        }
    }
}

/// How many resources carry each tag.
fn tags(reader: &Reader, tagging: Option<&Tagging>) -> Markup {
    let Some(tagging) = tagging else {
        return html! {
            section class="card" {
                (ui::empty(&Empty {
                    title: &reader.text("web-resources-none"),
                    reason: &reader.text("web-resources-none-why"),
                    commands: &["trimtab scan", "trimtab ingest --from DIR"],
                }))
            }
        };
    };
    let table = table(tagging, &reader.style);
    let title = reader.text("web-tag-coverage");
    card(
        &title,
        Some(&reader.text("web-tag-coverage-about")),
        &sheet(
            reader,
            &Sheet {
                id: "tags",
                caption: &title,
                table: &table,
                link: None,
                choose: None,
                has_files: true,
            },
        ),
    )
}

/// Makes the table as the page has it: what nobody owns has a word.
fn shown(reader: &Reader, found: &Allocated) -> Table {
    let nobody = Cell::text(reader.text("allocation-nobody"));
    allocation_table(&found.all, &nobody, &reader.style)
}

/// Whose cost it is.
fn owners(reader: &Reader, allocated: Option<&Allocated>) -> Markup {
    let Some(found) = allocated else {
        return html! {
            section class="card" {
                (ui::empty(&Empty {
                    title: &reader.text("web-no-bill"),
                    reason: &reader.text("web-no-bill-why"),
                    commands: &["trimtab ingest --from DIR", "trimtab ingest --from aws"],
                }))
            }
        };
    };
    let period = format!("{} – {}", found.from, found.until);
    if found.all.items.is_empty() && found.missing_days > 0 {
        let missing = found.missing_days.to_string();
        return ui::note(&reader.text_with("web-cost-missing", &[("count", &missing)]));
    }
    if found.all.items.is_empty() {
        let why = reader.text_with("allocation-none", &[("period", &period)]);
        return html! {
            section class="card" {
                (ui::empty(&Empty { title: &reader.text("web-allocation-none"), reason: &why, commands: &["trimtab config show"] }))
            }
        };
    }
    let basis = if found.all.is_effective { "effective" } else { "billed" };
    let about = reader.text_with("allocation-note", &[("period", &period), ("basis", basis)]);
    let table = shown(reader, found);
    let title = reader.text("web-allocation-owners");
    html! {
        @if found.missing_days > 0 {
            (ui::note(&reader.text_with("web-cost-missing", &[("count", &found.missing_days.to_string())])))
        }
        (card(&title, Some(&about), &sheet(reader, &Sheet {
            id: "list",
            caption: &title,
            table: &table,
            link: None,
            choose: None,
            has_files: true,
        })))
        @for (list, pool) in pools(found) { (shared_cost(reader, &list, pool)) }
    }
}

/// Returns the shared costs, each with the name of its list in an address.
fn pools(found: &Allocated) -> Vec<(String, &SharedPool)> {
    let pools = found.all.items.iter().flat_map(|one| &one.shared);
    (1..).zip(pools).map(|(number, pool): (u32, _)| (format!("shared-{number}"), pool)).collect()
}

/// Makes the table of who bears a shared cost.
fn bearers(pool: &SharedPool, style: &Style) -> Table {
    let locale = style.locale();
    let mut table = Table::new(vec![
        Column::new("owner", locale.text("column-owner"), Kind::Text, Priority::Essential),
        Column::new("cost", locale.text("column-cost"), Kind::Money, Priority::Essential),
    ]);
    let mut parts: Vec<(&String, Decimal)> =
        pool.parts.iter().map(|(owner, part)| (owner, *part)).collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.1));
    for (owner, part) in parts {
        let part = Money::new(part, pool.cost.currency);
        table.row(vec![Cell::text(owner), Cell::Amount(part)]);
    }
    table
}

/// A shared cost, and who bears it.
fn shared_cost(reader: &Reader, list: &str, pool: &SharedPool) -> Markup {
    let table = bearers(pool, &reader.style);
    let title = reader.text_with("web-allocation-shared", &[("name", &sanitise(&pool.name))]);
    let about = if pool.parts.is_empty() {
        reader.text("web-allocation-nobody-bears")
    } else {
        reader.style.amount(pool.cost)
    };
    let body = sheet(
        reader,
        &Sheet {
            id: list,
            caption: &title,
            table: &table,
            link: None,
            choose: None,
            has_files: true,
        },
    );
    card(&title, Some(&about), &body)
}
