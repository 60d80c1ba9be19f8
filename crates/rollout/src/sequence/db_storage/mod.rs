//! Changes the storage of a DB instance.
//!
//! It goes on while the database serves, for hours or days, and nothing else is taken meanwhile.
//! Storage never shrinks: what has grown since the plan was made stays as large as it is.

mod back;
mod forward;
mod settings;
mod steps;

pub(super) use steps::SEQUENCE;
