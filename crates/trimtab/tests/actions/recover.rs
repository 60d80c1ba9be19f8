//! A run is killed while its machine is stopped, and what it wrote down is lost.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::planned::{Load, Planned};
use crate::support::{json, stderr, stdout};

/// The stop is the third of the calls that change something.
const STOP: usize = 3;

fn stopped() -> (Planned, tempfile::TempDir) {
    let load = Load { cpu: json!(9.0), bytes: json!(1e6) };
    let planned = Planned::of("ec2-instance-oversized", &load);
    let backup = tempfile::tempdir().expect("a temporary directory");
    copy(&planned.emulator.data_dir(), &backup.path().join("data"));
    let mut child = planned
        .emulator
        .command(&planned.apply())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs");
    let kill = json!({"pid": child.id(), "at": STOP, "when": "after"});
    planned.emulator.post("/emulator/kill", &kill);
    let status = child.wait().expect("a child of ours");
    assert_eq!(status.code(), None, "it was to be killed behind the stop");
    assert!(planned.state().starts_with("stop"), "{}", planned.state());
    (planned, backup)
}

fn copy(from: &Path, to: &Path) {
    let status = Command::new("cp").arg("-a").arg(from).arg(to).status();
    assert!(status.expect("cp runs").success(), "{} {}", from.display(), to.display());
}

fn told(output: &Output) -> String {
    format!("{}{}", stdout(output), stderr(output))
}

fn recover(planned: &Planned, more: &[&str]) -> (Option<i32>, Vec<Value>, String) {
    let arguments = [&["recover", "--region", "us-east-1", "-o", "json"][..], more].concat();
    let output = planned.emulator.trimtab(&arguments);
    // What is refused prints nothing.
    let page: Value = serde_json::from_str(&stdout(&output)).unwrap_or_default();
    let items = page["items"].as_array().cloned().unwrap_or_default();
    (output.status.code(), items, told(&output))
}

fn kinds(items: &[Value]) -> Vec<&str> {
    let mut kinds: Vec<&str> = items.iter().filter_map(|item| item["kind"].as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

#[test]
fn a08_with_the_plan_in_a_backup_a_run_gets_a_journal_again_and_ends_well() {
    let (planned, backup) = stopped();
    let emulator = &planned.emulator;
    std::fs::remove_dir_all(emulator.data_dir()).expect("a directory of our own");
    copy(&backup.path().join("data"), &emulator.data_dir());

    let (code, items, told_of) = recover(&planned, &[]);
    assert_eq!(code, Some(22), "{told_of}");
    assert_eq!(kinds(&items), ["capacity reservation", "snapshot", "stopped instance"]);
    let adopt = format!("trimtab recover --adopt {}", planned.plan);
    for item in &items {
        assert_eq!(item["plan"], planned.plan.as_str(), "{item}");
        assert_eq!(item["status"], "journal lost", "{item}");
        assert_eq!(item["next"], adopt.as_str(), "{item}");
    }
    // What a snapshot costs, nothing tells.
    let snapshot = items.iter().find(|item| item["kind"] == "snapshot").expect("a snapshot");
    assert!(snapshot["monthly_cost"].is_null(), "{snapshot}");

    let before = emulator.changes();
    let (code, runs, told_of) = recover(&planned, &["--adopt", &planned.plan, "--by", "kim"]);
    assert_eq!((code, runs.len()), (Some(0), 1), "{told_of}");
    assert_eq!(emulator.changes(), before, "adopting changes nothing in AWS");
    let run = runs[0]["run"].as_str().expect("a run").to_owned();
    let (code, _, told_of) = recover(&planned, &["--adopt", &planned.plan, "--by", "kim"]);
    assert_eq!(code, Some(1), "it has its journal now: {told_of}");

    let resume = ["run", "resume", &run, "--execute", "--by", "kim", "-o", "json"];
    let resumed = emulator.trimtab(&resume);
    assert_eq!(resumed.status.code(), Some(0), "{}", told(&resumed));
    assert_eq!(json(&resumed)["items"][0]["status"], "confirmed", "{}", told(&resumed));
    assert_eq!(planned.state(), "running");
    // Its snapshots stay, and nothing that costs by the hour does.
    let (code, items, told_of) = recover(&planned, &[]);
    assert_eq!((code, kinds(&items)), (Some(0), vec!["snapshot"]), "{told_of}");
}

#[test]
fn a08_without_the_plan_everything_is_found_and_nothing_is_guessed() {
    let (planned, _backup) = stopped();
    let emulator = &planned.emulator;
    std::fs::remove_dir_all(emulator.data_dir()).expect("a directory of our own");
    let before = emulator.changes();
    for more in [&[][..], &["--adopt"][..]] {
        let (code, items, told_of) = recover(&planned, more);
        assert_eq!(code, Some(22), "{told_of}");
        assert_eq!(kinds(&items), ["capacity reservation", "snapshot", "stopped instance"]);
        let machine = items.iter().find(|item| item["kind"] == "stopped instance");
        let machine = machine.expect("the machine");
        assert_eq!(machine["status"], "nothing is known of its plan", "{machine}");
        assert_eq!(machine["plan"], planned.plan.as_str(), "{machine}");
        let next = machine["next"].as_str().unwrap_or_default();
        assert!(next.starts_with("aws ec2 start-instances --instance-ids i-"), "{next}");
    }
    let (code, _, told_of) = recover(&planned, &["--adopt", &planned.plan, "--by", "kim"]);
    assert_eq!(code, Some(1), "{told_of}");
    assert_eq!(emulator.changes(), before);
    assert!(planned.state().starts_with("stop"));
}

#[test]
fn what_is_open_says_what_it_needs() {
    let (planned, _backup) = stopped();
    let (code, items, told_of) = recover(&planned, &[]);
    assert_eq!(code, Some(0), "{told_of}");
    let run = items.iter().find(|item| item["kind"] == "run").expect("the run");
    let next = run["next"].as_str().unwrap_or_default();
    assert!(next.starts_with("trimtab run resume RUN-"), "{next}");
    assert!(items.iter().all(|item| item["next"] == run["next"]), "{items:?}");
    let lines = planned.emulator.trimtab(&["recover", "--region", "us-east-1", "-o", "csv"]);
    assert!(stdout(&lines).starts_with("kind,id,status"), "{}", told(&lines));
}
