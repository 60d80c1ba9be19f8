//! A real Prometheus scrapes a real node exporter, and what is read of it is what it holds.
//!
//! Both are those of Debian, which `./setup` installs. The figures are compared with the raw
//! samples that the server gives, added up here. Where the programs are absent, the test says so.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a helper of a test may panic")]

mod runtime;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::Value;

use runtime::block_on;
use trimtab_model::environment::Environment;
use trimtab_model::metric::Statistic;
use trimtab_model::resource::{ResourceKind, ResourceRef};
use trimtab_prometheus::client::{Client, Credentials};
use trimtab_prometheus::error::PrometheusError;
use trimtab_prometheus::exporter::Exporter;
use trimtab_prometheus::fetch::fetch;
use trimtab_prometheus::figure::FIGURES;
use trimtab_prometheus::mapping::Subject;
use trimtab_prometheus::stretch::Stretch;
use trimtab_prometheus::target::targets;

/// Scrapes, a second apart, that are enough to compare by.
const SCRAPES: usize = 6;
const PATIENCE: Duration = Duration::from_secs(20);
const PERIOD: i64 = 300;

/// A program that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended by itself otherwise, which is as good.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Returns the program that `./setup` unpacked, else the one of the system.
fn program(name: &str) -> PathBuf {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let cache = || variable("XDG_CACHE_HOME").or_else(|| Some(variable("HOME")?.join(".cache")));
    let tools = variable("TRIMTAB_TOOLS_DIR").or_else(|| Some(cache()?.join("trimtab/tools")));
    let unpacked = tools.map(|tools| tools.join("prometheus/usr/bin").join(name));
    unpacked.filter(|path| path.is_file()).unwrap_or_else(|| name.into())
}

fn start(name: &str, arguments: &[String]) -> Option<Running> {
    let command = Command::new(program(name))
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    command.ok().map(Running)
}

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

struct Prometheus {
    port: u16,
    _exporter: Running,
    _server: Running,
    _dir: tempfile::TempDir,
}

impl Prometheus {
    /// Starts both programs; absent where this machine has not got them.
    fn start() -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let (port, exporter_port) = (free_port(), free_port());
        let config = dir.path().join("prometheus.yml");
        std::fs::write(&config, scrape(exporter_port)).unwrap();
        let exporter = start(
            "prometheus-node-exporter",
            &[format!("--web.listen-address=127.0.0.1:{exporter_port}")],
        )?;
        let flag = |name: &str, path: &Path| format!("--{name}={}", path.display());
        let server = start(
            "prometheus",
            &[
                flag("config.file", &config),
                flag("storage.tsdb.path", &dir.path().join("data")),
                format!("--web.listen-address=127.0.0.1:{port}"),
            ],
        )?;
        let all = Self { port, _exporter: exporter, _server: server, _dir: dir };
        all.wait();
        Some(all)
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Waits until there are scrapes enough, all in one interval of 5 minutes.
    fn wait(&self) {
        let begun = Instant::now();
        loop {
            let samples = self.try_raw("node_memory_MemTotal_bytes[5m]", Timestamp::now());
            let scraped = samples.iter().flatten().map(|one| one.len()).max().unwrap_or_default();
            if scraped >= SCRAPES {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "Prometheus scraped {scraped} times only");
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// Returns the samples of each series that a range selector gives at a moment.
    fn try_raw(&self, selector: &str, time: Timestamp) -> Option<Vec<Vec<(f64, f64)>>> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        let query: String = selector.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let time = time.as_second();
        write!(
            stream,
            "GET /api/v1/query?query={query}&time={time} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n"
        )
        .ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (_, body) = answer.split_once("\r\n\r\n")?;
        let body: Value = serde_json::from_str(body).ok()?;
        let series = body["data"]["result"].as_array()?.iter();
        let samples = |one: &Value| {
            let values = one["values"].as_array().unwrap().iter();
            let value = |pair: &Value| pair[1].as_str().unwrap().parse().unwrap();
            values.map(|pair| (pair[0].as_f64().unwrap(), value(pair))).collect()
        };
        Some(series.map(samples).collect())
    }

    fn raw(&self, selector: &str, time: Timestamp) -> Vec<Vec<(f64, f64)>> {
        let series = self.try_raw(selector, time).unwrap();
        assert!(!series.is_empty(), "no series of {selector}");
        series
    }

    /// Returns the lowest and the highest sample.
    fn extremes(&self, selector: &str, time: Timestamp) -> (f64, f64) {
        let values: Vec<f64> =
            self.raw(selector, time).into_iter().flatten().map(|(_, value)| value).collect();
        let lowest = values.iter().copied().fold(f64::INFINITY, f64::min);
        (lowest, values.iter().copied().fold(0.0, f64::max))
    }

    /// Returns how much all series of a counter grew together between their scrapes.
    fn growth(&self, selector: &str, time: Timestamp) -> f64 {
        let series = self.raw(selector, time);
        series.iter().map(|one| one[one.len() - 1].1 - one[0].1).sum()
    }
}

fn scrape(exporter_port: u16) -> String {
    format!(
        "global:\n  scrape_interval: 1s\nscrape_configs:\n- job_name: node\n  static_configs:\n  - targets: ['127.0.0.1:{exporter_port}']\n    labels: {{instance_id: i-0a, cluster: live}}\n"
    )
}

fn machine() -> Subject {
    Subject {
        exporter: Exporter::Node,
        label: "instance_id".to_owned(),
        value: "i-0a".to_owned(),
        resource: ResourceRef {
            id: "i-0a".into(),
            kind: ResourceKind::Instance,
            account: "111122223333".into(),
            region: "ap-northeast-2".into(),
            environment: Environment::Unknown,
            name: None,
        },
        since: None,
    }
}

/// Reads one figure over the two intervals until `end`, and returns the last of its samples.
fn read(client: &Client, metric: &str, statistic: Statistic, end: Timestamp) -> Option<f64> {
    let figure = FIGURES
        .iter()
        .find(|one| {
            (one.exporter, one.metric, one.statistic) == (Exporter::Node, metric, statistic)
        })
        .unwrap();
    let start = Timestamp::from_second(end.as_second() - 2 * PERIOD).unwrap();
    let stretch = Stretch::within(start, end).unwrap();
    let mut last = None;
    let machine = machine();
    let machines = [&machine];
    let reading = fetch(client, figure, &machines, stretch, "cluster=\"live\"", |series| {
        last = series.seconds.last().copied().zip(series.values.last().copied());
    });
    let fetched = block_on(reading).unwrap();
    assert!(fetched.warnings.is_empty(), "{fetched:?}");
    let (second, value) = last?;
    assert_eq!(second, end.as_second() - PERIOD, "{metric}");
    Some(value)
}

fn assert_near(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((found - expected).abs() <= tolerance, "{what}: {found} and not {expected}");
}

#[test]
fn figures_are_those_that_prometheus_holds() {
    let Some(prometheus) = Prometheus::start() else {
        println!(
            "SKIPPED: prometheus or prometheus-node-exporter is not on this machine; ./setup installs them"
        );
        return;
    };
    let client = Client::new(&prometheus.address(), Credentials::None, None).unwrap();
    let now = Timestamp::now();
    let found = block_on(targets(&client, "{cluster=\"live\"}", now)).unwrap();
    assert_eq!(found.targets.len(), 1, "{found:?}");
    assert_eq!(found.targets[0].exporter, Exporter::Node);
    assert_eq!(found.targets[0].labels["instance_id"], "i-0a");

    // A query may look back from a moment to come: the interval need not be over. Where scrapes
    // of two intervals were made, those of the later one may be too few.
    let mut end = Timestamp::from_second((now.as_second() / PERIOD + 1) * PERIOD).unwrap();
    if now.as_second() % PERIOD < SCRAPES as i64 {
        end = Timestamp::from_second(end.as_second() - PERIOD).unwrap();
    }
    let max = |metric| read(&client, metric, Statistic::Maximum, end);

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
    let mean = read(&client, "CPUUtilization", Statistic::Average, end).unwrap();
    assert_near(mean, busy, 10.0, "processor, mean");
    // A few seconds of a minute are all that there is: the share is of those, not of the minute.
    let peak = max("CPUUtilization").unwrap();
    assert!((0.0..=100.5).contains(&peak), "{peak}");
    assert_near(peak, busy, 15.0, "processor, peak");

    let traffic = read(&client, "NetworkIn", Statistic::Sum, end);
    let interfaces = "node_network_receive_bytes_total{device=~\"eth[0-9]+|en[spoX].*\"}[5m]";
    let seen = prometheus.try_raw(interfaces, end).unwrap();
    assert_eq!(traffic.is_some(), !seen.is_empty());
    // No disk here is one of EBS.
    assert_eq!(read(&client, "EBSReadBytes", Statistic::Sum, end), None);
}

#[test]
fn every_query_is_understood() {
    let Some(prometheus) = Prometheus::start() else {
        println!(
            "SKIPPED: prometheus or prometheus-node-exporter is not on this machine; ./setup installs them"
        );
        return;
    };
    let client = Client::new(&prometheus.address(), Credentials::None, None).unwrap();
    let end = Timestamp::now();
    let stretch =
        Stretch::within(Timestamp::from_second(end.as_second() - 14 * 86_400).unwrap(), end)
            .unwrap();
    for figure in FIGURES {
        let machine = Subject { exporter: figure.exporter, ..machine() };
        let fetched = block_on(fetch(&client, figure, &[&machine], stretch, "", |_| ())).unwrap();
        assert!(fetched.warnings.is_empty(), "{fetched:?}");
    }
    let wrong = block_on(fetch(&client, &FIGURES[0], &[&machine()], stretch, "cluster=", |_| ()));
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
