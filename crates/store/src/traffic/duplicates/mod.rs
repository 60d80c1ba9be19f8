//! Judges which requests need not have been made: see [`DuplicateRules`] for the definitions.
//!
//! Requests come in the order of their times. Whether one repeats an earlier one is known at once;
//! whether it is one of many is known when the second is over. So requests wait for two seconds
//! before they are told.
//!
//! [`DuplicateRules`]: trimtab_model::traffic::DuplicateRules

mod fan_out;
mod herd;
mod judge;
#[cfg(test)]
mod judge_tests;
mod same;

pub(super) use judge::{Found, Judge};
