//! What each path of the API answers.

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};

use trimtab_app::failure::Failure;
use trimtab_app::pages::{plan_page, run_page};
use trimtab_app::pipeline::demo::clock;
use trimtab_app::pipeline::now;
use trimtab_render::chart::Point;
use trimtab_render::contract::{
    allocation_json, analysis_json, plan_json, plan_list_json, recommendation_json, run_json,
};
use trimtab_render::document::plan::PlanPage;

use super::answer;
use super::asked::Asked;
use crate::pages::recommendations::{Listed, listed};
use crate::pages::{plan, plans, recommendation, run, runs};
use crate::problem::Problem;
use crate::query::Query;
use crate::view::{
    self, Anomalies, Budgets, Commitments, CostBridge, Course, Hours, Overview, Savings, Spending,
    allocated, anomalies, bridge, budgets, commitments, course, hours, overview, savings, spending,
};

/// Recommendations of one answer at most, and where nobody says how many.
const MOST: usize = 500;
const USUAL: usize = 50;

/// Whether the server answers.
#[utoipa::path(get, path = "/api/v1/health", tag = "server", responses((status = 200, description = "It answers.")))]
pub(crate) async fn health() -> Response {
    answer::json(&HeaderMap::new(), &json!({"status": "ok"}))
}

/// What the first page says.
#[utoipa::path(get, path = "/api/v1/overview", tag = "cost",
    responses((status = 200, body = Overview), (status = 500, body = Problem)))]
pub(crate) async fn first(asked: Asked) -> Response {
    asked.answered(|shared, _| overview(shared).map(Some)).await
}

/// Cost by one thing, in one stretch of time, beside the stretch before.
#[utoipa::path(get, path = "/api/v1/costs", tag = "cost",
    params(
        ("group_by" = Option<String>, Query, description = "service, account, environment, team, region, usage-type, resource or category"),
        ("basis" = Option<String>, Query, description = "effective, billed or list"),
        ("from" = Option<String>, Query, description = "First day, UTC"),
        ("until" = Option<String>, Query, description = "Last day, UTC"),
        ("against_from" = Option<String>, Query, description = "First day of the stretch to compare with; the one before where absent"),
        ("against_until" = Option<String>, Query, description = "Its last day"),
        ("service" = Option<String>, Query), ("account" = Option<String>, Query),
        ("region" = Option<String>, Query), ("resource" = Option<String>, Query),
        ("environment" = Option<String>, Query), ("team" = Option<String>, Query),
        ("usage_type" = Option<String>, Query),
    ),
    responses((status = 200, body = Spending), (status = 400, body = Problem), (status = 404, body = Problem, description = "No bill was ingested.")))]
pub(crate) async fn costs(asked: Asked) -> Response {
    asked.answered(|shared, reader| spending(shared, &reader.query)).await
}

/// Whose cost it is, in one stretch of time.
#[utoipa::path(get, path = "/api/v1/allocation", tag = "cost",
    params(
        ("by" = Option<String>, Query, description = "One way to divide it, such as team; every way where absent"),
        ("from" = Option<String>, Query, description = "First day, UTC"),
        ("until" = Option<String>, Query, description = "Last day, UTC"),
    ),
    responses((status = 200, description = "As `trimtab cost allocation -o json`, with the days."), (status = 400, body = Problem), (status = 404, body = Problem, description = "No bill was ingested.")))]
pub(crate) async fn allocation(asked: Asked) -> Response {
    asked
        .answered(|shared, reader| {
            let found = allocated(shared, &reader.query)?;
            Ok(found.map(|found| {
                let mut json = allocation_json(&found.all);
                if let Some(fields) = json.as_object_mut() {
                    fields.insert("from".to_owned(), json!(found.from));
                    fields.insert("until".to_owned(), json!(found.until));
                    fields.insert("missing_days".to_owned(), json!(found.missing_days));
                }
                json
            }))
        })
        .await
}

/// What made the difference between a month and the one before.
#[utoipa::path(get, path = "/api/v1/costs/bridge", tag = "cost",
    params(("month" = Option<String>, Query, description = "As 2026-10; the last whole month where absent")),
    responses((status = 200, body = CostBridge), (status = 400, body = Problem), (status = 404, body = Problem, description = "No bill of a whole month was ingested.")))]
pub(crate) async fn costs_bridge(asked: Asked) -> Response {
    asked.answered(|shared, reader| bridge(shared, &reader.query)).await
}

/// One day by hour, where the bill has hours.
#[utoipa::path(get, path = "/api/v1/costs/hours", tag = "cost",
    params(
        ("day" = String, Query, description = "The day"),
        ("day_of" = Option<String>, Query, description = "utc or kst: where the day begins"),
        ("basis" = Option<String>, Query, description = "effective or billed"),
        ("service" = Option<String>, Query), ("account" = Option<String>, Query),
        ("region" = Option<String>, Query), ("resource" = Option<String>, Query),
    ),
    responses((status = 200, body = Hours), (status = 400, body = Problem), (status = 404, body = Problem, description = "No day was asked for, or no bill was ingested.")))]
pub(crate) async fn costs_hours(asked: Asked) -> Response {
    asked
        .answered(|shared, reader| {
            let day = view::day(&reader.query, "day")?;
            hours(shared, &reader.query, day)
        })
        .await
}

/// How far savings have come, and what became of each change.
#[utoipa::path(get, path = "/api/v1/savings", tag = "savings",
    responses((status = 200, body = Savings), (status = 404, body = Problem, description = "Nothing was analysed or planned.")))]
pub(crate) async fn all_savings(asked: Asked) -> Response {
    asked.answered(|shared, _| savings(shared)).await
}

/// Savings Plans and reservations: what was paid, what it covered, and when it ends.
#[utoipa::path(get, path = "/api/v1/commitments", tag = "cost",
    responses((status = 200, body = Commitments), (status = 404, body = Problem, description = "Neither a bill nor an inventory names a commitment.")))]
pub(crate) async fn all_commitments(asked: Asked) -> Response {
    asked.answered(|shared, _| commitments(shared)).await
}

/// Days that stand out in the bill, by service and account.
#[utoipa::path(get, path = "/api/v1/anomalies", tag = "cost",
    responses((status = 200, body = Anomalies), (status = 404, body = Problem, description = "No bill by day was ingested.")))]
pub(crate) async fn all_anomalies(asked: Asked) -> Response {
    asked.answered(|shared, _| anomalies(shared)).await
}

/// The month under way beside its budgets.
#[utoipa::path(get, path = "/api/v1/budgets", tag = "cost",
    responses((status = 200, body = Budgets), (status = 404, body = Problem, description = "There is neither a budget nor a bill.")))]
pub(crate) async fn all_budgets(asked: Asked) -> Response {
    asked.answered(|shared, _| budgets(shared)).await
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
pub(crate) async fn recommendations(asked: Asked) -> Response {
    asked
        .answered(|shared, reader| {
            let query = &reader.query;
            let limit = number(query, "limit")?.unwrap_or(USUAL).min(MOST);
            if limit == 0 {
                return Err(not_a_number("limit", "0"));
            }
            let start = number(query, "cursor")?.unwrap_or(0);
            let Some(Listed { mut analysis, hidden }) = listed(shared, query, |_| true)? else {
                return Ok(None);
            };
            let all = analysis.items.len();
            let rest = analysis.items.split_off(start.min(all));
            analysis.items = rest.into_iter().take(limit).collect();
            let end = start.saturating_add(analysis.items.len());
            let whole = analysis_json(&analysis, reader.style.language);
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
        .await
}

/// One recommendation.
#[utoipa::path(get, path = "/api/v1/recommendations/{id}", tag = "recommendations",
    params(("id" = String, Path)),
    responses((status = 200, description = "As an item of the list."), (status = 404, body = Problem)))]
pub(crate) async fn one_recommendation(asked: Asked, Path(id): Path<String>) -> Response {
    asked
        .answered(move |shared, reader| {
            let found = recommendation::found(shared, &id)?;
            Ok(found.map(|found| recommendation_json(&found.item, reader.style.language)))
        })
        .await
}

/// How the resource of a recommendation was used, and how it would be after the change.
#[utoipa::path(get, path = "/api/v1/recommendations/{id}/series", tag = "recommendations",
    params(("id" = String, Path)),
    responses((status = 200, description = "`panels[]`: `name`, `namespace`, `metric`, `statistic`, `period_seconds`, `unit`, `limit`, `measured[]` and `projected[]` of moment and value; null is a gap."), (status = 404, body = Problem, description = "No such recommendation, or none of its samples is kept.")))]
pub(crate) async fn series(asked: Asked, Path(id): Path<String>) -> Response {
    asked
        .answered(move |shared, _| {
            let Some(found) = recommendation::found(shared, &id)? else { return Ok(None) };
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

/// Sources of data: what is there, what is missing, what it would unlock.
#[utoipa::path(get, path = "/api/v1/coverage", tag = "coverage",
    responses((status = 200, description = "As `coverage` of an analysis."), (status = 404, body = Problem)))]
pub(crate) async fn coverage(asked: Asked) -> Response {
    asked
        .answered(move |shared, reader| {
            let Some(visible) = shared.analysis()? else { return Ok(None) };
            let whole = analysis_json(&visible.open, reader.style.language);
            Ok(whole.get("coverage").cloned())
        })
        .await
}

/// Plans, the newest first.
#[utoipa::path(get, path = "/api/v1/plans", tag = "plans",
    responses((status = 200, description = "As `trimtab plan list -o json`.")))]
pub(crate) async fn all_plans(asked: Asked) -> Response {
    asked
        .answered(|shared, _| {
            let all = plans::all(shared)?;
            let now = now();
            let pages: Vec<PlanPage<'_>> = all
                .iter()
                .map(|known| plan_page(known, clock(&known.stored.plan, now)))
                .collect::<Result<_, Failure>>()?;
            Ok(Some(plan_list_json(&pages)))
        })
        .await
}

/// One plan.
#[utoipa::path(get, path = "/api/v1/plans/{id}", tag = "plans", params(("id" = String, Path)),
    responses((status = 200, description = "As `trimtab plan show -o json`."), (status = 404, body = Problem)))]
pub(crate) async fn one_plan(asked: Asked, Path(id): Path<String>) -> Response {
    asked
        .answered(move |shared, reader| {
            let Some(known) = plan::known(shared, &id)? else { return Ok(None) };
            let page = plan_page(&known, clock(&known.stored.plan, now()))?;
            Ok(Some(plan_json(&page, reader.style.language)))
        })
        .await
}

/// Runs, the newest first.
#[utoipa::path(get, path = "/api/v1/runs", tag = "runs",
    responses((status = 200, description = "`items[]` as `trimtab run show -o json`.")))]
pub(crate) async fn all_runs(asked: Asked) -> Response {
    asked
        .answered(move |shared, reader| {
            let all = runs::all(shared)?;
            let items: Vec<Value> = all
                .iter()
                .map(|(run, stored)| run_json(&run_page(run, stored), reader.style.language))
                .collect();
            Ok(Some(json!({"schema": "trimtab/v1/run.list", "items": items, "next": null})))
        })
        .await
}

/// One run.
#[utoipa::path(get, path = "/api/v1/runs/{id}", tag = "runs", params(("id" = String, Path)),
    responses((status = 200, description = "As `trimtab run show -o json`."), (status = 404, body = Problem)))]
pub(crate) async fn one_run(asked: Asked, Path(id): Path<String>) -> Response {
    asked
        .answered(move |shared, reader| {
            let found = run::found(shared, &id)?;
            Ok(found.map(|(run, stored)| run_json(&run_page(&run, &stored), reader.style.language)))
        })
        .await
}

/// Returns a parameter that is a number; none where it is not given.
fn number(query: &Query, key: &str) -> Result<Option<usize>, Failure> {
    let Some(text) = query.get(key) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| not_a_number(key, text))
}

fn not_a_number(key: &str, text: &str) -> Failure {
    Failure::usage(
        (format!("{key} cannot be `{text}`"), format!("{key} 값으로 쓸 수 없습니다: `{text}`")),
        (
            format!("limit is 1 to {MOST}; cursor is `next` of the answer before"),
            format!("limit은 1~{MOST}, cursor는 앞선 응답의 `next`입니다"),
        ),
    )
}
