//! Moves the name of a database to a copy of another class or size: snapshot, copy, switch.
//!
//! Until the switch the database itself is not touched, and giving up is leaving it alone. AWS
//! takes a switch back that takes too long. Once it is over there is no way back: what was lives
//! on under another name, without what was written since. So that is a person's to decide, and
//! nothing is deleted here: what is left costs, which is said.

mod back;
mod forward;
mod reasons;
mod steps;

pub(super) use steps::SEQUENCE;
