//! The one next thing to do in a run.

mod change;
mod command;
mod registered;
mod run;
mod soak;

pub use command::{Command, Next};
pub use run::{decide, next};
