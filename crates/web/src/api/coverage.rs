//! What data there is, as JSON.

use axum::response::Response;

use trimtab_render::contract::coverage_json;

use super::asked::Asked;
use super::shape;
use crate::problem::Problem;

/// Sources of data: what is there, what is missing, what it would unlock.
#[utoipa::path(get, path = "/api/v1/coverage", tag = "coverage",
    responses((status = 200, body = shape::Coverage, description = "As `coverage` of an analysis."), (status = 404, body = Problem, description = "Nothing was analysed.")))]
pub(crate) async fn coverage(asked: Asked) -> Response {
    asked
        .answered(move |shared, reader| {
            let Some(visible) = shared.analysis()? else { return Ok(None) };
            Ok(Some(coverage_json(&visible.open.coverage, reader.style.language)))
        })
        .await
}
