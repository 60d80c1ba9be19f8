//! Everything that touches files, Parquet, the engine and SQL.

pub mod audit;
pub mod billing;
pub mod catalog;
pub mod cost;
pub mod digest;
pub mod engine;
pub mod error;
pub mod export;
pub mod guard;
mod header;
pub mod input;
pub mod inventory;
pub mod lake;
pub mod metrics;
pub mod profile;
pub mod reserve;
pub mod state;
pub mod traffic;
mod unfold;

pub use error::{InputError, words};
