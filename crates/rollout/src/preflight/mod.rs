//! What stands in the way of a change, from what is known before it begins.
//!
//! Each rule is a function from facts to an obstacle or none. What a rule needs and nobody could
//! read is an obstacle itself: a change is never made on what is not known.

mod address;
mod database_switch;
mod db_instance_class;
mod db_storage;
mod finding;
mod function;
mod group;
mod instance_refresh;
mod instance_type;
mod judge;
mod log_group;
mod owner;
mod successor;
mod table;
mod volume;

pub use address::address;
pub use database_switch::{ENGINES as SWITCHED_ENGINES, database_switch};
pub use db_instance_class::db_instance_class;
pub use db_storage::db_storage;
pub use finding::Findings;
pub use function::function;
pub use group::group;
pub use instance_refresh::instance_refresh;
pub use instance_type::instance_type;
pub use judge::{judge, refusal};
pub use log_group::log_group;
pub use table::{attestation, titles};
pub use volume::{volume, volume_deletion};
