//! Days of the bill that stand out, as JSON, and what somebody says of them.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::anomalies::{AnomalyWord, acknowledge, anomaly_kind, reopen_anomaly};
use trimtab_app::pipeline::now;
use trimtab_model::anomaly::AnomalyItem;
use trimtab_render::contract::{anomalies_json, anomaly_json};

use super::answer;
use super::asked::Asked;
use super::given::Given;
use super::plans::somebody;
use super::shape;
use crate::problem::Problem;
use crate::scope::account_alone;
use crate::shared::Shared;
use crate::view::{anomalies, one_anomaly};

/// Days that stand out in the bill, by service and account, with what was said of them.
#[utoipa::path(get, path = "/api/v1/anomalies", tag = "cost",
    params(("account" = Option<String>, Query)),
    responses((status = 200, body = shape::Anomalies, description = "As `trimtab anomaly list --all -o json`."), (status = 400, body = Problem), (status = 404, body = Problem, description = "No bill by day was ingested.")))]
pub(crate) async fn all_anomalies(asked: Asked) -> Response {
    asked
        .listed(|shared, reader| {
            let account = account_alone(&reader.query)?;
            let found = anomalies(shared, account.as_deref())?;
            Ok(found.map(|all| anomalies_json(&all, all.items.iter())))
        })
        .await
}

/// One anomaly.
#[utoipa::path(get, path = "/api/v1/anomalies/{id}", tag = "cost", params(("id" = String, Path)),
    responses((status = 200, body = shape::AnomalyShown, description = "As `trimtab anomaly show -o json`."), (status = 404, body = Problem)))]
pub(crate) async fn get_anomaly(asked: Asked, Path(id): Path<String>) -> Response {
    asked.answered(move |shared, _| Ok(found(shared, &id)?.as_ref().map(anomaly_json))).await
}

fn found(shared: &Shared, id: &str) -> Result<Option<AnomalyItem>, Failure> {
    Ok(one_anomaly(shared, id)?.map(|(_, item)| item))
}

/// What somebody says of an anomaly.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnomalyAcknowledged {
    /// `expected`, `real` or `in-progress`.
    kind: String,
    /// Why: 500 characters at most.
    reason: String,
    /// Who says it.
    by: String,
}

/// Says what an anomaly is. It is not asked about again until its days together have grown by the least amount of a
/// day: `least_amount` of the list.
#[utoipa::path(post, path = "/api/v1/anomalies/{id}/ack", tag = "cost",
    params(("id" = String, Path)), request_body = AnomalyAcknowledged,
    responses((status = 200, body = shape::AnomalyShown, description = "As `trimtab anomaly show -o json`."), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn ack_anomaly(
    asked: Asked,
    Path(id): Path<String>,
    Given(given): Given<AnomalyAcknowledged>,
) -> Result<Response, Problem> {
    let shown = asked.acted(move |shared, _| {
        let word = AnomalyWord {
            kind: anomaly_kind(&given.kind)?,
            reason: given.reason,
            by: Some(somebody(&given.by)?),
        };
        let Some(item) = found(shared, &id)? else { return Ok(None) };
        acknowledge(shared.state(), &item, &word, now())?;
        Ok(found(shared, item.id.as_str())?.as_ref().map(anomaly_json))
    });
    Ok(answer::done(StatusCode::OK, &shown.await?))
}

/// Nothing but an object without fields, or no body.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// Takes back what was said of an anomaly.
#[utoipa::path(post, path = "/api/v1/anomalies/{id}/reopen", tag = "cost",
    params(("id" = String, Path)),
    responses((status = 200, body = shape::AnomalyShown, description = "As `trimtab anomaly show -o json`."), (status = 404, body = Problem)))]
pub(crate) async fn reopen_one_anomaly(
    asked: Asked,
    Path(id): Path<String>,
    Given(Nothing {}): Given<Nothing>,
) -> Result<Response, Problem> {
    let shown = asked.acted(move |shared, _| {
        let Some(item) = found(shared, &id)? else { return Ok(None) };
        reopen_anomaly(shared.state(), &item)?;
        Ok(found(shared, item.id.as_str())?.as_ref().map(anomaly_json))
    });
    Ok(answer::done(StatusCode::OK, &shown.await?))
}
