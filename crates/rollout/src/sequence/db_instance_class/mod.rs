//! Changes the class of a DB instance: snapshot, modification, and then looking until it is done.
//!
//! The modification is applied at once, with every other one that is pending: so there must be
//! none. `available` alone says nothing, for it stays for minutes after AWS took the call. Data is
//! never taken back: a restore is another database, without what was written since.

mod back;
mod forward;
mod steps;

pub(super) use steps::{MODIFY, PENDING, SEQUENCE};
