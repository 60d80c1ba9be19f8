//! Workbooks, as a program reads them that others wrote.
#![expect(
    clippy::indexing_slicing,
    reason = "a JSON value that is not there is null, and fails its assertion"
)]

mod dashboard;
mod document;
mod examples;
mod list;
mod reader;
mod report;
#[path = "../browser/server.rs"]
mod server;
#[expect(dead_code, reason = "the other test programs use the rest of it")]
#[path = "../support/mod.rs"]
mod support;
