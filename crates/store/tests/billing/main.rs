//! Bills from file to lake to answer.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a helper of a test may panic and say why it skips"
)]

mod commitments;
mod damage;
mod fuzz;
mod hostile;
mod ingest;
mod months;
mod parallel;
mod samples;
mod support;
mod totals;
mod windows;
