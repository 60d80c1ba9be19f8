//! Recommendations as JSON: what they rest on, what else would do, and what a person decides about them.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::now;
use trimtab_app::pipeline::plan;
use trimtab_model::plan::Plan;
use trimtab_model::recommendation::Recommendation;
use trimtab_model::text::{Language, Text};
use trimtab_render::chart::Point;
use trimtab_render::contract::{recommendation_json, totals_json};

use super::answer;
use super::asked::Asked;
use super::given::Given;
use super::part::{Cut, Part};
use super::shape;
use crate::decision::{Decision, Grounds, decide};
use crate::pages::recommendation::{Detail, found};
use crate::pages::recommendations::listed;
use crate::problem::Problem;
use crate::shared::Shared;
use crate::view::{Course, course, facets_json};

/// Recommendations of one answer where nobody says how many.
const USUAL: usize = 50;

/// Recommendations, the largest first.
#[utoipa::path(get, path = "/api/v1/recommendations", tag = "recommendations",
    params(
        ("filter" = Option<String>, Query, description = "Such as: saving>500usd and risk<=low and env!=prod"),
        ("hidden" = Option<String>, Query, description = "`shown` lists those that were dismissed too"),
        ("account" = Option<String>, Query), ("environment" = Option<String>, Query), ("team" = Option<String>, Query),
    ),
    responses((status = 200, body = shape::RecommendationList, description = "As `trimtab rec list -o json`, with `next`. 50 of them where no limit is given."), (status = 400, body = Problem), (status = 404, body = Problem, description = "Nothing was analysed.")))]
pub(crate) async fn recommendations(asked: Asked) -> Response {
    asked
        .answered(|shared, reader| {
            let part = Part::of(&reader.query, USUAL)?;
            let Some(listed) = listed(shared, &reader.query, |_| true)? else { return Ok(None) };
            let Cut { items, count, next } = part.of_list(listed.items());
            let language = reader.style.language;
            let items: Vec<Value> =
                items.into_iter().map(|item| recommendation_json(item, language)).collect();
            Ok(Some(json!({
                "schema": "trimtab/v1/rec.list",
                "as_of": listed.as_of().to_string(),
                "totals": totals_json(&listed.totals),
                "count": count,
                "hidden": listed.hidden(),
                "facets": facets_json(&listed.facets),
                "items": items,
                "next": next,
            })))
        })
        .await
}

/// One recommendation.
#[utoipa::path(get, path = "/api/v1/recommendations/{id}", tag = "recommendations",
    params(("id" = String, Path)),
    responses((status = 200, body = shape::Recommendation, description = "As an item of the list."), (status = 404, body = Problem)))]
pub(crate) async fn one_recommendation(asked: Asked, Path(id): Path<String>) -> Response {
    asked
        .answered(move |shared, reader| {
            let found = found(shared, &id)?;
            Ok(found.map(|found| recommendation_json(&found.item, reader.style.language)))
        })
        .await
}

/// What else would do, beside what is recommended.
#[utoipa::path(get, path = "/api/v1/recommendations/{id}/options", tag = "recommendations",
    params(("id" = String, Path)),
    responses((status = 200, body = shape::OptionList), (status = 404, body = Problem)))]
pub(crate) async fn options(asked: Asked, Path(id): Path<String>) -> Response {
    asked
        .listed(move |shared, reader| {
            let Some(found) = found(shared, &id)? else { return Ok(None) };
            let whole = recommendation_json(&found.item, reader.style.language);
            Ok(Some(json!({
                "schema": "trimtab/v1/rec.options",
                "id": whole.get("id"),
                "current": whole.get("current"),
                "recommended": whole.get("recommended"),
                "items": whole.get("options"),
            })))
        })
        .await
}

/// What a recommendation rests on.
#[utoipa::path(get, path = "/api/v1/recommendations/{id}/evidence", tag = "recommendations",
    params(("id" = String, Path)),
    responses((status = 200, body = shape::EvidenceOf), (status = 404, body = Problem)))]
pub(crate) async fn evidence(asked: Asked, Path(id): Path<String>) -> Response {
    asked
        .answered(move |shared, reader| {
            let Some(found) = found(shared, &id)? else { return Ok(None) };
            let whole = recommendation_json(&found.item, reader.style.language);
            Ok(Some(json!({
                "schema": "trimtab/v1/rec.evidence",
                "id": whole.get("id"),
                "reason": whole.get("reason"),
                "evidence": whole.get("evidence"),
                "second_opinion": whole.get("second_opinion"),
            })))
        })
        .await
}

/// How a change is made: by a plan, by commands, or by whoever describes the resource.
#[utoipa::path(get, path = "/api/v1/recommendations/{id}/patch", tag = "recommendations",
    params(("id" = String, Path)),
    responses((status = 200, body = shape::PatchOf), (status = 404, body = Problem)))]
pub(crate) async fn patch(asked: Asked, Path(id): Path<String>) -> Response {
    asked
        .answered(move |shared, reader| {
            let Some(found) = found(shared, &id)? else { return Ok(None) };
            let Some(visible) = shared.analysis()? else { return Ok(None) };
            let inventory = shared.inventory()?;
            let of = (visible.whole.as_ref(), inventory.as_deref());
            let planned = plan::preview(&shared.settings, shared.state(), of, &found.item, now())?;
            Ok(Some(patch_json(&found.item, planned, reader.style.language)))
        })
        .await
}

/// Says what a plan of one recommendation would do about it. Why there can be no plan is an answer, too.
fn patch_json(item: &Recommendation, planned: Result<Plan, Text>, language: Language) -> Value {
    let (is_planned, reason, patch) = match planned {
        Ok(plan) => {
            let left = plan.left_out.iter().find(|one| one.recommendation == item.id);
            let reason = left.map(
                |one| json!({"code": one.reason.code, "message": one.reason.text.get(language)}),
            );
            let patch = left.and_then(|one| one.patch.as_ref()).map(
                |patch| json!({"owner": patch.owner, "format": patch.format, "text": patch.text}),
            );
            (plan.changes().any(|one| one.recommendation == item.id), reason, patch)
        }
        Err(why) => (false, Some(json!({"code": "no-plan", "message": why.get(language)})), None),
    };
    json!({
        "schema": "trimtab/v1/rec.patch",
        "id": item.id,
        "is_planned": is_planned,
        "reason": reason,
        "patch": patch,
        "commands": recommendation_json(item, language).get("commands"),
    })
}

/// How the resource of a recommendation was used, and how it would be after the change.
#[utoipa::path(get, path = "/api/v1/recommendations/{id}/series", tag = "recommendations",
    params(("id" = String, Path)),
    responses((status = 200, body = shape::SeriesOf), (status = 404, body = Problem, description = "No such recommendation, or none of its samples is kept.")))]
pub(crate) async fn series(asked: Asked, Path(id): Path<String>) -> Response {
    asked
        .answered(move |shared, _| {
            let Some(found) = found(shared, &id)? else { return Ok(None) };
            let course = course(shared, &found.item, found.as_of)?;
            Ok(course.map(|course| series_json(&course)))
        })
        .await
}

fn series_json(course: &Course) -> Value {
    let points = |points: &[Point]| -> Vec<Value> {
        points.iter().map(|point| json!([point.at.to_string(), point.value])).collect()
    };
    let panels: Vec<Value> = course
        .panels
        .iter()
        .map(|panel| {
            json!({
                "name": panel.name,
                "namespace": panel.namespace,
                "metric": panel.metric,
                "statistic": panel.statistic,
                "period_seconds": panel.period_seconds,
                "unit": panel.unit.as_str(),
                "limit": panel.limit,
                "measured": points(&panel.points),
                "projected": panel.after().map(|after| points(&after)),
            })
        })
        .collect();
    json!({
        "schema": "trimtab/v1/rec.series",
        "from": course.window.start().to_string(),
        "until": course.window.end().to_string(),
        "panels": panels,
    })
}

/// Why a recommendation is dismissed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dismissal {
    /// Why: 500 characters at most.
    reason: String,
    /// The last day on which it stays hidden, as 2026-12-31; for ever where absent.
    until: Option<String>,
}

/// Hides a recommendation.
#[utoipa::path(post, path = "/api/v1/recommendations/{id}/dismiss", tag = "recommendations",
    params(("id" = String, Path)), request_body = Dismissal,
    responses((status = 200, body = shape::Decided, description = "As `trimtab rec show -o json`."), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn dismiss(
    asked: Asked,
    Path(id): Path<String>,
    Given(given): Given<Dismissal>,
) -> Result<Response, Problem> {
    decided(asked, id, Decision::Dismiss, Some(given.reason), given.until).await
}

/// Why a recommendation is put off, and until when.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Postponement {
    /// Why: 500 characters at most.
    reason: String,
    /// The last day on which it stays hidden, as 2026-12-31.
    until: String,
}

/// Puts a recommendation off until a day.
#[utoipa::path(post, path = "/api/v1/recommendations/{id}/snooze", tag = "recommendations",
    params(("id" = String, Path)), request_body = Postponement,
    responses((status = 200, body = shape::Decided, description = "As `trimtab rec show -o json`."), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn snooze(
    asked: Asked,
    Path(id): Path<String>,
    Given(given): Given<Postponement>,
) -> Result<Response, Problem> {
    decided(asked, id, Decision::Snooze, Some(given.reason), Some(given.until)).await
}

/// Nothing but an object without fields, or no body.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// Shows a recommendation again that was dismissed or put off.
#[utoipa::path(post, path = "/api/v1/recommendations/{id}/reopen", tag = "recommendations",
    params(("id" = String, Path)),
    responses((status = 200, body = shape::Decided, description = "As `trimtab rec show -o json`."), (status = 404, body = Problem)))]
pub(crate) async fn reopen(
    asked: Asked,
    Path(id): Path<String>,
    Given(Nothing {}): Given<Nothing>,
) -> Result<Response, Problem> {
    decided(asked, id, Decision::Reopen, None, None).await
}

async fn decided(
    asked: Asked,
    id: String,
    decision: Decision,
    reason: Option<String>,
    until: Option<String>,
) -> Result<Response, Problem> {
    let decided = asked.acted(move |shared, reader| {
        let Some(detail) = found(shared, &id)? else { return Ok(None) };
        let grounds = Grounds { reason: reason.as_deref(), until: until.as_deref() };
        decide(shared, &detail.item.id, decision, grounds)?;
        shown(shared, &id, reader.style.language)
    });
    Ok(answer::done(StatusCode::OK, &decided.await?))
}

/// Returns a recommendation with what holds of it now.
fn shown(shared: &Shared, id: &str, language: Language) -> Result<Option<Value>, Failure> {
    let Some(Detail { item, disposition, .. }) = found(shared, id)? else { return Ok(None) };
    let disposition = disposition.map(|one| {
        let last = one.until.and_then(|open| open.yesterday().ok());
        json!({"kind": one.kind.as_str(), "reason": one.reason, "until": last})
    });
    Ok(Some(json!({
        "schema": "trimtab/v1/rec.show",
        "item": recommendation_json(&item, language),
        "disposition": disposition,
    })))
}
