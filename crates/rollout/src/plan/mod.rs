//! From recommendations to a frozen plan, and what can be said of it before it runs.
//!
//! [`create`] makes the plan: it is the only place that decides what is changed at all. What it
//! does not change, it leaves out with a reason, and with the change that the owner would make
//! where there is one. [`lint()`] looks at a finished plan as a stranger would, [`diff()`] at two of
//! them, [`simulate_schedule`] says when each change would begin, and [`export`] writes it down.

mod conflict;
mod create;
mod diff;
mod draft;
pub mod export;
pub mod fingerprint;
pub mod gates;
mod inventory;
mod inverse;
mod ladder;
mod lint;
mod members;
mod migrations;
mod nature;
mod owner;
mod recent;
mod refusal;
#[cfg(test)]
mod rehearsed;
mod request;
#[cfg(test)]
pub(crate) mod sample;
mod services;
mod stages;
mod subject;
mod switches;
#[cfg(test)]
mod tests;
mod timetable;
mod units;
mod watch;

pub use create::create;
pub use diff::{ChangedChange, FieldChange, PlanDiff, diff};
pub use inventory::Inventory;
pub use inverse::inverse;
pub(crate) use inverse::is_way_back;
pub use lint::{Finding, Severity, forbids_approval, lint};
pub use nature::stated;
pub use recent::{Recent, recent};
pub use request::PlanRequest;
pub use services::Services;
pub use timetable::{Slot, simulate_schedule};
pub use watch::{OwnQuery, PrometheusNames, Watch};
