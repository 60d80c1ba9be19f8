//! What every change of a database looks at: its status, its identity, its snapshot, its calls.

mod before;
mod snapshot;
mod status;
mod submitted;
#[cfg(test)]
pub(super) mod trial;
mod trouble;

pub(super) use before::{blocked, both, gone, moved};
pub(super) use snapshot::SNAPSHOT;
pub(super) use status::{Standing, standing};
pub(super) use submitted::{
    BACK_DEADLINE, DEADLINE, POLL, SETTLES, nothing_to_modify, overdue, react,
};
pub(super) use trouble::{is_disrupted, restarted};
