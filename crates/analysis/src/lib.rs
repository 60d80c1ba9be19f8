//! From a snapshot, profiles and charges to recommendations: plain functions.
//!
//! Everything here is pure: the same input gives the same output on any machine
//! at any time. [`analyze()`] is the way in; a check is one file under `checks/`.

pub mod allocation;
pub mod analyze;
pub mod anomaly;
pub mod api_months;
pub mod application;
pub mod backtest;
pub mod balancer;
pub mod billed;
pub mod cache;
pub mod check;
pub mod checks;
pub mod commitment;
pub mod concurrency;
pub mod coverage;
pub mod database;
pub mod endpoint;
pub mod exemption;
pub mod fargate;
mod function;
pub mod gateway_endpoint;
mod group_use;
mod image_use;
pub mod interaction;
mod kubernetes;
pub mod leak;
pub mod nat;
pub mod nodes;
pub mod observation;
pub mod ownership;
pub mod page;
pub mod passage;
pub mod places;
pub mod pricing;
pub mod queries;
pub mod quiet;
pub mod ranking;
pub mod recovery;
pub mod relation;
pub mod report;
pub mod saving;
#[cfg(test)]
pub(crate) mod scene;
pub mod schedule;
pub mod second_opinion;
pub mod serverless;
pub mod sizing;
mod snapshot_owner;
pub mod table;
pub mod traffic;
pub mod transfer;
pub mod verdict;
mod volume_use;

pub use analyze::{analyze, analyze_with};
pub use check::{Check, Facts, Judgement, Need};
