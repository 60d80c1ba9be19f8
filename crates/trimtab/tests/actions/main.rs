//! Actions of plans against an emulated AWS, as processes: schedules, and runs whose journal is
//! lost.
#![expect(
    clippy::indexing_slicing,
    reason = "a JSON value that is not there is null, and fails its assertion"
)]

#[path = "../emulator/mod.rs"]
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod emulator;
mod planned;
mod recover;
mod schedule;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod support;
