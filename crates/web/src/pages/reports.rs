//! What is sent to others: the reports of a week, a month and a quarter, looked at and taken away.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{Markup, PreEscaped, html};

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline::report::ReportPeriod;
use trimtab_model::document::{ChartBlock, Document};
use trimtab_model::text::Language;
use trimtab_render::chart::CSS;
use trimtab_render::report::{Edition, ReportFormat, chart_svg, html_fragment, report as written};
use trimtab_render::style::Style;
use trimtab_render::time;

use super::{failed, missing};
use crate::asset;
use crate::blocking;
use crate::html::{Html, download};
use crate::query::Query;
use crate::reader::Reader;
use crate::shared::Shared;
use crate::ui::{self, Page, Tab};

/// The reports: words of an address, what they stand for, and the keys of their names.
pub(crate) const PERIODS: [(&str, ReportPeriod, &str); 3] = [
    ("weekly", ReportPeriod::Weekly, "web-report-weekly"),
    ("monthly", ReportPeriod::Monthly, "web-report-monthly"),
    ("quarterly", ReportPeriod::Quarterly, "web-report-quarterly"),
];

/// The files that a report can be taken away as, and their names on the page.
pub(crate) const FILES: [(ReportFormat, &str); 5] = [
    (ReportFormat::Pdf, "PDF"),
    (ReportFormat::Xlsx, "XLSX"),
    (ReportFormat::Html, "HTML"),
    (ReportFormat::Markdown, "Markdown"),
    (ReportFormat::Json, "JSON"),
];

/// The word of the archive beside those of the reports.
pub(super) const ARCHIVE: &str = "archive";

/// Returns the word of a report in an address.
pub(crate) fn word_of(period: ReportPeriod) -> &'static str {
    PERIODS.iter().find(|(_, one, _)| *one == period).map_or("weekly", |(word, ..)| word)
}

/// Shows the page, or gives the report as a file.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, reader: Reader) -> Response {
    let word = reader.query.get("period").unwrap_or("weekly").to_owned();
    let format = reader.query.get("format").map(str::to_owned);
    let as_of = reader.query.get("as_of").map(str::to_owned);
    let asked = reader.clone();
    let made = blocking::read(&shared, move |shared| {
        let (word, period) = period(&word)?;
        let as_of = as_of.as_deref().map(moment).transpose()?;
        if !shared.has_bills()? && shared.analysis()?.is_none() {
            return Ok(None);
        }
        let document = shared.report_as_of(period, as_of)?;
        let file = match &format {
            None => None,
            Some(name) => Some(file(&asked, word, name, &document)?),
        };
        Ok(Some((word, document, file)))
    })
    .await;
    match made {
        Err(failure) => failed(&shared, &reader, Tab::Reports, &failure).into_response(),
        Ok(None) => missing::reports(&shared, &reader).into_response(),
        Ok(Some((_, _, Some(file)))) => file,
        Ok(Some((word, document, None))) => {
            let title = reader.text(Tab::Reports.key());
            let body = body(&reader, word, &document);
            let mut page = Page::of(Tab::Reports, &title, body);
            page.about = as_of_words(&reader, &document);
            Html::ok(ui::page(&shared, &reader, &page)).into_response()
        }
    }
}

fn period(word: &str) -> Result<(&'static str, ReportPeriod), Failure> {
    let found = PERIODS.iter().find(|(name, ..)| *name == word);
    found.map(|(name, period, _)| (*name, *period)).ok_or_else(|| {
        Failure::usage(
            (format!("there is no report `{word}`"), format!("그런 보고서가 없습니다: `{word}`")),
            (
                "period is one of weekly, monthly, quarterly",
                "period에 쓸 수 있는 값: weekly, monthly, quarterly",
            ),
        )
    })
}

/// Reads the moment that a report looks from: a moment, or a day in UTC, as the command line has it.
fn moment(text: &str) -> Result<Timestamp, Failure> {
    let day = |text: &str| -> Option<Timestamp> {
        let day: Date = text.parse().ok()?;
        Some(day.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp())
    };
    text.parse().ok().or_else(|| day(text)).ok_or_else(|| {
        Failure::usage(
            (format!("`{text}` is no moment"), format!("시각이 아닙니다: `{text}`")),
            (
                "write as_of as 2026-11-02 or 2026-11-02T00:00:00Z",
                "as_of를 2026-11-02 또는 2026-11-02T00:00:00Z와 같이 쓰세요",
            ),
        )
    })
}

/// Says from which moment a report of the past looks.
fn as_of_words(reader: &Reader, document: &Document) -> Option<String> {
    reader.query.get("as_of")?;
    let (from, until) = (document.period.first.to_string(), document.period.last.to_string());
    let at = time::date_time(document.as_of, &reader.style.time_zone);
    let arguments = [("from", from.as_str()), ("until", &until), ("at", &at)];
    Some(reader.text_with("web-report-as-of", &arguments))
}

/// Writes the report as a file. What machines read has the words of machines.
fn file(reader: &Reader, word: &str, name: &str, document: &Document) -> Result<Response, Failure> {
    let found = FILES.iter().find(|(format, _)| format.as_str() == name);
    let Some((format, _)) = found else {
        let known: Vec<&str> = FILES.iter().map(|(format, _)| format.as_str()).collect();
        let known = known.join(", ");
        return Err(Failure::usage(
            (format!("there is no format `{name}`"), format!("그런 형식이 없습니다: `{name}`")),
            (format!("format is one of {known}"), format!("format에 쓸 수 있는 값: {known}")),
        ));
    };
    let mut style = reader.style.clone();
    if *format == ReportFormat::Json {
        style.language = Language::En;
    }
    let draw = drawn(&style);
    let edition = Edition { draw: &draw, chart_css: CSS, ..Edition::new(&style) };
    let bytes = written(document, *format, &edition)
        .map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    let name = format!("trimtab-{word}-{}.{}", document.period.first, format.as_str());
    Ok(download(&name, format.media_type(), bytes))
}

/// Returns what draws the charts of a report.
fn drawn(style: &Style) -> impl Fn(&ChartBlock) -> Option<String> {
    |chart| chart_svg(chart, style)
}

/// The reports to choose from, and the archive of those of the past.
pub(super) fn choice(reader: &Reader, chosen: &str) -> Markup {
    let of = |word: &str| Query::default().with("period", Some(word)).on("/reports");
    html! {
        nav class="choice" aria-label=(reader.text("web-report-choose")) {
            @for (name, _, key) in PERIODS {
                a href=(of(name)) aria-current=[(name == chosen).then_some("true")] { (reader.text(key)) }
            }
            a href="/reports/archive" aria-current=[(chosen == ARCHIVE).then_some("true")] { (reader.text("web-archive")) }
        }
    }
}

fn body(reader: &Reader, word: &str, document: &Document) -> Markup {
    let as_of = reader.query.get("as_of");
    let of = Query::default().with("period", Some(word)).with("as_of", as_of);
    let command = match as_of {
        None => format!("trimtab report {word}"),
        Some(_) => format!("trimtab report {word} --as-of {}", document.as_of),
    };
    // Links of the report stay on this server.
    let draw = drawn(&reader.style);
    let edition = Edition { base: Some(""), draw: &draw, ..Edition::new(&reader.style) };
    html! {
        div class="tools" {
            (choice(reader, word))
            div class="buttons" {
                @for (format, name) in FILES {
                    a class="button small" download href=(of.with("format", Some(format.as_str())).on("/reports")) { (name) }
                }
            }
        }
        p class="about" {
            (reader.text(if as_of.is_some() { "web-report-about-past" } else { "web-report-about" })) " " code { (command) }
        }
        link rel="stylesheet" href=(asset::REPORT_STYLE.address());
        section class="card report-sheet" { (PreEscaped(html_fragment(document, &edition))) }
    }
}
