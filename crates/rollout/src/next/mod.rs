//! The one next thing to do in a run.

mod change;
mod command;
mod preflight;
mod run;
mod soak;

pub use command::{Command, Next};
pub use run::{decide, next};
