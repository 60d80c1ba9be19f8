//! The API: the same values as the pages, as JSON.

mod answer;
mod asked;
mod document;
mod events;
mod handlers;
mod metrics;
mod routes;

pub use document::openapi;
pub(crate) use routes::{kept, routes};
