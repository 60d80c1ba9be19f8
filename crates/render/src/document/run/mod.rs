//! Runs: what happens, what happened, and the log of every call.

mod audit;
mod line;
mod list;
mod page;
mod show;
pub mod words;

#[cfg(test)]
mod tests;

pub use audit::audit_table;
pub use line::{entry_words, run_line, wait_line};
pub use list::run_table;
pub use page::{RunChange, RunPage, RunPhase};
pub use show::{run_change_table, run_show};
