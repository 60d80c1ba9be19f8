//! One plan: what will happen when, and who approves it.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use trimtab_app::failure::Failure;
use trimtab_app::pages::plan_page;
use trimtab_app::pipeline::demo::clock;
use trimtab_app::pipeline::now;
use trimtab_app::pipeline::plan::{self, ApproveRequest, Known, forbids_approval};
use trimtab_model::environment::Environment;
use trimtab_model::plan::{Approval, Change, Stage};
use trimtab_render::document::plan::{PlanPage, words};
use trimtab_render::document::words as resource_words;
use trimtab_render::{sanitise, time};

use super::plans::nameless;
use super::{failed, failure, missing};
use crate::blocking;
use crate::html::{Html, see_other};
use crate::query::Query;
use crate::reader::Reader;
use crate::shared::Shared;
use crate::ui::{self, Page, Tab, card, facts, figure};

/// Shows the page.
pub(crate) async fn show(
    State(shared): State<Arc<Shared>>,
    reader: Reader,
    Path(id): Path<String>,
) -> Response {
    let found = blocking::read(&shared, move |shared| known(shared, &id)).await;
    match found {
        Err(failure) => failed(&shared, &reader, Tab::Plans, &failure).into_response(),
        Ok(None) => missing::not_found(&shared, &reader, Tab::Plans).into_response(),
        Ok(Some(known)) => shown(&shared, &reader, &known, None),
    }
}

/// An approval that was refused: what was written, and why.
struct Refused<'a> {
    given: &'a Query,
    failure: &'a Failure,
}

impl Refused<'_> {
    /// Returns what was written into a field of the form of a stage.
    fn written(&self, stage: &str, field: &str) -> Option<&str> {
        (self.given.get("stage") == Some(stage)).then(|| self.given.get(field)).flatten()
    }
}

/// Returns the plan of exactly this identifier.
///
/// # Errors
/// Fails if the state cannot be read.
pub(crate) fn known(shared: &Shared, id: &str) -> Result<Option<Known>, Failure> {
    let is_there = plan::list(shared.state())?.iter().any(|stored| stored.id.as_str() == id);
    if !is_there {
        return Ok(None);
    }
    plan::known(shared.state(), id, now()).map(Some)
}

fn shown(
    shared: &Shared,
    reader: &Reader,
    known: &Known,
    refused: Option<&Refused<'_>>,
) -> Response {
    let made = match plan_page(known, clock(&known.stored.plan, now())) {
        Ok(made) => made,
        Err(failure) => return failed(shared, reader, Tab::Plans, &failure).into_response(),
    };
    let title = known.stored.id.to_string();
    let trail = reader.text(Tab::Plans.key());
    let mut page = Page::of(Tab::Plans, &title, body(shared, reader, known, (&made, refused)));
    page.trail = Some((&trail, "/plans"));
    let status = refused.map_or(StatusCode::OK, |one| failure::status(one.failure));
    Html(status, ui::page(shared, reader, &page)).into_response()
}

fn body(
    shared: &Shared,
    reader: &Reader,
    known: &Known,
    (page, refused): (&PlanPage<'_>, Option<&Refused<'_>>),
) -> Markup {
    let zone = &reader.style.time_zone;
    let plan = page.plan;
    let made_by = reader.text_with(
        "web-plan-made",
        &[("by", &sanitise(&plan.created_by)), ("at", &time::date_time(plan.created_at, zone))],
    );
    let expires =
        reader.text_with("web-plan-expires", &[("at", &time::date_time(plan.expires_at, zone))]);
    html! {
        @if let Some(refused) = refused { (failure::told(reader, refused.failure)) }
        p class="about" { (made_by) " · " (expires) }
        div class="figures" {
            @for saving in &page.savings {
                @let text = reader.style.monthly_range(saving.likely, saving.low, saving.high);
                @let (amount, range) = text.split_once(" (").unwrap_or((&text, ""));
                (figure(&reader.text("web-plan-saves"), amount, &if range.is_empty() { String::new() } else { format!("({range}") }, "good"))
            }
            (figure(&reader.text("web-plan-changes"), &plan.changes().count().to_string(), &reader.text("web-plan-changes-about"), ""))
        }
        (notes(reader, page))
        div class="stages" {
            @for stage in &plan.stages { (stage_card(shared, reader, known, (stage, refused))) }
        }
        (left_out(reader, page))
        @if !page.runs.is_empty() {
            (card(&reader.text(Tab::Runs.key()), None, &html! {
                ul class="rows" { @for run in &page.runs { li { a href={ "/runs/" (run) } { (run) } } } }
            }))
        }
        (card(&reader.text("web-plan-hash"), None, &html! {
            p { code class="hash" { (page.hash) } }
            @for command in &page.next { pre { code { (command) } } }
        }))
    }
}

fn notes(reader: &Reader, page: &PlanPage<'_>) -> Markup {
    if page.notes.is_empty() {
        return html! {};
    }
    let body = html! {
        ul class="rows" {
            @for note in &page.notes {
                li {
                    div class="row-words" {
                        p { (reader.style.sentence(&note.reason.text)) }
                        @if let Some(change) = &note.change { p class="about" { (change) } }
                    }
                    (ui::status(&words::severity(note.severity, reader.locale()), if note.severity == "error" { "danger" } else { "" }))
                }
            }
        }
    };
    card(&reader.text("web-plan-notes"), None, &body)
}

fn stage_card(
    shared: &Shared,
    reader: &Reader,
    known: &Known,
    (stage, refused): (&Stage, Option<&Refused<'_>>),
) -> Markup {
    let body = html! {
        @for wave in &stage.waves {
            h3 { (words::wave(wave.name, reader.locale())) }
            ul class="rows" { @for change in &wave.changes { (change_row(reader, change)) } }
        }
        (approval(shared, reader, known, (stage, refused)))
    };
    card(stage.environment.as_str(), Some(&words::approval(stage.approval, reader.locale())), &body)
}

fn change_row(reader: &Reader, change: &Change) -> Markup {
    let locale = reader.locale();
    let gates: Vec<String> = change.gates.iter().map(|gate| words::gate(gate, locale)).collect();
    let rows = vec![
        (reader.text("web-change-class"), html! { (words::class(change.class, locale)) }),
        (reader.text("web-change-downtime"), html! { (words::downtime(change, locale)) }),
        (reader.text("web-change-recovery"), html! { (words::recovery(&change.recovery, locale)) }),
        (
            reader.text("web-change-gates"),
            html! {
                @if gates.is_empty() { "–" } @else { ul class="plain" { @for gate in &gates { li { (gate) } } } }
            },
        ),
        (reader.text("web-change-undo"), html! { (resource_words::undo(&change.undo, locale)) }),
    ];
    html! {
        li {
            div class="row-words" {
                a href={ "/recommendations/" (change.recommendation.as_str()) } { (resource_words::resource_name(&change.resource)) }
                p class="about" { (resource_words::change(&change.action, locale)) " · " code { (change.id.as_str()) } }
                details { summary { (reader.text("web-change-details")) } (facts(&rows)) }
            }
            p class="row-amount saved" { (reader.style.monthly(change.estimated_monthly_savings.likely)) }
        }
    }
}

/// Who approved a stage, and the form for whoever has not.
fn approval(
    shared: &Shared,
    reader: &Reader,
    known: &Known,
    (stage, refused): (&Stage, Option<&Refused<'_>>),
) -> Markup {
    let environment = stage.environment.as_str();
    let written = |field| refused.and_then(|one| one.written(environment, field));
    let zone = &reader.style.time_zone;
    let given: Vec<_> = known.approvals.iter().filter(|one| one.stage == environment).collect();
    let is_open = plan::missing(
        &known.stored.plan,
        stage,
        &given.iter().map(|one| (*one).clone()).collect::<Vec<_>>(),
    ) != plan::Missing::Nothing;
    let can_be = is_open && !forbids_approval(&known.findings) && !shared.options.is_read_only;
    let needs_alias = stage.approval != Approval::Hash;
    html! {
        @for one in &given {
            p class="approved" {
                (reader.text_with("web-approved-by", &[("by", &sanitise(&one.by)), ("at", &time::date_time(one.at, zone))]))
            }
        }
        @if can_be {
            form method="post" action={ "/plans/" (known.stored.id.as_str()) "/approve" } class="approve" {
                input type="hidden" name="stage" value=(environment);
                label {
                    (reader.text("web-approve-hash"))
                    input name="hash" value=[written("hash")] required minlength="12" autocomplete="off" spellcheck="false";
                }
                @if needs_alias {
                    label {
                        (reader.text("web-approve-alias"))
                        input name="aliases" value=[written("aliases")] required autocomplete="off" spellcheck="false";
                    }
                }
                label {
                    (reader.text("web-by"))
                    input name="by" value=[written("by")] required maxlength="100" autocomplete="username";
                }
                button type="submit" class="button primary" { (reader.text_with("web-approve", &[("stage", environment)])) }
            }
        } @else if is_open {
            p class="about" { (reader.text("web-approve-not")) }
        }
    }
}

fn left_out(reader: &Reader, page: &PlanPage<'_>) -> Markup {
    if page.plan.left_out.is_empty() {
        return html! {};
    }
    let body = html! {
        ul class="rows" {
            @for one in &page.plan.left_out {
                li {
                    div class="row-words" {
                        p { (resource_words::resource_name(&one.resource)) }
                        p class="about" { (reader.style.sentence(&one.reason.text)) }
                        @if let Some(patch) = &one.patch {
                            details {
                                summary { (reader.text("web-patch")) }
                                pre { code { (sanitise(&patch.text)) } }
                            }
                        }
                    }
                }
            }
        }
    };
    card(&reader.text("web-plan-left-out"), None, &body)
}

/// Approves a stage: the same way as the command line.
pub(crate) async fn approve(
    State(shared): State<Arc<Shared>>,
    reader: Reader,
    Path(id): Path<String>,
    body: Bytes,
) -> Response {
    let given = Query::of(&String::from_utf8_lossy(&body));
    let stage = given.get("stage").and_then(|word| match word {
        "dev" => Some(Environment::Dev),
        "staging" => Some(Environment::Staging),
        "prod" => Some(Environment::Prod),
        _ => None,
    });
    let (Some(stage), Some(by)) = (stage, given.get("by").map(str::to_owned)) else {
        return failed(&shared, &reader, Tab::Plans, &nameless()).into_response();
    };
    let aliases = given.get("aliases").unwrap_or_default();
    let request = ApproveRequest {
        plan: id.clone(),
        stage,
        hash: given.get("hash").unwrap_or_default().to_owned(),
        aliases: aliases
            .split(',')
            .map(|one| one.trim().to_owned())
            .filter(|one| !one.is_empty())
            .collect(),
        by: Some(by),
    };
    let done = blocking::read(&shared, move |shared| {
        if known(shared, &request.plan)?.is_none() {
            return Ok(None);
        }
        plan::approve(shared.state(), &request, now()).map(Some)
    })
    .await;
    match done {
        Ok(Some(_)) => see_other(&format!("/plans/{id}")),
        Ok(None) => missing::not_found(&shared, &reader, Tab::Plans).into_response(),
        Err(failure) => {
            // The page of the plan again, with what was written: it is mended there.
            let reader = Reader { path: format!("/plans/{id}"), ..reader };
            match blocking::read(&shared, move |shared| known(shared, &id)).await {
                Ok(Some(known)) => {
                    let refused = Refused { given: &given, failure: &failure };
                    shown(&shared, &reader, &known, Some(&refused))
                }
                Ok(None) | Err(_) => failed(&shared, &reader, Tab::Plans, &failure).into_response(),
            }
        }
    }
}
