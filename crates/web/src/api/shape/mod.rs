//! What answers look like that the contract of the command line writes (docs/json.md): for the description of the API
//! alone. A test holds real answers against them.
#![expect(dead_code, reason = "shapes are described and never made")]

mod anomaly;
mod cost;
mod coverage;
mod evidence;
mod health;
mod patch;
mod plan;
mod recommendation;
mod run;
mod series;

pub(super) use anomaly::{Anomalies, AnomalyShown};
pub(super) use cost::{Allocated, UnitCosts};
pub(super) use coverage::Coverage;
pub(super) use evidence::EvidenceOf;
pub(super) use health::Health;
pub(super) use patch::PatchOf;
pub(super) use plan::{Plan, PlanList};
pub(super) use recommendation::{Decided, OptionList, Recommendation, RecommendationList};
pub(super) use run::{Asked, RolledBack, Run, RunList};
pub(super) use series::SeriesOf;
