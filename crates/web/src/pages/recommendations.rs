//! What can be saved, and how safely.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use maud::{Markup, html};

use trimtab_analysis::analyze::totals_of;
use trimtab_app::failure::Failure;
use trimtab_app::filter::Filter;
use trimtab_model::analysis::{Analysis, Total};
use trimtab_model::money::Currency;
use trimtab_model::recommendation::Recommendation;
use trimtab_render::document::recommendation_list::Identifiers;
use trimtab_render::document::recommendation_table;
use trimtab_render::number;
use trimtab_render::style::Style;
use trimtab_render::table::Table;

use super::failed;
use super::recommendation_cells::Cells;
use super::recommendation_facets::facets;
use crate::blocking;
use crate::file;
use crate::html::Html;
use crate::query::Query;
use crate::reader::Reader;
use crate::scope::Scope;
use crate::shared::Shared;
use crate::ui::{self, Empty, Page, Sheet, Tab, figure};
use crate::view::{Facet, Tally};

/// What the list shows: a part of an analysis, which may be large and is not copied.
pub(crate) struct Listed {
    source: Arc<Analysis>,
    places: Vec<usize>,
    /// The sums of these alone.
    pub(crate) totals: BTreeMap<Currency, Total>,
    /// What they can be narrowed by.
    pub(crate) facets: Vec<Facet>,
    whole: Whole,
}

/// What a list was chosen from.
#[derive(Debug, Clone, Copy)]
struct Whole {
    /// Whether an account, an environment or a team alone is looked at.
    is_part: bool,
    /// How many the user hid.
    hidden: u64,
    /// How many verdicts wait for data.
    unjudged: usize,
}

impl Listed {
    fn of(source: &Arc<Analysis>, places: Vec<usize>, whole: Whole) -> Self {
        let of_list = places.iter().filter_map(|place| source.items.get(*place));
        let mut totals = totals_of(source, of_list);
        if whole.is_part {
            // What all of it costs is not the cost of a part.
            totals.values_mut().for_each(|total| total.monthly_cost = None);
        }
        Self { source: Arc::clone(source), places, totals, whole, facets: Vec::new() }
    }

    /// Returns how many the user hid.
    pub(crate) fn hidden(&self) -> u64 {
        self.whole.hidden
    }

    /// Returns the recommendations.
    pub(crate) fn items(&self) -> Vec<&Recommendation> {
        self.places.iter().filter_map(|place| self.source.items.get(*place)).collect()
    }

    /// Returns the moment of the analysis.
    pub(crate) fn as_of(&self) -> Timestamp {
        self.source.as_of
    }

    /// Returns those at some places of the list, with their sums.
    fn at(&self, places: &[usize]) -> Self {
        let places = places.iter().filter_map(|place| self.places.get(*place).copied()).collect();
        Self::of(&self.source, places, self.whole)
    }
}

/// Shows the page, or gives the list as a file.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, reader: Reader) -> Response {
    let query = reader.query.clone();
    let found = blocking::read(&shared, move |shared| listed(shared, &query, |_| true)).await;
    let listed = match found {
        Ok(listed) => listed,
        Err(failure) => {
            return failed(&shared, &reader, Tab::Recommendations, &failure).into_response();
        }
    };
    if let Some(listed) = &listed
        && let Some(file) =
            file::asked(&reader, "recommendations", |style| table(&listed.items(), style))
    {
        return file;
    }
    let title = reader.text(Tab::Recommendations.key());
    let body = match &listed {
        None => nothing(&reader),
        Some(listed) => body(&shared, &reader, listed),
    };
    let page = Page::of(Tab::Recommendations, &title, body);
    Html::ok(ui::page(&shared, &reader, &page)).into_response()
}

/// Returns the recommendations that an address asks for, of what it looks at; none where nothing was analysed.
///
/// # Errors
/// Fails on a filter that cannot be read, and if the store cannot be.
pub(crate) fn listed(
    shared: &Shared,
    query: &Query,
    is_wanted: impl Fn(&Recommendation) -> bool,
) -> Result<Option<Listed>, Failure> {
    let filter = query.get("filter").map(str::parse::<Filter>).transpose()?;
    let scope = Scope::of(query)?;
    let Some(visible) = shared.analysis()? else { return Ok(None) };
    let sieve = scope.sieve(shared)?;
    if let Some(filter) = &filter {
        filter.require_known(&visible.whole)?;
    }
    let is_all = query.get("hidden") == Some("shown");
    let source = if is_all { &visible.whole } else { &visible.open };
    let mut tally = Tally::of(filter.as_ref());
    let mut places = Vec::new();
    for (place, item) in source.items.iter().enumerate() {
        if is_wanted(item) && sieve.keeps(&item.resource) && tally.takes(item) {
            places.push(place);
        }
    }
    let unjudged = source.unknown.iter().filter(|one| sieve.keeps(&one.resource)).count();
    let count = |of: &Analysis| of.items.iter().filter(|item| sieve.keeps(&item.resource)).count();
    let is_part = !scope.is_everything();
    let hidden = match is_part {
        true => count(&visible.whole).saturating_sub(count(&visible.open)) as u64,
        false => visible.hidden,
    };
    let of = Whole { is_part, hidden, unjudged };
    let facets = tally.finish();
    Ok(Some(Listed { facets, ..Listed::of(source, places, of) }))
}

/// Makes the table of the list.
pub(crate) fn table(items: &[&Recommendation], style: &Style) -> Table {
    recommendation_table(items, Identifiers::Full, style)
}

/// Returns what is left of a list by what stands above its columns, with the sums of these.
pub(super) fn seen(reader: &Reader, table: &Table, all: &Listed) -> Listed {
    match ui::asked(table, reader) {
        Ok(places) => all.at(&places),
        // What is wrong is said above the list, which then is whole.
        Err(_) => all.at(&(0..all.places.len()).collect::<Vec<_>>()),
    }
}

/// Says that nothing was analysed.
pub(crate) fn nothing(reader: &Reader) -> Markup {
    let (title, reason) = (reader.text("web-no-analysis"), reader.text("web-no-analysis-why"));
    let commands = ["trimtab analyze --from DIR", "trimtab demo"];
    html! { section class="card" { (ui::empty(&Empty { title: &title, reason: &reason, commands: &commands })) } }
}

fn body(shared: &Shared, reader: &Reader, listed: &Listed) -> Markup {
    let items = listed.items();
    let table = table(&items, &reader.style);
    let link = |row: &ui::Row<'_>| row.text("id").map(|id| format!("/recommendations/{id}"));
    let cells = Cells::of(&items);
    let can_choose = !shared.options.is_read_only;
    html! {
        (sums(reader, &seen(reader, &table, listed)))
        section class="card" {
            (filter_line(reader))
            (facets(reader, &listed.facets))
            @if items.is_empty() && reader.query.get("filter").is_none() {
                p class="nothing" { (reader.text("web-nothing-to-save")) }
            } @else {
                (cells.sheet(reader, &Sheet {
                    id: "list",
                    caption: &reader.text(Tab::Recommendations.key()),
                    table: &table,
                    link: Some(("resource", &link)),
                    choose: can_choose.then_some("id"),
                    has_files: true,
                }))
                p class="about" { (reader.text("web-confidence-about")) }
            }
            @if can_choose && !items.is_empty() { (plan_form(reader)) }
            (hidden(reader, listed.hidden()))
        }
    }
}

/// The sums of what is listed, a card for each currency.
fn sums(reader: &Reader, listed: &Listed) -> Markup {
    html! {
        div id="sums" class="figures" {
            @for total in listed.totals.values() {
                @let saving = reader.style.monthly_range(total.likely, total.low, total.high);
                @let (amount, range) = saving.split_once(" (").unwrap_or((&saving, ""));
                @let count = ui::found_count(reader, (total.recommendations, total.conditional_recommendations));
                @let note = if range.is_empty() { count } else { format!("({range} · {count}") };
                (figure(&reader.text("web-found-listed"), amount, &note, "good"))
                @if let Some(cost) = total.monthly_cost {
                    (figure(
                        &reader.text("web-monthly-cost"),
                        &reader.style.monthly(cost.effective),
                        &reader.text_with("web-share-of-cost", &[("share", &number::share(total.likely.amount, cost.effective.amount))]),
                        "",
                    ))
                }
                @if let Some(conditional) = total.conditional {
                    (figure(&reader.text("web-conditional"), &reader.style.monthly(conditional), &reader.text("web-conditional-about"), ""))
                }
            }
            @if listed.whole.unjudged > 0 {
                (figure(&reader.text("web-unjudged"), &number::count(listed.whole.unjudged as u64), &reader.text("web-unjudged-about"), ""))
            }
        }
    }
}

/// The language of filters, in one line: the command line reads the same.
fn filter_line(reader: &Reader) -> Markup {
    html! {
        form method="get" action=(reader.path) class="filter-line" role="search" {
            @for (key, value) in reader.query.pairs() {
                @if !matches!(key, "filter" | "cursor") { input type="hidden" name=(key) value=(value); }
            }
            label for="filter" { (reader.text("web-filter")) }
            input id="filter" name="filter" type="search" value=[reader.query.get("filter")]
                placeholder="saving>500usd and risk<=low and env!=prod" autocomplete="off" spellcheck="false";
            button type="submit" class="button" { (reader.text("web-table-apply")) }
        }
    }
}

fn plan_form(reader: &Reader) -> Markup {
    html! {
        form id="choice" method="post" action="/plans" class="choice-form" {
            label for="by" { (reader.text("web-by")) }
            // Whoever is refused comes back to the list as it was chosen.
            input type="hidden" name="back" value=(reader.query.on(""));
            input id="by" name="by" required maxlength="100" autocomplete="username";
            button type="submit" class="button primary" { (reader.text("web-plan-chosen")) }
            p class="about" { (reader.text("web-plan-chosen-about")) }
        }
    }
}

fn hidden(reader: &Reader, hidden: u64) -> Markup {
    if hidden == 0 {
        return html! {};
    }
    let is_shown = reader.query.get("hidden") == Some("shown");
    let to = reader.query.with("cursor", None).with("hidden", (!is_shown).then_some("shown"));
    let key = if is_shown { "web-hide" } else { "web-show-hidden" };
    html! {
        p class="about" { a href=(to.on(&reader.path)) { (reader.text_with(key, &[("count", &hidden.to_string())])) } }
    }
}
