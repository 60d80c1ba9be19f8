//! What stands in the way of a change is found before anything is done, against an emulated AWS:
//! `plan preflight` tells it, and a run refuses without one call that changes something.
#![expect(
    clippy::indexing_slicing,
    reason = "a JSON value that is not there is null, and fails its assertion"
)]

#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod emulator;
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod support;

use std::collections::BTreeSet;
use std::process::Output;

use serde_json::{Value, json};

use emulator::Emulator;
use support::{json, stderr, stdout};

/// Changes start at any hour, and development is not watched.
const RULES: &str = "\
timezone = \"Asia/Seoul\"\n\
[rollout.dev]\nsoak = \"0m\"\nextension = \"0m\"\n\
[[rollout.window]]\nenvironments = [\"dev\"]\nfrom = \"00:00\"\nuntil = \"00:00\"\n";

/// A machine that is far too large, and the approved plan that makes it smaller.
struct Planned {
    emulator: Emulator,
    plan: String,
    hash: String,
}

/// Plans the change of a machine beside which something was planted before.
fn planned(before: &[&str]) -> Planned {
    let emulator = Emulator::start();
    let machine = emulator.seed_more("machine");
    if !before.is_empty() {
        emulator.plant(before);
    }
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
    emulator.post("/emulator/forget", &json!(null));
    Planned { emulator, plan, hash }
}

impl Planned {
    fn preflight(&self) -> (Option<i32>, Value) {
        let output = self.emulator.trimtab(&["plan", "preflight", &self.plan, "-o", "json"]);
        (output.status.code(), json(&output))
    }

    fn apply(&self) -> Output {
        let hash = ["--plan-hash", &self.hash, "--by", "kim", "-o", "json"];
        self.emulator.trimtab(&[&["apply", &self.plan, "--execute"], &hash[..]].concat())
    }

    /// Runs the plan, which must end without one call that changes something.
    fn is_refused(&self, told: &str) {
        let run = self.apply();
        let text = format!("{told}: {}{}", stdout(&run), stderr(&run));
        assert_eq!(json(&run)["items"][0]["status"], "refused", "{text}");
        assert_eq!(self.emulator.changes(), Vec::<String>::new(), "{text}");
        assert!(self.emulator.machine()["state"] == "running", "{text}");
    }
}

fn row<'a>(page: &'a Value, name: &str) -> &'a Value {
    let rows = page["items"].as_array().expect("a list").iter();
    rows.clone().find(|row| row["row"] == name).unwrap_or(&Value::Null)
}

/// Checks that what was planted is found in one row, and that a run refuses by it.
fn check(name: &str, row_name: &str, plant: impl Fn(&Emulator)) {
    let planned = planned(&[]);
    plant(&planned.emulator);
    planned.emulator.post("/emulator/forget", &json!(null));
    let (code, page) = planned.preflight();
    let found = row(&page, row_name);
    assert_eq!(code, Some(1), "{name}: {page}");
    assert_eq!(found["verdict"], "block", "{name}: {found}");
    assert!(!found["reasons"].as_array().expect("a list").is_empty(), "{name}");
    assert_eq!(planned.emulator.changes(), Vec::<String>::new(), "{name}");
    planned.is_refused(name);
}

#[test]
fn a_plain_machine_is_clear_and_nothing_is_called_that_the_policy_lacks() {
    let planned = planned(&[]);
    let policy = planned.emulator.trimtab(&["iam", "policy", "--tier", "apply", "--env", "dev"]);
    let policy: Value = serde_json::from_str(&stdout(&policy)).expect("JSON");
    let statements = policy["Statement"].as_array().expect("a list").iter();
    let allowed: BTreeSet<String> = statements
        .filter(|one| one["Effect"] == "Allow")
        .flat_map(|one| one["Action"].as_array().cloned().unwrap_or_default())
        .filter_map(|action| action.as_str().map(str::to_owned))
        .collect();
    planned.emulator.post("/emulator/allow", &json!(allowed));
    let (code, page) = planned.preflight();
    assert_eq!(code, Some(0), "{page}");
    assert_eq!(page["clear"], true, "{page}");
    assert_eq!(page["unread"], json!([]), "{page}");
    assert_eq!(page["items"].as_array().map(Vec::len), Some(36), "{page}");
    assert_eq!(planned.emulator.changes(), Vec::<String>::new());
    let called: BTreeSet<String> =
        planned.emulator.calls().into_iter().map(|(_, _, action, _)| action).collect();
    let others: Vec<&String> = called
        .iter()
        .filter(|action| !allowed.contains(*action) && !action.starts_with("sts:"))
        .collect();
    assert!(others.is_empty(), "{others:?}");
    assert!(called.contains("servicequotas:GetServiceQuota"), "{called:?}");
    for format in ["csv", "md", "table"] {
        let output = planned.emulator.trimtab(&["plan", "preflight", &planned.plan, "-o", format]);
        assert_eq!(output.status.code(), Some(0), "{format}: {}", stderr(&output));
        assert!(!stdout(&output).is_empty());
    }
}

#[test]
fn what_stands_in_the_way_is_found_and_refused_without_one_change() {
    type Plant = fn(&Emulator);
    let planted: [(&str, &str, Plant); 6] = [
        ("d20 stop protection", "ec2-18", |emulator| emulator.plant(&["protection"])),
        ("c11 a member of a group", "ec2-20", |emulator| emulator.plant(&["group"])),
        ("a stack that owns it", "ec2-21", |emulator| emulator.plant(&["stack"])),
        ("d18 the quota", "ec2-23", |emulator| {
            emulator.post("/emulator/quota", &json!({"L-1216C47A": 1}));
        }),
        ("c12 an alarm that acts", "ec2-27", |emulator| emulator.plant(&["alarm"])),
        ("the last healthy target", "ec2-28", |emulator| emulator.plant(&["last-target"])),
    ];
    std::thread::scope(|scope| {
        for (name, row, plant) in planted {
            scope.spawn(move || check(name, row, plant));
        }
    });
}

#[test]
fn d09_a_dead_key_is_found_before_the_stop() {
    let planned = planned(&["dead-key"]);
    let (code, page) = planned.preflight();
    assert_eq!((code, &row(&page, "ec2-24")["verdict"]), (Some(1), &json!("block")), "{page}");
    planned.is_refused("a dead key");
}

#[test]
fn d03_what_may_not_be_read_is_named_with_its_permission_and_nothing_is_done() {
    let planned = planned(&[]);
    let denied = json!([{
        "action": "servicequotas:GetServiceQuota", "code": "AccessDeniedException", "status": 400,
    }]);
    planned.emulator.post("/emulator/faults", &denied);
    let (code, page) = planned.preflight();
    let found = row(&page, "ec2-23");
    assert_eq!((code, &found["verdict"]), (Some(1), &json!("unread")), "{page}");
    let why = found["reasons"][0].to_string();
    assert!(why.contains("servicequotas:GetServiceQuota"), "{why}");
    planned.is_refused("a quota that may not be read");
}

#[test]
fn a_key_of_the_customers_needs_a_word_and_the_word_opens_it() {
    let planned = planned(&["key"]);
    let emulator = &planned.emulator;
    let (code, page) = planned.preflight();
    let found = row(&page, "ec2-24");
    assert_eq!((code, &found["verdict"]), (Some(1), &json!("unread")), "{page}");
    assert!(found["step"].as_str().unwrap_or_default().contains("plan attest"), "{found}");
    planned.is_refused("a key that nobody vouched for");
    let change = found["change"].as_str().expect("a change").to_owned();
    let attest = |row: &str| {
        let note = "the role's grant is in the policy of the key";
        emulator.trimtab(&[
            "plan",
            "attest",
            &planned.plan,
            "--change",
            &change,
            "--row",
            row,
            "--by",
            "kim",
            "--note",
            note,
        ])
    };
    assert_eq!(attest("ec2-18").status.code(), Some(2), "nobody's word counts there");
    let given = attest("ec2-24");
    assert_eq!(given.status.code(), Some(0), "{}", stderr(&given));
    let log = json(&emulator.trimtab(&["audit", "-o", "json"]));
    let words = log["items"].as_array().expect("a list").iter();
    let words: Vec<&Value> = words.filter(|one| one["what"] == "attested").collect();
    assert_eq!((words.len(), &words[0]["action"]), (1, &json!("ec2-24")), "{log}");
    assert_eq!(words[0]["change"], change.as_str(), "{log}");
    let (code, page) = planned.preflight();
    let found = row(&page, "ec2-24");
    assert_eq!((code, &found["verdict"]), (Some(0), &json!("attested")), "{page}");
    let shown = stdout(&emulator.trimtab(&["plan", "show", &planned.plan]));
    assert!(shown.contains("the role's grant"), "{shown}");
    let run = planned.apply();
    assert_eq!(json(&run)["items"][0]["status"], "confirmed", "{}{}", stdout(&run), stderr(&run));
}
