//! What each action does, step by step, decided from what is seen.
//!
//! A sequence is no list that is worked through. It is a function from what a resource is now
//! to the one thing that brings it nearer to where it should be: forward, back, or, once all is
//! well, to give back what was only held for the way. So it does not matter where the last run
//! ended, nor whether a call was made twice.

mod address_release;
mod database_switch;
mod db_instance;
mod db_instance_class;
mod db_storage;
mod decision;
mod descriptor;
mod function;
mod group_sizes;
mod instance_refresh;
mod instance_type;
mod log_retention;
mod quarantine;
mod schedule;
pub(crate) mod steps_of;
#[cfg(test)]
mod trial;
mod turned_away;
mod volume_deletion;
mod volume_settings;
mod volume_snapshot;
mod work;

pub use decision::{Afterwards, Decision, Reaction, Watch};
pub use descriptor::Sequence;
pub(crate) use instance_type::registrations;
pub(crate) use turned_away::TurnedAway;
pub(crate) use volume_deletion::DRILL_FAILED;
pub use work::Work;
