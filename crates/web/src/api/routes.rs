//! Which answer is where.

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use super::{document, events, handlers, metrics};
use crate::shared::Shared;

/// Returns the answers that are made of what is kept alone.
pub(crate) fn kept() -> Router<Arc<Shared>> {
    Router::new()
        .route("/api/v1/overview", get(handlers::first))
        .route("/api/v1/costs", get(handlers::costs))
        .route("/api/v1/allocation", get(handlers::allocation))
        .route("/api/v1/costs/bridge", get(handlers::costs_bridge))
        .route("/api/v1/costs/hours", get(handlers::costs_hours))
        .route("/api/v1/savings", get(handlers::all_savings))
        .route("/api/v1/commitments", get(handlers::all_commitments))
        .route("/api/v1/anomalies", get(handlers::all_anomalies))
        .route("/api/v1/budgets", get(handlers::all_budgets))
        .route("/api/v1/recommendations", get(handlers::recommendations))
        .route("/api/v1/recommendations/{id}", get(handlers::one_recommendation))
        .route("/api/v1/recommendations/{id}/series", get(handlers::series))
        .route("/api/v1/coverage", get(handlers::coverage))
}

/// Returns the answers that are made anew each time.
pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/api/v1/health", get(handlers::health))
        .route("/api/v1/plans", get(handlers::all_plans))
        .route("/api/v1/plans/{id}", get(handlers::one_plan))
        .route("/api/v1/runs", get(handlers::all_runs))
        .route("/api/v1/runs/{id}", get(handlers::one_run))
        .route("/api/v1/runs/{id}/events", get(events::run_events))
        .route("/api/openapi.json", get(document::serve))
        .route("/metrics", get(metrics::show))
}
