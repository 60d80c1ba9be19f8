//! Replays sizing on a past that is known: chosen on a training part, held against the rest.
//!
//! Every rule sees the same machines, the same metrics and the same types at the same
//! prices. What it chooses is then priced, with what the demand of the test part would
//! have met: `trial` has the figure.

mod reliability;
mod rule;
mod tally;
mod trial;
mod window;

pub use tally::Tally;
pub use window::judge_window;
