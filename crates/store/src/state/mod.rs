//! Small state that must survive: SQLite, written through to the disk on every commit.

mod analyses;
mod bills;
mod cost_explorer;
mod database;
mod dispositions;
mod export_marks;
mod metric_marks;
mod opinions;
mod parts;
mod snapshots;
mod sources;

pub use bills::{Bill, BillChange, IngestRecord, LakeFile, LakeFileKind};
pub use cost_explorer::{AskedMonth, AskedRow};
pub use database::{SCHEMA_VERSION, State, StateError};
pub use dispositions::{Disposition, DispositionKind};
pub use export_marks::ExportMark;
pub use metric_marks::{MarkedSpan, MetricMark};
