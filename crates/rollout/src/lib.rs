//! From recommendations to a plan, and from a plan and its journal to the next thing to do.
//!
//! Everything here is pure. [`next()`] decides each step of a run from the plan, the journal and
//! what was just observed; whoever calls it does that one thing, writes it into the journal, and
//! asks again. So a run can be killed anywhere and go on: there is nothing to remember but the
//! journal, and nothing is believed of the account that was not just seen.

pub mod actuator;
mod db_gp3;
pub mod gate;
pub mod next;
pub mod plan;
pub mod preflight;
pub mod progress;
pub mod readings;
pub mod sequence;
pub mod simulate;
pub mod window;

pub use actuator::{Actuator, Unseen};
pub use next::{Command, Next, next};
pub use readings::{Halt, Known, Readings, Seen};
