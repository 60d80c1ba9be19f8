//! What the owner has besides CloudWatch's metrics, by which a change is watched.

use trimtab_model::gate::Signal;

/// Prometheus, alarms and queries of the owner's.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Watch {
    /// How Prometheus names what it watches; absent where there is no Prometheus.
    pub prometheus: Option<PrometheusNames>,
    /// Queries that the owner wrote; each takes the place of the gates of its signal.
    pub queries: Vec<OwnQuery>,
    /// Names of alarms that watch every change, composite ones among them.
    pub alarms: Vec<String>,
}

/// The labels by which Prometheus names resources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrometheusNames {
    /// The label with the identifier of an instance, besides `instance` with its address.
    pub instance_label: String,
    /// Label matchers that every query has besides, such as `cluster="live"`.
    pub matchers: String,
}

/// A query of Prometheus for one signal.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnQuery {
    /// The service that it is of; every one where absent.
    pub service: Option<String>,
    /// The signal.
    pub signal: Signal,
    /// PromQL, in which `$id`, `$address` and `$service` stand for those of the resource.
    pub query: String,
    /// What a value is multiplied with to have the signal's unit.
    pub scale: f64,
    /// The seconds between two values, each of which is of the time since the one before.
    pub step_seconds: u32,
    /// The limit in the signal's unit; that of the rules where absent.
    pub limit: Option<f64>,
}
