//! The API: the same values as the pages, as JSON.

mod anomalies;
mod answer;
mod asked;
mod audit;
mod costs;
mod coverage;
mod document;
mod events;
mod given;
mod health;
mod inventory;
mod metrics;
mod part;
mod plans;
mod recommendations;
mod refusal;
mod reports;
mod routes;
mod runs;
mod settings;
mod shape;
mod views;

pub use document::openapi;
pub(crate) use refusal::unconverted;
pub(crate) use routes::{kept, routes};
