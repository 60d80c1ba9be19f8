//! Every collector, one file each. Written by `make gen` from the files beside it.

use crate::collector::Collector;

pub(crate) mod address;
pub(crate) mod alarm;
pub(crate) mod auto_scaling_group;
pub(crate) mod bucket;
pub(crate) mod cache_cluster;
pub(crate) mod capacity_reservation;
pub(crate) mod classic_load_balancer;
pub(crate) mod db_cluster;
pub(crate) mod db_cluster_snapshot;
pub(crate) mod db_instance;
pub(crate) mod db_load;
pub(crate) mod db_parameter_group;
pub(crate) mod db_snapshot;
pub(crate) mod dynamo_table;
pub(crate) mod ecs_cluster;
pub(crate) mod ecs_service;
pub(crate) mod eks_cluster;
pub(crate) mod eks_nodegroup;
pub(crate) mod emr_cluster;
pub(crate) mod fast_snapshot_restore;
pub(crate) mod file_system;
pub(crate) mod function;
pub(crate) mod host;
pub(crate) mod image;
pub(crate) mod instance;
pub(crate) mod launch_template;
pub(crate) mod load_balancer;
pub(crate) mod log_group;
pub(crate) mod managed_instance;
pub(crate) mod memory_db_cluster;
pub(crate) mod model_endpoint;
pub(crate) mod nat_gateway;
pub(crate) mod network_interface;
pub(crate) mod notebook_instance;
pub(crate) mod orderable_db_instance_option;
pub(crate) mod pending_maintenance_action;
pub(crate) mod provisioned_concurrency;
pub(crate) mod redshift_cluster;
pub(crate) mod repository;
pub(crate) mod reserved_cache_node;
pub(crate) mod reserved_db_instance;
pub(crate) mod reserved_instances;
pub(crate) mod reserved_memory_db_node;
pub(crate) mod reserved_redshift_node;
pub(crate) mod reserved_search_instance;
pub(crate) mod route_table;
pub(crate) mod savings_plan;
pub(crate) mod scalable_target;
pub(crate) mod search_domain;
pub(crate) mod secret;
pub(crate) mod serverless_cache;
pub(crate) mod snapshot;
pub(crate) mod studio_app;
pub(crate) mod trail;
pub(crate) mod transit_gateway_attachment;
pub(crate) mod volume;
pub(crate) mod vpc_endpoint;
pub(crate) mod vpn_connection;

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
