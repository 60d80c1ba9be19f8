//! Deletes a volume: quarantine, snapshot, restore drill, deletion.
//!
//! Nothing here can be taken back by a call: a volume that is made of the snapshot has another
//! identifier. So every condition is looked at again just before the deletion, and the way back
//! ends with a person and the exact command.

mod back;
mod drill;
mod forward;
mod steps;

pub(crate) use drill::FAILED as DRILL_FAILED;
pub(super) use steps::SEQUENCE;
