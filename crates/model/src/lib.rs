//! The nouns of trimtab: what is read, what is judged, what is recommended.
//!
//! This crate does nothing. It has no clock, no files and no network, and every
//! other crate may depend on it. Words follow FOCUS for cost, CloudFormation for
//! resources, CloudWatch for metrics and Compute Optimizer for findings.

pub mod action;
pub mod allocation;
pub mod analysis;
pub mod anomaly;
pub mod api_use;
pub mod audit;
pub mod backtest;
pub mod build_up;
pub mod calendar;
pub mod call;
pub mod charge;
pub mod collection;
pub mod commitment;
pub mod confidence;
pub mod coverage;
pub mod database;
pub mod diagnosis;
pub mod document;
pub mod driver;
pub mod environment;
pub mod evidence;
pub mod exemption;
pub mod explain;
pub mod focus;
pub mod function_use;
pub mod gate;
pub mod id;
pub mod journal;
pub mod mark;
pub mod measured;
pub mod metric;
pub mod migration;
pub mod money;
pub mod observed;
pub mod opinion;
mod pairs;
pub mod period;
pub mod plan;
pub mod policy;
pub mod price;
pub mod profile;
pub mod queue;
pub mod recommendation;
pub mod relation;
pub mod resource;
pub mod schedule;
pub mod series;
pub mod serverless;
pub mod simulation;
pub mod snapshot;
pub mod text;
pub mod traffic;
pub mod traffic_summary;
pub mod tuning;
pub mod unit_cost;
pub mod unsent;
