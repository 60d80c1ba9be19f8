//! What spiked? Days of the bill that stand out beside the same weekdays before.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use maud::{Markup, html};

use trimtab_model::anomaly::{Anomalies, AnomalyItem};
use trimtab_render::chart::{Caption, DayState, Stack, StackDay};
use trimtab_render::document::{acknowledged_table, anomaly_table};
use trimtab_render::style::Style;
use trimtab_render::table::Table;

use super::failed;
use crate::blocking;
use crate::file;
use crate::html::Html;
use crate::query::encoded;
use crate::reader::Reader;
use crate::scope::Scope;
use crate::shared::Shared;
use crate::ui::{self, Empty, Page, Sheet, Tab, card, figure, sheet};
use crate::view::anomalies;

/// The name of the list of what somebody has said something of, in an address.
const ACKNOWLEDGED: &str = "acknowledged";

/// Shows the page.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, reader: Reader) -> Response {
    let query = reader.query.clone();
    let read = move |shared: &Shared| anomalies(shared, Scope::of(&query)?.account.as_deref());
    let found = match blocking::read(&shared, read).await {
        Ok(found) => found,
        Err(failure) => return failed(&shared, &reader, Tab::Anomalies, &failure).into_response(),
    };
    if let Some(found) = &found {
        let said = file::asked_of(&reader, ACKNOWLEDGED, |style| acknowledged(found, style));
        let file = said.or_else(|| file::asked(&reader, "anomalies", |style| open(found, style)));
        if let Some(file) = file {
            return file;
        }
    }
    let title = reader.text(Tab::Anomalies.key());
    let body = match &found {
        None => nothing(&reader, "web-anomalies-none", &reader.text("web-anomalies-needs")),
        Some(found) if found.judged.is_none() => {
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
    if found.is_effective { "web-basis-effective" } else { "web-basis-billed" }
}

fn period(reader: &Reader, found: &Anomalies) -> Option<String> {
    let (from, until) = found.judged?;
    let (from, until) = (from.to_string(), until.to_string());
    let basis = reader.text(basis_key(found));
    Some(
        reader
            .text_with("web-cost-period", &[("from", &from), ("until", &until), ("basis", &basis)]),
    )
}

/// Lists what somebody is to look at.
fn open(found: &Anomalies, style: &Style) -> Table {
    anomaly_table(found.items.iter().filter(|item| item.standing.is_open()), style)
}

/// Lists what somebody has said something of, and what did not grow since.
fn acknowledged(found: &Anomalies, style: &Style) -> Table {
    acknowledged_table(found.items.iter().filter(|item| !item.standing.is_open()), style)
}

/// Returns where a row leads: to the page of its anomaly.
fn link(row: &ui::Row<'_>) -> Option<String> {
    row.text("id").map(|id| format!("/anomalies/{}", encoded(id)))
}

fn body(reader: &Reader, found: &Anomalies, title: &str) -> Markup {
    let open = open(found, &reader.style);
    html! {
        (figures(reader, found))
        (by_day(reader, found))
        section class="card" {
            @if open.is_empty() {
                @let key = if found.items.is_empty() { "web-anomalies-nothing" } else { "web-anomalies-all-said" };
                p class="nothing" { (reader.text(key)) }
            } @else {
                (sheet(reader, &Sheet {
                    id: "list",
                    caption: title,
                    table: &open,
                    link: Some(("from", &link)),
                    choose: None,
                    has_files: true,
                }))
            }
            p class="about" { (method(reader, found)) }
        }
        (said(reader, &acknowledged(found, &reader.style)))
    }
}

/// What somebody has said something of stands apart.
fn said(reader: &Reader, table: &Table) -> Markup {
    if table.is_empty() {
        return html! {};
    }
    let title = reader.text("web-anomalies-said");
    let body = sheet(
        reader,
        &Sheet {
            id: ACKNOWLEDGED,
            caption: &title,
            table,
            link: Some(("from", &link)),
            choose: None,
            has_files: true,
        },
    );
    card(&title, Some(&reader.text("web-anomalies-said-about")), &body)
}

fn method(reader: &Reader, found: &Anomalies) -> String {
    let amount = found
        .least_amount
        .map_or_else(|| reader.text("web-not-known"), |amount| reader.style.amount(amount));
    let percent = found.least_percent.to_string();
    reader.text_with("web-anomalies-method", &[("amount", &amount), ("percent", &percent)])
}

fn figures(reader: &Reader, found: &Anomalies) -> Markup {
    let open = || found.items.iter().filter(|item| item.standing.is_open());
    let rises = open().filter(|item| item.of.is_rise).count();
    let falls = open().count() - rises;
    let said = found.items.len() - open().count();
    let count = |key: &str, count: usize| reader.text_with(key, &[("count", &count.to_string())]);
    let unknown = || reader.text("web-not-known");
    let rose = found.rose.map_or_else(unknown, |amount| reader.style.amount(amount));
    let largest = open().find(|item| item.of.is_rise);
    let beside = match said {
        0 => count("web-anomalies-falls", falls),
        said => format!(
            "{} · {}",
            count("web-anomalies-falls", falls),
            count("web-anomalies-said-count", said)
        ),
    };
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
                &beside,
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
    let service = item.of.service.clone().unwrap_or_else(|| reader.text("web-no-name"));
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
            .map(|item| item.of.service.clone().unwrap_or_else(|| reader.text("web-no-name")))
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
