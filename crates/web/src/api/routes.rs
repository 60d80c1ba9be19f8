//! Which answer is where.

use std::sync::Arc;

use axum::Router;
use axum::routing::{any, delete, get, post};

use super::{
    anomalies, audit, costs, coverage, document, events, health, inventory, metrics, plans,
    recommendations, refusal, reports, runs, settings, views,
};
use crate::shared::Shared;

/// Returns the answers that are made of what is kept alone.
pub(crate) fn kept() -> Router<Arc<Shared>> {
    Router::new()
        .route("/api/v1/overview", get(costs::first))
        .route("/api/v1/scopes", get(costs::scopes))
        .route("/api/v1/costs", get(costs::costs))
        .route("/api/v1/allocation", get(costs::allocation))
        .route("/api/v1/costs/bridge", get(costs::costs_bridge))
        .route("/api/v1/costs/hours", get(costs::costs_hours))
        .route("/api/v1/unit-costs", get(costs::unit_costs))
        .route("/api/v1/savings", get(costs::all_savings))
        .route("/api/v1/commitments", get(costs::all_commitments))
        .route("/api/v1/anomalies", get(anomalies::all_anomalies))
        .route("/api/v1/anomalies/{id}", get(anomalies::get_anomaly))
        .route("/api/v1/budgets", get(costs::all_budgets))
        .route("/api/v1/recommendations", get(recommendations::recommendations))
        .route("/api/v1/recommendations/{id}", get(recommendations::one_recommendation))
        .route("/api/v1/recommendations/{id}/series", get(recommendations::series))
        .route("/api/v1/recommendations/{id}/options", get(recommendations::options))
        .route("/api/v1/recommendations/{id}/evidence", get(recommendations::evidence))
        .route("/api/v1/recommendations/{id}/patch", get(recommendations::patch))
        .route("/api/v1/resources", get(inventory::resources))
        .route("/api/v1/resource", get(inventory::one_resource))
        .route("/api/v1/tags/coverage", get(inventory::tag_coverage))
        .route("/api/v1/plans", get(plans::all_plans).post(plans::create_plan))
        .route("/api/v1/plans/{id}", get(plans::one_plan))
        .route("/api/v1/reports", get(reports::reports))
        .route("/api/v1/coverage", get(coverage::coverage))
        .route("/api/v1/coverage/places", get(coverage::coverage_places))
        .route("/api/v1/coverage/gaps", get(coverage::coverage_gaps))
        .route("/api/v1/coverage/calls", get(coverage::coverage_calls))
        .route("/api/openapi.json", get(document::serve))
        .route("/metrics", get(metrics::show))
        .method_not_allowed_fallback(refusal::unknown_method)
}

/// Returns the answers that are made anew each time, what does something, and what says that there is nothing.
pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/api/v1/health", get(health::health))
        .route("/api/v1/recommendations/{id}/dismiss", post(recommendations::dismiss))
        .route("/api/v1/recommendations/{id}/snooze", post(recommendations::snooze))
        .route("/api/v1/recommendations/{id}/reopen", post(recommendations::reopen))
        .route("/api/v1/anomalies/{id}/ack", post(anomalies::ack_anomaly))
        .route("/api/v1/anomalies/{id}/reopen", post(anomalies::reopen_one_anomaly))
        .route("/api/v1/plans/{id}/approve", post(plans::approve_plan))
        .route("/api/v1/runs", get(runs::all_runs))
        .route("/api/v1/runs/{id}", get(runs::one_run))
        .route("/api/v1/runs/{id}/events", get(events::run_events))
        .route("/api/v1/runs/{id}/gates", get(runs::run_gates))
        .route("/api/v1/runs/{id}/rollback", post(runs::rollback_run))
        .route("/api/v1/runs/{id}/pause", post(runs::pause_run))
        .route("/api/v1/runs/{id}/resume", post(runs::resume_run))
        .route("/api/v1/runs/{id}/cancel", post(runs::cancel_run))
        .route("/api/v1/audit", get(audit::audit))
        .route("/api/v1/settings", get(settings::settings))
        .route("/api/v1/views", get(views::all_views).post(views::save_view))
        .route("/api/v1/views/{id}", delete(views::delete_view))
        .route("/api/v1/views/{id}/rename", post(views::rename_view))
        .route("/api", any(refusal::unknown))
        .route("/api/", any(refusal::unknown))
        .route("/api/{*rest}", any(refusal::unknown))
        .method_not_allowed_fallback(refusal::unknown_method)
}
