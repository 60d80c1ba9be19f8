//! Servers that run all day to work minutes, and the functions that are there.

mod beside;
mod cold;
mod economics;
mod fit;
mod functions;
mod instance;
mod proposal;
mod queue;
mod remarks;
mod server;
mod service;
mod simulation;
#[cfg(test)]
mod tests;
mod threshold;
mod tuning;
mod workload;

pub use functions::{Asked, functions};
pub use instance::candidate as instance_candidate;
pub use proposal::verdict;
pub use queue::{QUEUE_DEEPEST, QUEUE_DEPTH, QUEUE_HELD, QUEUE_MESSAGES};
pub use server::{Found, candidates};
pub use service::candidate as service_candidate;
pub use simulation::{Assumed, simulate};
pub use threshold::MAX_DUTY_PERCENT;
pub use tuning::{MEMORY_MB, TuningQuestion, tune};
