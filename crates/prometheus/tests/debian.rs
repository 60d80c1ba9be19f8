//! A real Prometheus scrapes a real node exporter, and what is read of it is what it holds.
//!
//! Both are those of Debian, which `./setup` brings. The figures are compared with the raw
//! samples that the server gives, added up here. Where the programs are absent, the test says so.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a helper of a test may panic")]

mod daemon;
mod runtime;

use jiff::Timestamp;

use daemon::{Prometheus, Running, SKIPPED, machine, node_exporter, read};
use runtime::block_on;
use trimtab_model::metric::Statistic;
use trimtab_prometheus::client::{Client, Credentials};
use trimtab_prometheus::error::PrometheusError;
use trimtab_prometheus::exporter::Exporter;
use trimtab_prometheus::fetch::fetch;
use trimtab_prometheus::figure::FIGURES;
use trimtab_prometheus::stretch::Stretch;
use trimtab_prometheus::target::targets;

fn start() -> Option<(Running, Prometheus)> {
    let (exporter, port) = node_exporter()?;
    let job = format!(
        "- job_name: node\n  static_configs:\n  - targets: ['127.0.0.1:{port}']\n    labels: {{instance_id: i-0a, cluster: live}}\n"
    );
    Some((exporter, Prometheus::start(&job, "node_memory_MemTotal_bytes")?))
}

fn assert_near(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((found - expected).abs() <= tolerance, "{what}: {found} and not {expected}");
}

#[test]
fn figures_are_those_that_prometheus_holds() {
    let Some((_exporter, prometheus)) = start() else {
        println!("{SKIPPED}");
        return;
    };
    let client = Client::new(&prometheus.address(), Credentials::None, None).unwrap();
    let now = Timestamp::now();
    let found = block_on(targets(&client, "{cluster=\"live\"}", now)).unwrap();
    assert_eq!(found.targets.len(), 1, "{found:?}");
    assert_eq!(found.targets[0].exporter, Exporter::Node);
    assert_eq!(found.targets[0].labels["instance_id"], "i-0a");

    let end = prometheus.end();
    let node = machine(Exporter::Node, "i-0a");
    let max = |metric| read(&client, &node, (metric, Statistic::Maximum), end);

    let (available, _) = prometheus.extremes("node_memory_MemAvailable_bytes[5m]", end);
    let (_, total) = prometheus.extremes("node_memory_MemTotal_bytes[5m]", end);
    // The exporter is still scraped while we ask, so that a later minimum may be lower.
    let memory = max("mem_used_percent").unwrap();
    assert_near(memory, 100.0 * (1.0 - available / total), 0.5, "memory");

    let (_, swap) = prometheus.extremes("node_memory_SwapTotal_bytes[5m]", end);
    assert_eq!(max("swap_used_percent").is_some(), swap > 0.0, "no swap is a gap, not a zero");

    let idle = prometheus.growth("node_cpu_seconds_total{mode=\"idle\"}[5m]", end);
    let all = prometheus.growth("node_cpu_seconds_total[5m]", end);
    let busy = 100.0 * (1.0 - idle / all);
    let mean = read(&client, &node, ("CPUUtilization", Statistic::Average), end).unwrap();
    assert_near(mean, busy, 10.0, "processor, mean");
    // A few seconds of a minute are all that there is: the share is of those, not of the minute.
    let peak = max("CPUUtilization").unwrap();
    assert!((0.0..=100.5).contains(&peak), "{peak}");
    assert_near(peak, busy, 15.0, "processor, peak");

    let traffic = read(&client, &node, ("NetworkIn", Statistic::Sum), end);
    let interfaces = "node_network_receive_bytes_total{device=~\"eth[0-9]+|en[spoX].*\"}[5m]";
    let seen = prometheus.try_raw(interfaces, end).unwrap();
    assert_eq!(traffic.is_some(), !seen.is_empty());
    // No disk here is one of EBS.
    assert_eq!(read(&client, &node, ("EBSReadBytes", Statistic::Sum), end), None);
}

#[test]
fn every_query_is_understood() {
    let Some((_exporter, prometheus)) = start() else {
        println!("{SKIPPED}");
        return;
    };
    let client = Client::new(&prometheus.address(), Credentials::None, None).unwrap();
    let end = Timestamp::now();
    let stretch =
        Stretch::within(Timestamp::from_second(end.as_second() - 14 * 86_400).unwrap(), end)
            .unwrap();
    for figure in FIGURES {
        let machine = machine(figure.exporter, "i-0a");
        let fetched = block_on(fetch(&client, figure, &[&machine], stretch, "", |_| ())).unwrap();
        assert!(fetched.warnings.is_empty(), "{fetched:?}");
    }
    let wrong = block_on(fetch(
        &client,
        &FIGURES[0],
        &[&machine(Exporter::Node, "i-0a")],
        stretch,
        "cluster=",
        |_| (),
    ));
    assert!(
        matches!(&wrong, Err(PrometheusError::Refused { kind, .. }) if kind == "bad_data"),
        "{wrong:?}"
    );
    let elsewhere =
        Client::new(&format!("{}/nowhere", prometheus.address()), Credentials::None, None);
    let elsewhere = block_on(targets(&elsewhere.unwrap(), "", end));
    assert!(
        matches!(elsewhere, Err(PrometheusError::Foreign { status: 404, .. })),
        "{elsewhere:?}"
    );
}
