//! Plans: what is going to be changed, as people read it before they approve it.

mod changes;
mod diff;
mod dry_run;
mod list;
mod notes;
mod page;
mod preflight;
mod show;
mod timetable;
pub mod words;

pub use changes::plan_change_table;
pub use diff::{PlanDifference, PlanDifferenceKind, plan_diff_table};
pub use dry_run::{PlannedCalls, dry_run, dry_run_table};
pub use list::plan_table;
pub use notes::plan_note_table;
pub use page::{PlanApproval, PlanAttestation, PlanNote, PlanPage, PlanSaving};
pub use preflight::{PreflightPage, PreflightRow, preflight_page, preflight_table, verdict};
pub use show::plan_show;
pub use timetable::{PlanSlot, plan_slot_table};
