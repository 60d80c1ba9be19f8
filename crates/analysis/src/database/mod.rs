//! The class of an RDS DB instance: what it used, and what a class offers a database.
//!
//! `demand` says what was used, `class` what a class offers, `connections` how many
//! clients it admits, `engine` which price applies, `choice` puts them together, and
//! `evidence` explains the result.

pub mod choice;
pub mod class;
pub mod connections;
pub mod demand;
pub mod engine;
pub mod evidence;
pub mod exemption;
