//! Changes type, IOPS and throughput of a volume in place.
//!
//! It goes on while the volume is in use, and there is no quick way back: while a modification is
//! under way nothing else is taken, and a volume takes four of them a day. So the first step
//! gives at least what the old type gave at its best; what the plan wants less of is taken away
//! only once the gates have passed. That makes two modifications, and leaves two for the way back.

mod back;
mod forward;
mod rate;
mod reasons;
mod settings;
mod steps;
mod watch;

pub(super) use steps::{MODIFY, SEQUENCE};
