//! The pages, one file each.

mod allocation;
mod anomalies;
mod budgets;
mod commitments;
mod cost;
mod coverage;
mod failure;
mod find;
pub(crate) mod login;
mod missing;
mod overview;
pub(crate) mod plan;
pub(crate) mod plans;
mod preferences;
pub(crate) mod recommendation;
mod recommendation_cells;
mod recommendation_facets;
mod recommendation_lists;
mod recommendation_plan;
pub(crate) mod recommendations;
pub(crate) mod reports;
mod resource;
mod resource_facts;
mod resource_lists;
pub(crate) mod resources;
mod routes;
pub(crate) mod run;
pub(crate) mod runs;
mod savings;
mod settings;
mod settings_sections;
pub(crate) mod unit_cost;
mod views;
mod waste;

pub(crate) use failure::failed;
pub(crate) use routes::{kept, routes};
