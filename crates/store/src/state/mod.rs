//! Small state that must survive: SQLite, written through to the disk on every commit.

mod analyses;
mod bills;
mod database;
mod dispositions;
mod metric_marks;
mod parts;
mod snapshots;

pub use bills::{Bill, BillChange, IngestRecord, LakeFile, LakeFileKind};
pub use database::{SCHEMA_VERSION, State, StateError};
pub use dispositions::{Disposition, DispositionKind};
pub use metric_marks::MetricMark;
