//! Whose cost it is: tags as they are written, virtual tags where there are none, and what is
//! shared, split.
//!
//! Every charge ends in exactly one place: with an owner, or with nobody. The sum is that of the
//! bill, to the last digit.

mod allocate;
mod rules;
mod split;

pub use allocate::{Portion, allocate};
pub use rules::{Dimension, Matcher, SharedCost, Split, VirtualTag};
