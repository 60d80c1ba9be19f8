//! Every collector, one file each. Written by `make gen` from the files beside it.

use crate::collector::Collector;

mod address;
mod auto_scaling_group;
mod classic_load_balancer;
mod db_instance;
mod function;
mod instance;
mod load_balancer;
mod log_group;
mod nat_gateway;
mod snapshot;
mod volume;

/// Every collector, by the name of its file.
pub static ALL: &[&Collector] = &[
    &address::COLLECTOR,
    &auto_scaling_group::COLLECTOR,
    &classic_load_balancer::COLLECTOR,
    &db_instance::COLLECTOR,
    &function::COLLECTOR,
    &instance::COLLECTOR,
    &load_balancer::COLLECTOR,
    &log_group::COLLECTOR,
    &nat_gateway::COLLECTOR,
    &snapshot::COLLECTOR,
    &volume::COLLECTOR,
];
