//! Serverless projects, looked at by tools that others wrote, and their tests run.
#![expect(
    clippy::indexing_slicing,
    reason = "a JSON value that is not there is null, and fails its assertion"
)]

mod gate;
mod handlers;
mod infrastructure;
mod plan;
mod project;
