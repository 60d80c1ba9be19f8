//! Recommendations that touch each other: one winner, or an ordered combination; and
//! no saving above what is paid.
//!
//! `overlap` decides which recommendations stand, `schedules` counts hours off at what the
//! hours cost after the changes that come before, `transfers` takes the traffic of what goes
//! away out of findings about traffic, `repairs` leaves of a conditional saving what it adds to
//! the changes that need no repair, `cap` holds their savings below the
//! cost of each resource, each account and the whole bill.

pub mod cap;
pub mod overlap;
mod repairs;
mod schedules;
mod transfers;

#[cfg(test)]
mod properties;
