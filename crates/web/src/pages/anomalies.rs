//! What spiked? Days of the bill that stand out beside the same weekdays before.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use maud::{Markup, html};

use trimtab_render::chart::{Caption, DayState, Stack, StackDay};
use trimtab_render::number;
use trimtab_render::style::Style;
use trimtab_render::table::{Cell, Column, Kind, Priority, Table, Tone};

use super::failed;
use crate::blocking;
use crate::file;
use crate::html::Html;
use crate::reader::Reader;
use crate::scope::Scope;
use crate::shared::Shared;
use crate::ui::{self, Empty, Page, Sheet, Tab, card, figure, sheet};
use crate::view::{Anomalies, AnomalyItem, DriverItem, anomalies};

/// Shows the page.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, reader: Reader) -> Response {
    let query = reader.query.clone();
    let read = move |shared: &Shared| anomalies(shared, &Scope::of(&query)?);
    let found = match blocking::read(&shared, read).await {
        Ok(found) => found,
        Err(failure) => return failed(&shared, &reader, Tab::Anomalies, &failure).into_response(),
    };
    if let Some(found) = &found
        && let Some(file) = file::asked(&reader, "anomalies", |style| table(found, style))
    {
        return file;
    }
    let title = reader.text(Tab::Anomalies.key());
    let body = match &found {
        None => nothing(&reader, "web-anomalies-none", &reader.text("web-anomalies-needs")),
        Some(found) if found.from.is_none() => {
            let (days, weeks) = (found.covered_days.to_string(), found.least_weeks.to_string());
            let why =
                reader.text_with("web-anomalies-too-few", &[("days", &days), ("weeks", &weeks)]);
            nothing(&reader, "web-anomalies-short", &why)
        }
        Some(found) => body(&reader, found, &title),
    };
    let mut page = Page::of(Tab::Anomalies, &title, body);
    page.about = found.as_ref().and_then(|found| period(&reader, found));
    Html::ok(ui::page(&shared, &reader, &page)).into_response()
}

fn nothing(reader: &Reader, title: &str, why: &str) -> Markup {
    html! {
        section class="card" {
            (ui::empty(&Empty {
                title: &reader.text(title),
                reason: why,
                commands: &["trimtab ingest --from DIR", "trimtab cost diff A B"],
            }))
        }
    }
}

fn basis_key(found: &Anomalies) -> &'static str {
    if found.basis == "effective" { "web-basis-effective" } else { "web-basis-billed" }
}

fn period(reader: &Reader, found: &Anomalies) -> Option<String> {
    let (from, until) = (found.from?.to_string(), found.until?.to_string());
    let basis = reader.text(basis_key(found));
    Some(
        reader
            .text_with("web-cost-period", &[("from", &from), ("until", &until), ("basis", &basis)]),
    )
}

fn body(reader: &Reader, found: &Anomalies, title: &str) -> Markup {
    let table = table(found, &reader.style);
    // A service leads to its usage types on the days that stand out.
    let link = |row: &ui::Row<'_>| {
        let named = |key: &str| row.text(key).filter(|text| *text != "–");
        let query = reader
            .same_scope()
            .with("service", Some(named("service")?))
            .with("account", named("account"))
            .with("group_by", Some("usage-type"))
            .with("from", named("from"))
            .with("until", named("until"));
        Some(query.on("/cost"))
    };
    html! {
        (figures(reader, found))
        (by_day(reader, found))
        section class="card" {
            @if found.items.is_empty() {
                p class="nothing" { (reader.text("web-anomalies-nothing")) }
            } @else {
                (sheet(reader, &Sheet {
                    id: "list",
                    caption: title,
                    table: &table,
                    link: Some(("service", &link)),
                    choose: None,
                    has_files: true,
                }))
            }
            p class="about" { (method(reader, found)) }
        }
    }
}

fn method(reader: &Reader, found: &Anomalies) -> String {
    let amount = found
        .least_amount
        .map_or_else(|| reader.text("web-not-known"), |amount| reader.style.amount(amount));
    let percent = found.least_percent.to_string();
    reader.text_with("web-anomalies-method", &[("amount", &amount), ("percent", &percent)])
}

fn figures(reader: &Reader, found: &Anomalies) -> Markup {
    let rises = found.items.iter().filter(|item| item.is_rise).count();
    let falls = found.items.len() - rises;
    let count = |key: &str, count: usize| reader.text_with(key, &[("count", &count.to_string())]);
    let unknown = || reader.text("web-not-known");
    let rose = found.rose.map_or_else(unknown, |amount| reader.style.amount(amount));
    let largest = found.items.iter().find(|item| item.is_rise);
    let (most, most_note) = match largest {
        None => ("–".to_owned(), String::new()),
        Some(item) => (reader.style.change(item.difference), place(reader, item)),
    };
    let provisional = found.items.iter().filter(|item| item.is_provisional).count();
    let from = found.provisional_from.to_string();
    html! {
        div class="figures" {
            (figure(
                &reader.text("web-anomalies-count"),
                &count("web-anomalies-times", rises),
                &count("web-anomalies-falls", falls),
                "",
            ))
            (figure(
                &reader.text("web-anomalies-rose"),
                &rose,
                &reader.text("web-anomalies-rose-about"),
                if rises > 0 { "warn" } else { "" },
            ))
            (figure(&reader.text("web-anomalies-largest"), &most, &most_note, ""))
            (figure(
                &reader.text("web-anomalies-provisional"),
                &count("web-anomalies-times", provisional),
                &reader.text_with("web-anomalies-provisional-about", &[("day", &from)]),
                "",
            ))
        }
    }
}

fn place(reader: &Reader, item: &AnomalyItem) -> String {
    let service = item.service.clone().unwrap_or_else(|| reader.text("web-no-name"));
    format!("{} · {}", trimtab_render::sanitise(&service), span(item.from, item.until))
}

fn span(from: Date, until: Date) -> String {
    if from == until { from.to_string() } else { format!("{from} – {until}") }
}

/// Cost by day, with a mark above those that stand out.
fn by_day(reader: &Reader, found: &Anomalies) -> Markup {
    let title = reader.text("web-anomalies-by-day");
    let about = reader.text(basis_key(found));
    let event = |date: Date| {
        let of_day = |item: &&AnomalyItem| item.from <= date && date <= item.until;
        let named: Vec<String> = found
            .items
            .iter()
            .filter(of_day)
            .map(|item| item.service.clone().unwrap_or_else(|| reader.text("web-no-name")))
            .collect();
        (!named.is_empty()).then(|| named.join(", "))
    };
    let drawn = |id: &str| Stack {
        caption: Caption::new(id, title.clone(), about.clone()),
        series: vec![reader.text("web-anomalies-usage")],
        days: found
            .days
            .iter()
            .map(|(date, amount)| {
                let day = date.to_string();
                let link = reader.same_scope().with("from", Some(&day)).with("until", Some(&day));
                StackDay {
                    date: *date,
                    values: vec![*amount],
                    state: match *date < found.provisional_from {
                        true => DayState::Settled,
                        false => DayState::Provisional,
                    },
                    event: event(*date),
                    link: Some(link.on("/cost")),
                }
            })
            .collect(),
        rest: None,
    };
    let (wide, narrow) = (drawn("by-day"), drawn("by-day-narrow"));
    let body = ui::stacked(reader, (&wide, &narrow), &title);
    card(&title, Some(&about), &body)
}

fn table(found: &Anomalies, style: &Style) -> Table {
    let locale = style.locale();
    let column =
        |key, title: &str, kind, priority| Column::new(key, locale.text(title), kind, priority);
    let mut table = Table::new(vec![
        column("from", "column-from", Kind::Text, Priority::Essential),
        column("until", "column-until", Kind::Text, Priority::Wide),
        column("days", "column-days", Kind::Count, Priority::High),
        column("service", "column-service", Kind::Text, Priority::Essential),
        column("account", "column-account", Kind::Text, Priority::High),
        column("difference", "column-difference", Kind::Money, Priority::Essential),
        column("percent", "column-percent", Kind::Percent, Priority::High),
        column("cost", "column-cost", Kind::Money, Priority::Wide),
        column("usual", "column-usual", Kind::Money, Priority::Wide),
        column("usage_types", "column-driver-types", Kind::Text, Priority::Essential),
        column("resources", "column-driver-resources", Kind::Text, Priority::High),
        column("state", "column-status", Kind::Text, Priority::High),
    ]);
    for item in &found.items {
        table.toned_row(row(item, style));
    }
    table
}

fn row(item: &AnomalyItem, style: &Style) -> Vec<(Cell, Tone)> {
    let locale = style.locale();
    let plain = |cell| (cell, Tone::Plain);
    let drivers = |all: &[DriverItem]| {
        let words: Vec<String> =
            all.iter().map(|one| format!("{} {}", one.key, style.change(one.difference))).collect();
        match (words.is_empty(), item.is_explained) {
            (false, _) => Cell::text(words.join(", ")),
            (true, true) => Cell::text(locale.text("web-anomalies-no-parts")),
            (true, false) => Cell::Missing,
        }
    };
    let state = if item.is_provisional { "chart-provisional" } else { "chart-settled" };
    let tone = if item.is_rise { Tone::Danger } else { Tone::Plain };
    vec![
        plain(Cell::text(item.from.to_string())),
        plain(Cell::text(item.until.to_string())),
        plain(Cell::Count(item.days)),
        plain(Cell::optional(item.service.as_deref())),
        plain(Cell::optional(item.account.as_deref())),
        (Cell::Amount(item.difference), tone),
        plain(percent(item).map_or(Cell::Missing, Cell::Percent)),
        plain(Cell::Amount(item.cost)),
        plain(Cell::Amount(item.usual)),
        plain(drivers(&item.usage_types)),
        plain(drivers(&item.resources)),
        plain(Cell::text(locale.text(state))),
    ]
}

/// Returns the difference as a share of what is usual; none where nothing was.
fn percent(item: &AnomalyItem) -> Option<f64> {
    number::percent_of(item.difference.amount, item.usual.amount)
}
