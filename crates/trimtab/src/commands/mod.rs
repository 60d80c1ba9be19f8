//! The commands, one file each.

pub mod analyze;
pub mod backtest;
pub mod checks;
pub mod completion;
pub mod config;
pub mod cost;
pub mod coverage;
pub mod database;
pub mod demo;
pub mod docs;
pub mod doctor;
pub mod drivers;
pub mod iam;
pub mod ingest;
pub mod init;
pub mod man;
pub mod measure;
pub mod prices;
pub mod rec;
pub mod scan;
pub mod schedule;
pub mod simulate;
pub mod traffic;
pub mod unit_cost;
pub mod version;
pub mod worker;
