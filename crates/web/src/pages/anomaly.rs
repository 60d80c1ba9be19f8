//! One anomaly: what stands out, what moved with it, and what somebody says of it.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::anomalies::{AnomalyWord, acknowledge, anomaly_kind, reopen_anomaly};
use trimtab_app::pipeline::now;
use trimtab_model::anomaly::{Anomalies, AnomalyItem, AnomalyKind, AnomalyPart};
use trimtab_model::money::Money;
use trimtab_render::document::{kind_word, said_words, standing_word};
use trimtab_render::sanitise;

use super::plans::nameless;
use super::{failed, missing};
use crate::blocking;
use crate::html::{Html, see_other};
use crate::query::{Query, encoded};
use crate::reader::Reader;
use crate::shared::Shared;
use crate::ui::{self, Page, Tab, card, facts, figure};
use crate::view::one_anomaly;

/// Shows the page.
pub(crate) async fn show(
    State(shared): State<Arc<Shared>>,
    reader: Reader,
    Path(id): Path<String>,
) -> Response {
    match blocking::read(&shared, move |shared| one_anomaly(shared, &id)).await {
        Err(failure) => failed(&shared, &reader, Tab::Anomalies, &failure).into_response(),
        Ok(None) => missing::not_found(&shared, &reader, Tab::Anomalies).into_response(),
        Ok(Some((all, item))) => {
            let service = item.of.service.as_deref().map(sanitise);
            let service = service.unwrap_or_else(|| reader.text("web-no-name"));
            let title = format!("{service} · {}", days(&item));
            let trail = reader.text(Tab::Anomalies.key());
            let mut page = Page::of(Tab::Anomalies, &title, body(&shared, &reader, &all, &item));
            page.trail = Some((&trail, "/anomalies"));
            page.about = Some(item.id.to_string());
            let class = if item.standing.is_open() { "danger" } else { "saved" };
            page.actions = ui::status(&standing_word(&item.standing, reader.locale()), class);
            Html::ok(ui::page(&shared, &reader, &page)).into_response()
        }
    }
}

fn days(item: &AnomalyItem) -> String {
    match item.from == item.until {
        true => item.from.to_string(),
        false => format!("{} – {}", item.from, item.until),
    }
}

fn body(shared: &Shared, reader: &Reader, all: &Anomalies, item: &AnomalyItem) -> Markup {
    html! {
        @if let Some(said) = said_words(&item.standing, &reader.style) {
            p class="notice" role="note" { (said) }
        }
        (figures(reader, all, item))
        div class="columns detail" {
            div {
                (parts(reader, item))
                @if item.days.len() > 1 { (by_day(reader, item)) }
            }
            div { @if !shared.options.is_read_only { (decision(reader, all, item)) } }
        }
    }
}

fn figures(reader: &Reader, all: &Anomalies, item: &AnomalyItem) -> Markup {
    let basis = if all.is_effective { "web-basis-effective" } else { "web-basis-billed" };
    let state = if item.is_provisional { "chart-provisional" } else { "chart-settled" };
    let tone = if item.of.is_rise { "warn" } else { "" };
    let style = &reader.style;
    html! {
        div class="figures" {
            (figure(&reader.text("column-difference"), &style.change(item.difference), &reader.text(basis), tone))
            (figure(&reader.text("column-cost"), &style.amount(item.cost), &reader.text(state), ""))
            (figure(&reader.text("column-usual"), &style.amount(item.usual), "", ""))
        }
    }
}

fn parts(reader: &Reader, item: &AnomalyItem) -> Markup {
    let named = |all: &[AnomalyPart]| match (all.is_empty(), item.is_explained) {
        (true, true) => html! { (reader.text("web-anomalies-no-parts")) },
        (true, false) => html! { (reader.text("web-not-known")) },
        (false, _) => html! {
            @for one in all {
                p { (sanitise(&one.key)) " " span class="about" { (reader.style.change(one.difference)) } }
            }
        },
    };
    let account = item.of.account.as_deref().map(sanitise);
    let rows = [
        (
            reader.text("column-account"),
            html! { (account.unwrap_or_else(|| reader.text("web-no-name"))) },
        ),
        (reader.text("column-driver-types"), named(&item.usage_types)),
        (reader.text("column-driver-resources"), named(&item.resources)),
    ];
    // A service leads to its usage types on the days that stand out.
    let query = Query::default()
        .with("service", item.of.service.as_deref())
        .with("account", item.of.account.as_deref())
        .with("group_by", Some("usage-type"))
        .with("from", Some(&item.from.to_string()))
        .with("until", Some(&item.until.to_string()));
    let body = html! {
        (facts(&rows))
        @if item.of.service.is_some() {
            p { a href=(query.on("/cost")) { (reader.text("web-anomaly-cost")) } }
        }
    };
    let about = reader.text("web-anomaly-parts-about");
    card(&reader.text("web-anomaly-parts"), Some(&about), &body)
}

fn by_day(reader: &Reader, item: &AnomalyItem) -> Markup {
    let rows: Vec<(String, Markup)> = item
        .days
        .iter()
        .map(|(date, difference)| (date.to_string(), html! { (reader.style.change(*difference)) }))
        .collect();
    card(&reader.text("web-anomaly-by-day"), None, &facts(&rows))
}

/// What somebody can say of it, and take back.
fn decision(reader: &Reader, all: &Anomalies, item: &AnomalyItem) -> Markup {
    let to = format!("/anomalies/{}/decide", encoded(item.id.as_str()));
    let said = item.standing.acknowledgement();
    let least = all.least_amount.unwrap_or(Money::zero(all.currency));
    let least = reader.style.amount(least);
    let button = if said.is_some() { "web-anomaly-again" } else { "web-anomaly-ack" };
    let kind = said.map_or(AnomalyKind::Expected, |said| said.kind);
    let body = html! {
        form method="post" action=(to) class="stacked" {
            label {
                (reader.text("web-anomaly-as"))
                select name="kind" {
                    @for one in AnomalyKind::ALL {
                        option value=(one.as_str()) selected[one == kind] { (kind_word(one, reader.locale())) }
                    }
                }
            }
            label { (reader.text("web-decide-reason")) input name="reason" required maxlength="500"; }
            label { (reader.text("web-by")) input name="by" required maxlength="100" autocomplete="username"; }
            button class="button primary" name="decision" value="ack" { (reader.text(button)) }
        }
        @if said.is_some() {
            form method="post" action=(to) class="stacked" {
                button class="button" name="decision" value="reopen" { (reader.text("web-anomaly-reopen")) }
            }
        }
        p class="about" { (reader.text_with("web-anomaly-decision-about", &[("amount", &least)])) }
        pre { code { "trimtab anomaly ack " (item.id.as_str()) " --as " (kind.as_str()) " --reason '…'" } }
    };
    card(&reader.text("web-anomaly-decision"), None, &body)
}

/// Keeps what somebody says of an anomaly, or takes it back.
pub(crate) async fn decide(
    State(shared): State<Arc<Shared>>,
    reader: Reader,
    Path(id): Path<String>,
    body: Bytes,
) -> Response {
    let given = Query::of(&String::from_utf8_lossy(&body));
    let done = blocking::read(&shared, move |shared| {
        let Some((_, item)) = one_anomaly(shared, &id)? else { return Ok(None) };
        match given.get("decision") {
            Some("ack") => {
                let word = AnomalyWord {
                    kind: anomaly_kind(given.get("kind").unwrap_or_default())?,
                    reason: given.get("reason").unwrap_or_default().to_owned(),
                    by: Some(given.get("by").ok_or_else(nameless)?.to_owned()),
                };
                acknowledge(shared.state(), &item, &word, now())?;
            }
            Some("reopen") => {
                reopen_anomaly(shared.state(), &item)?;
            }
            _ => return Err(no_decision()),
        }
        Ok(Some(item.id))
    });
    match done.await {
        Ok(Some(id)) => see_other(&format!("/anomalies/{}", encoded(id.as_str()))),
        Ok(None) => missing::not_found(&shared, &reader, Tab::Anomalies).into_response(),
        Err(failure) => failed(&shared, &reader, Tab::Anomalies, &failure).into_response(),
    }
}

fn no_decision() -> Failure {
    Failure::usage(
        ("there is no such decision", "그런 결정이 없습니다"),
        ("ack or reopen", "ack, reopen 중 하나를 보내세요"),
    )
}
