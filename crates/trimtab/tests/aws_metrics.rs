//! Metrics of an emulated CloudWatch are read, once, and decide what is found.

#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod emulator;
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod support;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use emulator::Emulator;
use support::{json, stderr, stdout};
use trimtab_model::id::{RegionId, SubAccountId};
use trimtab_store::state::{MetricMark, State};

const SCAN: &[&str] =
    &["scan", "--region", "us-east-1,ap-northeast-2", "--services", "ec2", "-o", "json"];
/// The region of the instance that idles, and that of the one that is busy.
const IDLE: &str = "us-east-1";
const BUSY: &str = "ap-northeast-2";

/// Returns the home account's instance in `region`.
fn instance(world: &Value, region: &str) -> Value {
    let instances = world["instances"].as_array().expect("a list").iter();
    let mut here =
        instances.filter(|one| one["account"] == world["home"] && one["region"] == region);
    here.next().expect("an instance in each place").clone()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().expect("text")
}

/// Gives an instance a series of one value.
fn series(instance: &Value, metric: &str, value: f64) -> Value {
    json!({
        "account": instance["account"], "region": instance["region"],
        "namespace": "AWS/EC2", "metric": metric,
        "dimensions": {"InstanceId": instance["id"]}, "value": value,
    })
}

/// What the agent measures has the image and the type beside the instance.
fn memory(instance: &Value, percent: f64) -> Value {
    json!({
        "account": instance["account"], "region": instance["region"],
        "namespace": "CWAgent", "metric": "mem_used_percent",
        "dimensions": {
            "InstanceId": instance["id"], "ImageId": instance["image"], "InstanceType": instance["type"],
        },
        "value": percent,
    })
}

fn scan(emulator: &Emulator) -> Value {
    scan_with(emulator, &[])
}

fn scan_with(emulator: &Emulator, more: &[&str]) -> Value {
    let scan = emulator.trimtab(&[SCAN, more].concat());
    assert_eq!(scan.status.code(), Some(0), "{}{}", stdout(&scan), stderr(&scan));
    json(&scan)
}

/// Returns what a check found, by resource.
fn found(emulator: &Emulator, check: &str) -> Vec<Value> {
    let analysis = json(&emulator.trimtab(&["analyze", "-o", "json"]));
    let items = analysis.get("items").and_then(Value::as_array).expect("a list").iter();
    items.filter(|item| item["check"] == check).cloned().collect()
}

fn resources(found: &[Value]) -> Vec<&str> {
    found.iter().map(|item| text(item, "resource_id")).collect()
}

/// Starts an emulator with an instance that idles and one that is busy.
fn idle_and_busy() -> (Emulator, Value, Value) {
    let emulator = Emulator::start();
    let world = emulator.seed();
    let (idle, busy) = (instance(&world, IDLE), instance(&world, BUSY));
    let mut planted = Vec::new();
    for (instance, cpu) in [(&idle, 1.0), (&busy, 20.0)] {
        planted.push(series(instance, "CPUUtilization", cpu));
        planted.push(series(instance, "NetworkIn", 100.0));
        planted.push(series(instance, "NetworkOut", 100.0));
    }
    emulator.post("/emulator/series", &json!(planted));
    (emulator, idle, busy)
}

#[test]
fn an_instance_that_idles_is_found_and_a_busy_one_is_not() {
    let (emulator, idle, _) = idle_and_busy();
    scan(&emulator);
    assert_eq!(resources(&found(&emulator, "ec2-instance-idle")), [text(&idle, "id")]);
}

#[test]
fn a_queue_that_scales_a_service_is_asked_about() {
    let emulator = Emulator::start();
    let world = emulator.seed();
    emulator.seed_more("details");
    let of_queue = |metric: &str, value: f64| {
        json!({
            "account": world["home"], "region": IDLE, "namespace": "AWS/SQS", "metric": metric,
            "dimensions": {"QueueName": "matches"}, "value": value,
        })
    };
    emulator.post(
        "/emulator/series",
        &json!([
            of_queue("NumberOfMessagesReceived", 2.0),
            of_queue("ApproximateNumberOfMessagesVisible", 3.0),
        ]),
    );
    emulator.post("/emulator/forget", &json!(null));
    let scan = emulator.trimtab(&["scan", "--region", IDLE, "-o", "json"]);
    assert_eq!(scan.status.code(), Some(0), "{}{}", stdout(&scan), stderr(&scan));
    let asked = emulator.metrics();
    let mut asked: Vec<String> = asked
        .iter()
        .filter(|one| one["namespace"] == "AWS/SQS")
        .map(|one| {
            format!("{} {} {}", text(one, "metric"), text(one, "statistic"), one["dimensions"])
        })
        .collect();
    asked.sort();
    asked.dedup();
    let queue = json!({"QueueName": "matches"});
    assert_eq!(
        asked,
        [
            format!("ApproximateNumberOfMessagesNotVisible Sum {queue}"),
            format!("ApproximateNumberOfMessagesVisible Average {queue}"),
            format!("ApproximateNumberOfMessagesVisible Maximum {queue}"),
            format!("NumberOfMessagesReceived Sum {queue}"),
        ]
    );
}

#[test]
fn a_second_scan_asks_only_for_what_is_new() {
    let (emulator, idle, _) = idle_and_busy();
    emulator.post("/emulator/forget", &json!(null));
    assert!(scan(&emulator)["samples"].as_u64() > Some(0));
    let first = emulator.metrics();
    let until = first.iter().filter_map(|one| one["end"].as_i64()).max().expect("questions");

    // As if the first scan had been an hour ago.
    let ago = Timestamp::from_second(until).expect("a moment") - SignedDuration::from_hours(1);
    let state = State::open(&emulator.data_dir()).expect("a data directory");
    let (account, region) = (SubAccountId::from(text(&idle, "account")), RegionId::from(IDLE));
    let marks: Vec<MetricMark> = state
        .metric_marks(&account, &region)
        .expect("a state")
        .into_iter()
        .map(|((resource, series), span)| MetricMark {
            resource,
            series,
            since: span.since,
            until: ago,
        })
        .collect();
    state.set_metric_marks(&account, &region, &marks).expect("a state");
    drop(state);

    emulator.post("/emulator/forget", &json!(null));
    let again = scan(&emulator);
    let second = emulator.metrics();
    let here = |all: &[Value]| {
        let of_region = all.iter().filter(|one| one["region"] == IDLE);
        let mut series: Vec<String> = of_region
            .map(|one| format!("{} {} {}", one["namespace"], one["metric"], one["dimensions"]))
            .collect();
        series.sort();
        series.dedup();
        series
    };
    assert_eq!(here(&second), here(&first), "every series is asked for again");
    assert_eq!(again["metrics_requested"].as_u64(), Some(second.len() as u64));
    for one in &second {
        let from = if one["region"] == IDLE { ago.as_second() } else { until };
        assert!(one["start"].as_i64() >= Some(from), "asked again: {one}");
    }
    // What was read before is still there.
    assert_eq!(resources(&found(&emulator, "ec2-instance-idle")), [text(&idle, "id")]);
}

#[test]
fn since_says_where_metrics_begin_and_what_is_there_is_not_read_again() {
    let (emulator, ..) = idle_and_busy();
    let spans = || {
        let asked = emulator.metrics();
        let second = |one: &Value, key: &str| one[key].as_i64().expect("a number");
        let from = asked.iter().map(|one| second(one, "start")).min();
        (from.expect("questions"), asked.iter().map(|one| second(one, "end")).max())
    };
    let days = |count: i64| Timestamp::now().as_second() - count * 86_400;
    emulator.post("/emulator/forget", &json!(null));
    scan_with(&emulator, &["--since", "3d"]);
    let (from, _) = spans();
    assert!((days(3) - 7_200..=days(3)).contains(&from), "{from}");

    emulator.post("/emulator/forget", &json!(null));
    scan_with(&emulator, &["--since", "10d"]);
    let asked = emulator.metrics();
    let (earlier, _) = spans();
    assert!((days(10) - 7_200..=days(10)).contains(&earlier), "{earlier}");
    let long = |one: &&Value| one["end"].as_i64() > one["start"].as_i64().map(|at| at + 7_200);
    let behind = asked.iter().filter(long).filter(|one| one["end"].as_i64() > Some(from + 300));
    assert_eq!(behind.count(), 0, "what was read is not asked for again");

    let clipped = scan_with(&emulator, &["--since", "2000-01-01"]);
    let kept: Timestamp = text(&clipped, "metrics_since").parse().expect("a moment");
    assert!((days(456)..=days(454)).contains(&kept.as_second()), "{kept}");
}

#[test]
fn the_memory_that_the_agent_measures_is_found_and_counts() {
    let (emulator, _, busy) = idle_and_busy();
    emulator.post("/emulator/series", &json!([memory(&busy, 15.0)]));
    emulator.post("/emulator/forget", &json!(null));
    scan(&emulator);
    let mut agents = emulator.metrics();
    agents.retain(|one| one["namespace"] == "CWAgent");
    assert!(!agents.is_empty());
    for one in &agents {
        assert_eq!(one["dimensions"], memory(&busy, 0.0)["dimensions"]);
    }
    let oversized = found(&emulator, "ec2-instance-oversized");
    let of_busy = oversized.iter().find(|one| one["resource_id"] == busy["id"]);
    let reason = of_busy.map(ToString::to_string).unwrap_or_default();
    assert!(reason.contains("memory at most 15.0 %"), "{oversized:?}");
}
