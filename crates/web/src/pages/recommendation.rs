//! One recommendation: should I believe it, and what exactly changes?

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use maud::{Markup, html};

use trimtab_app::failure::{Failure, Kind};
use trimtab_model::money::Money;
use trimtab_model::recommendation::{CostComponent, Recommendation, Restart};
use trimtab_render::chart::{Caption, Range, Size};
use trimtab_render::document::{build_up_table, words};
use trimtab_render::style::Style;
use trimtab_render::{money, number, sanitise, time, unit};
use trimtab_store::state::{Disposition, DispositionKind};

use super::recommendation_lists::{
    BUILD_UP, FIGURES, OPTIONS, build_up, figures, figures_table, options, options_table,
};
use super::{failed, missing, recommendation_plan};
use crate::blocking;
use crate::decision::{Decision, Grounds, decide as decide_about};
use crate::file;
use crate::html::{Html, see_other};
use crate::query::Query;
use crate::reader::Reader;
use crate::shared::Shared;
use crate::ui::{self, Chart, Page, Tab, card, facts};
use crate::view::{Course, Staged, course, staged};

/// Decimals of a shown unit price: enough for a Lambda request, few enough to read.
const PRICE_DECIMALS: u32 = 10;

/// A recommendation, and what the user decided about it.
pub(crate) struct Detail {
    pub(crate) item: Recommendation,
    pub(crate) disposition: Option<Disposition>,
    /// The moment that the analysis looks from.
    pub(crate) as_of: Timestamp,
}

/// Returns the recommendation of exactly this identifier.
///
/// # Errors
/// Fails if the store cannot be read.
pub(crate) fn found(shared: &Shared, id: &str) -> Result<Option<Detail>, Failure> {
    let Some(visible) = shared.analysis()? else { return Ok(None) };
    let item = visible.whole.items.iter().find(|item| item.id.as_str() == id).cloned();
    let Some(item) = item else { return Ok(None) };
    let mut all =
        shared.state().dispositions().map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    let today = trimtab_app::pipeline::today(&shared.settings);
    let disposition = all.remove(&item.id).filter(|one| one.holds_on(today));
    Ok(Some(Detail { item, disposition, as_of: visible.whole.as_of }))
}

/// What the page is made of.
type Read = (Detail, Option<Course>, Option<Staged>);

/// Shows the page, or gives one of its lists as a file.
pub(crate) async fn show(
    State(shared): State<Arc<Shared>>,
    reader: Reader,
    Path(id): Path<String>,
) -> Response {
    let is_file = reader.query.get("format").is_some();
    let read = move |shared: &Shared| -> Result<Option<Read>, Failure> {
        let Some(detail) = found(shared, &id)? else { return Ok(None) };
        if is_file {
            return Ok(Some((detail, None, None)));
        }
        let course = course(shared, &detail.item, detail.as_of)?;
        let staged = staged(shared, &detail.item)?;
        Ok(Some((detail, course, Some(staged))))
    };
    match blocking::read(&shared, read).await {
        Err(failure) => failed(&shared, &reader, Tab::Recommendations, &failure).into_response(),
        Ok(None) => missing::not_found(&shared, &reader, Tab::Recommendations).into_response(),
        Ok(Some((detail, course, staged))) => {
            let item = &detail.item;
            let options = |style: &Style| options_table(item, style);
            let figures = |style: &Style| figures_table(item, style);
            let steps =
                |style: &Style| build_up_table(&item.estimated_monthly_savings.build_up(), style);
            if let Some(file) = file::asked_of(&reader, OPTIONS, options)
                .or_else(|| file::asked_of(&reader, FIGURES, figures))
                .or_else(|| file::asked_of(&reader, BUILD_UP, steps))
            {
                return file;
            }
            let title = format!(
                "{} · {}",
                words::resource_name(&item.resource),
                words::change(&item.action, reader.locale())
            );
            let trail = reader.text(Tab::Recommendations.key());
            let mut page = Page::of(
                Tab::Recommendations,
                &title,
                body(&shared, &reader, &detail, (course.as_ref(), staged.as_ref())),
            );
            page.trail = Some((&trail, "/recommendations"));
            page.actions = html! {
                (ui::environment(item.resource.environment, reader.locale()))
                (ui::risk(item.performance_risk, reader.locale()))
            };
            Html::ok(ui::page(&shared, &reader, &page)).into_response()
        }
    }
}

fn body(
    shared: &Shared,
    reader: &Reader,
    detail: &Detail,
    (course, staged): (Option<&Course>, Option<&Staged>),
) -> Markup {
    let item = &detail.item;
    html! {
        (disposition(reader, detail))
        div class="columns detail" {
            div {
                (reason(reader, item))
                @if let Some(course) = course { (used(reader, course)) }
                (build_up(reader, item))
                (evidence(reader, item))
                (options(reader, item))
                @if let Some(staged) = staged { (recommendation_plan::staged(reader, staged)) }
                (commands(reader, item))
            }
            div {
                (saving(reader, item))
                (change(reader, item))
                (second_opinion(reader, item))
                @if !shared.options.is_read_only { (decisions(reader, detail)) }
            }
        }
    }
}

fn disposition(reader: &Reader, detail: &Detail) -> Markup {
    let Some(one) = &detail.disposition else { return html! {} };
    let why = one.reason.as_deref().map(sanitise).unwrap_or_default();
    let text = match (one.kind, one.until) {
        (DispositionKind::Dismissed, _) => reader.text_with("web-dismissed", &[("reason", &why)]),
        (DispositionKind::Snoozed, until) => {
            let until = until.and_then(|open| open.yesterday().ok());
            let until = until.map(|day| day.to_string()).unwrap_or_default();
            reader.text_with("web-snoozed", &[("until", &until), ("reason", &why)])
        }
    };
    ui::note(&text)
}

fn reason(reader: &Reader, item: &Recommendation) -> Markup {
    let resource = &item.resource;
    let rows = vec![
        (reader.text("label-finding"), html! { (words::finding(item.finding, reader.locale())) }),
        (reader.text("column-resource-id"), html! { code { (sanitise(resource.id.as_str())) } }),
        (
            reader.text("column-account"),
            html! { (sanitise(resource.account.as_str())) " · " (sanitise(resource.region.as_str())) },
        ),
        (reader.text("label-check"), html! { code { (item.check.as_str()) } }),
    ];
    let body = html! {
        p class="lead" { (reader.style.sentence(&item.reason.text)) }
        (facts(&rows))
    };
    card(&reader.text("web-why"), None, &body)
}

/// How it was used, and how it would be.
fn used(reader: &Reader, course: &Course) -> Markup {
    let style = &reader.style;
    let is_projected = course.has_projection();
    let title = reader.text(if is_projected { "web-course" } else { "web-course-measured" });
    let projected = is_projected.then(|| reader.text("web-course-about"));
    let about = reader
        .text_with("web-window", &[("count", &(course.window.seconds() / 86_400).to_string())]);
    let drawn = |id: &str| course.lines(Caption::new(id, title.clone(), about.clone()), style);
    let (wide, narrow) = (drawn("course"), drawn("course-narrow"));
    card(
        &title,
        projected.as_deref(),
        &ui::chart(
            reader,
            &Chart {
                wide: &wide.draw(Size::WIDE, style),
                narrow: &narrow.draw(Size::NARROW, style),
                legend: &wide.legend(),
                table: &wide.table(style),
                caption: &title,
            },
        ),
    )
}

fn evidence(reader: &Reader, item: &Recommendation) -> Markup {
    let evidence = &item.evidence;
    let locale = reader.locale();
    let about = evidence
        .window_days
        .map(|days| reader.text_with("web-window", &[("count", &days.to_string())]));
    let doubts = words::doubts(item, locale);
    let body = html! {
        p class="confidence" {
            span class="label" { (reader.text("label-confidence")) } " "
            (ui::confidence(item.confidence(), locale)) " "
            @if doubts.is_empty() { (reader.text("doubts-none")) } @else { (reader.text("column-doubts")) ": " (doubts) }
        }
        (figures(reader, item))
        @for metric in &evidence.coverage {
            p class="about" {
                code { (sanitise(&metric.namespace)) " " (sanitise(&metric.metric)) } " · "
                (reader.text_with("web-metric-coverage", &[
                    ("samples", &number::count(metric.samples)),
                    ("period", &time::duration(u64::from(metric.period_seconds), locale)),
                    ("coverage", &number::percent(metric.coverage * 100.0)),
                ]))
            }
        }
        @if !evidence.notes.is_empty() {
            ul class="plain" { @for note in &evidence.notes { li { (reader.style.sentence(note)) } } }
        }
        @if !evidence.signals_not_seen.is_empty() {
            h3 { (reader.text("show-unseen")) }
            ul class="unseen" {
                @for signal in &evidence.signals_not_seen {
                    li { strong { (sanitise(&signal.name)) } " " (reader.style.sentence(&signal.text)) }
                }
            }
        }
    };
    card(&reader.text("web-evidence"), about.as_deref(), &body)
}

fn commands(reader: &Reader, item: &Recommendation) -> Markup {
    let commands = item.action.commands(&item.resource);
    let body = html! {
        h3 { (reader.text("show-apply")) }
        @for command in &commands.apply { pre { code { (sanitise(command)) } } }
        h3 { (reader.text("show-undo")) }
        @if commands.undo.is_empty() { p { (reader.text("show-undo-absent")) } }
        @for command in &commands.undo { pre { code { (sanitise(command)) } } }
    };
    card(&reader.text("web-commands"), Some(&reader.text("web-commands-about")), &body)
}

fn saving(reader: &Reader, item: &Recommendation) -> Markup {
    let style = &reader.style;
    let estimate = &item.estimated_monthly_savings;
    let text = style.monthly_range(estimate.likely, estimate.low, estimate.high);
    let (amount, range) = text.split_once(" (").unwrap_or((&text, ""));
    let range_bar = Range {
        caption: Caption::new(
            "saving",
            reader.text("label-savings"),
            reader.text("web-saving-about"),
        ),
        low: estimate.low,
        likely: estimate.likely,
        high: estimate.high,
        scale: estimate.cost_now,
    };
    let year =
        estimate.likely.times(12.into()).map(|money| style.amount(money)).unwrap_or_default();
    let rows = vec![
        (
            reader.text("label-before-discounts"),
            html! { (style.monthly(estimate.before_discounts)) },
        ),
        (reader.text("label-cost-now"), html! { (style.monthly(estimate.cost_now)) }),
        (reader.text("label-cost-after"), html! { (style.monthly(estimate.cost_after)) }),
        (
            reader.text("label-basis"),
            html! { (words::price_basis(estimate.basis, reader.locale())) },
        ),
    ];
    let body = html! {
        p class="big saved" { (amount) }
        (maud::PreEscaped(range_bar.draw(Size::of(300), style).to_string()))
        p class="about" {
            @if !range.is_empty() { "(" (range) " · " }
            (reader.text_with("web-a-year", &[("amount", &year)])) " · " (money::full(estimate.likely))
        }
        @if item.is_conditional() { p class="notice" { (reader.text("summary-after-repair")) } }
        (facts(&rows))
        details {
            summary { (reader.text("web-formula")) }
            h3 { (reader.text("show-formula-now")) }
            (formula(reader, &estimate.formula_now))
            h3 { (reader.text("show-formula-after")) }
            (formula(reader, &estimate.formula_after))
        }
    };
    card(&reader.text("label-savings"), Some(&reader.text("web-saving-about")), &body)
}

fn formula(reader: &Reader, components: &[CostComponent]) -> Markup {
    let locale = reader.locale();
    html! {
        ul class="plain" {
            @if components.is_empty() { li { (reader.text("formula-nothing")) } }
            @for component in components {
                @let price = money::precise(Money::usd(component.price.usd.round_dp(PRICE_DECIMALS)));
                @let amount = component.amount().map_or_else(|_| "–".to_owned(), money::full);
                @let quantity = number::exact(component.quantity.round_dp(PRICE_DECIMALS));
                li {
                    (sanitise(&component.name)) ": "
                    (unit::quantity(&quantity, &sanitise(&component.price.unit), locale)) " × " (price) " = " strong { (amount) }
                    span class="about" {
                        " " (words::price_basis(component.price.basis, locale)) ", " (sanitise(&component.price.source))
                        @if let Some(date) = component.price.as_of { ", " (date.to_string()) }
                    }
                }
            }
        }
    }
}

fn change(reader: &Reader, item: &Recommendation) -> Markup {
    let locale = reader.locale();
    let restart = match item.restart_needed {
        Restart::Needed => reader.text("restart-sentence-needed"),
        Restart::NotNeeded => reader.text("restart-sentence-not-needed"),
    };
    let mut rows = vec![
        (
            reader.text("label-risk"),
            html! { (words::risk_sentence(item.performance_risk, locale)) },
        ),
        (reader.text("label-restart"), html! { (restart) }),
        (reader.text("label-undo"), html! { (words::undo(&item.undo, locale)) }),
        (
            reader.text("label-effort"),
            html! { (words::effort(item.implementation_effort, locale)) },
        ),
    ];
    if !item.projected.is_empty() {
        let projected = words::projections(&item.projected, locale);
        rows.push((reader.text("label-projected"), html! { (projected) }));
    }
    card(&reader.text("show-change"), None, &facts(&rows))
}

fn second_opinion(reader: &Reader, item: &Recommendation) -> Markup {
    let lines = trimtab_render::document::second_opinion_lines(item, &reader.style);
    if lines.is_empty() {
        return html! {};
    }
    let body = html! { @for line in &lines { p { (line) } } };
    card(&reader.text("web-second-opinion"), None, &body)
}

/// What can be decided: add it to a plan, put it off, refuse it.
fn decisions(reader: &Reader, detail: &Detail) -> Markup {
    let id = detail.item.id.as_str();
    let body = html! {
        form method="post" action="/plans" class="stacked" {
            input type="hidden" name="chosen" value=(id);
            label { (reader.text("web-by")) input name="by" required maxlength="100" autocomplete="username"; }
            button type="submit" class="button primary" { (reader.text("web-plan-this")) }
        }
        form method="post" action={ "/recommendations/" (id) "/decide" } class="stacked" {
            @if detail.disposition.is_some() {
                button class="button" name="decision" value="reopen" { (reader.text("web-reopen")) }
            } @else {
                label { (reader.text("web-decide-reason")) input name="reason" required maxlength="500"; }
                label { (reader.text("web-decide-until")) input name="until" type="date"; }
                div class="buttons" {
                    button class="button" name="decision" value="snooze" { (reader.text("web-snooze")) }
                    button class="button" name="decision" value="dismiss" { (reader.text("web-dismiss")) }
                }
            }
        }
    };
    card(&reader.text("web-decision"), None, &body)
}

/// Keeps what the user decided: with the reason, and until when.
pub(crate) async fn decide(
    State(shared): State<Arc<Shared>>,
    reader: Reader,
    Path(id): Path<String>,
    body: Bytes,
) -> Response {
    let given = Query::of(&String::from_utf8_lossy(&body));
    let wanted = id.clone();
    let done = blocking::read(&shared, move |shared| {
        let Some(detail) = found(shared, &wanted)? else { return Ok(None) };
        let decision = Decision::of(given.get("decision"))?;
        let grounds = Grounds { reason: given.get("reason"), until: given.get("until") };
        decide_about(shared, &detail.item.id, decision, grounds).map(Some)
    })
    .await;
    match done {
        Ok(Some(())) => see_other(&format!("/recommendations/{id}")),
        Ok(None) => missing::not_found(&shared, &reader, Tab::Recommendations).into_response(),
        Err(failure) => failed(&shared, &reader, Tab::Recommendations, &failure).into_response(),
    }
}
