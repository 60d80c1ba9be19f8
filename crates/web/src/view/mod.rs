//! What pages and API show, computed once: both are made from the same values.

mod age;
mod allocated;
mod amount;
mod anomalies;
mod archive;
mod bridge;
mod budgets;
mod charts;
mod commitments;
mod course;
mod daily;
mod gates;
mod grouping;
mod hours;
mod overview;
#[cfg(test)]
mod sample;
mod savings;
mod spending;
mod staged;
mod tagging;

pub(crate) use age::{Age, age};
pub(crate) use allocated::{Allocated, allocated};
pub(crate) use amount::Amount;
pub(crate) use anomalies::{anomalies, one_anomaly};
pub(crate) use archive::{
    Archive, ArchivedReport, DeliveryOf, ReportFile, ScheduledReport, archive, files_of,
    undelivered,
};
pub(crate) use bridge::{CostBridge, bridge};
pub(crate) use budgets::{BudgetItem, Budgets, budgets};
pub(crate) use charts::{stack, treemap};
pub(crate) use commitments::{CommitmentItem, Commitments, CommittedMonth, commitments};
pub(crate) use course::{Course, course};
pub(crate) use daily::{Basis, before, daily, grouped_daily};
pub(crate) use gates::{ChangeGates, RunGates, run_gates};
pub(crate) use grouping::{GROUPINGS, Grouping, NARROWING, Narrowed};
pub(crate) use hours::{DayOf, Hours, hours};
pub(crate) use overview::{Cause, Found, Mover, Overview, Spent, overview};
pub(crate) use savings::{ChangeStatus, SavedChange, Savings, StageOf, savings};
pub(crate) use spending::{Spending, day, spending};
pub(crate) use staged::{Staged, staged};
pub(crate) use tagging::{Tagging, percent_of_count, tagging};
