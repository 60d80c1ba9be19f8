//! What Prometheus measures of a machine, in PromQL.
//!
//! A machine is named by the label that holds its identifier, or by `instance` with its private
//! address. An address may be that of two machines of two networks: where the labels of what
//! Prometheus sees there differ by more than by who scraped it, there is no answer.
//!
//! Counts are the increase over five minutes, once every five minutes, so that nothing is counted
//! twice. What an instant says is the highest (or lowest) of a minute.

use trimtab_model::gate::{Presence, Signal};
use trimtab_model::id::ResourceId;
use trimtab_model::metric::{PROMETHEUS, Statistic};
use trimtab_model::resource::Resource;
use trimtab_model::resource::instance::Instance;
use trimtab_model::snapshot::Snapshot;

use super::Watched;
use super::source::{A_MINUTE, FIVE_MINUTES, Gate, Metric};
use crate::plan::watch::PrometheusNames;

/// Labels of whoever scraped a target, by which one thing seen twice differs from itself.
const SCRAPERS: &str = "job, monitor, prometheus, prometheus_replica, replica";
/// What tells the machines behind an address apart: each exporter has one of these of a machine.
const MACHINES: &str = "node_memory_MemTotal_bytes{$match} or windows_memory_available_bytes{$match} or windows_os_physical_memory_free_bytes{$match}";

const MEMORY_LINUX: &str = "100 * (1 - min_over_time(node_memory_MemAvailable_bytes{$match}[1m]) / max_over_time(node_memory_MemTotal_bytes{$match}[1m]))";
const MEMORY_WINDOWS: &str = "100 * max_over_time(windows_memory_committed_bytes{$match}[1m]) / min_over_time(windows_memory_commit_limit{$match}[1m])";
const SWAP_LINUX: &str = "100 * (1 - min_over_time(node_memory_SwapFree_bytes{$match}[1m]) / (max_over_time(node_memory_SwapTotal_bytes{$match}[1m]) > 0))";
const SWAP_WINDOWS: &str = "100 * (1 - min_over_time(windows_os_paging_free_bytes{$match}[1m]) / (max_over_time(windows_os_paging_limit_bytes{$match}[1m]) > 0))";
/// Seconds of requests as histograms: of Prometheus's client libraries, of OpenTelemetry's
/// conventions and of Micrometer; and the labels that hold the answer's code in each.
const DURATIONS: [(&str, &[&str]); 3] = [
    ("http_request_duration_seconds", &["code", "status", "status_code", "http_status_code"]),
    (
        "http_server_request_duration_seconds",
        &["http_response_status_code", "http_status_code", "status_code"],
    ),
    ("http_server_requests_seconds", &["status"]),
];
/// Codes of failure, and all codes, also as classes such as `5xx`.
const FAILURE: &str = "5..";
const ANY_CODE: &str = "[1-5]..";
/// `blackbox_exporter`: the share of probes that were answered.
const PROBES: &str = "100 * avg_over_time(probe_success{$match}[5m])";

/// Returns the query for memory use, in percent.
pub(super) fn memory(names: &PrometheusNames, of: &Resource<Instance>, all: &Snapshot) -> String {
    let one = if is_windows(of) { MEMORY_WINDOWS } else { MEMORY_LINUX };
    query(names, of, all, &format!("max({one})"))
}

/// Returns the query for swap in use, in percent.
pub(super) fn swap(names: &PrometheusNames, of: &Resource<Instance>, all: &Snapshot) -> String {
    let one = if is_windows(of) { SWAP_WINDOWS } else { SWAP_LINUX };
    query(names, of, all, &format!("max({one})"))
}

/// Returns the gates of what serves requests by itself: each is looked at where it is measured.
pub(super) fn gates(
    watched: &Watched<'_>,
    instance: &Resource<Instance>,
    controls: &[ResourceId],
) -> Vec<Gate> {
    let Some(names) = &watched.watch.prometheus else { return Vec::new() };
    let snapshot = watched.inventory.snapshot;
    let of = |signal, promql: &str| {
        gate(watched, &instance.id, signal, query(names, instance, snapshot, promql))
    };
    let others: Vec<(&ResourceId, &Resource<Instance>)> = controls
        .iter()
        .filter_map(|id| Some((id, snapshot.instances.iter().find(|one| one.id == *id)?)))
        .collect();
    let beside = |gate: Gate, promql: &str| {
        let queries =
            others.iter().map(|(id, one)| ((*id).clone(), query(names, one, snapshot, promql)));
        gate.beside_by(queries.collect())
    };
    let (latency, requests, failed) = (latency(), requests(), failed());
    let limits = &watched.rules.limits;
    vec![
        beside(of(Signal::LatencyP95, &latency), &latency).limit(limits.latency_p95_ms),
        beside(of(Signal::Requests, &requests), &requests),
        beside(of(Signal::FailedRequests, &failed), &failed),
        of(Signal::Availability, &format!("min({PROBES})")).limit(limits.availability_percent),
    ]
}

/// Makes the gate of a query that tells of five minutes.
fn gate(watched: &Watched<'_>, of: &ResourceId, signal: Signal, query: String) -> Gate {
    let scale = if signal == Signal::LatencyP95 { 1_000.0 } else { 1.0 };
    let metric = Metric::new(PROMETHEUS, "query", Statistic::Average, FIVE_MINUTES);
    metric.gate(watched, of, signal, Presence::Optional).query(query).scaled(scale)
}

/// Returns the source that stands in for a metric of a machine that CloudWatch may not have.
pub(super) fn stand_in(
    watched: &Watched<'_>,
    of: &Resource<Instance>,
    signal: Signal,
    query: fn(&PrometheusNames, &Resource<Instance>, &Snapshot) -> String,
) -> Option<Gate> {
    let names = watched.watch.prometheus.as_ref()?;
    let metric = Metric::new(PROMETHEUS, "query", Statistic::Maximum, A_MINUTE);
    let gate = metric.gate(watched, &of.id, signal, Presence::Optional);
    Some(gate.query(query(names, of, watched.inventory.snapshot)))
}

/// Returns the 95th percentile of the duration of requests; nothing while there are none, of
/// which a quantile is no number.
fn latency() -> String {
    let rates =
        DURATIONS.map(|(name, _)| format!("sum by (le) (rate({name}_bucket{{$match}}[5m]))"));
    let counts = DURATIONS.map(|(name, _)| format!("sum(rate({name}_count{{$match}}[5m]))"));
    format!(
        "histogram_quantile(0.95, {}) and on () ({}) > 0",
        rates.join(" or "),
        counts.join(" or ")
    )
}

fn requests() -> String {
    DURATIONS.map(|(name, _)| counted(name)).join(" or ")
}

fn counted(name: &str) -> String {
    format!("sum(increase({name}_count{{$match}}[5m]))")
}

/// Returns the query for failed requests, of the metric whose requests are counted.
///
/// None of them is zero only where a label holds a code: a metric that has it under a name that
/// nobody thought of, or a part of whose series has none, gives no figure.
fn failed() -> String {
    let mut all = Vec::new();
    let mut before: Vec<String> = Vec::new();
    for (name, labels) in DURATIONS {
        let by_code = |codes: &str| {
            let of =
                |label: &&str| format!("increase({name}_count{{{label}=~\"{codes}\",$match}}[5m])");
            // A series that has two of the labels is one of the union.
            format!("sum({})", labels.iter().map(of).collect::<Vec<_>>().join(" or "))
        };
        let none = labels.iter().map(|label| format!("{label}=\"\",")).collect::<String>();
        before.push(format!("sum(increase({name}_count{{{none}$match}}[5m]))"));
        all.push(format!(
            "({} or 0 * {}) unless on () ({})",
            by_code(FAILURE),
            by_code(ANY_CODE),
            before.join(" or ")
        ));
        before.pop();
        before.push(counted(name));
    }
    all.join(" or ")
}

/// Returns a query of one machine: by its identifier, else by its address where nobody else of
/// the inventory has that.
fn query(names: &PrometheusNames, of: &Resource<Instance>, all: &Snapshot, promql: &str) -> String {
    let with = |own: String| {
        let matchers = names.matchers.trim().trim_matches(['{', '}', ',']).trim();
        if matchers.is_empty() { own } else { format!("{own},{matchers}") }
    };
    let filled = |promql: &str, matchers: &str| promql.replace("$match", matchers);
    let by_id = with(format!("{}={}", names.instance_label, quoted(of.id.as_str())));
    let first = filled(promql, &by_id);
    let is_elsewhere = |address: &str| {
        let others = all.instances.iter().filter(|one| one.id != of.id);
        others.flat_map(|one| &one.kind.private_addresses).any(|other| other == address)
    };
    let own: Vec<String> = of
        .kind
        .private_addresses
        .iter()
        .filter(|address| !is_elsewhere(address))
        .map(|address| literal(address))
        .collect();
    if own.is_empty() {
        return first;
    }
    let pattern = format!("(https?://)?({})(:[0-9]+)?(/.*)?", own.join("|"));
    let by_address = with(format!("instance=~{}", quoted(&pattern)));
    let machines = filled(MACHINES, &by_address);
    format!(
        "({first}) or (({}) and on () (count(max without ({SCRAPERS}) ({machines})) == 1))",
        filled(promql, &by_address)
    )
}

/// Returns whether a machine runs Windows.
pub(super) fn is_windows(of: &Resource<Instance>) -> bool {
    of.kind.platform_details.as_deref().unwrap_or_default().contains("Windows")
}

/// Returns the pattern that matches a text and nothing else.
fn literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for letter in text.chars() {
        if !letter.is_alphanumeric() {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}

/// Returns a text as PromQL writes it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// Returns a text as it stands between the quotation marks of PromQL.
pub(super) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::super::super::sample;
    use super::*;

    fn names() -> PrometheusNames {
        PrometheusNames {
            instance_label: "instance_id".to_owned(),
            matchers: "{cluster=\"live\"}".to_owned(),
        }
    }

    #[test]
    fn a_machine_is_asked_for_by_its_identifier_and_by_an_address_that_is_its_own() {
        let mut machine = sample::instance("i-1", "m5.large");
        machine.kind.private_addresses = vec!["10.0.0.1".to_owned()];
        let mut snapshot = sample::snapshot();
        snapshot.instances = vec![machine.clone()];
        let query = memory(&names(), &machine, &snapshot);
        assert!(query.contains("{instance_id=\"i-1\",cluster=\"live\"}[1m]"), "{query}");
        assert!(query.contains(r#"instance=~"(https?://)?(10\\.0\\.0\\.1)(:[0-9]+)?"#), "{query}");
        assert!(query.contains("== 1"), "{query}");
        // Another machine has the address as well: it names neither.
        let mut other = sample::instance("i-2", "m5.large");
        other.kind.private_addresses = vec!["10.0.0.1".to_owned()];
        snapshot.instances.push(other);
        let query = memory(&names(), &machine, &snapshot);
        assert!(!query.contains("instance=~"), "{query}");
    }

    #[test]
    fn queries_are_whole_and_leave_no_placeholder() {
        let mut machine = sample::instance("i-1", "m5.large");
        machine.kind.private_addresses = vec!["10.0.0.1".to_owned()];
        let mut windows = machine.clone();
        windows.kind.platform_details = Some("Windows".to_owned());
        let snapshot = sample::snapshot();
        let own = [latency(), requests(), failed(), format!("min({PROBES})")];
        let own = own.iter().map(|one| query(&names(), &machine, &snapshot, one));
        let of = [&machine, &windows]
            .into_iter()
            .flat_map(|of| [memory(&names(), of, &snapshot), swap(&names(), of, &snapshot)]);
        for query in own.chain(of) {
            assert!(!query.contains("$match"), "{query}");
            for (open, close) in [('(', ')'), ('{', '}'), ('[', ']')] {
                let count = |letter| query.matches(letter).count();
                assert_eq!(count(open), count(close), "{query}");
            }
        }
    }

    #[test]
    fn no_failure_is_zero_only_where_a_label_holds_the_code() {
        let query = failed();
        for label in
            ["code", "status", "status_code", "http_status_code", "http_response_status_code"]
        {
            for codes in ["5..", "[1-5].."] {
                assert!(query.contains(&format!("{{{label}=~\"{codes}\",$match}}")), "{query}");
            }
        }
        assert_eq!(query.matches("or 0 * sum(").count(), DURATIONS.len(), "{query}");
        // Series without any of the labels, and an earlier metric that is counted instead.
        assert!(query.contains("{status=\"\",$match}"), "{query}");
        assert!(
            query.contains(&format!("unless on () ({} or ", counted(DURATIONS[0].0))),
            "{query}"
        );
    }

    #[test]
    fn what_a_name_holds_stays_a_name() {
        assert_eq!(quoted("a\"} or up{\n"), r#""a\"} or up{\n""#);
        assert_eq!(literal("10.0.0.1"), r"10\.0\.0\.1");
    }
}
