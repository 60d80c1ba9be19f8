//! Every collector, one file each. Written by `make gen` from the files beside it.

use crate::collector::Collector;

mod address;
mod alarm;
mod auto_scaling_group;
mod bucket;
mod capacity_reservation;
mod classic_load_balancer;
mod db_instance;
mod fast_snapshot_restore;
mod file_system;
mod function;
mod host;
mod image;
mod instance;
mod launch_template;
mod load_balancer;
mod log_group;
mod nat_gateway;
mod network_interface;
mod repository;
mod reserved_instances;
mod route_table;
mod secret;
mod snapshot;
mod trail;
mod transit_gateway_attachment;
mod volume;
mod vpc_endpoint;
mod vpn_connection;

/// Every collector, by the name of its file.
pub static ALL: &[&Collector] = &[
    &address::COLLECTOR,
    &alarm::COLLECTOR,
    &auto_scaling_group::COLLECTOR,
    &bucket::COLLECTOR,
    &capacity_reservation::COLLECTOR,
    &classic_load_balancer::COLLECTOR,
    &db_instance::COLLECTOR,
    &fast_snapshot_restore::COLLECTOR,
    &file_system::COLLECTOR,
    &function::COLLECTOR,
    &host::COLLECTOR,
    &image::COLLECTOR,
    &instance::COLLECTOR,
    &launch_template::COLLECTOR,
    &load_balancer::COLLECTOR,
    &log_group::COLLECTOR,
    &nat_gateway::COLLECTOR,
    &network_interface::COLLECTOR,
    &repository::COLLECTOR,
    &reserved_instances::COLLECTOR,
    &route_table::COLLECTOR,
    &secret::COLLECTOR,
    &snapshot::COLLECTOR,
    &trail::COLLECTOR,
    &transit_gateway_attachment::COLLECTOR,
    &volume::COLLECTOR,
    &vpc_endpoint::COLLECTOR,
    &vpn_connection::COLLECTOR,
];
