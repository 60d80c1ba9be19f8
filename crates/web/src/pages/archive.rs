//! Reports of the past, what was sent of them to whom, and what is sent next.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use trimtab_render::locale::Locale;
use trimtab_render::style::Style;
use trimtab_render::table::{Cell, Column, Kind, Priority, Table, Tone};
use trimtab_render::{sanitise, time};

use super::failed;
use super::reports::{self, ARCHIVE};
use crate::blocking;
use crate::file;
use crate::html::Html;
use crate::reader::Reader;
use crate::shared::Shared;
use crate::ui::{self, Empty, Page, Sheet, Tab, card, sheet};
use crate::view::{Archive, DeliveryOf, archive};

/// The name of the list of what was sent, in an address.
const DELIVERIES: &str = "deliveries";
/// The name of the list of what is sent next.
const SCHEDULE: &str = "schedule";
/// Deliveries whose way on is told: all of them are in the list.
const TOLD: usize = 3;

/// Shows the page.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, reader: Reader) -> Response {
    let found = match blocking::read(&shared, archive).await {
        Ok(found) => found,
        Err(failure) => return failed(&shared, &reader, Tab::Reports, &failure).into_response(),
    };
    let file = file::asked_of(&reader, DELIVERIES, |style| deliveries(&found, style))
        .or_else(|| file::asked_of(&reader, SCHEDULE, |style| schedule(&found, style)))
        .or_else(|| file::asked(&reader, "reports", |style| periods(&found, style)));
    if let Some(file) = file {
        return file;
    }
    let title = reader.text("web-archive");
    let trail = reader.text(Tab::Reports.key());
    let mut page = Page::of(Tab::Reports, &title, body(&reader, &found));
    page.trail = Some((&trail, "/reports"));
    Html::ok(ui::page(&shared, &reader, &page)).into_response()
}

fn body(reader: &Reader, found: &Archive) -> Markup {
    html! {
        div class="tools" { (reports::choice(reader, ARCHIVE)) }
        (undelivered(reader, found))
        (past(reader, found))
        (sent(reader, found))
        (next(reader, found))
    }
}

/// What somebody did not get, and what to do about it.
fn undelivered(reader: &Reader, found: &Archive) -> Markup {
    let all: Vec<&DeliveryOf> = found.deliveries.iter().filter(|one| one.is_failure).collect();
    if all.is_empty() {
        return html! {};
    }
    let count = all.len().to_string();
    let body = html! {
        ul class="rows" {
            @for one in all.iter().take(TOLD) {
                li {
                    div {
                        p {
                            (ui::status(&outcome_word(&one.outcome, reader.locale()), "danger")) " "
                            strong { (report_word(&one.report, reader.locale())) } " "
                            (one.from.to_string()) " – " (one.until.to_string()) " → " (sanitise(&one.channel))
                            @if let Some(receiver) = &one.receiver { " (" (sanitise(receiver)) ")" }
                        }
                        @if let Some(note) = &one.note { p class="about" { (reader.style.sentence(note)) } }
                        @if let Some(again) = one.again_at.filter(|_| found.is_scheduled) {
                            @let at = time::date_time(again, &reader.style.time_zone);
                            p class="about" { (reader.text_with("web-archive-again", &[("at", &at)])) }
                        }
                        @for command in &one.commands { pre { code { (sanitise(command)) } } }
                    }
                }
            }
        }
        @if all.len() > TOLD {
            p class="about" { a href="#deliveries" { (reader.text("web-archive-all")) } }
        }
    };
    let title = reader.text_with("web-archive-failed", &[("count", &count)]);
    html! { div class="failures" role="alert" { (card(&title, Some(&reader.text("web-archive-failed-about")), &body)) } }
}

fn past(reader: &Reader, found: &Archive) -> Markup {
    let title = reader.text("web-archive-periods");
    let table = periods(found, &reader.style);
    let link = |row: &ui::Row<'_>| {
        let named = |key: &str| row.text(key);
        let (from, period) = (named("from")?, named("period")?);
        let is_it = |one: &&crate::view::ArchivedReport| {
            one.from.to_string() == from && report_word(&one.period, reader.locale()) == period
        };
        found.archive.iter().find(is_it).map(|one| one.href.clone())
    };
    let body = html! {
        @if table.is_empty() {
            (ui::empty(&Empty {
                title: &reader.text("web-archive-none"),
                reason: &reader.text("web-archive-needs"),
                commands: &["trimtab ingest --from DIR"],
            }))
        } @else {
            (sheet(reader, &Sheet {
                id: "list",
                caption: &title,
                table: &table,
                link: Some(("from", &link)),
                choose: None,
                has_files: true,
            }))
        }
    };
    card(&title, Some(&reader.text("web-archive-periods-about")), &body)
}

fn sent(reader: &Reader, found: &Archive) -> Markup {
    let title = reader.text("web-archive-sent");
    let table = deliveries(found, &reader.style);
    let body = html! {
        @if table.is_empty() {
            div id=(DELIVERIES) {
                (ui::empty(&Empty {
                    title: &reader.text("web-archive-sent-none"),
                    reason: &reader.text("web-archive-sent-needs"),
                    commands: &["trimtab report weekly --send --dry-run", "trimtab notify list"],
                }))
            }
        } @else {
            (sheet(reader, &Sheet {
                id: DELIVERIES,
                caption: &title,
                table: &table,
                link: None,
                choose: None,
                has_files: true,
            }))
        }
    };
    card(&title, Some(&reader.text("web-archive-sent-about")), &body)
}

fn next(reader: &Reader, found: &Archive) -> Markup {
    let title = reader.text("web-archive-next");
    let table = schedule(found, &reader.style);
    let key = if found.is_scheduled { "web-archive-by-this" } else { "web-archive-not-by-this" };
    let body = html! {
        @if table.is_empty() {
            (ui::empty(&Empty {
                title: &reader.text("web-archive-next-none"),
                reason: &reader.text("web-archive-next-needs"),
                commands: &["[notify.slack.team]\nurl_env = \"SLACK_URL\"\n\n[notify.reports]\nweekly = [\"team\"]\nweekly_at = \"mon 09:30\"", "trimtab serve --schedule"],
            }))
        } @else {
            (sheet(reader, &Sheet {
                id: SCHEDULE,
                caption: &title,
                table: &table,
                link: None,
                choose: None,
                has_files: true,
            }))
            p class="about" { (reader.text(key)) }
        }
    };
    card(&title, None, &body)
}

fn column<'a>(locale: Locale) -> impl Fn(&'static str, &'a str, Kind, Priority) -> Column {
    move |key, title, kind, priority| Column::new(key, locale.text(title), kind, priority)
}

fn periods(found: &Archive, style: &Style) -> Table {
    let locale = style.locale();
    let column = column(locale);
    let mut table = Table::new(vec![
        column("period", "notify-column-report", Kind::Text, Priority::Essential),
        column("from", "column-from", Kind::Text, Priority::Essential),
        column("until", "column-until", Kind::Text, Priority::Essential),
        column("bill", "column-bill-state", Kind::Text, Priority::High),
        column("sent", "column-sent", Kind::Count, Priority::High),
        column("failed", "column-undelivered", Kind::Count, Priority::High),
        column("as_of", "column-as-of", Kind::Timestamp, Priority::Wide),
    ]);
    for one in &found.archive {
        let plain = |cell| (cell, Tone::Plain);
        let bill = if one.is_whole { "web-archive-whole" } else { "web-archive-part" };
        let tone = if one.failed > 0 { Tone::Danger } else { Tone::Plain };
        table.toned_row(vec![
            plain(Cell::text(report_word(&one.period, locale))),
            plain(Cell::text(one.from.to_string())),
            plain(Cell::text(one.until.to_string())),
            plain(Cell::text(locale.text(bill))),
            plain(Cell::Count(one.sent)),
            (Cell::Count(one.failed), tone),
            plain(Cell::Timestamp(one.as_of)),
        ]);
    }
    table
}

fn deliveries(found: &Archive, style: &Style) -> Table {
    let locale = style.locale();
    let column = column(locale);
    let mut table = Table::new(vec![
        column("outcome", "column-status", Kind::Text, Priority::Essential),
        column("report", "notify-column-report", Kind::Text, Priority::Essential),
        column("from", "column-from", Kind::Text, Priority::Essential),
        column("until", "column-until", Kind::Text, Priority::Wide),
        column("channel", "notify-column-channel", Kind::Text, Priority::Essential),
        column("to", "notify-column-to", Kind::Text, Priority::High),
        column("at", "notify-column-at", Kind::Timestamp, Priority::High),
        column("attempts", "notify-column-tries", Kind::Count, Priority::Wide),
        column("again_at", "column-again", Kind::Timestamp, Priority::Wide),
        column("note", "notify-column-note", Kind::Text, Priority::High),
        column("do", "column-what-to-do", Kind::Text, Priority::Wide),
    ]);
    for one in &found.deliveries {
        let plain = |cell| (cell, Tone::Plain);
        let tone = if one.is_failure { Tone::Danger } else { Tone::Plain };
        let note = one.note.as_ref().map(|note| note.get(style.language));
        let commands = (!one.commands.is_empty()).then(|| one.commands.join(" && "));
        table.toned_row(vec![
            (Cell::text(outcome_word(&one.outcome, locale)), tone),
            plain(Cell::text(report_word(&one.report, locale))),
            plain(Cell::text(one.from.to_string())),
            plain(Cell::text(one.until.to_string())),
            plain(Cell::text(&one.channel)),
            plain(Cell::optional(one.receiver.as_deref())),
            plain(Cell::Timestamp(one.at)),
            plain(Cell::Count(one.attempts)),
            plain(one.again_at.map_or(Cell::Missing, Cell::Timestamp)),
            plain(Cell::optional(note)),
            plain(Cell::optional(commands)),
        ]);
    }
    table
}

fn schedule(found: &Archive, style: &Style) -> Table {
    let locale = style.locale();
    let column = column(locale);
    let mut table = Table::new(vec![
        column("next", "notify-column-next", Kind::Timestamp, Priority::Essential),
        column("report", "notify-column-report", Kind::Text, Priority::Essential),
        column("channel", "notify-column-channel", Kind::Text, Priority::Essential),
        column("kind", "notify-column-kind", Kind::Text, Priority::High),
        column("to", "notify-column-to", Kind::Text, Priority::High),
    ]);
    for one in &found.schedule {
        table.row(vec![
            Cell::Timestamp(one.next),
            Cell::text(report_word(&one.report, locale)),
            Cell::text(&one.channel),
            Cell::text(&one.kind),
            Cell::text(&one.to),
        ]);
    }
    table
}

fn report_word(report: &str, locale: Locale) -> String {
    match report {
        "weekly" => locale.text("notify-report-weekly"),
        "monthly" => locale.text("notify-report-monthly"),
        "quarterly" => locale.text("notify-report-quarterly"),
        other => sanitise(other),
    }
}

fn outcome_word(outcome: &str, locale: Locale) -> String {
    match outcome {
        "sending" => locale.text("notify-sending"),
        "sent" => locale.text("notify-sent"),
        "failed" => locale.text("notify-failed"),
        "refused" => locale.text("notify-refused"),
        _ => locale.text("notify-uncertain"),
    }
}
