//! What a resource is attached to, and what depends on it.

mod compute;
mod container;
mod database;
mod edge;
mod network;
mod relations;
mod watching;

pub use relations::relations;
