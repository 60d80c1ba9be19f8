//! The pages, one file each.

mod allocation;
mod anomalies;
mod anomaly;
mod archive;
mod budgets;
mod commitments;
mod cost;
mod coverage;
mod failure;
pub(crate) mod login;
mod missing;
mod overview;
pub(crate) mod plan;
pub(crate) mod plans;
mod preferences;
pub(crate) mod recommendation;
mod recommendation_lists;
mod recommendation_plan;
pub(crate) mod recommendations;
pub(crate) mod reports;
mod resource;
pub(crate) mod resources;
mod routes;
pub(crate) mod run;
pub(crate) mod runs;
mod savings;
mod settings;
pub(crate) mod unit_cost;
mod waste;

pub(crate) use failure::failed;
pub(crate) use routes::{kept, routes};
