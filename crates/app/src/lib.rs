//! Ties the crates together: one function per arrow of the flow, the
//! configuration, and the one place where errors become exit codes.

pub mod config;
pub mod failure;
pub mod filter;
pub mod interrupt;
pub mod pages;
pub mod pipeline;
pub mod prices;
pub mod progress;
pub mod rollout;
pub mod story;
pub mod task;
pub mod temporary;
pub mod worker;
