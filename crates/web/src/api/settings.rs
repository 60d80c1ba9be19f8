//! What is configured, as JSON: what the page of settings says, without a secret.

use axum::response::Response;

use super::asked::Asked;
use crate::problem::Problem;
use crate::view::{Configured, configured};

/// Accounts and roles, who may do what, and what the owner wants.
#[utoipa::path(get, path = "/api/v1/settings", tag = "settings",
    responses((status = 200, body = Configured), (status = 500, body = Problem)))]
pub(crate) async fn settings(asked: Asked) -> Response {
    asked.answered(|shared, _| configured(shared).map(Some)).await
}
