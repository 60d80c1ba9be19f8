//! Pages for a terminal, made from values: one file per page.

pub mod allocation;
pub mod analysis_summary;
pub mod anomaly_list;
pub mod backtest;
mod build_up;
pub mod checks;
pub mod cost;
pub mod coverage;
pub mod database_inspection;
pub mod doctor_report;
pub mod exempt_list;
pub mod function_use;
pub mod identifier;
pub mod ingest_report;
pub mod init_report;
pub mod only_aws;
mod page;
pub mod places;
pub mod plan;
pub mod prices;
pub mod recommendation_explain;
pub mod recommendation_list;
pub mod recommendation_show;
pub mod recover;
pub mod relations;
pub mod rollout;
pub mod run;
pub mod scan_estimate;
pub mod scan_holes;
pub mod scan_report;
pub mod schedule;
pub mod schedules;
mod second_opinion;
pub mod serverless;
pub mod simulation;
pub mod traffic_endpoints;
pub mod traffic_summary;
pub mod traffic_words;
pub mod tuning;
pub mod unit_cost;
pub mod user_forecast;
pub mod user_load;
pub mod words;

#[cfg(test)]
mod recommendation_tests;
#[cfg(test)]
mod repair_tests;
#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod traffic_tests;
#[cfg(test)]
mod users_tests;

pub use allocation::allocation_table;
pub use analysis_summary::analysis_summary;
pub use anomaly_list::{
    acknowledged_table, anomaly_show, anomaly_table, kind_word, parts_words, said_words,
    standing_word,
};
pub use backtest::{backtest_page, backtest_table, reliability_table};
pub use build_up::{build_up_chart, build_up_notes, build_up_table};
pub use checks::{CheckPage, check_show, checks_list};
pub use cost::{CostChange, CostRow, cost_changes, cost_table, cost_total};
pub use coverage::{coverage, coverage_table};
pub use database_inspection::{database_inspection, database_inspection_table};
pub use doctor_report::{DoctorReport, doctor_report, doctor_table, grants};
pub use exempt_list::exempt_table;
pub use function_use::{function_notes, function_table};
pub use identifier::matching;
pub use ingest_report::{
    IngestFailure, Ingested, IngestedFile, PeriodTotal, Requests, ingest_report,
};
pub use init_report::{
    InitCandidate, InitProposal, InitRegion, InitStep, candidate_name, init_candidates, init_file,
    init_proposal, init_written,
};
pub use only_aws::only_aws_table;
pub use places::{
    api_month_table, api_use_table, permission_table, place_status, place_table, signal_table,
};
pub use prices::{PriceRow, instance_type_facts, price_table};
pub use recommendation_explain::recommendation_explain;
pub use recommendation_list::{recommendation_list, recommendation_table, sorted_recommendations};
pub use recommendation_show::recommendation_show;
pub use relations::{relation_table, relation_words};
pub use scan_estimate::{ScanEstimate, ScanPlace, estimate_table, scan_estimate};
pub use scan_holes::scan_holes;
pub use scan_report::{
    MetricCost, ScanHole, ScanMetrics, ScanPrometheus, ScanReport, scan_report, scan_table,
};
pub use schedule::{schedule_show, schedule_table};
pub use schedules::{LeftAlone, Outcome, Proposed, Schedules};
pub use second_opinion::second_opinion_lines;
pub use serverless::{
    candidate_explain, candidate_show, candidate_table, fit_word, function_simulation, trigger_word,
};
pub use simulation::{simulation_page, simulation_table};
pub use traffic_endpoints::{traffic_duplicate_table, traffic_duplicates, traffic_endpoint_table};
pub use traffic_summary::{traffic_summary, traffic_summary_table};
pub use tuning::{tuning_notes, tuning_table};
pub use unit_cost::{unit_cost_note, unit_cost_table};
pub use user_forecast::{user_forecast_page, user_forecast_table};
pub use user_load::{user_load_page, user_load_table};
