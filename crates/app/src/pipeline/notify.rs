//! Reports leave: by hand, and by themselves when they are due.
//!
//! What is sent to whom is written into the state before it leaves and again when the other side
//! has answered. A report is sent once for each period, channel and receiver, also where the
//! process dies or two of them run; what may have arrived is sent again only where a second copy
//! does no harm.

mod due;
mod overview;
mod sending;
mod steps;
#[cfg(test)]
mod tests;
mod trial;
mod watch;

pub use due::{Slot, due, is_over_at, last_period, next};
pub use overview::{ChannelLine, deliveries, overview};
pub use sending::{Came, Posting, Sending, deliver_by_hand, planned, sending_again, tick};
pub use steps::Wanted;
pub use trial::{Tried, trial};
pub use trimtab_notify::Waited;
pub use watch::{Happened, Watching, watch};
