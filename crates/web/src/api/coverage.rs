//! What data there is, as JSON.

use axum::response::Response;

use trimtab_render::contract::coverage_json;

use super::asked::Asked;
use super::shape;
use crate::problem::Problem;
use crate::view::{CallList, CoverageGaps, PlaceList, known, signals, taken};

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

/// What is known of each account and region: how much of each source, and when it was read last.
#[utoipa::path(get, path = "/api/v1/coverage/places", tag = "coverage",
    responses((status = 200, body = PlaceList, description = "Empty where nothing was read."), (status = 400, body = Problem)))]
pub(crate) async fn coverage_places(asked: Asked) -> Response {
    asked.listed(|shared, _| Ok(Some(PlaceList::of(&known(shared)?.places)))).await
}

/// What stands in the way of a verdict: permissions that lack, and signals that would settle it.
#[utoipa::path(get, path = "/api/v1/coverage/gaps", tag = "coverage",
    responses((status = 200, body = CoverageGaps)))]
pub(crate) async fn coverage_gaps(asked: Asked) -> Response {
    asked
        .answered(|shared, _| {
            let visible = shared.analysis()?;
            let gaps = known(shared)?.gaps;
            Ok(Some(CoverageGaps::of(&gaps, signals(visible.as_ref()))))
        })
        .await
}

/// What asking AWS took: the calls of each run, and what AWS charges for them by list price.
#[utoipa::path(get, path = "/api/v1/coverage/calls", tag = "coverage",
    responses((status = 200, body = CallList, description = "Empty where AWS was never asked."), (status = 400, body = Problem)))]
pub(crate) async fn coverage_calls(asked: Asked) -> Response {
    asked.listed(|shared, _| Ok(Some(CallList::of(&taken(shared)?)))).await
}
