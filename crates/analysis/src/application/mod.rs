//! What an application does that makes its machines larger than its users need.
//!
//! `service` finds whose requests an instance answers, `duplicates` what of them need not have been
//! made and what they cost, `repaired` the size that suffices without, and `evidence` writes down
//! what a developer can act on.

pub mod duplicates;
pub mod evidence;
pub mod repaired;
pub mod service;
