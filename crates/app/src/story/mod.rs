//! Data that we write ourselves: the demo story, and bills and fleets of any size.
//!
//! Everything here is deterministic by its seed and reads no clock. What it writes
//! looks exactly like a user's directory, so that it travels the same path.

pub mod bill;
mod error;
pub mod fleet;
mod focus_columns;
mod focus_csv;
mod focus_parquet;
mod focus_row;
pub mod game_kr;
mod metric_file;

pub use error::StoryError;
pub use focus_parquet::CostType;
