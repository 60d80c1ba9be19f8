//! A plan carried out against an emulated AWS, as a process. That it is killed on the way is in
//! `processes`.
#![expect(
    clippy::indexing_slicing,
    reason = "a JSON value that is not there is null, and fails its assertion"
)]

#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod emulator;
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod support;

use std::process::Output;

use serde_json::{Value, json};

use emulator::Emulator;
use support::{json, stderr, stdout};

/// Changes start at any hour, and development is not watched: metrics of hours that have not
/// been yet cannot be planted.
const RULES: &str = "\
timezone = \"Asia/Seoul\"\n\
[rollout.dev]\nsoak = \"0m\"\nextension = \"0m\"\n\
[[rollout.window]]\nenvironments = [\"dev\"]\nfrom = \"00:00\"\nuntil = \"00:00\"\n";

/// What changes the type of an instance, in order.
const CALLS: [&str; 6] = [
    "ec2:CreateSnapshots",
    "ec2:CreateCapacityReservation",
    "ec2:StopInstances",
    "ec2:ModifyInstanceAttribute",
    "ec2:CancelCapacityReservation",
    "ec2:StartInstances",
];

/// A machine that is far too large, and the approved plan that makes it smaller.
struct Approved {
    emulator: Emulator,
    plan: String,
    hash: String,
}

fn approved() -> Approved {
    let emulator = Emulator::start();
    let machine = emulator.seed_more("machine");
    let series = |namespace: &str, metric: &str, dimensions: Value, value: f64| {
        json!({
            "account": machine["account"], "region": machine["region"],
            "namespace": namespace, "metric": metric, "dimensions": dimensions, "value": value,
        })
    };
    let itself = json!({"InstanceId": machine["id"]});
    let agents = json!({
        "InstanceId": machine["id"], "ImageId": machine["image"], "InstanceType": machine["type"],
    });
    emulator.post(
        "/emulator/series",
        &json!([
            series("AWS/EC2", "CPUUtilization", itself.clone(), 9.0),
            series("AWS/EC2", "NetworkIn", itself.clone(), 1e6),
            series("AWS/EC2", "NetworkOut", itself, 1e6),
            series("CWAgent", "mem_used_percent", agents, 9.0),
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
    let filter = "check=ec2-instance-oversized";
    let plan = json(&of(&["plan", "create", "--filter", filter, "--by", "kim", "-o", "json"]));
    assert_eq!(plan["changes"], 1, "{plan}");
    let text = |key: &str| plan[key].as_str().unwrap_or_default().to_owned();
    let (plan, hash) = (text("plan"), text("hash"));
    of(&["plan", "approve", &plan, "--stage", "dev", "--plan-hash", &hash, "--by", "lee"]);
    emulator.post("/emulator/pace", &json!({"stop": 1, "start": 1}));
    emulator.post("/emulator/forget", &json!(null));
    Approved { emulator, plan, hash }
}

impl Approved {
    fn apply(&self) -> Vec<&str> {
        vec!["apply", &self.plan, "--execute", "--plan-hash", &self.hash, "--by", "kim"]
    }

    /// Returns the calls that changed something, in order.
    fn changes(&self) -> Vec<String> {
        self.emulator.changes()
    }

    fn state(&self) -> String {
        let machine = self.emulator.machine();
        format!(
            "{} {}",
            machine["type"].as_str().unwrap_or("?"),
            machine["state"].as_str().unwrap_or("?")
        )
    }
}

fn outcome(output: &Output) -> Value {
    json(output)["items"][0]["status"].clone()
}

#[test]
fn a_machine_gets_its_type_and_every_call_is_in_the_log() {
    let approved = approved();
    let emulator = &approved.emulator;
    let before = approved.state();
    let dry = emulator.trimtab(&["apply", &approved.plan]);
    assert_eq!(dry.status.code(), Some(0), "{}", stderr(&dry));
    assert_eq!((approved.changes(), approved.state()), (Vec::new(), before.clone()));

    let run = emulator.trimtab(&[&approved.apply()[..], &["-o", "json"]].concat());
    assert_eq!(run.status.code(), Some(0), "{}{}", stdout(&run), stderr(&run));
    assert_eq!(outcome(&run), "confirmed", "{}", stdout(&run));
    assert_eq!(approved.changes(), CALLS);
    let after = approved.state();
    assert!(after != before && after.ends_with(" running"), "{before} {after}");

    let verify = emulator.trimtab(&["audit", "verify"]);
    assert_eq!(verify.status.code(), Some(0), "{}", stderr(&verify));
    let audit = json(&emulator.trimtab(&["audit", "-o", "json"]));
    let lines = audit["items"].as_array().expect("a list");
    let accepted: Vec<&Value> = lines
        .iter()
        .filter(|line| line["what"] == "accepted")
        .map(|line| &line["action"])
        .collect();
    assert_eq!(accepted, CALLS);
}

#[test]
fn a04_an_answer_that_is_lost_is_looked_for_and_nothing_is_done_twice() {
    let approved = approved();
    // Each is looked for for a minute: the two that take a machine out of service suffice.
    let lost = [CALLS[2], CALLS[5]].map(|action| {
        json!({"action": action, "after": true, "code": "InternalError", "status": 500, "times": 1})
    });
    approved.emulator.post("/emulator/faults", &json!(lost));
    let run = approved.emulator.trimtab(&[&approved.apply()[..], &["-o", "json"]].concat());
    assert_eq!(run.status.code(), Some(0), "{}{}", stdout(&run), stderr(&run));
    assert_eq!(outcome(&run), "confirmed", "{}", stdout(&run));
    let changes = approved.changes();
    for action in [CALLS[0], CALLS[1], CALLS[2], CALLS[5]] {
        assert_eq!(changes.iter().filter(|one| *one == action).count(), 1, "{changes:?}");
    }
}
