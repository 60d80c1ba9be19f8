//! One function per arrow of the flow. Command line, server and tasks all call these.

pub(crate) mod acting;
mod allocation;
mod analyze;
pub mod anomalies;
mod backtest;
mod cost;
mod cost_explorer;
pub mod demo;
mod doctor;
mod exports;
mod ingest;
mod init;
mod inspect;
mod login;
mod measured;
mod metrics;
pub mod notify;
mod permissions;
mod places;
pub mod plan;
mod project;
mod reason;
pub mod recover;
pub mod report;
pub mod runs;
#[cfg(test)]
mod sample;
mod scan;
mod scratch;
mod state;
mod traffic;
mod tuning;
mod users;
pub(crate) mod watching;

pub use allocation::{Divided, allocations, allocations_of_exports, kept_allocations};
pub use analyze::{AnalyzeRequest, Analyzed, Source, analyze, inventory};
pub use backtest::{BacktestRequest, Backtested, backtest};
pub use cost::{
    CostQuery, PROVISIONAL_DAYS, cost_explorer_months, cost_groups, query_exports, usual_currency,
};
pub use cost_explorer::{Announced, CostExplorerRequest, ingest_cost_explorer};
pub use doctor::{Diagnosis, doctor};
pub use exports::{BillPlace, ExportRequest, ingest_exports};
pub use ingest::{
    Delivered, IngestRequest, Ingested, PeriodOutcome, ReadExport, RequestsMade, ingest,
};
pub use init::{
    Candidate, Draft, EXTERNAL_ID_VARIABLE, Existing, NextStep, Plan, RegionUse, Role, Survey,
    TemplateKind, Written, draft, external_id, identify, next_steps, refuse_existing, survey,
    write,
};
pub use inspect::{InspectRequest, Inspected, inspect};
pub use measured::KeptMetrics;
pub use permissions::{changing_boundary, changing_role, read_permissions, trust_of};
pub use places::{KnownPlaces, api_uses, granting, known_places};
pub use project::write_project;
pub use reason::stated_reason;
pub use report::{expected_month, known_until};
pub use scan::{
    Ask, Closed, Estimate, Hole, MetricHole, MetricPrice, Metrics, MetricsSince, PlaceEstimate,
    PrometheusRead, RequestPrice, ScanProgress, ScanRequest, Scanned, Since, estimate, holes,
    last_collections, last_sources, scan,
};
pub use state::{
    Visibility, latest_analysis, latest_findings, now, open_lake, open_on, open_state,
    save_analysis, today, visible,
};
pub use traffic::{TrafficRead, TrafficRequest, traffic};
pub use tuning::{region_prices, tuning_points};
pub use users::{
    Answered, UnitCostRequest, kept_unit_cost, resource_loads, simulate, unit_cost, user_forecasts,
};

pub use trimtab_aws::actions::Tier as RoleTier;
pub use trimtab_aws::policy::{
    ChangingRole, CostExplorer, Extras, Organization, Statement, cloudformation, policy,
    scheduler_policy, terraform,
};
