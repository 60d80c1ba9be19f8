//! What the resource of a change is right now, and what hangs on it.
//!
//! Read anew each time: only what does not change while a plan runs is kept, and the list of
//! target groups for some minutes.

pub(crate) mod address;
pub(crate) mod db_instance;
pub(crate) mod deployment;
pub(crate) mod function;
pub(crate) mod group;
pub(crate) mod instance;
pub(crate) mod instance_refresh;
mod known;
pub(crate) mod log_group;
mod obstacle;
mod preflight;
mod recycle_bin;
mod resource;
pub(crate) mod schedule;
mod snapshot;
mod surroundings;
mod target;
pub(crate) mod type_traits;
pub(crate) mod volume;

use trimtab_rollout::plan::fingerprint;

pub(crate) use known::Known;
pub use resource::{Facts, Look};
pub(crate) use resource::{look, unless_absent};
pub(crate) use snapshot::DESCRIBE_RESERVATIONS;
