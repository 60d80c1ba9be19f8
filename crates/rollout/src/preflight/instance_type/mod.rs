//! May an instance of one type become one of another, where it stands?

mod demand;
mod machine;
mod moment;
mod network;
mod ownership;
mod place;
mod platform;
mod rows;
mod software;

pub use rows::instance_type;
pub(super) use rows::{OF_A_REPLACEMENT, OF_A_STOP, rows, titles};
