//! Stopping what nobody uses at night and at weekends.
//!
//! `demand` says in which hours of the week a resource was used, `plan` makes windows of the
//! other hours, `saving` says what those are worth, `gate` who is asked at all, `credits` what
//! burstable types lose, and `proposal` puts them together. Each check brings the signals that
//! show use and the limits of its kind; a further kind needs a check of its own and a variant of
//! `ScheduleTarget`.

pub mod credits;
pub mod demand;
pub mod gate;
pub mod plan;
pub mod proposal;
pub mod saving;

#[cfg(test)]
mod properties;
