//! The resources of an account, one typed struct per kind, fields named after
//! their CloudFormation or API property.

pub mod address;
mod any;
pub mod auto_scaling_group;
pub mod db_instance;
pub mod function;
pub mod instance;
mod kind;
pub mod load_balancer;
pub mod log_group;
pub mod nat_gateway;
pub mod snapshot;
pub mod volume;

pub use any::{Resource, ResourceRef, Tags};
pub use kind::ResourceKind;
