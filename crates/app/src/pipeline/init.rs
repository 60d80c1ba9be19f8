//! Init: what a machine and its accounts are like, and a configuration proposed from it.

mod candidate;
mod draft;
mod file;
mod plan;
mod steps;

pub use candidate::{Candidate, Survey, survey};
pub use draft::{Draft, TemplateKind, draft};
pub use file::{Existing, Written, refuse_existing, write};
pub use plan::{Plan, RegionUse, Role, identify};
pub use steps::{EXTERNAL_ID_VARIABLE, NextStep, external_id, next_steps};
