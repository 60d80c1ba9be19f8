//! Cache nodes: which of them are judged together, and what a node type holds.
//!
//! `group` puts the nodes of a replication group together, `capacity` says how much memory a
//! node type leaves to the data.

pub mod capacity;
pub mod group;
