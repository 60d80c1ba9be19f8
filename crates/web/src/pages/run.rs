//! One run: is it going well right now?

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use trimtab_app::failure::Failure;
use trimtab_app::pages::run_page;
use trimtab_app::pipeline::now;
use trimtab_app::pipeline::plan::{self, KeptPlan};
use trimtab_app::pipeline::runs::{self, RolledBack, Run, WishWord};
use trimtab_model::id::ChangeId;
use trimtab_model::journal::ChangeOutcome;
use trimtab_render::chart::{Caption, Size};
use trimtab_render::document::rollout::measured;
use trimtab_render::document::run::{RunChange, RunPage, RunPhase, run_line, words};
use trimtab_render::document::words as resource_words;
use trimtab_render::{sanitise, time};

use super::plans::nameless;
use super::{failed, missing};
use crate::blocking;
use crate::html::{Html, see_other};
use crate::query::Query;
use crate::reader::Reader;
use crate::shared::Shared;
use crate::ui::{self, Chart, Page, Tab, WIDE, card, figure};
use crate::view::{ChangeGates, RunGates, run_gates};

/// Events that the page shows; all of them are in the change record.
const LATEST: usize = 200;

/// What the address of a run's page names the change by whose gates are drawn.
const GATES: &str = "gates";

/// Returns the run of exactly this identifier, and its plan.
///
/// # Errors
/// Fails if the state cannot be read.
pub(crate) fn found(shared: &Shared, id: &str) -> Result<Option<(Run, KeptPlan)>, Failure> {
    let run = runs::list(shared.state())?.into_iter().find(|run| run.record.id.as_str() == id);
    let Some(run) = run else { return Ok(None) };
    let stored = plan::find(shared.state(), run.record.plan.as_str())?;
    Ok(Some((run, stored)))
}

/// Shows the page.
pub(crate) async fn show(
    State(shared): State<Arc<Shared>>,
    reader: Reader,
    Path(id): Path<String>,
) -> Response {
    let chosen = reader.query.get(GATES).map(str::to_owned);
    let read = move |shared: &Shared| {
        let Some((run, stored)) = found(shared, &id)? else { return Ok(None) };
        let drawn = drawn(&run_page(&run, &stored), chosen.as_deref());
        // Charts are missed; what a run is told to do is not.
        let gates = run_gates(shared, &run, &stored.plan, |change| drawn.contains(change));
        Ok(Some((run, stored, gates)))
    };
    match blocking::read(&shared, read).await {
        Err(failure) => failed(&shared, &reader, Tab::Runs, &failure).into_response(),
        Ok(None) => missing::not_found(&shared, &reader, Tab::Runs).into_response(),
        Ok(Some((run, stored, gates))) => {
            let title = run.record.id.to_string();
            let trail = reader.text(Tab::Runs.key());
            let body = body(&shared, &reader, (&run, &stored), &gates);
            let mut page = Page::of(Tab::Runs, &title, body);
            page.trail = Some((&trail, "/runs"));
            Html::ok(ui::page(&shared, &reader, &page)).into_response()
        }
    }
}

/// Returns the changes whose gates are drawn: those that are watched, held or taken back, and the one
/// that somebody asks for.
fn drawn(page: &RunPage<'_>, chosen: Option<&str>) -> BTreeSet<ChangeId> {
    let is_drawn = |one: &&RunChange<'_>| match one.phase {
        RunPhase::Soaking | RunPhase::Passed | RunPhase::Held | RunPhase::Back => true,
        RunPhase::Closed(ChangeOutcome::Original | ChangeOutcome::NeedsOperator) => true,
        RunPhase::Waiting | RunPhase::Forward | RunPhase::Closed(_) => {
            chosen == Some(one.change.id.as_str())
        }
    };
    page.changes.iter().filter(is_drawn).map(|one| one.change.id.clone()).collect()
}

fn body(
    shared: &Shared,
    reader: &Reader,
    (run, stored): (&Run, &KeptPlan),
    gates: &Result<RunGates, Failure>,
) -> Markup {
    let page = run_page(run, stored);
    let card = |one: &RunChange<'_>| {
        let id = one.change.id.as_str();
        let all = gates.iter().flat_map(|gates| &gates.items);
        change_card(reader, one, all.into_iter().find(|gates| gates.change == id))
    };
    let address = reader.address();
    // A page that is looked at while it changes fetches itself anew when something happened, and without a script
    // it is a page.
    let every = run.is_open().then_some("trimtab:happened, every 30s");
    let seen = run.journal.as_ref().ok().and_then(|journal| journal.entries().last());
    let after = seen.map(|entry| format!("?after={}", entry.number)).unwrap_or_default();
    let events = format!("/api/v1/runs/{}/events{after}", run.record.id);
    html! {
        div id="run" data-events=[every.map(|_| events.as_str())] data-hx-get=[every.map(|_| address.as_str())] data-hx-trigger=[every]
            data-hx-select=[every.map(|_| "#run")] data-hx-target=[every.map(|_| "#run")]
            data-hx-swap=[every.map(|_| "outerMorph")] {
            (head(reader, &page))
            @if let Some(cause) = &page.damaged {
                p class="notice danger" role="alert" { (reader.text("run-damaged")) " " (reader.style.sentence(cause)) }
            }
            @if let Err(failure) = gates {
                p class="notice" role="note" { (reader.text("web-gates-unread")) " " (reader.style.sentence(&failure.message)) }
            }
            @for reason in &page.halted {
                p class="notice" role="note" { (reader.style.sentence(&reason.text)) }
            }
            (controls(shared, reader, run))
            (way_back(shared, reader, run, stored))
            div class="stages" { @for change in &page.changes { (card(change)) } }
            (log(reader, run, stored))
        }
    }
}

fn head(reader: &Reader, page: &RunPage<'_>) -> Markup {
    let locale = reader.locale();
    let of = |wanted: fn(RunPhase) -> bool| {
        page.changes.iter().filter(|one| wanted(one.phase)).count().to_string()
    };
    let closed = of(|phase| matches!(phase, RunPhase::Closed(_)));
    let held = page.changes.iter().filter(|one| one.phase == RunPhase::Held).count();
    let held_about = if held > 0 { reader.text("web-run-held-about") } else { String::new() };
    let begun = reader.text_with(
        "run-begun",
        &[
            ("at", &time::date_time(page.started_at, &reader.style.time_zone)),
            ("by", &page.operator.as_deref().map_or_else(|| "–".to_owned(), sanitise)),
        ],
    );
    html! {
        p class="about" {
            (begun) " · " a href={ "/plans/" (page.plan_id) } { (page.plan_id) }
            @if page.is_simulated { " · " (reader.text("run-simulated")) }
        }
        div class="figures" {
            (figure(&reader.text("column-status"), &words::run_outcome(page.outcome, locale), "", ""))
            (figure(&reader.text("web-run-closed"), &closed, &reader.text_with("web-run-of", &[("count", &page.changes.len().to_string())]), ""))
            (figure(&reader.text("web-run-held"), &held.to_string(), &held_about, ""))
        }
    }
}

fn controls(shared: &Shared, reader: &Reader, run: &Run) -> Markup {
    if shared.options.is_read_only || !run.is_open() || run.record.is_simulated {
        return html! {};
    }
    let is_paused = runs::is_paused(shared.state(), run).unwrap_or(false);
    html! {
        form method="post" action={ "/runs/" (run.record.id.as_str()) "/wish" } class="choice-form" {
            label for="by" { (reader.text("web-by")) }
            input id="by" name="by" required maxlength="100" autocomplete="username";
            @if is_paused {
                button class="button" name="wish" value="resume" { (reader.text("web-run-resume")) }
            } @else {
                button class="button" name="wish" value="pause" { (reader.text("web-run-pause")) }
            }
            button class="button danger" name="wish" value="cancel" { (reader.text("web-run-cancel")) }
            p class="about" { (reader.text("web-run-control-about")) }
        }
    }
}

/// The way back from a run that is over, where there is one: a plan of its own, to be approved like any other.
fn way_back(shared: &Shared, reader: &Reader, run: &Run, stored: &KeptPlan) -> Markup {
    let is_possible = !run.record.is_simulated && runs::leads_back(run, stored, now());
    if shared.options.is_read_only || !is_possible {
        return html! {};
    }
    let id = run.record.id.as_str();
    let body = html! {
        form method="post" action={ "/runs/" (id) "/wish" } class="choice-form" {
            label for="back-by" { (reader.text("web-by")) }
            input id="back-by" name="by" required maxlength="100" autocomplete="username";
            button class="button danger" name="wish" value="rollback" { (reader.text("web-run-back")) }
            p class="about" { (reader.text("web-run-back-about")) }
        }
        pre { code { "trimtab rollback " (id) } }
    };
    card(&reader.text("web-run-back-title"), None, &body)
}

fn change_card(reader: &Reader, one: &RunChange<'_>, gates: Option<&ChangeGates>) -> Markup {
    let locale = reader.locale();
    let change = one.change;
    let class = match one.phase {
        RunPhase::Held | RunPhase::Back => "danger",
        RunPhase::Forward | RunPhase::Soaking => "info",
        RunPhase::Passed | RunPhase::Closed(_) | RunPhase::Waiting => "",
    };
    let body = html! {
        p class="about" { (resource_words::change(&change.action, locale)) " · " code { (change.id.as_str()) } }
        p {
            (ui::status(&words::phase(one.phase, locale), class)) " "
            @if let Some(since) = one.since { span class="about" { (time::date_time(since, &reader.style.time_zone)) } }
        }
        @if let Some(reason) = &one.reason { p { (reader.style.sentence(&reason.text)) } }
        @if let Some(verdict) = &one.verdict {
            p { strong { (words::gate_state(verdict.state, locale)) } }
            ul class="plain" { @for reason in &verdict.reasons { li { (reader.style.sentence(&reason.text)) } } }
        }
        @match gates {
            Some(gates) => { (measured_gates(reader, one, gates)) }
            None if one.verdict.is_some() => { (judged(reader, one)) }
            None => {}
        }
        @if !one.manual.is_empty() {
            p { (reader.text("run-manual")) }
            @for command in &one.manual { pre { code { (sanitise(command)) } } }
        }
    };
    let title = format!("{} · {}", one.stage, resource_words::resource_name(&change.resource));
    match gates {
        // A chart needs the whole width.
        Some(_) => html! { div class="whole-row" { (card(&title, None, &body)) } },
        None => card(&title, None, &body),
    }
}

/// What the gates of a change measured, beside their limits and what they are compared with.
fn measured_gates(reader: &Reader, one: &RunChange<'_>, gates: &ChangeGates) -> Markup {
    let title = reader.text("web-gates");
    let resource = resource_words::resource_name(&one.change.resource);
    let lines =
        |id: String| gates.lines(Caption::new(&id, title.clone(), resource.clone()), &reader.style);
    let id = one.change.id.as_str();
    let (wide, narrow) = (lines(format!("gates-{id}")), lines(format!("gates-{id}-narrow")));
    let at = |moment| time::date_time(moment, &reader.style.time_zone);
    let (from, until) = (at(wide.from), at(wide.to));
    let quiet = gates.quiet(reader.locale()).join(", ");
    html! {
        h3 { (title) }
        p class="about" { (reader.text_with("web-gates-about", &[("from", &from), ("until", &until)])) }
        @if !quiet.is_empty() {
            p class="about" { (reader.text_with("web-gates-quiet", &[("signals", &quiet)])) }
        }
        (ui::chart(reader, &Chart {
            wide: &wide.draw(Size::of(WIDE), &reader.style),
            narrow: &narrow.draw(Size::NARROW, &reader.style),
            legend: &wide.legend(),
            table: &wide.table(&reader.style),
            caption: &title,
        }))
        (figures(reader, one))
    }
}

/// What was judged, where no points are drawn, and the way to them.
fn judged(reader: &Reader, one: &RunChange<'_>) -> Markup {
    let id = one.change.id.as_str();
    let is_asked = reader.query.get(GATES) == Some(id);
    html! {
        (figures(reader, one))
        @if is_asked {
            p class="about" { (reader.text("web-gates-none")) }
        } @else {
            p { a href=(reader.query.with(GATES, Some(id)).on(&reader.path)) { (reader.text("web-gates-show")) } }
        }
    }
}

/// The figures of the latest verdict beside what they are held against.
fn figures(reader: &Reader, one: &RunChange<'_>) -> Markup {
    let all = one.verdict.as_ref().map(measured).unwrap_or_default();
    html! {
        @if !all.is_empty() {
            details class="as-table" {
                summary { (reader.text("web-gates-judged")) }
                ul class="plain" { @for figure in &all { li { (figure.words(reader.locale())) } } }
            }
        }
    }
}

fn log(reader: &Reader, run: &Run, stored: &KeptPlan) -> Markup {
    let Ok(journal) = &run.journal else { return html! {} };
    let entries = journal.entries();
    let latest = entries.iter().skip(entries.len().saturating_sub(LATEST)).rev();
    let body = html! {
        ol class="log" {
            @for entry in latest { li { (run_line(entry, &stored.plan, &reader.style)) } }
        }
    };
    card(&reader.text("web-run-log"), Some(&reader.text("web-run-log-about")), &body)
}

/// Takes a run back; returns the plan that leads back where the run is over, and none where it was asked to end.
///
/// # Errors
/// Fails where the run changed nothing, or nothing of it can be taken back.
pub(crate) fn rolled_back(
    shared: &Shared,
    run: &Run,
    stored: &KeptPlan,
    by: &str,
) -> Result<Option<String>, Failure> {
    if run.record.is_simulated {
        return Err(Failure::usage(
            (
                "this run was simulated and changed no account",
                "실제 계정을 바꾸지 않은 시뮬레이션 실행입니다",
            ),
            ("roll back a run that changed an account", "실제로 변경한 실행만 되돌릴 수 있습니다"),
        ));
    }
    match runs::roll_back(shared.state(), run, stored, None, (by, now()))? {
        RolledBack::Asked => Ok(None),
        RolledBack::Planned(planned) => Ok(Some(planned.stored.id.to_string())),
    }
}

/// Writes down what a person wants of a run: whoever carries it out hears it before its next call.
pub(crate) async fn wish(
    State(shared): State<Arc<Shared>>,
    reader: Reader,
    Path(id): Path<String>,
    body: Bytes,
) -> Response {
    let given = Query::of(&String::from_utf8_lossy(&body));
    let Some(by) = given.get("by").map(str::to_owned) else {
        return failed(&shared, &reader, Tab::Runs, &nameless()).into_response();
    };
    let word = given.get("wish").unwrap_or_default().to_owned();
    let wanted = id.clone();
    let done = blocking::read(&shared, move |shared| {
        let Some((run, stored)) = found(shared, &wanted)? else { return Ok(None) };
        let state = shared.state();
        let by = plan::operator(Some(&by))?;
        match word.as_str() {
            "pause" => runs::ask(state, &run, WishWord::Pause, &by)?,
            "cancel" => runs::ask(state, &run, WishWord::Cancel, &by)?,
            "resume" => runs::unpause(state, &run, &by).map(drop)?,
            "rollback" => return rolled_back(shared, &run, &stored, &by).map(Some),
            _ => {
                return Err(Failure::usage(
                    ("there is no such wish", "그런 요청이 없습니다"),
                    (
                        "pause, resume, cancel, or rollback of a run that changed an account",
                        "pause, resume, cancel 중 하나를 보내세요. 실제로 변경한 실행에는 rollback도 됩니다",
                    ),
                ));
            }
        }
        Ok(Some(None))
    })
    .await;
    match done {
        Ok(Some(None)) => see_other(&format!("/runs/{id}")),
        Ok(Some(Some(plan))) => see_other(&format!("/plans/{plan}")),
        Ok(None) => missing::not_found(&shared, &reader, Tab::Runs).into_response(),
        Err(failure) => failed(&shared, &reader, Tab::Runs, &failure).into_response(),
    }
}
