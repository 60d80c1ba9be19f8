//! Where the money goes, and what changed.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use trimtab_app::failure::Failure;
use trimtab_render::chart::{Caption, Size};
use trimtab_render::document::{CostChange, cost_changes};
use trimtab_render::report;
use trimtab_render::style::Style;
use trimtab_render::table::{Cell, Column, Kind, Priority, Table};
use trimtab_render::{money, number};
use trimtab_store::cost::inventory_id;

use super::failed;
use crate::blocking;
use crate::file;
use crate::html::Html;
use crate::reader::Reader;
use crate::register::Register;
use crate::scope::wanted;
use crate::shared::Shared;
use crate::ui::{self, Chart, Empty, Page, Sheet, Tab, WIDE, card, figure, sheet};
use crate::view::{
    Basis, CostBridge, DayOf, GROUPINGS, Hours, NARROWING, Spending, bridge, hours,
    resource_address, spending, stack, treemap,
};

/// What the list may be narrowed by.
const NARROWED: [&str; 7] =
    ["service", "account", "region", "resource", "environment", "team", "usage_type"];
/// The name of the list of hours in an address.
const HOURS: &str = "hours";
/// The name of charges without one.
const NAMELESS: &str = "–";

/// Shows the page.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, reader: Reader) -> Response {
    let query = reader.query.clone();
    let is_file = query.get("format").is_some();
    let is_of_hours = query.get("list") == Some(HOURS);
    let read = move |shared: &Shared| {
        let spending = spending(shared, &query)?;
        // The months are of the whole bill, and no part of a file.
        let is_whole = !is_file && NARROWED.iter().all(|key| wanted(&query, key).is_none());
        let months = if is_whole { bridge(shared, &query)? } else { None };
        // Hours are of what a filter of the bill leaves; what tags and usage types leave has none.
        let has_hours = NARROWING.iter().all(|(key, _)| wanted(&query, key).is_none());
        let wants_hours = has_hours && (!is_file || is_of_hours);
        let day = spending.as_ref().filter(|one| wants_hours && one.from == one.until);
        let hours = hours(shared, &query, day.map(|one| one.from))?;
        let has_resources =
            spending.as_ref().is_some_and(|one| !is_file && one.group_by == "resource");
        let resources = has_resources.then(|| shared.register()).transpose()?.unwrap_or_default();
        Ok::<_, Failure>((spending, months, hours, resources))
    };
    let (found, months, by_hour, resources) = match blocking::read(&shared, read).await {
        Ok(found) => found,
        Err(failure) => return failed(&shared, &reader, Tab::Cost, &failure).into_response(),
    };
    if let Some(hours) = &by_hour
        && let Some(file) =
            file::asked_of(&in_zone(&reader, hours), HOURS, |style| hour_table(hours, style))
    {
        return file;
    }
    if let Some(spending) = &found
        && !is_of_hours
        && let Some(file) = file::asked(&reader, "cost", |style| table(spending, style))
    {
        return file;
    }
    let title = reader.text(Tab::Cost.key());
    let body = match &found {
        None => html! {
            section class="card" {
                (ui::empty(&Empty {
                    title: &reader.text("web-no-bill"),
                    reason: &reader.text("web-no-bill-why"),
                    commands: &["trimtab ingest --from DIR", "trimtab ingest --from aws"],
                }))
            }
        },
        Some(spending) => body(&reader, (spending, &resources), months.as_ref(), by_hour.as_ref()),
    };
    let mut page = Page::of(Tab::Cost, &title, body);
    page.about = found.as_ref().map(|spending| period(&reader, spending));
    Html::ok(ui::page(&shared, &reader, &page)).into_response()
}

fn period(reader: &Reader, spending: &Spending) -> String {
    let (from, until) = (spending.from.to_string(), spending.until.to_string());
    let basis = reader.text(spending.basis.key());
    reader.text_with("web-cost-period", &[("from", &from), ("until", &until), ("basis", &basis)])
}

/// Returns the key of the name of a grouping.
fn grouping_key(word: &str) -> &'static str {
    match word {
        "account" => "web-by-account",
        "environment" => "web-by-environment",
        "team" => "web-by-team",
        "region" => "web-by-region",
        "usage-type" => "web-by-usage-type",
        "resource" => "web-by-resource",
        "category" => "web-by-category",
        _ => "web-by-service",
    }
}

fn table(spending: &Spending, style: &Style) -> Table {
    let changes: Vec<CostChange> = spending
        .items
        .iter()
        .map(|group| CostChange {
            key: group.key.clone().unwrap_or_else(|| NAMELESS.to_owned()),
            before: group.before,
            after: Some(group.cost),
        })
        .collect();
    let title = style.locale().text(grouping_key(&spending.group_by));
    cost_changes(&changes, &title, style)
}

fn body(
    reader: &Reader,
    (spending, resources): (&Spending, &Register),
    months: Option<&CostBridge>,
    by_hour: Option<&Hours>,
) -> Markup {
    let table = table(spending, &reader.style);
    let caption = reader.text(Tab::Cost.key());
    // A service leads to its usage types, these to resources, an account to its services: one step further in.
    let further = match spending.group_by.as_str() {
        "service" => Some(("service", "usage-type")),
        "account" => Some(("account", "service")),
        "region" => Some(("region", "service")),
        "environment" => Some(("environment", "service")),
        "team" => Some(("team", "service")),
        "usage-type" => Some(("usage_type", "resource")),
        "resource" => Some(("resource", "usage-type")),
        _ => None,
    };
    let link = move |row: &ui::Row<'_>| {
        let (key, next) = further?;
        let value = row.text("key").filter(|text| *text != NAMELESS)?;
        let resource = resources.named(inventory_id(value)).or_else(|| resources.named(value));
        if let Some(one) = resource {
            let (account, region) = (one.account.as_str(), one.region.as_str());
            return Some(resource_address(one.kind.as_str(), account, region, one.id.as_str()));
        }
        let own = ["cursor", "sort", "list", "f.key"];
        let query = own.iter().fold(reader.query.clone(), |query, key| query.with(key, None));
        Some(query.with(key, Some(value)).with("group_by", Some(next)).on("/cost"))
    };
    html! {
        (tools(reader, spending))
        (sums(reader, spending))
        (charts(reader, spending))
        @if let Some(hours) = by_hour { (hourly(reader, hours)) }
        @if let Some(months) = months { (waterfall(reader, months)) }
        section class="card" {
            (sheet(reader, &Sheet {
                id: "list",
                caption: &caption,
                table: &table,
                link: further.is_some().then_some(("key", &link)),
                choose: None,
                has_files: true,
            }))
        }
    }
}

/// By day, and where the money goes.
fn charts(reader: &Reader, spending: &Spending) -> Markup {
    let style = &reader.style;
    let basis = period(reader, spending);
    let no_name = reader.text("web-no-name");
    let days = (spending.from, spending.until);
    let by_day = reader.text("web-cost-by-day");
    let drawn = |id: &str| {
        let caption = Caption::new(id, by_day.clone(), basis.clone());
        stack(&spending.daily, days, spending.provisional_from, caption, &no_name)
    };
    let areas = reader.text("web-cost-areas");
    let map = |id: &str| {
        let caption = Caption::new(id, areas.clone(), basis.clone());
        treemap(&spending.areas, spending.basis, &spending.daily, caption, &no_name)
    };
    let (map_wide, map_narrow) = (map("areas"), map("areas-narrow"));
    html! {
        div class="columns wide" {
            @if let (Ok(wide), Ok(narrow)) = (drawn("by-day"), drawn("by-day-narrow")) {
                (card(&by_day, None, &ui::chart(reader, &Chart {
                    wide: &wide.draw(Size::WIDE, style),
                    narrow: &narrow.draw(Size::NARROW, style),
                    legend: &wide.legend(style),
                    table: &wide.table(style),
                    caption: &by_day,
                })))
            }
            (card(&areas, Some(&reader.text("web-cost-areas-about")), &ui::chart(reader, &Chart {
                wide: &map_wide.draw(Size::of(480), style),
                narrow: &map_narrow.draw(Size::NARROW, style),
                legend: &[],
                table: &map_wide.table(style),
                caption: &areas,
            })))
        }
    }
}

/// Returns the reader in the zone of a day by hour.
fn in_zone(reader: &Reader, hours: &Hours) -> Reader {
    let style = Style { time_zone: hours.day_of.zone(), ..reader.style.clone() };
    Reader { style, ..reader.clone() }
}

/// One day by hour. Where it begins is chosen and said: AWS's days are UTC days.
fn hourly(reader: &Reader, hours: &Hours) -> Markup {
    let reader = &in_zone(reader, hours);
    let style = &reader.style;
    let title = reader.text("web-hours");
    let table = hour_table(hours, style);
    let key = match hours.day_of {
        DayOf::Utc => "web-hours-utc",
        DayOf::Kst => "web-hours-kst",
    };
    let day = hours.day.to_string();
    let basis = reader.text(hours.basis.key());
    let about = reader.text_with(key, &[("day", &day), ("basis", &basis)]);
    let to = |day_of: DayOf| reader.query.with("day_of", Some(day_of.as_str())).on(&reader.path);
    let body = html! {
        nav class="choice" aria-label=(reader.text("web-hours-day")) {
            @for (day_of, name) in [(DayOf::Utc, "UTC"), (DayOf::Kst, "KST")] {
                a href=(to(day_of)) aria-current=[(day_of == hours.day_of).then_some("true")] { (name) }
            }
        }
        @match hours.total {
            None => p class="nothing" { (reader.text("web-hours-none")) },
            Some(total) => {
                p class="lead" { (reader.text_with("web-hours-total", &[("total", &style.amount(total))])) }
                (sheet(reader, &Sheet {
                    id: HOURS,
                    caption: &title,
                    table: &table,
                    link: None,
                    choose: None,
                    has_files: true,
                }))
            }
        }
        @if hours.longer > 0 {
            p class="about" { (reader.text_with("web-hours-longer", &[("count", &hours.longer.to_string())])) }
        }
        @if hours.unknown > 0 {
            p class="about" { (reader.text_with("web-hours-unknown", &[("count", &hours.unknown.to_string())])) }
        }
    };
    card(&title, Some(&about), &body)
}

fn hour_table(hours: &Hours, style: &Style) -> Table {
    let locale = style.locale();
    let mut table = Table::new(vec![
        Column::new("hour", locale.text("column-hour"), Kind::Timestamp, Priority::Essential),
        Column::new("cost", locale.text("column-cost"), Kind::Money, Priority::Essential),
        Column::new("share", locale.text("column-share"), Kind::Percent, Priority::Essential),
    ]);
    for item in &hours.items {
        let share =
            hours.total.and_then(|total| number::percent_of(item.cost.amount, total.amount));
        table.row(vec![
            Cell::Timestamp(item.at),
            Cell::Amount(item.cost),
            share.map_or(Cell::Missing, Cell::Percent),
        ]);
    }
    table
}

/// From one month to the next: use, price, exchange rate, what is new and what is gone.
fn waterfall(reader: &Reader, months: &CostBridge) -> Markup {
    let style = &reader.style;
    let title = reader.text("web-bridge");
    let ends = [("before", months.before.as_str()), ("month", months.month.as_str())];
    let about = reader.text_with("web-bridge-about", &ends);
    let to = |month: &str| reader.query.with("month", Some(month)).on(&reader.path);
    let drawn = |id: &str| {
        let caption = Caption::new(id, title.clone(), about.clone());
        months.chart.as_ref().and_then(|chart| report::waterfall(chart, caption, style))
    };
    let body = html! {
        @if months.months.len() > 1 {
            nav class="choice" aria-label=(reader.text("web-bridge-month")) {
                @for month in &months.months {
                    a href=(to(month)) aria-current=[(*month == months.month).then_some("true")] { (month) }
                }
            }
        }
        @if let Some(why) = &months.missing {
            p class="nothing" { (style.sentence(why)) }
        }
        @if let (Some(wide), Some(narrow)) = (drawn("bridge"), drawn("bridge-narrow")) {
            (ui::chart(reader, &Chart {
                wide: &wide.draw(Size::of(WIDE), style),
                narrow: &narrow.draw(Size::NARROW, style),
                legend: &wide.legend(style),
                table: &wide.table(style),
                caption: &title,
            }))
        }
        @if let Some(caption) = months.chart.as_ref().and_then(|chart| report::chart_caption(chart, style)) {
            p class="about" { (caption) }
        }
    };
    card(&title, Some(&about), &body)
}

/// What is looked at: each choice is a link or a field, so that the address says all of it.
fn tools(reader: &Reader, spending: &Spending) -> Markup {
    let query = reader.query.with("cursor", None).with("sort", None);
    let with = |key: &str, value: Option<&str>| query.with(key, value).on(&reader.path);
    let is_against = query.get("against_from").is_some();
    let before = query.with("against_from", None).with("against_until", None).on(&reader.path);
    let narrowed: Vec<(&str, &str)> =
        NARROWED.into_iter().filter_map(|key| Some((key, wanted(&query, key)?))).collect();
    html! {
        div class="tools" {
            nav class="choice" aria-label=(reader.text("web-group-by")) {
                @for (word, _) in GROUPINGS {
                    a href=(with("group_by", Some(word))) aria-current=[(word == spending.group_by).then_some("true")] {
                        (reader.text(grouping_key(word)))
                    }
                }
            }
            nav class="choice" aria-label=(reader.text("web-basis")) {
                @for basis in [Basis::Effective, Basis::Billed, Basis::List] {
                    a href=(with("basis", Some(basis.as_str()))) aria-current=[(basis == spending.basis).then_some("true")] {
                        (reader.text(basis.key()))
                    }
                }
            }
            form method="get" action=(reader.path) class="days" {
                @for (key, value) in query.pairs() {
                    @if !matches!(key, "from" | "until") { input type="hidden" name=(key) value=(value); }
                }
                label { (reader.text("column-from")) input type="date" name="from" value=(spending.from.to_string()); }
                label { (reader.text("column-until")) input type="date" name="until" value=(spending.until.to_string()); }
                button type="submit" class="button small" { (reader.text("web-table-apply")) }
            }
            details class="against" open[is_against] {
                summary { (reader.text("web-cost-against")) }
                form method="get" action=(reader.path) class="days" {
                    @for (key, value) in query.pairs() {
                        @if !matches!(key, "against_from" | "against_until" | "from" | "until") {
                            input type="hidden" name=(key) value=(value);
                        }
                    }
                    // What is compared stays where it is, whatever day it is tomorrow.
                    input type="hidden" name="from" value=(spending.from.to_string());
                    input type="hidden" name="until" value=(spending.until.to_string());
                    label { (reader.text("column-from")) input type="date" name="against_from" value=(spending.before_from.to_string()); }
                    label { (reader.text("column-until")) input type="date" name="against_until" value=(spending.before_until.to_string()); }
                    button type="submit" class="button small" { (reader.text("web-table-apply")) }
                    @if is_against { a href=(before) { (reader.text("web-cost-against-before")) } }
                }
            }
        }
        @if !narrowed.is_empty() {
            p class="narrowed" {
                @for (key, value) in narrowed {
                    a class="badge" href=(reader.without(key).with("cursor", None).with("sort", None).on(&reader.path)) { (trimtab_render::sanitise(value)) " ✕" }
                    " "
                }
            }
        }
        @if spending.missing_days > 0 {
            (ui::note(&reader.text_with("web-cost-missing", &[("count", &spending.missing_days.to_string())])))
        }
        @if spending.unknown > 0 {
            (ui::note(&reader.text_with("web-cost-unknown", &[("count", &spending.unknown.to_string())])))
        }
        @if !spending.other_currencies.is_empty() {
            (ui::note(&reader.text_with("web-other-currencies", &[("currencies", &spending.other_currencies.join(", "))])))
        }
    }
}

fn sums(reader: &Reader, spending: &Spending) -> Markup {
    let style = &reader.style;
    let unknown = || reader.text("web-not-known");
    let total = spending.total.map_or_else(unknown, |total| style.amount(total));
    let before = spending.total_before.map_or_else(unknown, |total| style.amount(total));
    let change = spending.total.zip(spending.total_before).and_then(|(now, before)| {
        let difference = now.checked_sub(before).ok()?;
        let amount = style.change(difference);
        // Where nothing is seen to change, a share says nothing more.
        let is_seen = amount.starts_with(['+', number::MINUS]);
        let share = is_seen.then(|| number::signed_share(difference.amount, before.amount));
        Some((amount, share.unwrap_or_default()))
    });
    let (difference, share) = change.unwrap_or_else(|| (unknown(), String::new()));
    let (from, until) = (spending.before_from.to_string(), spending.before_until.to_string());
    let is_against = reader.query.get("against_from").is_some();
    let compared = if is_against { "web-cost-compared" } else { "web-cost-before" };
    html! {
        div class="figures" {
            (figure(&reader.text("web-cost-total"), &total, &spending.total.map(money::full).unwrap_or_default(), ""))
            (figure(&reader.text(compared), &before, &format!("{from} – {until}"), ""))
            (figure(&reader.text("column-difference"), &difference, &share, ""))
        }
    }
}
