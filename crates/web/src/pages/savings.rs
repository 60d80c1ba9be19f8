//! Did we really save? From what was found to what the bill shows.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use trimtab_model::money::Money;
use trimtab_render::chart::{Caption, Funnel, FunnelStage, Size, Stage};
use trimtab_render::style::Style;
use trimtab_render::table::{Cell, Column, Kind, Priority, Table, Tone};
use trimtab_render::time;

use super::failed;
use crate::blocking;
use crate::file;
use crate::html::Html;
use crate::reader::Reader;
use crate::shared::Shared;
use crate::ui::{self, Chart, Empty, Page, Sheet, Tab, WIDE, card, figure, sheet};
use crate::view::{ChangeStatus, SavedChange, Savings, StageOf, savings};

/// Shows the page.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, reader: Reader) -> Response {
    let found = match blocking::read(&shared, savings).await {
        Ok(found) => found,
        Err(failure) => return failed(&shared, &reader, Tab::Savings, &failure).into_response(),
    };
    if let Some(savings) = &found
        && let Some(file) = file::asked(&reader, "savings", |style| table(savings, style))
    {
        return file;
    }
    let title = reader.text(Tab::Savings.key());
    let body = match &found {
        None => html! {
            section class="card" {
                (ui::empty(&Empty {
                    title: &reader.text("web-savings-none"),
                    reason: &reader.text("web-savings-needs"),
                    commands: &["trimtab analyze", "trimtab plan create --filter 'risk<=low'"],
                }))
            }
        },
        Some(savings) => body(&reader, savings, &title),
    };
    let mut page = Page::of(Tab::Savings, &title, body);
    page.about = found.as_ref().map(|savings| {
        let moment = time::date_time(savings.as_of, &reader.style.time_zone);
        reader.text_with("web-savings-as-of", &[("moment", &moment)])
    });
    Html::ok(ui::page(&shared, &reader, &page)).into_response()
}

fn body(reader: &Reader, savings: &Savings, title: &str) -> Markup {
    html! {
        (figures(reader, savings))
        (funnel(reader, savings))
        (changes(reader, savings, title))
    }
}

/// Returns the amount of a stage a month, or that it is not known.
fn amount(reader: &Reader, stage: Option<StageOf>) -> String {
    let amount = stage.and_then(|stage| stage.amount);
    amount.map_or_else(|| reader.text("web-not-known"), |amount| reader.style.monthly(amount))
}

fn figures(reader: &Reader, savings: &Savings) -> Markup {
    let count = |key: &str, count: u64| reader.text_with(key, &[("count", &count.to_string())]);
    let found = savings.found.map_or_else(
        || reader.text("web-no-analysis"),
        |found| count("web-found-count", found.count),
    );
    let (verified, verified_note) = match savings.verified {
        Some(stage) => (amount(reader, Some(stage)), count("web-savings-changes", stage.count)),
        None => {
            (reader.text("web-savings-not-verified"), reader.text("web-savings-not-verified-why"))
        }
    };
    let undone = count("web-savings-need-person", savings.need_person);
    html! {
        div class="figures" {
            (figure(&reader.text("web-found"), &amount(reader, savings.found), &found, ""))
            (figure(
                &reader.text("web-savings-planned"),
                &amount(reader, Some(savings.planned)),
                &count("web-savings-changes", savings.planned.count),
                "",
            ))
            (figure(
                &reader.text("web-savings-applied"),
                &amount(reader, Some(savings.applied)),
                &count("web-savings-changes", savings.applied.count),
                "",
            ))
            (figure(
                &reader.text("web-savings-verified"),
                &verified,
                &verified_note,
                if savings.verified.is_some() { "good" } else { "" },
            ))
            (figure(
                &reader.text("web-savings-taken-back"),
                &count("web-savings-times", savings.taken_back),
                &undone,
                "",
            ))
        }
    }
}

/// From what was found to what the bill shows.
fn funnel(reader: &Reader, savings: &Savings) -> Markup {
    let style = &reader.style;
    let title = reader.text("web-funnel");
    let stage = |stage, of: Option<StageOf>| FunnelStage {
        stage,
        count: of.map_or(0, |of| of.count),
        amount: of.and_then(|of| of.amount),
    };
    let drawn = |id: &str| Funnel {
        caption: Caption::new(id, title.clone(), reader.text("web-saving-about")),
        stages: vec![
            stage(Stage::Found, savings.found),
            stage(Stage::Planned, Some(savings.planned)),
            stage(Stage::Applied, Some(savings.applied)),
            stage(Stage::Verified, savings.verified),
        ],
    };
    let (wide, narrow) = (drawn("funnel"), drawn("funnel-narrow"));
    let body = html! {
        (ui::chart(reader, &Chart {
            wide: &wide.draw(Size::of(WIDE), style),
            narrow: &narrow.draw(Size::NARROW, style),
            legend: &[],
            table: &wide.table(style),
            caption: &title,
        }))
        p class="about" { (reader.text("web-savings-stages")) }
        p class="about" { (reader.text("web-funnel-about")) }
    };
    card(&title, Some(&reader.text("web-saving-about")), &body)
}

fn changes(reader: &Reader, savings: &Savings, title: &str) -> Markup {
    let table = table(savings, &reader.style);
    let link = |row: &ui::Row<'_>| row.text("plan").map(|id| format!("/plans/{id}"));
    let body = html! {
        @if savings.items.is_empty() {
            (ui::empty(&Empty {
                title: &reader.text("web-savings-no-change"),
                reason: &reader.text("web-savings-no-change-why"),
                commands: &["trimtab plan create --filter 'risk<=low'"],
            }))
        } @else {
            (sheet(reader, &Sheet {
                id: "list",
                caption: title,
                table: &table,
                link: Some(("plan", &link)),
                choose: None,
                has_files: true,
            }))
        }
    };
    card(&reader.text("web-savings-list"), Some(&reader.text("web-saving-about")), &body)
}

fn table(savings: &Savings, style: &Style) -> Table {
    let locale = style.locale();
    let column =
        |key, title: &str, kind, priority| Column::new(key, locale.text(title), kind, priority);
    // A column in which nothing stands takes the others' room.
    let if_any = |has: bool| if has { Priority::High } else { Priority::Wide };
    let has_begun = savings.items.iter().any(|item| item.at.is_some());
    let has_reasons = savings.items.iter().any(|item| item.reason.is_some());
    let has_gates = savings.items.iter().any(|item| item.gates.is_some());
    let mut table = Table::new(vec![
        column("resource", "column-resource", Kind::Text, Priority::Essential),
        column("resource_id", "column-resource-id", Kind::Text, Priority::Wide),
        column("plan", "column-plan", Kind::Text, Priority::Essential),
        column("recommendation", "column-recommendation", Kind::Text, Priority::Wide),
        column("environment", "column-environment", Kind::Text, Priority::High),
        column("account", "column-account", Kind::Text, Priority::Wide),
        column("status", "column-status", Kind::Text, Priority::Essential),
        column("at", "column-at", Kind::Timestamp, if_any(has_begun)),
        column("estimated", "column-estimated-monthly", Kind::Money, Priority::Essential),
        column("verification", "column-verification", Kind::Text, Priority::Essential),
        column("verified", "column-verified-monthly", Kind::Money, Priority::Wide),
        column("gates", "column-gates", Kind::Text, if_any(has_gates)),
        column("reason", "column-reason", Kind::Text, if_any(has_reasons)),
    ]);
    for item in &savings.items {
        table.toned_row(row(item, style));
    }
    table
}

fn row(item: &SavedChange, style: &Style) -> Vec<(Cell, Tone)> {
    let locale = style.locale();
    let (status, tone) = status(item.status);
    // A saving is verified where the bill shows it; what has not begun cannot be.
    let verification = match (item.verified_monthly_savings, item.status) {
        (Some(_), _) => Cell::text(locale.text("web-savings-verified")),
        (None, ChangeStatus::Applied) => Cell::text(locale.text("web-savings-not-verified")),
        (None, _) => Cell::Missing,
    };
    let money = |amount: Option<Money>| amount.map_or(Cell::Missing, Cell::Money);
    let gates = item.gates.map(|gates| {
        let (passed, failed, undecided) =
            (gates.passed.to_string(), gates.failed.to_string(), gates.undecided.to_string());
        let counts = [("passed", passed.as_str()), ("failed", &failed), ("undecided", &undecided)];
        locale.text_with("web-savings-gates", &counts)
    });
    let plain = |cell| (cell, Tone::Plain);
    vec![
        plain(Cell::text(item.name.as_deref().unwrap_or(&item.resource))),
        plain(Cell::text(&item.resource)),
        plain(Cell::text(&item.plan)),
        plain(Cell::text(&item.recommendation)),
        plain(Cell::text(&item.environment)),
        plain(Cell::text(&item.account)),
        (Cell::text(locale.text(status)), tone),
        plain(item.at.map_or(Cell::Missing, Cell::Timestamp)),
        plain(money(item.estimated_monthly_savings)),
        plain(verification),
        plain(money(item.verified_monthly_savings)),
        plain(Cell::optional(gates)),
        plain(Cell::optional(item.reason.as_ref().map(|reason| reason.get(style.language)))),
    ]
}

/// Returns the key of a status, and what its colour says.
pub(super) fn status(status: ChangeStatus) -> (&'static str, Tone) {
    match status {
        ChangeStatus::Waiting => ("web-change-waiting", Tone::Plain),
        ChangeStatus::UnderWay => ("web-change-under-way", Tone::Plain),
        ChangeStatus::Applied => ("web-change-applied", Tone::Plain),
        ChangeStatus::TakenBack => ("web-change-taken-back", Tone::Danger),
        ChangeStatus::NeedsPerson => ("web-change-needs-person", Tone::Danger),
        ChangeStatus::Failed => ("web-change-failed", Tone::Danger),
    }
}
