//! Small state that must survive: SQLite, written through to the disk on every commit.

mod acknowledgements;
mod analyses;
mod api_uses;
mod attestations;
mod bills;
mod cost_explorer;
mod database;
mod deliveries;
mod dispositions;
mod export_marks;
mod gate_courses;
mod journal;
mod leases;
mod mark;
mod metric_marks;
mod moment;
mod opinions;
mod parts;
mod plans;
mod reaches;
mod runs;
mod snapshots;
mod sources;
mod versions;
mod views;
mod wishes;

use moment::moment;

pub use attestations::Attestation;
pub use bills::{Bill, BillChange, IngestRecord, LakeFile, LakeFileKind};
pub use cost_explorer::{AskedMonth, AskedRow};
pub use database::{SCHEMA_VERSION, State, StateError};
pub use deliveries::{
    Claim, DeliveryKey, DeliveryOutcome, DeliveryRecord, DeliveryResult, Sender, Step,
};
pub use dispositions::{Disposition, DispositionKind};
pub use export_marks::ExportMark;
pub use journal::JournalError;
pub use leases::{Holder, Lease, LeaseError};
pub use mark::Mark;
pub use metric_marks::{MarkedSpan, MetricMark};
pub use plans::{Approved, StoredPlan};
pub use reaches::KeptReach;
pub use runs::{ResourceLock, RunRecord};
pub use versions::Versions;
pub use views::{SavedView, ViewError};
pub use wishes::{AskedWish, WishWord};
