//! From a snapshot, profiles and charges to recommendations: plain functions.
//!
//! Everything here is pure: the same input gives the same output on any machine
//! at any time. [`analyze`] is the way in; a check is one file under `checks/`.

pub mod check;
pub mod checks;
pub mod saving;

pub use check::{Check, Facts, Judgement, Need};
