//! Runs as JSON, and what a person asks of one that has not ended.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use trimtab_app::pages::run_page;
use trimtab_app::pipeline::runs::{WishWord, ask, unpause};
use trimtab_render::contract::run_json;

use super::answer;
use super::asked::Asked;
use super::given::Given;
use super::plans::{other_request, somebody};
use super::shape;
use crate::pages::{run, runs};
use crate::problem::Problem;
use crate::repeats::Outcome;
use crate::scope::Scope;
use crate::view::{self, RunGates};

/// Runs, the newest first.
#[utoipa::path(get, path = "/api/v1/runs", tag = "runs",
    params(("account" = Option<String>, Query), ("environment" = Option<String>, Query), ("team" = Option<String>, Query, description = "Runs of plans with a change of it: each is whole")),
    responses((status = 200, body = shape::RunList, description = "`items[]` as `trimtab run show -o json`."), (status = 400, body = Problem)))]
pub(crate) async fn all_runs(asked: Asked) -> Response {
    asked
        .listed(move |shared, reader| {
            let all = runs::all(shared, &Scope::of(&reader.query)?)?;
            let items: Vec<Value> = all
                .iter()
                .map(|(run, stored)| run_json(&run_page(run, stored), reader.style.language))
                .collect();
            Ok(Some(json!({"schema": "trimtab/v1/run.list", "items": items})))
        })
        .await
}

/// One run.
#[utoipa::path(get, path = "/api/v1/runs/{id}", tag = "runs", params(("id" = String, Path)),
    responses((status = 200, body = shape::Run, description = "As `trimtab run show -o json`."), (status = 404, body = Problem)))]
pub(crate) async fn one_run(asked: Asked, Path(id): Path<String>) -> Response {
    asked
        .answered(move |shared, reader| {
            let found = run::found(shared, &id)?;
            Ok(found.map(|(run, stored)| run_json(&run_page(&run, &stored), reader.style.language)))
        })
        .await
}

/// What the gates of a run measured: the points of each since the change is watched, with its limit and what it is
/// compared with. Of a run of an earlier program no points are kept.
#[utoipa::path(get, path = "/api/v1/runs/{id}/gates", tag = "runs", params(("id" = String, Path)),
    responses((status = 200, body = RunGates), (status = 404, body = Problem)))]
pub(crate) async fn run_gates(asked: Asked, Path(id): Path<String>) -> Response {
    asked
        .answered(move |shared, _| {
            let Some((run, stored)) = run::found(shared, &id)? else { return Ok(None) };
            view::run_gates(shared, &run, &stored.plan, |_| true).map(Some)
        })
        .await
}

/// Who asks something of a run.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asking {
    /// The name of whoever asks.
    by: String,
}

/// Asks a run to start nothing more: what is under way is finished.
#[utoipa::path(post, path = "/api/v1/runs/{id}/pause", tag = "runs",
    params(("id" = String, Path)), request_body = Asking,
    responses((status = 202, body = shape::Asked, description = "Whoever carries it out hears it before the next call."), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "It has ended, or its journal is damaged.")))]
pub(crate) async fn pause_run(
    asked: Asked,
    Path(id): Path<String>,
    Given(given): Given<Asking>,
) -> Result<Response, Problem> {
    wished(asked, id, given, WishWord::Pause).await
}

/// Lets a run go on that somebody paused.
#[utoipa::path(post, path = "/api/v1/runs/{id}/resume", tag = "runs",
    params(("id" = String, Path)), request_body = Asking,
    responses((status = 202, body = shape::Asked, description = "`is_new` is false where it was not paused."), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "It has ended, or its journal is damaged.")))]
pub(crate) async fn resume_run(
    asked: Asked,
    Path(id): Path<String>,
    Given(given): Given<Asking>,
) -> Result<Response, Problem> {
    wished(asked, id, given, WishWord::Resume).await
}

/// Asks a run to take back what is not confirmed, and to end.
#[utoipa::path(post, path = "/api/v1/runs/{id}/cancel", tag = "runs",
    params(("id" = String, Path)), request_body = Asking,
    responses((status = 202, body = shape::Asked, description = "Whoever carries it out hears it before the next call."), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "It has ended, or its journal is damaged.")))]
pub(crate) async fn cancel_run(
    asked: Asked,
    Path(id): Path<String>,
    Given(given): Given<Asking>,
) -> Result<Response, Problem> {
    wished(asked, id, given, WishWord::Cancel).await
}

/// Writes down what somebody wants of a run: the same way as the page and the command line.
async fn wished(
    asked: Asked,
    id: String,
    given: Asking,
    word: WishWord,
) -> Result<Response, Problem> {
    let wished = asked.acted(move |shared, _| {
        let by = somebody(&given.by)?;
        let Some((run, _)) = run::found(shared, &id)? else { return Ok(None) };
        let is_new = match word {
            WishWord::Resume => unpause(shared.state(), &run, &by)?,
            WishWord::Pause | WishWord::Cancel | WishWord::Unhold => {
                ask(shared.state(), &run, word, &by)?;
                true
            }
        };
        Ok(Some(json!({
            "schema": "trimtab/v1/run.ask",
            "run": id,
            "asked": word.as_str(),
            "by": by,
            "is_new": is_new,
        })))
    });
    Ok(answer::done(StatusCode::ACCEPTED, &wished.await?))
}

/// Takes a run back: one that goes on is asked to end and to take back what is not confirmed; of one that is over, the
/// plan is made that leads back, to be approved like any other. A key that was sent before, with the same body, is
/// answered with what was made then.
#[utoipa::path(post, path = "/api/v1/runs/{id}/rollback", tag = "runs",
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header, description = "Up to 200 printable characters. The last 1,000 keys are held in memory, until the server ends.")),
    request_body = Asking,
    responses(
        (status = 201, body = shape::RolledBack, description = "The plan that leads back was made.", headers(("Location" = String, description = "The address of the plan."))),
        (status = 202, body = shape::RolledBack, description = "Whoever carries it out hears it before the next call."),
        (status = 400, body = Problem, description = "The run was simulated, or nobody says who asks."), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "Nothing of it can be taken back, or its journal is damaged."),
        (status = 422, body = Problem, description = "The key was sent with another body."),
    ))]
pub(crate) async fn rollback_run(
    asked: Asked,
    Path(id): Path<String>,
    Given(given): Given<Asking>,
) -> Result<Response, Problem> {
    let language = asked.language();
    let key = asked.key()?;
    let wanted = id.clone();
    let done = asked.acted(move |shared, _| {
        let by = somebody(&given.by)?;
        let Some((run, stored)) = run::found(shared, &wanted)? else { return Ok(None) };
        let make = || run::rolled_back(shared, &run, &stored, &by).map(Option::unwrap_or_default);
        let request = format!("rollback {wanted} {by}");
        shared.planned.once(key.as_deref(), &request, make).map(Some)
    });
    let Outcome::Made(plan) = done.await? else { return Err(other_request(language)) };
    let plan = Some(plan).filter(|plan| !plan.is_empty());
    let status = if plan.is_some() { StatusCode::CREATED } else { StatusCode::ACCEPTED };
    let body = json!({"schema": "trimtab/v1/rollback", "run": id, "plan": plan});
    let response = answer::done(status, &body);
    Ok(match plan {
        Some(plan) => answer::located(response, &format!("/api/v1/plans/{plan}")),
        None => response,
    })
}
