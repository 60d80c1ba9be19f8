//! What trimtab changes itself: one file per action, with the calls it makes and what they need
//! to be allowed.
//!
//! The policy of a role that applies is made from these declarations, and a call that an action
//! does not declare is not made for it.

mod apply_schedule;
mod delete_volume;
mod drill;
mod grant;
mod handler;
mod instance;
mod modify_db_instance_class;
mod modify_db_storage;
mod modify_instance_type;
mod modify_volume;
mod put_retention_policy;
mod refresh_instances;
mod release_address;
mod resize_auto_scaling_group;
mod snapshot;
mod stop_instance;
mod switch_database;
mod tagged;
#[cfg(test)]
pub(crate) mod tests;
mod update_function_architecture;
mod update_function_memory;

pub(crate) use grant::{CREATE_ACTION, Condition, Grant, LAUNCH_TEMPLATE, Values};
pub use handler::{ALL, Handler, Tier};
