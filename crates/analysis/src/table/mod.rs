//! Throughput of DynamoDB tables: what was consumed, and what it costs.
//!
//! `consumed` reads the metrics of a table and its indexes, `mover` knows what moves their capacity,
//! `cost` prices capacity and requests.

pub mod consumed;
pub mod cost;
pub mod mover;
