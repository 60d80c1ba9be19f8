//! Every collector, one file each. Written by `make gen` from the files beside it.

use crate::collector::Collector;

mod address;
mod alarm;
mod auto_scaling_group;
mod bucket;
mod cache_cluster;
mod capacity_reservation;
mod classic_load_balancer;
mod db_cluster;
mod db_cluster_snapshot;
mod db_instance;
mod db_load;
mod db_parameter_group;
mod db_snapshot;
mod dynamo_table;
mod ecs_cluster;
mod ecs_service;
mod eks_cluster;
mod eks_nodegroup;
mod emr_cluster;
mod fast_snapshot_restore;
mod file_system;
mod function;
mod host;
mod image;
mod instance;
mod launch_template;
mod load_balancer;
mod log_group;
mod managed_instance;
mod memory_db_cluster;
mod model_endpoint;
mod nat_gateway;
mod network_interface;
mod notebook_instance;
mod orderable_db_instance_option;
mod pending_maintenance_action;
mod provisioned_concurrency;
mod redshift_cluster;
mod repository;
mod reserved_cache_node;
mod reserved_db_instance;
mod reserved_instances;
mod reserved_memory_db_node;
mod reserved_redshift_node;
mod reserved_search_instance;
mod route_table;
mod savings_plan;
mod scalable_target;
mod search_domain;
mod secret;
mod serverless_cache;
mod snapshot;
mod studio_app;
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
    &cache_cluster::COLLECTOR,
    &capacity_reservation::COLLECTOR,
    &classic_load_balancer::COLLECTOR,
    &db_cluster::COLLECTOR,
    &db_cluster_snapshot::COLLECTOR,
    &db_instance::COLLECTOR,
    &db_load::COLLECTOR,
    &db_parameter_group::COLLECTOR,
    &db_snapshot::COLLECTOR,
    &dynamo_table::COLLECTOR,
    &ecs_cluster::COLLECTOR,
    &ecs_service::COLLECTOR,
    &eks_cluster::COLLECTOR,
    &eks_nodegroup::COLLECTOR,
    &emr_cluster::COLLECTOR,
    &fast_snapshot_restore::COLLECTOR,
    &file_system::COLLECTOR,
    &function::COLLECTOR,
    &host::COLLECTOR,
    &image::COLLECTOR,
    &instance::COLLECTOR,
    &launch_template::COLLECTOR,
    &load_balancer::COLLECTOR,
    &log_group::COLLECTOR,
    &managed_instance::COLLECTOR,
    &memory_db_cluster::COLLECTOR,
    &model_endpoint::COLLECTOR,
    &nat_gateway::COLLECTOR,
    &network_interface::COLLECTOR,
    &notebook_instance::COLLECTOR,
    &orderable_db_instance_option::COLLECTOR,
    &pending_maintenance_action::COLLECTOR,
    &provisioned_concurrency::COLLECTOR,
    &redshift_cluster::COLLECTOR,
    &repository::COLLECTOR,
    &reserved_cache_node::COLLECTOR,
    &reserved_db_instance::COLLECTOR,
    &reserved_instances::COLLECTOR,
    &reserved_memory_db_node::COLLECTOR,
    &reserved_redshift_node::COLLECTOR,
    &reserved_search_instance::COLLECTOR,
    &route_table::COLLECTOR,
    &savings_plan::COLLECTOR,
    &scalable_target::COLLECTOR,
    &search_domain::COLLECTOR,
    &secret::COLLECTOR,
    &serverless_cache::COLLECTOR,
    &snapshot::COLLECTOR,
    &studio_app::COLLECTOR,
    &trail::COLLECTOR,
    &transit_gateway_attachment::COLLECTOR,
    &volume::COLLECTOR,
    &vpc_endpoint::COLLECTOR,
    &vpn_connection::COLLECTOR,
];
