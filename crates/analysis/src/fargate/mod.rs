//! ECS services on Fargate: what they run, what sizes there are, and what they cost.
//!
//! `service` finds out what a service runs, `scaling` what decides how many tasks that are, `size`
//! knows the sizes that Fargate offers, and `cost` prices tasks.

pub mod cost;
pub mod scaling;
pub mod service;
pub mod size;
