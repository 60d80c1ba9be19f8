//! Why something is missing, and what would bring it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::{KnownPlaces, granting};
use trimtab_model::analysis::Analysis;
use trimtab_model::coverage::{
    MissingSignal, PlaceCoverage, PlaceStatus, SourceCoverage, SourceStatus,
};
use trimtab_render::document::{
    api_month_table, api_use_table, coverage_table, permission_table, place_table, signal_table,
    words,
};
use trimtab_render::table::Table;
use trimtab_render::{number, sanitise};

use super::failed;
use super::recommendations::nothing;
use crate::blocking;
use crate::file;
use crate::html::Html;
use crate::reader::Reader;
use crate::shared::{Shared, Visible};
use crate::ui::{self, Empty, Page, Sheet, Tab, card, figure, sheet};
use crate::view::{Taken, known, signals, taken};

/// The names of the lists besides the sources in an address.
const PLACES: &str = "places";
const PERMISSIONS: &str = "permissions";
const SIGNALS: &str = "signals";
const MONTHS: &str = "months";
const CALLS: &str = "calls";

/// What the page is made of.
struct Read {
    visible: Option<Visible>,
    known: KnownPlaces,
    signals: Vec<MissingSignal>,
    taken: Taken,
}

fn read(shared: &Shared) -> Result<Read, Failure> {
    let visible = shared.analysis()?;
    let signals = signals(visible.as_ref());
    Ok(Read { visible, known: known(shared)?, signals, taken: taken(shared)? })
}

/// Shows the page, or gives one of its lists as a file.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, reader: Reader) -> Response {
    let read = match blocking::read(&shared, read).await {
        Ok(read) => read,
        Err(failure) => return failed(&shared, &reader, Tab::Coverage, &failure).into_response(),
    };
    if let Some(file) = file_of(&reader, &read) {
        return file;
    }
    let title = reader.text(Tab::Coverage.key());
    let is_empty = read.known.places.is_empty() && read.taken.runs.is_empty();
    let body = match &read.visible {
        None if is_empty => nothing(&reader),
        _ => body(&reader, &read),
    };
    Html::ok(ui::page(&shared, &reader, &Page::of(Tab::Coverage, &title, body))).into_response()
}

fn file_of(reader: &Reader, read: &Read) -> Option<Response> {
    let Read { visible, known, signals, taken } = read;
    file::asked_of(reader, PLACES, |style| place_table(&known.places, style))
        .or_else(|| {
            file::asked_of(reader, PERMISSIONS, |style| permission_table(&known.gaps, style))
        })
        .or_else(|| file::asked_of(reader, SIGNALS, |style| signal_table(signals, style)))
        .or_else(|| file::asked_of(reader, MONTHS, |style| api_month_table(&taken.months, style)))
        .or_else(|| file::asked_of(reader, CALLS, |style| api_use_table(&taken.runs, style)))
        .or_else(|| {
            let coverage = &visible.as_ref()?.open.coverage;
            file::asked(reader, "coverage", |style| coverage_table(coverage, style))
        })
}

fn body(reader: &Reader, read: &Read) -> Markup {
    let analysis = read.visible.as_ref().map(|visible| visible.open.as_ref());
    html! {
        (figures(reader, &read.known.places, analysis))
        (places(reader, &read.known.places))
        (permissions(reader, &read.known))
        (unjudged(reader, &read.signals))
        (calls(reader, &read.taken))
        @if let Some(analysis) = analysis { (sources(reader, analysis)) }
    }
}

fn figures(reader: &Reader, places: &[PlaceCoverage], analysis: Option<&Analysis>) -> Markup {
    let is_whole = |place: &&PlaceCoverage| {
        let known = [PlaceStatus::Complete, PlaceStatus::NotNeeded];
        place.sources.values().all(|reading| known.contains(&reading.status))
    };
    let whole = places.iter().filter(is_whole).count() as u64;
    let of = |status| {
        let sources = analysis.map(|analysis| analysis.coverage.sources.as_slice());
        sources.unwrap_or_default().iter().filter(|source| source.status == status).count() as u64
    };
    let whole_of = number::count(places.len() as u64);
    html! {
        div class="figures" {
            (figure(&reader.text("web-places"), &number::count(whole), &reader.text_with("web-places-whole", &[("count", &whole_of)]), ""))
            @if let Some(analysis) = analysis {
                (figure(&reader.text("web-sources-complete"), &number::count(of(SourceStatus::Complete)), &reader.text("web-sources-complete-about"), ""))
                (figure(&reader.text("web-sources-partial"), &number::count(of(SourceStatus::Partial)), &reader.text("web-sources-partial-about"), ""))
                (figure(&reader.text("web-sources-absent"), &number::count(of(SourceStatus::Absent)), &reader.text("web-sources-absent-about"), ""))
                (figure(&reader.text("web-unjudged"), &number::count(analysis.unknown.len() as u64), &reader.text("web-unjudged-about"), ""))
            }
        }
    }
}

/// One list of the page, in a card.
fn listed(reader: &Reader, id: &str, (title, about): (&str, &str), table: &Table) -> Markup {
    let title = reader.text(title);
    card(
        &title,
        Some(&reader.text(about)),
        &sheet(
            reader,
            &Sheet { id, caption: &title, table, link: None, choose: None, has_files: true },
        ),
    )
}

fn places(reader: &Reader, places: &[PlaceCoverage]) -> Markup {
    let title = "web-places";
    if places.is_empty() {
        let body = ui::empty(&Empty {
            title: &reader.text("web-places-none"),
            reason: &reader.text("web-places-none-why"),
            commands: &["trimtab scan", "trimtab ingest --from DIR"],
        });
        return card(&reader.text(title), None, &body);
    }
    let table = place_table(places, &reader.style);
    listed(reader, PLACES, (title, "web-places-about"), &table)
}

fn permissions(reader: &Reader, known: &KnownPlaces) -> Markup {
    let title = reader.text("web-permissions");
    if known.gaps.is_empty() {
        let body = html! { p class="nothing" { (reader.text("web-permissions-none")) } };
        return card(&title, None, &body);
    }
    let table = permission_table(&known.gaps, &reader.style);
    let policy = granting(&known.gaps);
    let policy = policy.and_then(|policy| serde_json::to_string_pretty(&policy).ok());
    let body = html! {
        (sheet(reader, &Sheet {
            id: PERMISSIONS,
            caption: &title,
            table: &table,
            link: None,
            choose: None,
            has_files: true,
        }))
        @if let Some(policy) = policy {
            details {
                summary { (reader.text("web-permissions-policy")) }
                pre tabindex="0" { code { (sanitise_lines(&policy)) } }
            }
        }
        p class="about" { (reader.text("web-permissions-how")) }
        pre { code { "trimtab iam policy" } }
    };
    card(&title, Some(&reader.text("web-permissions-about")), &body)
}

/// Returns a text of several lines, each safe to show.
fn sanitise_lines(text: &str) -> String {
    text.lines().map(sanitise).collect::<Vec<_>>().join("\n")
}

fn unjudged(reader: &Reader, signals: &[MissingSignal]) -> Markup {
    if signals.is_empty() {
        return html! {};
    }
    let table = signal_table(signals, &reader.style);
    listed(reader, SIGNALS, ("web-signals", "web-signals-about"), &table)
}

fn sources(reader: &Reader, analysis: &Analysis) -> Markup {
    let sources = &analysis.coverage.sources;
    let table = coverage_table(&analysis.coverage, &reader.style);
    let lacks = |source: &&SourceCoverage| source.status != SourceStatus::Complete;
    let lacking = sources.iter().filter(lacks).count() as u64;
    let missing = html! {
        ul class="rows" {
            @for source in sources.iter().filter(lacks) {
                li {
                    div class="row-words" {
                        p { code { (sanitise(&source.source)) } " · " (words::source_status(source.status, reader.locale())) }
                        p class="about" { (reader.style.sentence(&source.text)) }
                    }
                    @if !source.unlocks.is_empty() {
                        p class="row-amount" { (reader.text_with("web-unlocks", &[("count", &source.unlocks.len().to_string())])) }
                    }
                }
            }
        }
    };
    html! {
        (card(&reader.text("web-sources"), None, &sheet(reader, &Sheet {
            id: "list",
            caption: &reader.text("web-sources"),
            table: &table,
            link: None,
            choose: None,
            has_files: true,
        })))
        (card(&reader.text("web-sources-missing"), Some(&reader.text("web-sources-missing-about")), &html! {
            details {
                summary { (reader.text_with("web-sources-missing-count", &[("count", &number::count(lacking))])) }
                (missing)
            }
        }))
    }
}

/// What asking AWS took.
fn calls(reader: &Reader, taken: &Taken) -> Markup {
    let title = "web-calls";
    if taken.runs.is_empty() {
        let body = html! { p class="nothing" { (reader.text("web-calls-none")) } };
        return card(&reader.text(title), None, &body);
    }
    let months = api_month_table(&taken.months, &reader.style);
    let runs = api_use_table(&taken.runs, &reader.style);
    let name = reader.text("web-calls-runs");
    html! {
        (listed(reader, MONTHS, (title, "web-calls-about"), &months))
        (card(&name, Some(&reader.text("web-calls-runs-about")), &html! {
            // Whoever has narrowed the list wants to see it.
            details open[reader.query.get("list") == Some(CALLS)] {
                summary { (reader.text_with("web-calls-runs-count", &[("count", &number::count(taken.runs.len() as u64))])) }
                (sheet(reader, &Sheet {
                    id: CALLS,
                    caption: &name,
                    table: &runs,
                    link: None,
                    choose: None,
                    has_files: true,
                }))
            }
        }))
    }
}
