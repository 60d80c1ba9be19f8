//! Ten runs that were killed, of which one cannot be helped.

use std::process::Stdio;
use std::time::Instant;

use serde_json::{Value, json};

use crate::ground::{World, approved, quiet_machine, scanned, slow_down};
use crate::support::{json, stderr, stdout};

/// Alters one letter of what was written, as a disk does that is not well.
const FLIP: &str = "
import sqlite3, sys
state = sqlite3.connect(sys.argv[1])
state.execute(\"update journal set body = replace(body, 'kim', 'kin') where run = ? and number = 0\", [sys.argv[2]])
state.commit()
";

#[test]
fn a13_of_ten_killed_runs_nine_end_and_the_one_that_cannot_is_left_to_a_person() {
    let series = |planted: &Value| {
        let ids = planted["ids"].as_array().expect("a list");
        ids.iter().flat_map(|id| quiet_machine(id, planted)).collect()
    };
    let (emulator, planted) = scanned("machines", "ec2", series);
    let listed = json(&emulator.trimtab(&["rec", "list", "-o", "json"]));
    let oversized = listed["items"].as_array().expect("a list").iter();
    let recommendations: Vec<String> = oversized
        .filter(|one| one["check"] == "ec2-instance-oversized")
        .filter_map(|one| one["id"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(recommendations.len(), 10, "{listed}");
    let plans: Vec<(String, String)> =
        recommendations.iter().map(|one| approved(&emulator, &[one])).collect();
    slow_down(&emulator);
    // Ten machines of eight vCPUs each.
    emulator.post("/emulator/quota", &json!({"L-1216C47A": 256}));
    let world = World::of(emulator, String::new(), String::new(), None);
    for (plan, hash) in &plans {
        let words = ["apply", plan, "--execute", "--plan-hash", hash, "--by", "kim"];
        let mut command = world.command(&words);
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        let child = command.spawn().expect("the binary runs");
        // Behind its third call the machine is stopped.
        let order = json!({"pid": child.id(), "at": 3, "when": "after"});
        world.emulator.post("/emulator/kill", &order);
        let output = child.wait_with_output().expect("a child of ours");
        assert_eq!(output.status.code(), None, "{plan} was to be killed: {}", stderr(&output));
        world.emulator.post("/emulator/kill", &Value::Null);
    }
    let began = Instant::now();
    let runs = world.runs();
    assert_eq!(runs.len(), 10);
    let state = world.emulator.data_dir().join("state.sqlite");
    let lost = runs[4].clone();
    world.emulator.python(FLIP, &[&state.to_string_lossy(), &lost]);

    let resumed = world.run(&["run", "resume", "--all", "--execute", "--by", "kim", "-o", "json"]);
    let told = format!("{}{}", stdout(&resumed), stderr(&resumed));
    assert_eq!(resumed.status.code(), Some(22), "{told}");
    assert!(stderr(&resumed).contains(&lost), "{told}");
    let shown = |run: &String| json(&world.run(&["run", "show", run, "-o", "json"]));
    for run in &runs {
        let found = shown(run);
        if *run == lost {
            assert!(!found["damaged"].is_null(), "{found}");
        } else {
            assert_eq!(found["items"][0]["status"], "confirmed", "{found}\n{told}");
        }
    }
    let machines = world.emulator.look()["machines"].as_object().expect("a listing").clone();
    let changed =
        machines.values().filter(|one| one["state"] == "running" && one["type"] != planted["type"]);
    assert_eq!(changed.count(), 9, "{machines:?}");
    println!(
        "| ten instances, of one the journal is damaged | 0 | 10 | 10 | 9 confirmed, 1 needs-operator | {} |",
        began.elapsed().as_secs()
    );
}
