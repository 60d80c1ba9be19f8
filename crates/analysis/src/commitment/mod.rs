//! Savings Plans and reservations: what is paid for in advance, and what it covers.
//!
//! What a commitment costs and covers is on the bill and nowhere else, so every figure here
//! is of the last billing month that the bill covers whole. `terms` says what was bought,
//! `utilization` what the bill says of it, `usage` what it could cover; `unused`, `expiring` and
//! `ended` judge.

mod bought;
mod ended;
mod expiring;
mod terms;
mod unused;
mod usage;
mod utilization;

pub use bought::{Bought, bought};
pub use ended::{ENDED_DAYS, MIN_DAYS_SINCE, judge_ended};
pub use expiring::{EXPIRING_DAYS, judge_expiring};
pub use terms::{COMPUTE, Commitment, Terms};
pub use unused::{MIN_RUN_DAYS, MIN_UNUSED_PERCENT, Outlet, judge_unused};
pub use usage::{Machine, Usage};
pub use utilization::{Utilization, utilization};
