//! The class of an RDS DB instance: what it used, and what a class offers a database.
//!
//! `demand` says what was used, `class` what a class offers, `connections` how many
//! clients it admits, `parameters` and `formula` what its parameter group says, `orderable` whether
//! it is for sale, `reads` what less memory does to reads, `maintenance` what is pending, `engine` which price
//! applies, `subject` is one instance with its price, `choice` puts them together, `obstacle` says what alone is in the way, and `evidence` explains the
//! result. `successor` finds a newer class of the same size, `storage`
//! prices what is allocated, `storage_use` says what was asked of it, `cluster` lists members, `together` what they used, `digests` which queries the load comes from, `idle_cluster` watches them together, `orphan` finds snapshots
//! whose source is gone, `aurora` knows its two price models, `off_hours` what shows use hour by hour, and `names`
//! lists what metrics and bills call them.

pub mod aurora;
pub mod choice;
pub mod class;
pub mod cluster;
pub mod connections;
pub mod demand;
pub mod digests;
pub mod engine;
pub mod evidence;
pub mod exemption;
pub mod idle_cluster;
pub mod maintenance;
pub mod names;
pub mod obstacle;
pub mod off_hours;
pub mod orderable;
pub mod orphan;
pub mod parameters;
pub mod reads;
pub mod storage;
pub mod storage_use;
pub mod subject;
pub mod successor;
pub mod together;

pub use trimtab_model::database::formula;
