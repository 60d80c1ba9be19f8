//! Actions of plans against an emulated AWS, as processes: schedules, memory and processor of a
//! function, the instances of a group, a database that is copied, a machine whose work a function
//! does, and runs whose journal is lost.
#![expect(
    clippy::indexing_slicing,
    reason = "a JSON value that is not there is null, and fails its assertion"
)]

#[path = "../processes/at_once.rs"]
mod at_once;
#[path = "../processes/control.rs"]
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod control;
mod copied_database;
#[path = "../emulator/mod.rs"]
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod emulator;
#[path = "../processes/faults.rs"]
mod faults;
mod function_architecture;
mod function_memory;
mod functions;
#[path = "../processes/ground.rs"]
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod ground;
mod migrated;
mod planned;
mod recover;
mod refreshed_group;
mod schedule;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod support;
mod troubled;
