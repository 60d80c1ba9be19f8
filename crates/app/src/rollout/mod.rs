//! Carrying out a plan: the loop that does what [`trimtab_rollout::next()`] says.

mod catalogue;
mod cloud;
mod drive;
mod halt;
mod live;
mod process;
mod record;
mod recorder;

pub use drive::{Ended, Limits, Observer, Patience, drive};
pub use halt::{clear_halt, halt_reason, set_halt};
pub use live::Live;
pub use record::{LEASE, Opened, open_run, resume_run};
pub use recorder::Recorder;
