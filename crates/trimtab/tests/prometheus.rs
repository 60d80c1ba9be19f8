//! What a Prometheus server measured of an emulated account decides what is found.
#![expect(clippy::indexing_slicing, reason = "a helper of a test may panic")]

#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod emulator;
#[expect(dead_code, reason = "the other test programs use the rest of it")]
#[path = "../../prometheus/tests/server/mod.rs"]
mod server;
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod support;

use std::process::Output;

use serde_json::Value;

use emulator::Emulator;
use server::{Answer, Question, Server, matrix, series};
use support::{json, stderr, stdout};

const REGION: &str = "us-east-1";
const STEP: usize = 300;

/// Starts an emulator and returns it with the id of the home account's instance.
fn machine() -> (Emulator, String) {
    let emulator = Emulator::start();
    let world = emulator.seed();
    let instances = world["instances"].as_array().expect("a list");
    let is_here = |one: &&Value| one["account"] == world["home"] && one["region"] == REGION;
    let here = instances.iter().find(is_here).expect("an instance");
    let id = here["id"].as_str().expect("text").to_owned();
    (emulator, id)
}

/// Answers like a server that watches one machine, which is hardly used, and another of somebody.
fn watching(question: &Question, id: &str) -> Answer {
    if question.path.ends_with("/series") {
        if !question.text.contains("node_memory_MemTotal_bytes") {
            return series(&[]);
        }
        let name = ("__name__", "node_memory_MemTotal_bytes");
        return series(&[
            &[name, ("instance", "10.0.0.1:9100"), ("instance_id", id)],
            &[name, ("instance", "192.0.2.1:9100")],
        ]);
    }
    let query = question.get("query");
    let value = match () {
        () if query.contains("node_memory_MemAvailable_bytes") => "15",
        () if query.contains("node_cpu_seconds_total") => "20",
        // The rest is not measured there.
        () => return matrix(&[], &[]),
    };
    let second = |name: &str| question.get(name).parse::<i64>().expect("a moment");
    let moments = (second("start")..=second("end")).step_by(STEP);
    let values: Vec<(i64, &str)> = moments.map(|moment| (moment, value)).collect();
    matrix(&[("instance_id", id, &values)], &[])
}

fn prometheus(id: &str) -> Server {
    let id = id.to_owned();
    Server::answering(move |question| watching(question, &id))
}

/// Scans without CloudWatch's metrics.
fn scan(emulator: &Emulator, more: &[&str]) -> Output {
    let scan = ["scan", "--region", REGION, "--services", "ec2", "--no-metrics"];
    emulator.trimtab(&[&scan[..], more].concat())
}

fn expect_code(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "{}{}", stdout(output), stderr(output));
}

/// Returns what `coverage` says of Prometheus, after an analysis.
fn coverage(emulator: &Emulator) -> Value {
    emulator.trimtab(&["analyze", "-o", "json"]);
    let coverage = json(&emulator.trimtab(&["coverage", "-o", "json"]));
    let sources = coverage["items"].as_array().expect("a list").iter();
    let mut own = sources.filter(|one| one["source"] == "prometheus");
    own.next().expect("a source").clone()
}

#[test]
fn a_machine_that_only_prometheus_watches_gets_a_size() {
    let (emulator, id) = machine();
    let server = prometheus(&id);
    let address = server.address();
    let output = scan(&emulator, &["--prometheus", &address, "-o", "json"]);
    expect_code(&output, 0);
    let scanned = json(&output);
    let read = &scanned["prometheus"];
    assert_eq!(
        (&read["resources"], &read["targets"], &read["unmatched_targets"]),
        (&1.into(), &2.into(), &1.into())
    );
    assert!(read["samples"].as_u64() > Some(3 * 4000), "{read}");
    // CloudWatch was asked for nothing, and charges nothing.
    assert_eq!(scanned["metrics_requested"], 0);

    let analysis = json(&emulator.trimtab(&["analyze", "-o", "json"]));
    let items = analysis["items"].as_array().expect("a list").iter();
    let mut sizes = items.filter(|one| one["check"] == "ec2-instance-oversized");
    let size = sizes.find(|one| one["resource_id"] == *id).expect("a smaller size");
    assert!(size.to_string().contains("memory at most 15.0 %"), "{size}");
    let sources = size["evidence"]["coverage"].as_array().expect("a list").iter();
    let sources: Vec<&str> = sources.filter_map(|one| one["namespace"].as_str()).collect();
    assert_eq!(sources, ["Prometheus", "Prometheus"], "{size}");
    assert_eq!(coverage(&emulator)["status"], "complete");
}

#[test]
fn a_second_scan_asks_only_for_what_is_new() {
    let (emulator, id) = machine();
    let server = prometheus(&id);
    let address = server.address();
    expect_code(&scan(&emulator, &["--prometheus", &address]), 0);
    let ends = |asked: &[Question], name| {
        let ranges = asked.iter().filter(|one| one.path.ends_with("/query_range"));
        ranges.map(|one| one.get(name).parse::<i64>().expect("a moment")).collect::<Vec<_>>()
    };
    let until = ends(&server.asked(), "end").into_iter().max().expect("questions");
    expect_code(&scan(&emulator, &["--prometheus", &address]), 0);
    let again = ends(&server.asked(), "start");
    assert!(again.iter().all(|start| *start > until), "{again:?} after {until}");
}

#[test]
fn a_server_that_is_gone_costs_its_own_answers_only_and_coverage_names_it() {
    let (emulator, _) = machine();
    let gone = Server::gone();
    let output = scan(&emulator, &["--prometheus", &gone, "-o", "json"]);
    expect_code(&output, 4);
    let scanned = json(&output);
    assert_eq!(scanned["prometheus"]["holes"][0]["code"], "prometheus-unreachable");
    assert!(scanned["items"].as_array().is_some_and(|items| !items.is_empty()));
    let source = coverage(&emulator);
    assert_eq!(source["status"], "absent", "{source}");
    let told = stdout(&emulator.trimtab(&["coverage", "-o", "table"]));
    assert!(told.contains(&gone) && told.contains("prometheus.url"), "{told}");
    let korean = scan(&emulator, &["--prometheus", &gone, "-o", "table", "--lang", "ko"]);
    expect_code(&korean, 4);
    assert!(stdout(&korean).contains("Prometheus에서 읽지 못한 것"), "{}", stdout(&korean));
    assert!(stdout(&korean).contains("응답이 없습니다"), "{}", stdout(&korean));
}

#[test]
fn what_cannot_be_an_address_is_told_before_anything_is_asked() {
    let (emulator, _) = machine();
    emulator.post("/emulator/forget", &Value::Null);
    let output = scan(&emulator, &["--prometheus", "user:hunter2@prom:9090"]);
    expect_code(&output, 2);
    assert!(!stderr(&output).contains("hunter2"), "{}", stderr(&output));
    assert!(emulator.calls().is_empty());
}

#[test]
fn the_configuration_names_the_server_and_the_environment_holds_the_token() {
    let (emulator, id) = machine();
    let server = prometheus(&id);
    emulator.configure(&format!(
        "[prometheus]\nurl = \"{}\"\nbearer_token_env = \"WATCHER\"\nmatch = '{{cluster=\"live\"}}'\n",
        server.address()
    ));
    let scan = ["scan", "--region", REGION, "--services", "ec2", "--no-metrics", "-o", "json"];
    let unset = emulator.trimtab(&scan);
    expect_code(&unset, 2);
    assert!(stderr(&unset).contains("WATCHER"), "{}", stderr(&unset));
    let output =
        emulator.command(&scan).env("WATCHER", "secret").output().expect("the binary runs");
    expect_code(&output, 0);
    assert!(!stdout(&output).contains("secret"));
    let asked = server.asked();
    assert!(asked.iter().all(|one| one.authorization == "Bearer secret"), "{asked:?}");
    assert!(asked.iter().all(|one| one.text.contains("cluster%3D%22live%22")), "{asked:?}");
}

#[test]
fn an_estimate_asks_prometheus_nothing_and_counts_nothing_for_it() {
    let (emulator, id) = machine();
    let server = prometheus(&id);
    let address = server.address();
    let estimate = |more: &[&str]| {
        let estimate = ["scan", "--region", REGION, "--estimate", "-o", "json"];
        let output = emulator.trimtab(&[&estimate[..], more].concat());
        expect_code(&output, 0);
        json(&output)
    };
    assert_eq!(estimate(&["--prometheus", &address]), estimate(&[]));
    assert!(server.asked().is_empty());
}
