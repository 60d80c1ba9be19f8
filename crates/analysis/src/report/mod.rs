//! Reports: from facts to what a week, a month and a quarter come to.
//!
//! A report is a function of [`ReportFacts`] and gives a
//! [`Document`](trimtab_model::document::Document): values, no formatting. What is not known is
//! in it as a note that says what would make it known; nothing is zero because it is missing.

mod accounts;
mod anomalies;
mod bridge;
mod changes;
mod commitments;
mod decision_log;
mod decisions;
mod expected;
mod facts;
mod figures;
mod footer;
mod forecast;
mod ledger;
mod monthly;
#[cfg(test)]
mod monthly_tests;
mod movers;
mod quarter_months;
mod quarterly;
mod realised;
mod rest;
mod roadmap;
mod savings;
#[cfg(test)]
mod scene;
mod services;
mod split;
mod stages;
mod tags;
mod teams;
mod themes;
mod unit_trend;
mod week;
mod weekly;
#[cfg(test)]
mod weekly_tests;

pub use bridge::cost_bridge;
pub use commitments::{CommitmentFigures, coverage_percent};
pub use expected::{BudgetOutlook, ExpectedMonth, budget_outlook, expected_month};
pub use facts::{
    AccountFacts, BillFacts, BudgetMonth, ChangeOutcome, ChangeSummary, DayCharge, Decided,
    DecisionRecord, Elasticity, GateSummary, MeterMonth, MonthCharge, NO_BILL, NO_USAGE,
    PlanStatus, PlanSummary, ReportFacts, TagCost, UsageFacts, UsagePart, WorkloadMonth,
};
pub use monthly::{last_month, monthly};
pub use quarterly::{last_quarter, quarterly};
pub use split::{Split, UsageMeter, WeekMeters, split};
pub use stages::{SavingsStage, SavingsStages};
pub use week::{compared_days, last_week};
pub use weekly::weekly;
