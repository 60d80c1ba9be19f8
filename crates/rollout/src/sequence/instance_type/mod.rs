//! Changes the type of an instance: snapshots, capacity, traffic, stop, type, start, traffic.
//!
//! The dangerous moment is behind the stop: the machine may not come back. So capacity for the
//! new type is proven with a reservation before, and in production one for the old type is held
//! until all is well. A targeted reservation cannot be given up by a running instance without
//! another stop, and a machine that targets a cancelled one does not start again. So the
//! reservation is never targeted: it is cancelled just before the start, which then takes what
//! it held.

mod back;
mod capacity;
mod change;
mod decision;
mod drift;
mod forward;
mod goal;
mod manual;
mod past;
mod power;
mod react;
mod reasons;
mod replaced;
mod snapshots;
mod steps;
mod traffic;
mod watch;

pub(crate) use manual::registrations;
pub(super) use replaced::STOP_SEQUENCE;
pub(super) use steps::{DRAIN, MODIFY, SEQUENCE, SNAPSHOT, START, STOP};
