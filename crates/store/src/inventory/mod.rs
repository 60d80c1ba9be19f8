//! Reads an inventory: the files into which the AWS CLI printed what there is.

mod addresses;
mod auto_scaling_groups;
mod classic_load_balancers;
mod db_instances;
mod functions;
mod instances;
mod load_balancers;
mod log_groups;
pub(crate) mod moment;
mod nat_gateways;
mod page;
mod place;
mod read;
mod settle;
mod snapshots;
mod tables;
mod tag;
mod target_health;
mod volumes;

pub use place::{Place, UNKNOWN};
pub use read::read;
