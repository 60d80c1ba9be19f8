//! The resources of an account, one typed struct per kind, fields named after
//! their CloudFormation or API property.

pub mod address;
pub mod alarm;
mod any;
pub mod auto_scaling_group;
pub mod bucket;
pub mod cache_cluster;
pub mod capacity_reservation;
pub mod db_cluster;
pub mod db_cluster_snapshot;
pub mod db_instance;
pub mod db_snapshot;
pub mod dynamo_table;
pub mod ecs_cluster;
pub mod ecs_service;
pub mod eks_cluster;
pub mod eks_nodegroup;
pub mod fast_snapshot_restore;
pub mod file_system;
pub mod function;
pub mod host;
pub mod image;
pub mod instance;
mod kind;
pub mod launch_template;
pub mod load_balancer;
pub mod log_group;
pub mod memory_db_cluster;
pub mod nat_gateway;
pub mod network_interface;
pub mod redshift_cluster;
pub mod repository;
pub mod reserved_instances;
pub mod route_table;
pub mod search_domain;
pub mod secret;
pub mod serverless_cache;
pub mod snapshot;
pub mod trail;
pub mod transit_gateway_attachment;
pub mod volume;
pub mod vpc_endpoint;
pub mod vpn_connection;

pub use any::{Resource, ResourceRef, Tags};
pub use kind::ResourceKind;
