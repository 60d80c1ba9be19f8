//! The one next thing to do in a run.

mod change;
mod command;
mod destruction;
mod fit;
mod manual;
mod preflight;
mod registered;
mod run;
mod soak;

pub use command::{Command, Next};
pub use manual::manual;
pub use run::{decide, next};
