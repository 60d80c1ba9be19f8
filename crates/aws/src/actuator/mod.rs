//! The calls that change something, one request each, and what a resource is before and after.
//!
//! Nothing is decided here and nothing is tried twice: `trimtab_rollout::next` decides, whoever
//! drives it writes an intent down, and then asks for exactly one call.

mod answer;
mod autoscaling;
mod blue_green;
mod ec2;
mod elb;
mod lambda;
mod launch_template;
mod logs;
mod package;
mod perform;
mod rds;
mod scheduler;
#[cfg(test)]
mod tests;

pub use crate::observe::{Facts, Look};
pub use perform::{Actuator, CHANGE_TAG, DRILL_TAG, PLAN_TAG, QUARANTINE_TAG};
