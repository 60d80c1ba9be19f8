//! What Compute Optimizer and Cost Optimization Hub recommend: read as a second opinion.
//!
//! Both are free to ask. An account that has not switched them on says so, which is no fault.

mod advised;
mod databases;
mod functions;
mod groups;
mod hub;
mod idle;
mod instances;
mod listing;
mod name;
mod probe;
mod reading;
mod services;
mod volumes;

pub use probe::{is_enrolled, probe};
pub use reading::{ACTIONS, DEPENDENT_ACTIONS, Read, compute_optimizer, hub, unread};
