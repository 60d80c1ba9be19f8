//! Savings Plans and reservations: what is paid for in advance, and what it covers.
//!
//! What a commitment costs and covers is on the bill and nowhere else, so every figure here
//! is of the last billing month that the bill covers whole. `terms` says what was bought,
//! `utilization` what the bill says of it, `unused` and `expiring` judge.

mod expiring;
mod terms;
mod unused;
mod utilization;

pub use expiring::{EXPIRING_DAYS, judge_expiring};
pub use terms::{Commitment, Terms};
pub use unused::{MIN_RUN_DAYS, MIN_UNUSED_PERCENT, Outlet, judge_unused};
pub use utilization::{Utilization, utilization};
