//! A real Prometheus, and what it holds.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::Value;

use trimtab_model::environment::Environment;
use trimtab_model::metric::Statistic;
use trimtab_model::resource::{ResourceKind, ResourceRef};
use trimtab_prometheus::client::Client;
use trimtab_prometheus::exporter::Exporter;
use trimtab_prometheus::fetch::fetch;
use trimtab_prometheus::figure::FIGURES;
use trimtab_prometheus::mapping::Subject;
use trimtab_prometheus::stretch::Stretch;

use super::runtime::block_on;

/// What a test says that cannot be run here.
pub const SKIPPED: &str =
    "SKIPPED: prometheus or prometheus-node-exporter is not on this machine; ./setup brings them";
/// Scrapes, a second apart, that are enough to compare by.
const SCRAPES: usize = 6;
const PATIENCE: Duration = Duration::from_secs(20);
const PERIOD: i64 = 300;

/// Moments in seconds, and values.
pub type Samples = Vec<(f64, f64)>;

/// A program that ends with the test.
pub struct Running(Child);

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

/// Starts a node exporter and returns its port; absent where this machine has none.
pub fn node_exporter() -> Option<(Running, u16)> {
    let port = free_port();
    let address = format!("--web.listen-address=127.0.0.1:{port}");
    Some((start("prometheus-node-exporter", &[address])?, port))
}

/// A running Prometheus, which has scraped every second for a while.
pub struct Prometheus {
    port: u16,
    _server: Running,
    _dir: tempfile::TempDir,
}

impl Prometheus {
    /// Starts one with these `scrape_configs`, and waits until it has enough of `series`; absent
    /// where this machine has none.
    pub fn start(scrape_configs: &str, series: &str) -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let port = free_port();
        let config = dir.path().join("prometheus.yml");
        let text = format!("global:\n  scrape_interval: 1s\nscrape_configs:\n{scrape_configs}");
        std::fs::write(&config, text).unwrap();
        let flag = |name: &str, path: &Path| format!("--{name}={}", path.display());
        let server = start(
            "prometheus",
            &[
                flag("config.file", &config),
                flag("storage.tsdb.path", &dir.path().join("data")),
                format!("--web.listen-address=127.0.0.1:{port}"),
            ],
        )?;
        let all = Self { port, _server: server, _dir: dir };
        all.wait(series);
        Some(all)
    }

    /// Returns the address.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Returns the end of the interval of 5 minutes in which most scrapes were made.
    ///
    /// A query may look back from a moment to come: the interval need not be over.
    pub fn end(&self) -> Timestamp {
        let now = Timestamp::now().as_second();
        let next = (now / PERIOD + 1) * PERIOD;
        let is_young = now % PERIOD < SCRAPES as i64 / 2;
        Timestamp::from_second(if is_young { next - PERIOD } else { next }).unwrap()
    }

    fn wait(&self, series: &str) {
        let begun = Instant::now();
        loop {
            let samples = self.try_raw(&format!("{series}[5m]"), Timestamp::now());
            let scraped = samples.iter().flatten().map(|one| one.len()).max().unwrap_or_default();
            if scraped >= SCRAPES {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "Prometheus scraped {scraped} times only");
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// Returns the samples of each series that a range selector gives at a moment.
    pub fn try_raw(&self, selector: &str, time: Timestamp) -> Option<Vec<Samples>> {
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

    /// Returns the same, of which there must be some.
    pub fn raw(&self, selector: &str, time: Timestamp) -> Vec<Samples> {
        let series = self.try_raw(selector, time).unwrap();
        assert!(!series.is_empty(), "no series of {selector}");
        series
    }

    /// Returns the lowest and the highest sample.
    pub fn extremes(&self, selector: &str, time: Timestamp) -> (f64, f64) {
        let values: Vec<f64> =
            self.raw(selector, time).into_iter().flatten().map(|(_, value)| value).collect();
        let lowest = values.iter().copied().fold(f64::INFINITY, f64::min);
        (lowest, values.iter().copied().fold(0.0, f64::max))
    }

    /// Returns how much all series of a counter grew together between their scrapes.
    pub fn growth(&self, selector: &str, time: Timestamp) -> f64 {
        let series = self.raw(selector, time);
        series.iter().map(|one| one[one.len() - 1].1 - one[0].1).sum()
    }
}

/// Returns what an exporter tells of a machine.
pub fn machine(exporter: Exporter, id: &str) -> Subject {
    Subject {
        exporter,
        label: "instance_id".to_owned(),
        value: id.to_owned(),
        resource: ResourceRef {
            id: id.into(),
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
pub fn read(
    client: &Client,
    machine: &Subject,
    (metric, statistic): (&str, Statistic),
    end: Timestamp,
) -> Option<f64> {
    let figure = FIGURES
        .iter()
        .find(|one| {
            (one.exporter, one.metric, one.statistic) == (machine.exporter, metric, statistic)
        })
        .unwrap();
    let start = Timestamp::from_second(end.as_second() - 2 * PERIOD).unwrap();
    let stretch = Stretch::within(start, end).unwrap();
    let mut last = None;
    let machines = [machine];
    let reading = fetch(client, figure, &machines, stretch, "cluster=\"live\"", |series| {
        last = series.seconds.last().copied().zip(series.values.last().copied());
    });
    let fetched = block_on(reading).unwrap();
    assert!(fetched.warnings.is_empty(), "{fetched:?}");
    let (second, value) = last?;
    assert_eq!(second, end.as_second() - PERIOD, "{metric}");
    Some(value)
}
