//! The description of the API: OpenAPI 3.1, from the handlers.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use utoipa::OpenApi;

use super::{events, handlers};
use crate::problem::Problem;
use crate::view::{
    Anomalies, Budgets, Commitments, CostBridge, Hours, Overview, Savings, Spending,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "trimtab",
        description = "What is spent, what can be saved and how safely. Amounts are decimal texts with their currency, in the currency of the bill; nothing is rounded or converted.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    paths(
        handlers::health,
        handlers::first,
        handlers::costs,
        handlers::allocation,
        handlers::costs_bridge,
        handlers::costs_hours,
        handlers::all_savings,
        handlers::all_commitments,
        handlers::all_anomalies,
        handlers::all_budgets,
        handlers::recommendations,
        handlers::one_recommendation,
        handlers::series,
        handlers::coverage,
        handlers::all_plans,
        handlers::one_plan,
        handlers::all_runs,
        handlers::one_run,
        events::run_events,
    ),
    components(schemas(
        Problem,
        Overview,
        Spending,
        CostBridge,
        Hours,
        Savings,
        Commitments,
        Anomalies,
        Budgets
    ))
)]
struct Description;

/// Returns the description of the API.
pub fn openapi() -> String {
    let mut text = Description::openapi().to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

/// Answers with the description.
pub(crate) async fn serve() -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], openapi())
        .into_response()
}
