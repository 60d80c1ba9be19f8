//! Whether the server answers.

use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::json;

use super::answer;
use super::shape;

/// Whether the server answers.
#[utoipa::path(get, path = "/api/v1/health", tag = "server",
    responses((status = 200, body = shape::Health, description = "It answers.")))]
pub(crate) async fn health() -> Response {
    answer::json(&HeaderMap::new(), &json!({"status": "ok"}))
}
