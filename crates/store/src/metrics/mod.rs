//! Reads metrics: files in long form, one sample a row, as CSV or Parquet.

mod columns;
mod csv_file;
mod error;
mod locate;
mod measured;
mod open;
mod preflight;
mod summary;
mod writer;

pub(crate) use columns::{GROUP, ORIGIN, SAMPLE, STATISTIC, WithOrigin};
pub use error::MetricsError;
pub use measured::{Measured, measured};
pub use open::Metrics;
pub use summary::{SeriesSummary, Summary, summarise};
pub use writer::{SeriesFile, WriteSeriesError};
