//! Which page is where.

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use super::{
    allocation, anomalies, anomaly, archive, budgets, commitments, cost, coverage, failure, find,
    login, missing, overview, plan, plans, preferences, recommendation, recommendations, reports,
    resource, resources, run, runs, savings, settings, unit_cost, views, waste,
};
use crate::asset;
use crate::shared::Shared;

/// Returns the pages that are made of what is kept alone: the same for all who read them alike.
pub(crate) fn kept() -> Router<Arc<Shared>> {
    Router::new()
        .route("/", get(overview::show))
        .route("/cost", get(cost::show))
        .route("/recommendations", get(recommendations::show))
        .route("/recommendations/{id}", get(recommendation::show))
        .route("/waste", get(waste::show))
        .route("/resources", get(resources::show))
        .route("/resource", get(resource::show))
        .route("/allocation", get(allocation::show))
        .route("/reports", get(reports::show))
        .route("/reports/archive", get(archive::show))
        .route("/coverage", get(coverage::show))
        .route("/savings", get(savings::show))
        .route("/commitments", get(commitments::show))
        .route("/modernize", get(waste::modernise))
        .route("/anomalies", get(anomalies::show))
        .route("/anomalies/{id}", get(anomaly::show))
        .route("/budgets", get(budgets::show))
        .route("/unit", get(unit_cost::show))
        .route("/plans", get(plans::show).post(plans::create))
        .route("/plans/{id}", get(plan::show))
}

/// Returns the pages that are made anew each time, and what all of them need.
pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/recommendations/{id}/decide", get(failure::back).post(recommendation::decide))
        .route("/anomalies/{id}/decide", get(failure::back).post(anomaly::decide))
        .route("/plans/{id}/approve", get(failure::back).post(plan::approve))
        .route("/runs", get(runs::show))
        .route("/runs/{id}", get(run::show))
        .route("/runs/{id}/wish", get(failure::back).post(run::wish))
        .route("/settings", get(settings::show))
        .route("/find", get(find::show))
        .route("/views", get(views::show).post(views::save))
        .route("/views/change", get(failure::back).post(views::change))
        .route("/login", get(login::show).post(login::enter))
        .route("/preferences", get(preferences::choose))
        .route("/assets/{hash}/{name}", get(asset::serve))
        .fallback(missing::page)
}
