//! Will we overrun? The month under way beside what it may cost.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use trimtab_model::money::Money;
use trimtab_render::chart::{Caption, Size};
use trimtab_render::report::fan;
use trimtab_render::style::Style;
use trimtab_render::table::{Cell, Column, Kind, Priority, Table, Tone};
use trimtab_render::{number, sanitise};

use super::failed;
use crate::blocking;
use crate::file;
use crate::html::Html;
use crate::reader::Reader;
use crate::shared::Shared;
use crate::ui::{self, Chart, Empty, Page, Sheet, Tab, WIDE, card, figure, sheet};
use crate::view::{BudgetItem, Budgets, budgets};

/// Percent above which a month is more likely over its budget than not.
const LIKELY: f64 = 50.0;
/// Budgets that have a chart.
const CHARTS: usize = 6;

/// Shows the page.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, reader: Reader) -> Response {
    let found = match blocking::read(&shared, budgets).await {
        Ok(found) => found,
        Err(failure) => return failed(&shared, &reader, Tab::Budgets, &failure).into_response(),
    };
    if let Some(found) = &found
        && let Some(file) = file::asked(&reader, "budgets", |style| table(found, style))
    {
        return file;
    }
    let title = reader.text(Tab::Budgets.key());
    let body = match &found {
        None => html! { section class="card" { (how(&reader)) } },
        Some(found) => body(&reader, found, &title),
    };
    let mut page = Page::of(Tab::Budgets, &title, body);
    page.about = found.as_ref().and_then(|found| {
        let item = found.items.first()?;
        let (month, until) = (item.month.clone()?, item.until?.to_string());
        let basis = reader.text(basis_key(item));
        let arguments =
            [("month", month.as_str()), ("until", until.as_str()), ("basis", basis.as_str())];
        Some(reader.text_with("web-budgets-of", &arguments))
    });
    Html::ok(ui::page(&shared, &reader, &page)).into_response()
}

fn basis_key(item: &BudgetItem) -> &'static str {
    if item.basis.as_deref() == Some("billed") { "web-basis-billed" } else { "web-basis-effective" }
}

/// How a budget is written.
fn how(reader: &Reader) -> Markup {
    ui::empty(&Empty {
        title: &reader.text("web-budgets-none"),
        reason: &reader.text("web-budgets-needs"),
        commands: &[
            "[[budget]]\nmonthly = \"40000000 KRW\"\n\n[[budget]]\nname = \"live-ops\"\nteam = \"live-ops\"\nmonthly = \"12000 USD\"",
        ],
    })
}

fn body(reader: &Reader, found: &Budgets, title: &str) -> Markup {
    let table = table(found, &reader.style);
    html! {
        @if let Some(first) = found.items.first() { (figures(reader, first)) }
        @for (place, item) in found.items.iter().enumerate().take(CHARTS) {
            (chart(reader, item, place))
        }
        @if !found.is_configured {
            section class="card" { (how(reader)) }
        }
        section class="card" {
            (sheet(reader, &Sheet {
                id: "list",
                caption: title,
                table: &table,
                link: None,
                choose: None,
                has_files: true,
            }))
            p class="about" { (reader.text("web-budgets-method")) }
        }
    }
}

/// Returns what a budget is called, else what it is of.
fn name(item: &BudgetItem, style: &Style) -> String {
    let scope: Vec<&str> = [&item.account, &item.team, &item.service]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    match &item.name {
        Some(name) => sanitise(name),
        None if scope.is_empty() => style.locale().text("web-budgets-whole"),
        None => sanitise(&scope.join(" · ")),
    }
}

fn why(item: &BudgetItem, style: &Style) -> Option<String> {
    item.missing.as_ref().map(|why| style.sentence(why))
}

fn figures(reader: &Reader, item: &BudgetItem) -> Markup {
    let style = &reader.style;
    let unknown = || reader.text("web-not-known");
    let amount = |money: Option<Money>| money.map_or_else(unknown, |money| style.amount(money));
    let budget = item
        .monthly
        .map_or_else(|| reader.text("web-budgets-not-set"), |budget| style.amount(budget));
    let spent = item.spent_percent.map(|percent| {
        reader.text_with("web-budgets-spent", &[("percent", &number::percent(percent))])
    });
    let range = item.forecast.zip(item.forecast_low.zip(item.forecast_high));
    let (likely, note) = match range {
        None => (unknown(), why(item, style).unwrap_or_default()),
        Some((likely, (low, high))) => {
            let between = [("low", style.amount(low)), ("high", style.amount(high))];
            let between: Vec<(&str, &str)> =
                between.iter().map(|(key, text)| (*key, text.as_str())).collect();
            (style.amount(likely), reader.text_with("web-budgets-range", &between))
        }
    };
    let chance = item.overrun_percent.map_or_else(unknown, number::percent);
    let is_likely = item.overrun_percent.is_some_and(|percent| percent > LIKELY);
    html! {
        div class="figures" {
            (figure(&reader.text("web-budgets-budget"), &budget, &name(item, style), ""))
            (figure(
                &reader.text("web-budgets-to-date"),
                &amount(item.to_date),
                &spent.unwrap_or_default(),
                "",
            ))
            (figure(&reader.text("web-budgets-forecast"), &likely, &note, ""))
            (figure(
                &reader.text("web-budgets-chance"),
                &chance,
                &reader.text("web-budgets-chance-about"),
                if is_likely { "warn" } else { "" },
            ))
        }
    }
}

/// The running sum of the month with what it may come to; a sentence where that is not known.
fn chart(reader: &Reader, item: &BudgetItem, place: usize) -> Markup {
    let style = &reader.style;
    let title = name(item, style);
    let about = reader.text(basis_key(item));
    let drawn = |id: &str| {
        let caption = Caption::new(format!("{id}-{place}"), title.clone(), about.clone());
        fan(&item.points, caption, item.compared)
    };
    let body = html! {
        @if let Some(why) = why(item, style) { (ui::note(&why)) }
        @if !item.points.is_empty() {
            @let (wide, narrow) = (drawn("fan"), drawn("fan-narrow"));
            (ui::chart(reader, &Chart {
                wide: &wide.draw(Size::of(WIDE), style),
                narrow: &narrow.draw(Size::NARROW, style),
                legend: &wide.legend(style),
                table: &wide.table(style),
                caption: &title,
            }))
        }
    };
    card(&title, Some(&reader.text("web-budgets-running")), &body)
}

fn table(found: &Budgets, style: &Style) -> Table {
    let locale = style.locale();
    let column =
        |key, title: &str, kind, priority| Column::new(key, locale.text(title), kind, priority);
    let has_reasons = found.items.iter().any(|item| item.missing.is_some());
    let mut table = Table::new(vec![
        column("name", "column-budget-name", Kind::Text, Priority::Essential),
        column("account", "column-account", Kind::Text, Priority::Wide),
        column("team", "column-team", Kind::Text, Priority::Wide),
        column("service", "column-service", Kind::Text, Priority::Wide),
        column("monthly", "column-budget", Kind::Money, Priority::Essential),
        column("month", "column-month", Kind::Text, Priority::Normal),
        column("to_date", "column-to-date", Kind::Money, Priority::Essential),
        column("spent", "column-spent", Kind::Percent, Priority::High),
        column("forecast", "column-forecast", Kind::Range, Priority::Essential),
        column("chance", "column-overrun", Kind::Percent, Priority::Essential),
        column(
            "missing",
            "column-reason",
            Kind::Text,
            if has_reasons { Priority::High } else { Priority::Wide },
        ),
    ]);
    for item in &found.items {
        table.toned_row(row(item, style));
    }
    table
}

fn row(item: &BudgetItem, style: &Style) -> Vec<(Cell, Tone)> {
    let plain = |cell| (cell, Tone::Plain);
    let percent = |share: Option<f64>| share.map_or(Cell::Missing, Cell::Percent);
    let range = item.forecast.zip(item.forecast_low.zip(item.forecast_high));
    let is_likely = item.overrun_percent.is_some_and(|percent| percent > LIKELY);
    vec![
        plain(Cell::text(name(item, style))),
        plain(Cell::optional(item.account.as_deref())),
        plain(Cell::optional(item.team.as_deref())),
        plain(Cell::optional(item.service.as_deref())),
        plain(Cell::amount(item.monthly)),
        plain(Cell::optional(item.month.as_deref())),
        plain(Cell::amount(item.to_date)),
        plain(percent(item.spent_percent)),
        plain(range.map_or(Cell::Missing, |(likely, (low, high))| Cell::Range {
            likely,
            low,
            high,
        })),
        (percent(item.overrun_percent), if is_likely { Tone::Danger } else { Tone::Plain }),
        plain(Cell::optional(why(item, style))),
    ]
}
