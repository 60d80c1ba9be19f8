//! One function per arrow of the flow. Command line, server and tasks all call these.

mod analyze;
mod cost;
mod ingest;
mod metrics;
mod permissions;
mod scan;
mod scratch;
mod state;

pub use analyze::{AnalyzeRequest, Analyzed, Source, analyze};
pub use cost::{CostQuery, cost_groups, query_exports};
pub use ingest::{IngestRequest, Ingested, ingest};
pub use permissions::read_permissions;
pub use scan::{
    Closed, Estimate, Hole, MetricHole, MetricPrice, Metrics, PlaceEstimate, PrometheusRead,
    ScanProgress, ScanRequest, Scanned, estimate, holes, last_collections, last_sources, scan,
};
pub use state::{
    Visibility, latest_analysis, now, open_lake, open_state, save_analysis, today, visible,
};

pub use trimtab_aws::policy::{Organization, cloudformation, policy, terraform};
