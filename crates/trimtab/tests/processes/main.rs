//! What must hold of the program as a process: killed at every write and at every call, on a
//! disk and with a clock that fail it, and with answers that are lost.
//!
//! A history begins with a copy of an emulated AWS and of a data directory with an approved plan,
//! and its clock runs faster than ours. `cargo test --test processes -- --nocapture` prints how
//! many there were.
#![expect(
    clippy::indexing_slicing,
    reason = "a JSON value that is not there is null, and fails its assertion"
)]

#[path = "../emulator/mod.rs"]
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod emulator;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod support;

mod answers;
mod at_once;
mod control;
mod ends;
mod faults;
mod ground;
mod kills;
mod many;
mod rough;
