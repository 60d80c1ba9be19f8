//! Reduces metrics to profiles, and compares with a computation that anybody can follow.
#![expect(
    clippy::unwrap_used,
    clippy::float_cmp,
    reason = "a helper of a test may panic, and figures are to be equal exactly"
)]

mod columns;
mod damage;
mod local_week;
mod naive;
mod origins;
mod periods;
mod summary;
mod support;
