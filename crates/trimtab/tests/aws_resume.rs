//! A scan that is killed or interrupted keeps what it has read, and the next one goes on.
#![expect(
    clippy::indexing_slicing,
    reason = "a JSON value that is not there is null, and fails its assertion"
)]

#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod emulator;
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod support;

use std::collections::BTreeSet;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use emulator::Emulator;
use support::{json, stderr, stdout};
use trimtab_store::state::State;

/// Two months after everything was planted: what is loose has been so for long.
const LATER: &str = "2027-12-31T00:00:00Z";
/// The service that is slow, and a scan that reads it and another, and nothing but listings.
const SLOW: &str = "elasticloadbalancing";
const SCAN: &[&str] = &[
    "scan",
    "--region",
    "us-east-1",
    "--services",
    "ec2,elb,elbv2,logs",
    "--no-metrics",
    "--no-second-opinion",
    "-o",
    "json",
];
/// Listings of [`SLOW`]: the load balancers of both generations.
const SLOW_LISTINGS: usize = 2;
/// How long anything may take before the test is given up.
const PATIENCE: Duration = Duration::from_secs(60);

/// Starts a scan and returns when all that is left of it is what the emulator holds back.
fn scan_to_the_middle(emulator: &Emulator, listings: usize) -> Child {
    emulator.post("/emulator/faults", &json!([{"service": SLOW, "delay": PATIENCE.as_secs()}]));
    let mut child = emulator
        .command(SCAN)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let begun = Instant::now();
    loop {
        assert!(begun.elapsed() < PATIENCE, "the scan did not come to its middle");
        assert_eq!(child.try_wait().expect("a child of ours"), None, "the scan ended");
        // Each look at the record takes its time: this is no busy loop.
        let held = emulator.calls().iter().any(|call| call.2.starts_with(SLOW));
        if held && stored(emulator) == listings - SLOW_LISTINGS {
            return child;
        }
    }
}

/// Returns how many listings lie in the data directory.
fn stored(emulator: &Emulator) -> usize {
    let state = State::open(&emulator.data_dir()).expect("a data directory");
    state.collections().expect("a state").len()
}

fn analysis(emulator: &Emulator) -> Value {
    json(&emulator.trimtab(&["analyze", "--as-of", LATER, "-o", "json"]))
}

/// Returns how many listings a whole scan has, and what is found after it.
fn uninterrupted(emulator: &Emulator) -> (usize, Value) {
    let scan = emulator.trimtab(SCAN);
    assert_eq!(scan.status.code(), Some(0), "{}{}", stdout(&scan), stderr(&scan));
    let listings = json(&scan)["items"].as_array().expect("a list").len();
    let found = analysis(emulator)["items"].clone();
    assert_ne!(found, json!([]));
    std::fs::remove_dir_all(emulator.data_dir()).expect("a directory of our own");
    (listings, found)
}

/// Scans again without hindrance, and expects the scan to go on.
fn go_on(emulator: &Emulator, listings: usize, found: &Value) {
    emulator.post("/emulator/faults", &json!([]));
    emulator.post("/emulator/forget", &json!(null));
    let scan = emulator.trimtab(SCAN);
    assert_eq!(scan.status.code(), Some(0), "{}{}", stdout(&scan), stderr(&scan));
    let scan = json(&scan);
    assert!(scan["resumed"].is_string(), "{scan}");
    assert_eq!(scan.get("finished"), Some(&json!(true)));
    assert_eq!(scan["items"].as_array().expect("a list").len(), listings);
    let called: BTreeSet<String> =
        emulator.calls().into_iter().map(|(_, _, action, _)| action).collect();
    let found_again: Vec<&String> =
        called.iter().filter(|action| !action.starts_with(SLOW)).collect();
    assert_eq!(found_again, ["ec2:DescribeRegions", "sts:GetCallerIdentity"]);
    assert!(called.contains("elasticloadbalancing:DescribeLoadBalancers"), "{called:?}");
    assert_eq!(analysis(emulator).get("items"), Some(found));

    // What has come to its end is not gone on with.
    let next = json(&emulator.trimtab(SCAN));
    assert_eq!(next.get("resumed"), Some(&Value::Null));
}

#[test]
fn a_scan_that_is_killed_goes_on_where_it_was() {
    let emulator = Emulator::start();
    emulator.seed();
    let (listings, found) = uninterrupted(&emulator);
    let mut child = scan_to_the_middle(&emulator, listings);
    child.kill().expect("a child of ours");
    child.wait().expect("a child of ours");
    go_on(&emulator, listings, &found);
}

#[cfg(unix)]
#[test]
fn a_scan_that_is_interrupted_says_so_and_goes_on_where_it_was() {
    let emulator = Emulator::start();
    emulator.seed();
    let (listings, found) = uninterrupted(&emulator);
    let child = scan_to_the_middle(&emulator, listings);
    let signalled = Command::new("kill").arg("-INT").arg(child.id().to_string()).status();
    assert!(signalled.expect("kill runs").success());
    let ended = child.wait_with_output().expect("a child of ours");
    assert_eq!(ended.status.code(), Some(130), "{}{}", stdout(&ended), stderr(&ended));
    let interrupted = json(&ended);
    assert_eq!(interrupted["finished"], false);
    assert_eq!(
        interrupted["items"].as_array().expect("a list").len(),
        listings - SLOW_LISTINGS,
        "{interrupted}"
    );
    go_on(&emulator, listings, &found);
}
