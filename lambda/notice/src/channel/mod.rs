//! The ways out: each takes a message and says what became of it.

mod dead_letter;
mod dispatch;
mod email;
mod message;
mod name;
mod outcome;
mod push;
mod slack;
mod sns;

pub use dispatch::Channels;
pub use message::{Message, Parcel};
pub use name::Channel;
pub use outcome::{Outcome, Repeat};
