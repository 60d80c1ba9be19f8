//! ECS services on Fargate: what they run, what sizes there are, and what they cost.
//!
//! `service` finds out what a service runs, `size` knows the sizes that Fargate offers, and
//! `cost` prices tasks.

pub mod cost;
pub mod service;
pub mod size;
