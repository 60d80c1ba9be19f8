//! Everything that can stand in the way of a change, read just before it is made.
//!
//! A look at the resource comes first; what that does not tell is read here: keys, quotas, what
//! was measured, what is offered. What cannot be read stays absent from the facts, and why is
//! said: nothing is changed on what is not known.

pub(crate) mod address;
pub(crate) mod db_instance;
mod db_measured;
mod db_offer;
mod db_parameters;
mod db_windows;
pub(crate) mod function;
pub(crate) mod group;
pub(crate) mod instance;
mod key;
pub(crate) mod log_group;
mod measured;
mod quota;
pub(crate) mod schedule;
mod successor;
pub(crate) mod volume;
mod whole;

pub(crate) use whole::inspect;
