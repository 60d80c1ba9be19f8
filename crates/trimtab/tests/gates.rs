//! A change that is watched, as a process: in minutes, by a Prometheus of the test's own and by
//! alarms of an emulated AWS.
#![expect(
    clippy::indexing_slicing,
    reason = "a JSON value that is not there is null, and fails its assertion"
)]

#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod emulator;
#[expect(dead_code, reason = "the other test programs use the rest of it")]
#[path = "../../prometheus/tests/server/mod.rs"]
mod server;
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod support;

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use emulator::Emulator;
use server::{Answer, Question, Server, matrix};
use support::{json, stderr, stdout};

const RULES: &str = "\
timezone = \"Asia/Seoul\"\n\
[rollout.dev]\nsoak = \"2m\"\nextension = \"0m\"\n\
[[rollout.window]]\nenvironments = [\"dev\"]\nfrom = \"00:00\"\nuntil = \"00:00\"\n";

/// The signals of a machine, each by a query that has a value every second: in two minutes no
/// metric of CloudWatch has enough points.
const SIGNALS: [(&str, &str); 5] = [
    ("cpu-utilization", "percent"),
    ("memory-utilization", "percent"),
    ("network-utilization", "percent"),
    ("status-check-failed", "count"),
    ("cpu-credit-balance", "count"),
];

/// A machine that is far too large, the approved plan that makes it smaller, and the server that
/// says how it is.
struct Watched {
    emulator: Emulator,
    server: Server,
    machine: Value,
    plan: String,
    hash: String,
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    i64::try_from(since.as_secs()).expect("a moment")
}

/// Answers at every step with CPU use of so much, with many credits, and with nothing for what is well at nothing.
///
/// Of queries that are not the test's own it knows nothing: a point a minute would be one or none
/// of those watched, by the second at which the watch began, and one is too few.
fn busy(question: &Question, cpu: &str) -> Answer {
    let query = question.get("query");
    let value = match query.split('{').next() {
        Some("cpu_utilization") => cpu,
        Some("cpu_credit_balance") => "500",
        Some("memory_utilization" | "network_utilization" | "status_check_failed") => "0",
        _ => return matrix(&[], &[]),
    };
    let second = |name: &str| question.get(name).parse::<i64>().expect("a number of seconds");
    let step = usize::try_from(second("step")).expect("forwards");
    let moments = (second("start")..=second("end")).step_by(step);
    let values: Vec<(i64, &str)> = moments.map(|moment| (moment, value)).collect();
    matrix(&[("instance_id", "i", &values)], &[])
}

fn watched(cpu: &'static str) -> Watched {
    let emulator = Emulator::start();
    let machine = emulator.seed_more("machine");
    let series = |namespace: &str, metric: &str, dimensions: Value, value: Value| {
        json!({
            "account": machine["account"], "region": machine["region"],
            "namespace": namespace, "metric": metric, "dimensions": dimensions, "value": value,
        })
    };
    let itself = json!({"InstanceId": machine["id"]});
    let agents = json!({
        "InstanceId": machine["id"], "ImageId": machine["image"], "InstanceType": machine["type"],
    });
    let steps = json!({"steps": [[0, 9.0], [now() + 60, 40.0]]});
    emulator.post(
        "/emulator/series",
        &json!([
            series("AWS/EC2", "CPUUtilization", itself.clone(), steps),
            series("AWS/EC2", "NetworkIn", itself.clone(), json!(1e6)),
            series("AWS/EC2", "NetworkOut", itself.clone(), json!(1e6)),
            series("CWAgent", "mem_used_percent", agents, json!(9.0)),
        ]),
    );
    // One that is well, one that was on all along, and one that makes the group larger.
    let alarm = |name: &str, state: &str, action: &str| {
        json!({
            "account": machine["account"], "region": machine["region"], "name": name,
            "dimensions": itself, "actions": [action],
            "states": [[now() - 86_400, "INSUFFICIENT_DATA"], [now() - 3_600, state]],
        })
    };
    let scaling = "arn:aws:autoscaling:us-east-1:1:scalingPolicy:p";
    emulator.post(
        "/emulator/alarms",
        &json!([
            alarm("match-slow", "OK", "arn:aws:sns:us-east-1:1:oncall"),
            alarm("match-old", "ALARM", "arn:aws:sns:us-east-1:1:oncall"),
            alarm("match-scale", "ALARM", scaling),
        ]),
    );
    emulator.configure(RULES);
    let of = |arguments: &[&str]| {
        let output = emulator.trimtab(arguments);
        assert!(output.status.success(), "{arguments:?}: {}{}", stdout(&output), stderr(&output));
        output
    };
    of(&["scan", "--region", "us-east-1", "--services", "ec2", "--no-second-opinion"]);
    of(&["analyze"]);
    let server = Server::answering(move |question| busy(question, cpu));
    let queries: String = SIGNALS
        .iter()
        .map(|(signal, unit)| {
            let name = signal.replace('-', "_");
            format!(
                "[[rollout.gate.query]]\nsignal = \"{signal}\"\nunit = \"{unit}\"\nstep = \"1s\"\nquery = '{name}{{instance_id=\"$id\"}}'\n"
            )
        })
        .collect();
    let address = server.address();
    emulator.configure(&format!("{RULES}[prometheus]\nurl = \"{address}\"\n{queries}"));
    let filter = "check=ec2-instance-oversized";
    let plan = json(&of(&["plan", "create", "--filter", filter, "--by", "kim", "-o", "json"]));
    assert_eq!(plan["changes"], 1, "{plan}");
    let text = |key: &str| plan[key].as_str().unwrap_or_default().to_owned();
    let (plan, hash) = (text("plan"), text("hash"));
    of(&["plan", "approve", &plan, "--stage", "dev", "--plan-hash", &hash, "--by", "lee"]);
    emulator.post("/emulator/pace", &json!({"stop": 1, "start": 1}));
    emulator.post("/emulator/forget", &json!(null));
    Watched { emulator, server, machine, plan, hash }
}

impl Watched {
    /// Carries the plan out, and returns the exit code, the outcome and all that was said.
    fn run(&self) -> (Option<i32>, Value, String) {
        let (plan, hash) = (self.plan.as_str(), self.hash.as_str());
        let apply = ["apply", plan, "--execute", "--plan-hash", hash, "--by", "kim", "-o", "json"];
        let run = self.emulator.trimtab(&apply);
        let told = format!("{}{}", stdout(&run), stderr(&run));
        (run.status.code(), json(&run)["items"][0]["status"].clone(), told)
    }

    fn machine_type(&self) -> (Value, Value) {
        let machine = self.emulator.machine();
        (machine["type"].clone(), machine["state"].clone())
    }

    /// Returns the journal of the only run, line by line and as its record.
    fn journal(&self) -> (String, String) {
        let runs = json(&self.emulator.trimtab(&["run", "list", "-o", "json"]));
        let run = runs["items"][0]["run"].as_str().expect("a run").to_owned();
        let told = self.emulator.trimtab(&["run", "watch", &run]);
        let streamed = stdout(&self.emulator.trimtab(&["run", "watch", &run, "-o", "jsonl"]));
        for (number, line) in streamed.lines().enumerate() {
            let entry: Value = serde_json::from_str(line).expect("one object a line");
            assert_eq!(entry["number"], json!(number), "{line}");
            assert_ne!(entry["said"], json!(""), "{line}");
        }
        assert!(streamed.lines().count() > 2, "{streamed}");
        let export = ["plan", "export", &self.plan, "--format", "md", "--run", &run];
        let lines = format!("{}{}", stdout(&told), stderr(&told));
        (lines, stdout(&self.emulator.trimtab(&export)))
    }
}

#[test]
fn a_machine_that_is_too_busy_afterwards_is_taken_back_by_itself() {
    let watched = watched("95");
    let before = watched.machine_type();
    let (code, outcome, told) = watched.run();
    assert_eq!((code, &outcome), (Some(21), &json!("original")), "{told}");
    // As it was before, and running.
    assert_eq!(watched.machine_type(), before, "{told}");
    assert!(told.contains("CPU"), "{told}");
    let changes = watched.emulator.changes();
    let count = |action: &str| changes.iter().filter(|one| *one == action).count();
    assert_eq!(
        (count("ec2:ModifyInstanceAttribute"), count("ec2:StartInstances")),
        (2, 2),
        "{changes:?}"
    );
    let id = watched.machine["id"].as_str().expect("text");
    let asked = watched.server.asked();
    assert!(
        asked.iter().any(|one| {
            one.get("query") == format!("cpu_utilization{{instance_id=\"{id}\"}}")
                && one.get("step") == "1"
        }),
        "{asked:?}"
    );
}

#[test]
fn a_machine_that_is_well_afterwards_is_confirmed_by_what_was_read_of_it() {
    let watched = watched("20");
    let before = watched.machine_type();
    let (code, outcome, told) = watched.run();
    assert_eq!((code, &outcome), (Some(0), &json!("confirmed")), "{told}");
    let after = watched.machine_type();
    assert!(after != before && after.1 == "running", "{before:?} {after:?}");
    let (journal, record) = watched.journal();
    // The alarm that was on before is named, and the one that only scales is not looked at.
    assert!(journal.contains("match-old") && !journal.contains("match-scale"), "{journal}");
    // What was read is named, with the hash of its points.
    assert!(record.contains("instance") && record.matches("SHA-256").count() > 4, "{record}");
    let calls = watched.emulator.calls();
    let was_called = |action: &str| calls.iter().any(|(_, _, one, _)| one == action);
    assert!(was_called("cloudwatch:DescribeAlarms"), "{calls:?}");
    assert!(was_called("cloudwatch:DescribeAlarmHistory"), "{calls:?}");
}
