//! What each path of the API answers.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};

use trimtab_app::failure::Failure;
use trimtab_app::pages::{plan_page, run_page};
use trimtab_app::pipeline::demo::clock;
use trimtab_app::pipeline::now;
use trimtab_render::contract::{
    analysis_json, plan_json, plan_list_json, recommendation_json, run_json,
};
use trimtab_render::document::plan::PlanPage;

use super::answer::made;
use crate::blocking;
use crate::pages::data::{
    Listed, listed, plan_known, plans_known, recommendation, run_found, runs_found,
};
use crate::problem::Problem;
use crate::reader::Reader;
use crate::shared::Shared;
use crate::view::{Overview, Spending, overview, spending};

/// Recommendations of one answer at most, and where nobody says how many.
const MOST: usize = 500;
const USUAL: usize = 50;

/// Whether the server answers.
#[utoipa::path(get, path = "/api/v1/health", tag = "server", responses((status = 200, description = "It answers.")))]
pub(crate) async fn health() -> Response {
    super::answer::json(&HeaderMap::new(), &json!({"status": "ok"}))
}

/// What the first page says.
#[utoipa::path(get, path = "/api/v1/overview", tag = "cost",
    responses((status = 200, body = Overview), (status = 500, body = Problem)))]
pub(crate) async fn first(
    State(shared): State<Arc<Shared>>,
    reader: Reader,
    headers: HeaderMap,
) -> Response {
    let found = blocking::read(&shared, overview).await.map(Some);
    made(&headers, reader.style.language, found)
}

/// Cost by one thing, in one stretch of time, beside the stretch before.
#[utoipa::path(get, path = "/api/v1/costs", tag = "cost",
    params(
        ("group_by" = Option<String>, Query, description = "service, account, region, usage-type, resource or category"),
        ("basis" = Option<String>, Query, description = "effective, billed or list"),
        ("from" = Option<String>, Query, description = "First day, UTC"),
        ("until" = Option<String>, Query, description = "Last day, UTC"),
        ("service" = Option<String>, Query), ("account" = Option<String>, Query),
        ("region" = Option<String>, Query), ("resource" = Option<String>, Query),
    ),
    responses((status = 200, body = Spending), (status = 400, body = Problem), (status = 404, body = Problem, description = "No bill was ingested.")))]
pub(crate) async fn costs(
    State(shared): State<Arc<Shared>>,
    reader: Reader,
    headers: HeaderMap,
) -> Response {
    let query = reader.query.clone();
    let found = blocking::read(&shared, move |shared| spending(shared, &query)).await;
    made(&headers, reader.style.language, found)
}

/// Recommendations, the largest first.
#[utoipa::path(get, path = "/api/v1/recommendations", tag = "recommendations",
    params(
        ("filter" = Option<String>, Query, description = "Such as: saving>500usd and risk<=low and env!=prod"),
        ("hidden" = Option<String>, Query, description = "`shown` lists those that were dismissed too"),
        ("cursor" = Option<usize>, Query, description = "`next` of the answer before"),
        ("limit" = Option<usize>, Query, description = "At most 500"),
    ),
    responses((status = 200, description = "As `trimtab rec list -o json`, with `next`."), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn recommendations(
    State(shared): State<Arc<Shared>>,
    reader: Reader,
    headers: HeaderMap,
) -> Response {
    let query = reader.query.clone();
    let language = reader.style.language;
    let found = blocking::read(&shared, move |shared| {
        let limit = number(query.get("limit")).unwrap_or(USUAL).min(MOST);
        let start = number(query.get("cursor")).unwrap_or(0);
        let Some(Listed { mut analysis, hidden }) = listed(shared, &query)? else {
            return Ok(None);
        };
        let all = analysis.items.len();
        let rest = analysis.items.split_off(start.min(all));
        analysis.items = rest.into_iter().take(limit).collect();
        let end = start + analysis.items.len();
        let whole = analysis_json(&analysis, language);
        Ok(Some(json!({
            "schema": "trimtab/v1/rec.list",
            "as_of": whole.get("as_of"),
            "totals": whole.get("totals"),
            "count": all,
            "hidden": hidden,
            "items": whole.get("items"),
            "next": (end < all).then(|| end.to_string()),
        })))
    })
    .await;
    made(&headers, language, found)
}

/// One recommendation.
#[utoipa::path(get, path = "/api/v1/recommendations/{id}", tag = "recommendations",
    params(("id" = String, Path)),
    responses((status = 200, description = "As an item of the list."), (status = 404, body = Problem)))]
pub(crate) async fn one_recommendation(
    State(shared): State<Arc<Shared>>,
    reader: Reader,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    let language = reader.style.language;
    let found = blocking::read(&shared, move |shared| {
        let found = recommendation(shared, &id)?;
        Ok(found.map(|item| recommendation_json(&item, language)))
    })
    .await;
    made(&headers, language, found)
}

/// Sources of data: what is there, what is missing, what it would unlock.
#[utoipa::path(get, path = "/api/v1/coverage", tag = "coverage",
    responses((status = 200, description = "As `coverage` of an analysis."), (status = 404, body = Problem)))]
pub(crate) async fn coverage(
    State(shared): State<Arc<Shared>>,
    reader: Reader,
    headers: HeaderMap,
) -> Response {
    let language = reader.style.language;
    let found = blocking::read(&shared, move |shared| {
        let Some(visible) = shared.analysis()? else { return Ok(None) };
        let whole = analysis_json(&visible.open, language);
        Ok(whole.get("coverage").cloned())
    })
    .await;
    made(&headers, language, found)
}

/// Plans, the newest first.
#[utoipa::path(get, path = "/api/v1/plans", tag = "plans",
    responses((status = 200, description = "As `trimtab plan list -o json`.")))]
pub(crate) async fn plans(
    State(shared): State<Arc<Shared>>,
    reader: Reader,
    headers: HeaderMap,
) -> Response {
    let found = blocking::read(&shared, move |shared| {
        let all = plans_known(shared)?;
        let now = now();
        let pages: Vec<PlanPage<'_>> = all
            .iter()
            .map(|known| plan_page(known, clock(&known.stored.plan, now)))
            .collect::<Result<_, Failure>>()?;
        Ok(Some(plan_list_json(&pages)))
    })
    .await;
    made(&headers, reader.style.language, found)
}

/// One plan.
#[utoipa::path(get, path = "/api/v1/plans/{id}", tag = "plans", params(("id" = String, Path)),
    responses((status = 200, description = "As `trimtab plan show -o json`."), (status = 404, body = Problem)))]
pub(crate) async fn one_plan(
    State(shared): State<Arc<Shared>>,
    reader: Reader,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    let language = reader.style.language;
    let found = blocking::read(&shared, move |shared| {
        let Some(known) = plan_known(shared, &id)? else { return Ok(None) };
        let page = plan_page(&known, clock(&known.stored.plan, now()))?;
        Ok(Some(plan_json(&page, language)))
    })
    .await;
    made(&headers, language, found)
}

/// Runs, the newest first.
#[utoipa::path(get, path = "/api/v1/runs", tag = "runs",
    responses((status = 200, description = "`items[]` as `trimtab run show -o json`.")))]
pub(crate) async fn runs(
    State(shared): State<Arc<Shared>>,
    reader: Reader,
    headers: HeaderMap,
) -> Response {
    let language = reader.style.language;
    let found = blocking::read(&shared, move |shared| {
        let all = runs_found(shared)?;
        let items: Vec<Value> =
            all.iter().map(|(run, stored)| run_json(&run_page(run, stored), language)).collect();
        Ok(Some(json!({"schema": "trimtab/v1/run.list", "items": items, "next": null})))
    })
    .await;
    made(&headers, language, found)
}

/// One run.
#[utoipa::path(get, path = "/api/v1/runs/{id}", tag = "runs", params(("id" = String, Path)),
    responses((status = 200, description = "As `trimtab run show -o json`."), (status = 404, body = Problem)))]
pub(crate) async fn one_run(
    State(shared): State<Arc<Shared>>,
    reader: Reader,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    let language = reader.style.language;
    let found = blocking::read(&shared, move |shared| {
        let found = run_found(shared, &id)?;
        Ok(found.map(|(run, stored)| run_json(&run_page(&run, &stored), language)))
    })
    .await;
    made(&headers, language, found)
}

fn number(text: Option<&str>) -> Option<usize> {
    text.and_then(|text| text.parse().ok())
}
