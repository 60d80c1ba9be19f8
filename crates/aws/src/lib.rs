//! The conversation with AWS: who we are there, what an account holds, what it measured.
//!
//! The only crate that names the SDK. What is collected comes back as a
//! [`trimtab_model::snapshot::Snapshot`] and what could not be read, as data. Everything here
//! reads, but for [`actuator`]: it makes the calls of an approved plan, one at a time.

pub mod access;
pub mod account;
pub mod actions;
pub mod actuator;
pub mod alarms;
pub mod bills;
mod bucket_region;
pub mod calendar;
pub mod calls;
pub mod clock;
pub mod collect;
pub mod collector;
pub mod cost_explorer;
pub mod credentials;
pub mod entrance;
pub mod error;
pub mod gate;
mod inspect;
pub mod inventory;
pub mod keys;
pub mod marks;
pub mod metrics;
mod moment;
mod number;
mod observe;
pub mod opinions;
pub mod pace;
mod page;
pub mod part;
pub mod partition;
pub mod policy;
pub mod probe;
pub mod profile;
mod published;
pub mod region;
pub mod session;
mod session_name;
mod tagging;
mod tags;
mod transport;
#[cfg(test)]
mod wire;
