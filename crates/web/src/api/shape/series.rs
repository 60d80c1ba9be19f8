//! How a resource was used.

use serde_json::Value;
use utoipa::ToSchema;

/// How the resource of a recommendation was used.
#[derive(ToSchema)]
pub(in crate::api) struct SeriesOf {
    /// `trimtab/v1/rec.series`.
    schema: String,
    /// From when on.
    #[schema(format = DateTime)]
    from: String,
    /// Until when.
    #[schema(format = DateTime)]
    until: String,
    /// Each metric.
    panels: Vec<PanelOf>,
}

/// One metric.
#[derive(ToSchema)]
struct PanelOf {
    /// The stable name of its highest value.
    name: String,
    /// The namespace.
    namespace: String,
    /// The metric.
    metric: String,
    /// The statistic.
    statistic: String,
    /// Seconds between samples.
    period_seconds: u32,
    /// The unit.
    unit: String,
    /// What the decision held it against.
    limit: Option<f64>,
    /// Pairs of a moment and a value; a null value is a gap.
    #[schema(value_type = Vec<Value>)]
    measured: Vec<Value>,
    /// The same after the change; null where that is not known.
    #[schema(value_type = Option<Vec<Value>>)]
    projected: Option<Vec<Value>>,
}
