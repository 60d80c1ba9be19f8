//! The charges as Parquet, and how bills get there.

mod commit;
mod ingest;
mod location;
mod open;
pub(crate) mod rollup;
mod settle;

pub use ingest::{Convert, FileOutcome, Ingested, ingest};
pub use open::{Lake, LakeError};
