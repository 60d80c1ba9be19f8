//! What pages and API show, computed once: both are made from the same values.

mod age;
mod allocated;
mod amount;
mod anomalies;
mod archive;
mod bridge;
mod budgets;
mod by_resource;
mod charts;
mod choices;
mod commitments;
mod configured;
mod course;
mod coverage;
mod daily;
mod facets;
mod found;
mod gates;
mod grouping;
mod hours;
mod movers;
mod overview;
mod part;
mod resource;
mod resource_changes;
mod resource_cost;
#[cfg(test)]
mod sample;
mod savings;
mod spending;
mod staged;
mod tagging;
mod utilisation;

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
pub(crate) use choices::{Choices, alias, choices};
pub(crate) use commitments::{CommitmentItem, Commitments, CommittedMonth, commitments};
pub(crate) use configured::{ChangeTime, Configured, configured};
pub(crate) use course::{Course, course, threshold};
pub(crate) use coverage::{CallList, CoverageGaps, PlaceList, Taken, known, signals, taken};
pub(crate) use daily::{Basis, before, grouped_daily};
pub(crate) use facets::{Facet, FacetValue, Tally, facets_json};
pub(crate) use found::{Hit, hits, resource_address};
pub(crate) use gates::{ChangeGates, RunGates, run_gates};
pub(crate) use grouping::{GROUPINGS, Grouping, NARROWING, Narrowed};
pub(crate) use hours::{DayOf, Hours, hours};
pub(crate) use overview::{Cause, Found, Mover, Overview, Spent, overview};
pub(crate) use part::plans;
pub(crate) use resource::{ResourceDetail, Said, resource};
pub(crate) use resource_changes::{ResourceChange, ResourceDecision};
pub(crate) use resource_cost::ResourceCost;
pub(crate) use savings::{ChangeStatus, SavedChange, Savings, StageOf, savings};
pub(crate) use spending::{Spending, day, spending};
pub(crate) use staged::{Staged, staged};
pub(crate) use tagging::{Tagging, percent_of_count, tagging};
pub(crate) use utilisation::Utilisation;
