//! Whether a changed resource is well.
//!
//! A gate passes, fails, or is inconclusive, and only what passes lets a rollout go on. Each
//! file here is one question about the points that were read:
//!
//! - `freshness`: is the reading young, and do the clocks agree?
//! - `series`: are the points of a source all there, and possible?
//! - `absolute`, `level`: does a signal keep its limit?
//! - `ceiling`: was a limit ever passed that may not be?
//! - `rate`: is the share of failed requests proven to be small enough?
//! - `relative`, `control`, `history`, `hours`: did it get worse than others, or than in earlier weeks?
//! - `forecast`: is the use what was forecast?
//! - `trend`: does it move towards its limit?
//! - `traffic`: do the clients still come?
//! - `exposure`: was there a busy hour yet?
//! - `alarm`: did an alarm of the owner's go off that was not on before?
//! - `length`: was it watched for long enough without a gap?
//!
//! Nothing here compares the hour before a change with the hour after it: demand changes with
//! the hour, and a smaller machine is busier by design.

mod absolute;
mod alarm;
mod bounds;
mod case;
mod ceiling;
mod control;
mod course;
mod exposure;
mod finding;
mod forecast;
mod freshness;
mod history;
mod hours;
mod judge;
mod length;
mod level;
mod percentile;
mod query;
mod rate;
mod relative;
#[cfg(test)]
pub(crate) mod sample;
mod series;
mod signal;
mod traffic;
mod trend;
mod words;

pub use case::{Case, Peak};
pub use course::courses;
pub use judge::judge;
pub use query::query;
pub use series::FORBIDDEN;
pub use signal::needs_limit;
pub(crate) use signal::{LAST_BURST, LAST_CREDIT};
