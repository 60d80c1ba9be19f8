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
#[path = "../servers/mod.rs"]
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod servers;
mod stores;
