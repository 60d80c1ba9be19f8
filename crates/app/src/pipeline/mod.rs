//! One function per arrow of the flow. Command line, server and tasks all call these.

mod analyze;
mod cost;
mod doctor;
mod ingest;
mod init;
mod login;
mod metrics;
mod permissions;
mod scan;
mod scratch;
mod state;

pub use analyze::{AnalyzeRequest, Analyzed, Source, analyze};
pub use cost::{CostQuery, cost_groups, query_exports};
pub use doctor::{Diagnosis, doctor};
pub use ingest::{IngestRequest, Ingested, ingest};
pub use init::{
    Candidate, Draft, EXTERNAL_ID_VARIABLE, Existing, NextStep, Plan, RegionUse, Role, Survey,
    TemplateKind, Written, draft, external_id, identify, next_steps, refuse_existing, survey,
    write,
};
pub use permissions::read_permissions;
pub use scan::{
    Closed, Estimate, Hole, MetricHole, MetricPrice, Metrics, PlaceEstimate, ScanProgress,
    ScanRequest, Scanned, estimate, holes, last_collections, scan,
};
pub use state::{
    Visibility, latest_analysis, now, open_lake, open_state, save_analysis, today, visible,
};

pub use trimtab_aws::policy::{Organization, cloudformation, policy, terraform};
