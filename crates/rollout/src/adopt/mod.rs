//! A journal for a run that lost its own: from the plan, and from what is seen.
//!
//! What a change made carries its mark, and what it left can be seen. From both follows which of
//! its calls were made, though not when, nor what AWS answered: they are written down as calls
//! without an answer, whose effect is looked for before anything else is done. Where what is seen
//! may be somebody else's doing, or where something is missing that only the journal had, nothing
//! is concluded: a person gets the commands.

mod begun;
mod events;
mod machine;
mod reasons;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod trial;
mod unmarked;

pub use begun::{Begun, ByHand, Reach, Standing, standing};
pub use events::{Adoption, adoption};
