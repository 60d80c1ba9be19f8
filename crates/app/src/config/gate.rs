//! `rollout.gate`: what must be well after a change, and the owner's own queries and alarms.

use serde::Deserialize;

use trimtab_model::gate::Signal;
use trimtab_model::plan::GateLimits;
use trimtab_rollout::plan::{OwnQuery, Watch};

use super::refused::Refused;
use super::rollout::Limit;

/// `rollout.gate`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GateTable {
    cpu_percent: Option<Limit>,
    memory_percent: Option<Limit>,
    latency_p95_ms: Option<Limit>,
    error_percent: Option<Limit>,
    availability_percent: Option<Limit>,
    swap_percent: Option<Limit>,
    connections_percent: Option<Limit>,
    replica_lag_seconds: Option<Limit>,
    control_difference_percent: Option<Limit>,
    history_difference_percent: Option<Limit>,
    /// Names of alarms that watch every change.
    #[serde(default)]
    alarms: Vec<String>,
    /// Queries of Prometheus.
    #[serde(default)]
    query: Vec<QueryTable>,
}

/// One `[[rollout.gate.query]]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "WrittenQuery")]
pub struct QueryTable(OwnQuery);

/// The same as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenQuery {
    service: Option<String>,
    signal: String,
    query: String,
    unit: String,
    step: Option<Step>,
    limit: Option<Limit>,
}

/// The seconds between two values, such as `30s` or `1m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Step(u32);

/// How often a query is asked for a value where its owner does not say.
const STEP: Step = Step(60);
/// The longest step: an hour has twelve values then.
const LONGEST_STEP: u32 = 300;

/// What a signal may be given in, each unit with what makes it the signal's own.
type Units = &'static [(&'static str, f64)];

const SHARE: Units = &[("percent", 1.0), ("ratio", 100.0)];
const MILLISECONDS: Units = &[("ms", 1.0), ("s", 1_000.0)];
const SECONDS: Units = &[("s", 1.0), ("ms", 0.001)];
const BYTES: Units = &[("bytes", 1.0), ("MiB", 1_048_576.0), ("GiB", 1_073_741_824.0)];
const COUNT: Units = &[("count", 1.0)];

/// The signals that a query may tell of, by their names.
const SIGNALS: &[(&str, Signal, Units)] = &[
    ("cpu-utilization", Signal::CpuUtilization, SHARE),
    ("memory-utilization", Signal::MemoryUtilization, SHARE),
    ("swap", Signal::Swap, SHARE),
    ("network-utilization", Signal::NetworkUtilization, SHARE),
    ("latency-p95", Signal::LatencyP95, MILLISECONDS),
    ("failed-requests", Signal::FailedRequests, COUNT),
    ("requests", Signal::Requests, COUNT),
    ("error-rate", Signal::ErrorRate, SHARE),
    ("availability", Signal::Availability, SHARE),
    ("free-memory", Signal::FreeMemory, BYTES),
    ("database-connections", Signal::DatabaseConnections, COUNT),
    ("replica-lag", Signal::ReplicaLag, SECONDS),
    ("cpu-credit-balance", Signal::CpuCreditBalance, COUNT),
    ("burst-balance", Signal::BurstBalance, SHARE),
    ("read-latency", Signal::ReadLatency, MILLISECONDS),
    ("status-check-failed", Signal::StatusCheckFailed, COUNT),
];

impl GateTable {
    /// Returns the limits: those of the file over the defaults.
    pub(super) fn limits(&self) -> GateLimits {
        let own = GateLimits::default();
        let limit = |given: Option<Limit>, default| given.map_or(default, |limit| limit.0);
        GateLimits {
            cpu_percent: limit(self.cpu_percent, own.cpu_percent),
            memory_percent: limit(self.memory_percent, own.memory_percent),
            latency_p95_ms: limit(self.latency_p95_ms, own.latency_p95_ms),
            error_percent: limit(self.error_percent, own.error_percent),
            availability_percent: limit(self.availability_percent, own.availability_percent),
            swap_percent: limit(self.swap_percent, own.swap_percent),
            connections_percent: limit(self.connections_percent, own.connections_percent),
            replica_lag_seconds: limit(self.replica_lag_seconds, own.replica_lag_seconds),
            control_difference_percent: limit(
                self.control_difference_percent,
                own.control_difference_percent,
            ),
            history_difference_percent: limit(
                self.history_difference_percent,
                own.history_difference_percent,
            ),
        }
    }

    /// Returns the owner's queries and alarms.
    pub(super) fn watch(&self) -> Watch {
        let queries = self.query.iter().map(|query| query.0.clone()).collect();
        Watch { prometheus: None, queries, alarms: self.alarms.clone() }
    }
}

impl TryFrom<WrittenQuery> for QueryTable {
    type Error = Refused;

    fn try_from(written: WrittenQuery) -> Result<Self, Self::Error> {
        let WrittenQuery { service, signal, query, unit, step, limit } = written;
        let found = SIGNALS.iter().find(|(name, _, _)| *name == signal);
        let Some((_, kind, units)) = found else {
            let known: Vec<&str> = SIGNALS.iter().map(|(name, _, _)| *name).collect();
            let known = known.join(", ");
            return Err(Refused::new(
                format!("`{signal}` is not a signal: {known}"),
                format!("신호 이름이 아닙니다: `{signal}`. 쓸 수 있는 값: {known}"),
            ));
        };
        let Some((_, scale)) = units.iter().find(|(name, _)| *name == unit) else {
            let known: Vec<&str> = units.iter().map(|(name, _)| *name).collect();
            let known = known.join(", ");
            return Err(Refused::new(
                format!("`{unit}` is not a unit of {signal}: {known}"),
                format!("{signal}의 단위가 아닙니다: `{unit}`. 쓸 수 있는 값: {known}"),
            ));
        };
        if query.trim().is_empty() {
            return Err(Refused::new(
                format!("the query of {signal} is empty"),
                format!("{signal}의 쿼리가 비어 있습니다"),
            ));
        }
        Ok(Self(OwnQuery {
            service,
            signal: *kind,
            query,
            scale: *scale,
            step_seconds: step.unwrap_or(STEP).0,
            limit: limit.map(|limit| limit.0),
        }))
    }
}

impl TryFrom<String> for Step {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let number = |suffix: char, seconds: u32| {
            text.strip_suffix(suffix)?.parse::<u32>().ok()?.checked_mul(seconds)
        };
        let seconds = number('s', 1).or_else(|| number('m', 60));
        seconds.filter(|all| (1..=LONGEST_STEP).contains(all)).map(Self).ok_or_else(|| {
            Refused::new(
                format!("`{text}` is not a step from 1s to 5m"),
                format!("1s부터 5m까지의 간격이 아닙니다: `{text}`"),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Result<GateTable, String> {
        toml::from_str(text).map_err(|cause| cause.to_string())
    }

    #[test]
    fn a_query_has_a_signal_a_unit_of_it_and_a_step() {
        let found = table(
            r#"
            swap_percent = 20
            alarms = ["lobby-all"]
            [[query]]
            service = "lobby"
            signal = "latency-p95"
            query = "histogram_quantile(0.95, sum by (le) (rate(lobby_bucket[1m])))"
            unit = "s"
            step = "30s"
            limit = 150
            [[query]]
            signal = "error-rate"
            query = "errors:ratio1m"
            unit = "ratio"
            "#,
        )
        .unwrap();
        assert!((found.limits().swap_percent - 20.0).abs() < 1e-9);
        let watch = found.watch();
        assert_eq!(watch.alarms, ["lobby-all"]);
        let latency = &watch.queries[0];
        assert_eq!(
            (latency.signal, latency.scale, latency.step_seconds, latency.limit),
            (Signal::LatencyP95, 1_000.0, 30, Some(150.0))
        );
        let errors = &watch.queries[1];
        assert_eq!(
            (errors.service.as_deref(), errors.scale, errors.step_seconds, errors.limit),
            (None, 100.0, 60, None)
        );
    }

    #[test]
    fn a_query_that_makes_no_sense_is_refused() {
        let query = |signal: &str, unit: &str, more: &str| {
            format!("[[query]]\nsignal = '{signal}'\nquery = 'up'\nunit = '{unit}'\n{more}")
        };
        for (text, word) in [
            (query("luck", "percent", ""), "not a signal"),
            (query("alarm", "count", ""), "not a signal"),
            (query("latency-p95", "percent", ""), "ms, s"),
            (query("cpu-utilization", "percent", "step = '1h'"), "step"),
            (query("cpu-utilization", "percent", "step = '0s'"), "step"),
            (query("cpu-utilization", "percent", "limit = -1"), "above zero"),
            (query("cpu-utilization", "percent", "every = 3"), "every"),
            ("[[query]]\nsignal = 'swap'\nunit = 'percent'\nquery = ' '".to_owned(), "empty"),
        ] {
            let refused = table(&text).unwrap_err();
            assert!(refused.contains(word), "{text}: {refused}");
        }
    }
}
