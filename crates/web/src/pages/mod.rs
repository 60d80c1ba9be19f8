//! The pages, one file each.

mod allocation;
mod cost;
mod coverage;
pub(crate) mod data;
mod failure;
pub(crate) mod login;
mod missing;
mod overview;
mod plan;
mod plans;
mod preferences;
mod recommendation;
mod recommendations;
mod resource;
mod resources;
mod routes;
mod run;
mod runs;
mod settings;
mod waste;

pub(crate) use failure::failed;
pub(crate) use routes::routes;
