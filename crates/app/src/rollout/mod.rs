//! Carrying out a plan: the loop that does what [`trimtab_rollout::next()`] says.

mod catalogue;
mod cloud;
mod drive;
mod halt;
mod live;
mod measured;
pub(crate) mod process;
mod record;
mod recorder;
mod simulated;
#[cfg(test)]
mod takeover_tests;

pub use drive::{Ended, Limits, NAP, Observer, Patience, drive};
pub use halt::{clear_halt, halt_reason, set_halt};
pub use live::Live;
pub use record::{LEASE, Opened, adopt_run, open_run, resume_run};
pub use recorder::Recorder;
pub use simulated::Simulated;
