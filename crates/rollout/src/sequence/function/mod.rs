//! Changes memory or architecture of a function: `$LATEST`, a version of it, then its aliases.
//!
//! A version never changes, so an alias that points to a version is the switch: a tenth of the
//! calls go to the new version while it is watched, all of them once its gates have passed, and
//! back is a switch too. A function without an alias is changed where it stands.
//!
//! A version is published of what `$LATEST` is. Where an alias points to other code than that,
//! moving it would put code into service that nobody released: such a function is left alone.

mod alias;
mod back;
mod forward;
mod latest;
mod reasons;
mod setting;
mod steps;
mod watch;

pub(super) use steps::SEQUENCE;
