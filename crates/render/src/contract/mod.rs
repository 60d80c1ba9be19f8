//! The JSON that machines read. `docs/json.md` describes every field.

mod allocation;
mod analysis;
mod anomaly;
mod backtest;
mod cost_summary;
mod database;
mod function_use;
mod opinion;
mod plan;
mod preflight;
mod report;
mod rollout;
mod run;
mod schedule;
mod serverless;
mod text;
mod traffic;
mod tuning;
mod users;

pub use allocation::{SCHEMA as ALLOCATION_SCHEMA, allocation_json};
pub use analysis::{
    SCHEMA as ANALYSIS_SCHEMA, analysis_json, coverage_json, recommendation_json, totals_json,
};
pub use anomaly::{
    LIST_SCHEMA as ANOMALY_LIST_SCHEMA, SHOW_SCHEMA as ANOMALY_SHOW_SCHEMA, anomalies_json,
    anomaly_json,
};
pub use backtest::{SCHEMA as BACKTEST_SCHEMA, backtest_json};
pub use cost_summary::{SCHEMA as COST_SUMMARY_SCHEMA, cost_summary_json};
pub use database::{SCHEMA as INSPECTION_SCHEMA, inspection_json};
pub use function_use::{SCHEMA as SERVERLESS_FUNCTIONS_SCHEMA, functions_json};
pub use plan::{
    DIFF_SCHEMA as PLAN_DIFF_SCHEMA, DRY_RUN_SCHEMA, LINT_SCHEMA as PLAN_LINT_SCHEMA,
    LIST_SCHEMA as PLAN_LIST_SCHEMA, SHOW_SCHEMA as PLAN_SHOW_SCHEMA,
    SIMULATE_SCHEMA as PLAN_SIMULATE_SCHEMA, dry_run_json, plan_diff_json, plan_json,
    plan_lint_json, plan_list_json, plan_simulate_json,
};
pub use preflight::{SCHEMA as PLAN_PREFLIGHT_SCHEMA, preflight_json};
pub use report::{SCHEMA as REPORT_SCHEMA, report_json};
pub use rollout::{SCHEMA as ROLLOUT_SCHEMA, rollout_json};
pub use run::{RUN_SCHEMA, entry_json, run_json};
pub use schedule::{SCHEMA as SCHEDULE_SCHEMA, schedule_json};
pub use serverless::{candidate_json, candidates_json, function_simulation_json};
pub use text::{compact, money, pretty};
pub use traffic::{
    DUPLICATES_SCHEMA as TRAFFIC_DUPLICATES_SCHEMA, ENDPOINTS_SCHEMA as TRAFFIC_ENDPOINTS_SCHEMA,
    SUMMARY_SCHEMA as TRAFFIC_SUMMARY_SCHEMA, traffic_duplicates_json, traffic_endpoints_json,
    traffic_summary_json,
};
pub use tuning::{SCHEMA as SERVERLESS_TUNE_SCHEMA, tuning_json};
pub use users::{
    DRIVERS_SCHEMA as TRAFFIC_DRIVERS_SCHEMA, FORECAST_SCHEMA as TRAFFIC_FORECAST_SCHEMA,
    SIMULATION_SCHEMA, UNIT_COST_SCHEMA, simulation_json, unit_cost_json, user_forecast_json,
    user_load_json,
};
