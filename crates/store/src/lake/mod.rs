//! The charges as Parquet, and how bills get there.

mod codes;
mod commit;
mod grouping;
mod ingest;
mod location;
mod open;
mod query;
pub(crate) mod rollup;
mod settle;

pub(crate) use grouping::Measure;
pub use ingest::{Convert, FileOutcome, Ingested, ingest};
pub use open::{Lake, LakeError};
pub(crate) use query::Question;
