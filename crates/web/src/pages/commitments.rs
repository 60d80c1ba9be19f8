//! What was paid for in advance, what it covered, and when it ends.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use trimtab_model::money::Money;
use trimtab_render::chart::{Caption, LineKind, LineUnit, Lines, Panel, Point, Series, Size};
use trimtab_render::style::Style;
use trimtab_render::table::{Cell, Column, Kind, Priority, Table, Tone};
use trimtab_render::{number, sanitise, time};

use super::failed;
use crate::blocking;
use crate::file;
use crate::html::Html;
use crate::reader::Reader;
use crate::shared::Shared;
use crate::ui::{self, Chart, Empty, Page, Sheet, Tab, WIDE, card, figure, sheet};
use crate::view::{CommitmentItem, Commitments, CommittedMonth, commitments};

/// Days before an end from which on it is marked.
const SOON: i64 = 60;

/// Shows the page.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, reader: Reader) -> Response {
    let found = match blocking::read(&shared, commitments).await {
        Ok(found) => found,
        Err(failure) => {
            return failed(&shared, &reader, Tab::Commitments, &failure).into_response();
        }
    };
    if let Some(found) = &found
        && let Some(file) = file::asked(&reader, "commitments", |style| table(found, style))
    {
        return file;
    }
    let title = reader.text(Tab::Commitments.key());
    let body = match &found {
        None => html! {
            section class="card" {
                (ui::empty(&Empty {
                    title: &reader.text("web-commitments-none"),
                    reason: &reader.text("web-commitments-needs"),
                    commands: &["trimtab ingest --from DIR", "trimtab scan"],
                }))
            }
        },
        Some(found) => body(&reader, found, &title),
    };
    let mut page = Page::of(Tab::Commitments, &title, body);
    page.about = found.as_ref().and_then(|found| {
        let month = &found.last.as_ref()?.month;
        Some(reader.text_with("web-commitments-of", &[("month", month)]))
    });
    Html::ok(ui::page(&shared, &reader, &page)).into_response()
}

fn body(reader: &Reader, found: &Commitments, title: &str) -> Markup {
    let table = table(found, &reader.style);
    let list = sheet(
        reader,
        &Sheet {
            id: "list",
            caption: title,
            table: &table,
            link: None,
            choose: None,
            has_files: true,
        },
    );
    html! {
        @if found.last.is_none() { (ui::note(&reader.text("web-commitments-no-month"))) }
        @if found.in_inventory == 0 { (ui::note(&reader.text("web-commitments-no-inventory"))) }
        (figures(reader, found))
        (over_time(reader, found))
        (card(
            &reader.text("web-commitments-list"),
            Some(&reader.text("web-commitments-list-about")),
            &list,
        ))
        p class="about" { (reader.text("web-commitments-method")) }
    }
}

fn figures(reader: &Reader, found: &Commitments) -> Markup {
    let unknown = || reader.text("web-not-known");
    let last = found.last.as_ref();
    let percent = |of: fn(&CommittedMonth) -> Option<f64>| {
        last.and_then(of).map_or_else(unknown, number::percent)
    };
    let amount = |of: fn(&CommittedMonth) -> Option<Money>| {
        last.and_then(of).map_or_else(unknown, |money| reader.style.amount(money))
    };
    let paid = reader.text_with("web-commitments-paid", &[("amount", &amount(|month| month.paid))]);
    let (next, next_note) = match &found.next_end {
        None => (unknown(), reader.text("web-commitments-no-end")),
        Some(ending) => {
            let days = ending.days.to_string();
            let at = time::date(ending.at, &TimeZone::UTC);
            let subject = sanitise(&ending.subject);
            (
                reader.text_with("web-commitments-days", &[("days", &days)]),
                reader.text_with("web-commitments-ends", &[("subject", &subject), ("day", &at)]),
            )
        }
    };
    let idle = last.and_then(|month| month.unused).is_some_and(Money::is_positive);
    html! {
        div class="figures" {
            (figure(&reader.text("web-commitments-used"), &percent(|month| month.used_percent), &paid, ""))
            (figure(
                &reader.text("web-commitments-unused"),
                &amount(|month| month.unused),
                &reader.text("web-commitments-unused-about"),
                if idle { "warn" } else { "" },
            ))
            (figure(
                &reader.text("web-commitments-coverage"),
                &percent(|month| month.compute_coverage_percent),
                &reader.text("web-commitments-coverage-about"),
                "",
            ))
            (figure(
                &reader.text("web-commitments-rate"),
                &percent(|month| month.below_on_demand_percent),
                &reader.text("web-commitments-rate-about"),
                "",
            ))
            (figure(&reader.text("web-commitments-next"), &next, &next_note, ""))
        }
    }
}

/// Returns the moment in the middle of a month such as `2026-10`.
fn middle(month: &str) -> Option<Timestamp> {
    let day: Date = format!("{month}-15").parse().ok()?;
    Some(day.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp())
}

/// Use and coverage by month, where there are three months to compare.
fn over_time(reader: &Reader, found: &Commitments) -> Markup {
    let style = &reader.style;
    let whole = || found.months.iter().rev().filter(|month| month.is_whole);
    let moments: Vec<Timestamp> = whole().filter_map(|month| middle(&month.month)).collect();
    let ([first, _, .., last], title) = (moments.as_slice(), reader.text("web-commitments-months"))
    else {
        return html! {};
    };
    let panel = |key: &str, of: fn(&CommittedMonth) -> Option<f64>| {
        let points =
            whole().filter_map(|month| Some(Point { at: middle(&month.month)?, value: of(month) }));
        let name = reader.text(key);
        let series = Series {
            name: name.clone(),
            colour: 0,
            kind: LineKind::Measured,
            points: points.collect(),
        };
        Panel {
            name,
            unit: LineUnit::Percent,
            limit: None,
            is_floor: false,
            band: None,
            series: vec![series],
        }
    };
    let drawn = |id: &str| Lines {
        caption: Caption::new(id, title.clone(), reader.text("web-basis-effective")),
        from: *first,
        to: *last,
        marks: Vec::new(),
        panels: vec![
            panel("web-commitments-used", |month| month.used_percent),
            panel("web-commitments-coverage", |month| month.compute_coverage_percent),
        ],
    };
    let (wide, narrow) = (drawn("months"), drawn("months-narrow"));
    let body = ui::chart(
        reader,
        &Chart {
            wide: &wide.draw(Size::of(WIDE), style),
            narrow: &narrow.draw(Size::NARROW, style),
            legend: &[],
            table: &months_table(found, style),
            caption: &title,
        },
    );
    card(&title, Some(&reader.text("web-commitments-months-about")), &body)
}

fn months_table(found: &Commitments, style: &Style) -> Table {
    let locale = style.locale();
    let column =
        |key, title: &str, kind, priority| Column::new(key, locale.text(title), kind, priority);
    let mut table = Table::new(vec![
        column("month", "column-month", Kind::Text, Priority::Essential),
        column("paid", "column-paid", Kind::Money, Priority::Essential),
        column("unused", "column-unused", Kind::Money, Priority::Essential),
        column("used", "column-used-share", Kind::Percent, Priority::Essential),
        column("coverage", "web-commitments-coverage", Kind::Percent, Priority::Essential),
        column("rate", "column-below-on-demand", Kind::Percent, Priority::Essential),
    ]);
    let percent = |share: Option<f64>| share.map_or(Cell::Missing, Cell::Percent);
    for month in &found.months {
        table.row(vec![
            Cell::text(named(Some(&month.month), month.is_whole, style)),
            Cell::amount(month.paid),
            Cell::amount(month.unused),
            percent(month.used_percent),
            percent(month.compute_coverage_percent),
            percent(month.below_on_demand_percent),
        ]);
    }
    table
}

/// Returns a month, marked where the bill covers a part of it; a word where no bill names it.
fn named(month: Option<&str>, is_whole: bool, style: &Style) -> String {
    match month {
        None => style.locale().text("web-commitments-unbilled"),
        Some(month) if is_whole => month.to_owned(),
        Some(month) => style.locale().text_with("web-commitments-part", &[("month", month)]),
    }
}

fn table(found: &Commitments, style: &Style) -> Table {
    let locale = style.locale();
    let column =
        |key, title: &str, kind, priority| Column::new(key, locale.text(title), kind, priority);
    // Without an inventory nothing is known of accounts and ends.
    let known = if found.in_inventory > 0 { Priority::High } else { Priority::Wide };
    let mut table = Table::new(vec![
        column("commitment", "column-commitment", Kind::Text, Priority::Essential),
        column("id", "column-id", Kind::Text, Priority::Wide),
        column("account", "column-account", Kind::Text, known),
        column("month", "column-month", Kind::Text, Priority::Essential),
        column("paid", "column-paid", Kind::Money, Priority::High),
        column("unused", "column-unused", Kind::Money, Priority::Essential),
        column("used", "column-used-share", Kind::Percent, Priority::Essential),
        column("on_demand", "column-on-demand", Kind::Money, Priority::Wide),
        column("rate", "column-below-on-demand", Kind::Percent, Priority::High),
        column("ends", "column-ends", Kind::Text, known),
        column("days_left", "column-days-left", Kind::Number, known),
    ]);
    for item in &found.items {
        table.toned_row(row(item, style));
    }
    table
}

fn row(item: &CommitmentItem, style: &Style) -> Vec<(Cell, Tone)> {
    let plain = |cell| (cell, Tone::Plain);
    let percent = |share: Option<f64>| plain(share.map_or(Cell::Missing, Cell::Percent));
    let is_idle = item.unused.is_some_and(Money::is_positive);
    let ends_soon = item.days_left.is_some_and(|days| (0..=SOON).contains(&days));
    let tone = |is_marked| if is_marked { Tone::Danger } else { Tone::Plain };
    let short = item.id.rsplit(['/', ':']).next().unwrap_or(&item.id);
    vec![
        plain(Cell::text(item.subject.as_deref().unwrap_or(short))),
        plain(Cell::text(&item.id)),
        plain(Cell::optional(item.account.as_deref())),
        plain(Cell::text(named(item.month.as_deref(), item.is_whole, style))),
        plain(Cell::amount(item.paid)),
        (Cell::amount(item.unused), tone(is_idle)),
        percent(item.used_percent),
        plain(Cell::amount(item.on_demand)),
        percent(item.below_on_demand_percent),
        plain(Cell::optional(item.ends.map(|end| time::date(end, &TimeZone::UTC)))),
        (item.days_left.map_or(Cell::Missing, |days| Cell::Number(days.into())), tone(ends_soon)),
    ]
}
