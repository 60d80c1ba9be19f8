//! Everything that touches files, Parquet, the engine and SQL.

pub mod error;
pub mod input;

pub use error::InputError;
