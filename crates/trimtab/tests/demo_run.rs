//! The demo, from outside: a whole staged rollout in a simulated cloud, and plans of its data.

#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod support;

use serde_json::Value;

use support::{Exports, json, stderr, stdout};

/// The page of the recording in a language, as `generated_demo_run` keeps it.
fn recorded(file: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(file);
    std::fs::read_to_string(path).expect("the recording")
}

#[test]
fn a_rollout_reaches_production_and_one_change_comes_back() {
    let exports = Exports::empty();
    let output = exports.trimtab(&["demo", "--run", "-o", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    let run = json(&output);
    assert_eq!(
        (&run["schema"], &run["status"]),
        (&Value::from("trimtab/v1/demo.run"), &Value::from("partial"))
    );
    let verified = &run["verified"];
    assert_eq!(verified["holds"], true, "{verified}");
    for nothing in ["stopped", "drained", "reservations_left"] {
        assert_eq!(verified[nothing], serde_json::json!([]), "{nothing}");
    }
    assert_eq!(verified["calls_without_intent"], 0);
    assert_eq!(verified["calls"], verified["audit_intents"]);

    let items = run["items"].as_array().expect("changes");
    let ended = |status: &str| items.iter().filter(|one| one["status"] == status).count();
    assert_eq!((ended("original"), ended("confirmed")), (1, items.len() - 1), "{run:#}");
    let stages: std::collections::BTreeSet<&str> =
        items.iter().filter_map(|one| one["stage"].as_str()).collect();
    assert_eq!(stages.len(), 3, "{stages:?}");
    let waves: std::collections::BTreeSet<&str> =
        items.iter().filter_map(|one| one["wave"].as_str()).collect();
    assert!(waves.contains("canary") && waves.contains("100%"), "{waves:?}");

    // What came back did so by its gate, with the figures that say why.
    let back = items.iter().find(|one| one["status"] == "original").expect("one came back");
    assert_eq!(back["stage"], "prod");
    let events = back["events"].as_array().expect("events");
    let gates = events.iter().find(|one| one["event"] == "gates").expect("a verdict");
    assert_eq!(gates["state"], "fail");
    assert!(gates["beyond_limit"].as_u64() > Some(0), "{gates}");
    assert!(gates["evidence_sha256"].as_str().is_some_and(|hash| hash.len() == 64));
    assert!(events.iter().any(|one| one["event"] == "rollback"));
    assert_eq!(back["found"], back["current"]["instance_type"]);
    assert_eq!(back["outages"], 2);

    // The state is its own, and can be looked at like that of every run.
    let dir = exports.data_dir().join("demo").join("run");
    let id = run["run"].as_str().expect("a run");
    let shown = exports.trimtab(&[
        "--data-dir",
        dir.to_str().expect("UTF-8"),
        "run",
        "show",
        id,
        "-o",
        "json",
    ]);
    assert_eq!(json(&shown)["is_simulated"], true, "{}", stderr(&shown));
}

#[test]
fn the_same_story_is_told_again_word_for_word() {
    for (language, file) in [("en", "demo-run.md"), ("ko", "demo-run.ko.md")] {
        let exports = Exports::empty();
        let output = exports.trimtab(&["demo", "--run", "--lang", language]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let told = stdout(&output);
        assert!(!told.contains('\u{1b}'), "colours without a terminal: {told}");
        assert!(recorded(file).contains(&told), "{file} is another story than\n{told}");
    }
}

#[test]
fn plans_of_the_demo_are_made_and_rehearsed_and_never_sent() {
    let exports = Exports::empty();
    let run = |arguments: &[&str]| {
        let output = exports.trimtab(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", stderr(&output));
        output
    };
    let demo = run(&["demo", "--no-serve"]);
    let hint = stderr(&demo);
    assert!(hint.contains("plan create --filter") && hint.contains("demo --run"), "{hint}");
    run(&["rec", "list"]);
    let filter = "check=ec2-instance-oversized and risk<=low";
    let create = run(&["plan", "create", "--filter", filter, "--by", "kim", "-o", "json"]);
    let plan = json(&create);
    let (id, hash) = (plan["plan"].as_str().unwrap(), plan["hash"].as_str().unwrap());
    assert!(plan["changes"].as_u64() > Some(2), "{plan}");
    let shown = stdout(&run(&["plan", "show", id, "-o", "table"]));
    assert!(shown.contains("match-server-1") && shown.contains("Asia/Seoul"), "{shown}");
    let lint = json(&run(&["plan", "lint", id, "-o", "json"]));
    assert_eq!(lint["can_be_approved"], true, "{lint}");
    let timetable = json(&run(&["plan", "simulate", id, "-o", "json"]));
    let calls = timetable["calls"].as_array().expect("calls");
    assert!(calls.iter().any(|call| call["action"] == "ec2:StopInstances"), "{timetable}");
    let times: Vec<&str> = calls.iter().filter_map(|call| call["at"].as_str()).collect();
    assert!(times.len() == calls.len() && times.is_sorted(), "{times:?}");

    let dry = json(&run(&["apply", id, "-o", "json"]));
    assert_eq!(dry["changed"], false);
    let items = dry["items"].as_array().expect("changes");
    let made: usize = items.iter().filter_map(|one| one["calls"].as_array()).map(Vec::len).sum();
    assert_eq!(made, calls.len());
    let command = items[0]["calls"][0]["command"].as_str().unwrap();
    assert!(command.starts_with("aws ec2 create-snapshots"), "{command}");
    assert!(items[0]["calls"][0]["window_until"].is_string(), "{dry}");
    let page = stdout(&run(&["apply", id, "-o", "table", "--lang", "ko"]));
    assert!(page.contains("아무것도 바꾸지 않았습니다"), "{page}");

    let dev = ["plan", "approve", id, "--stage", "staging", "--plan-hash", hash, "--by", "lee"];
    run(&dev);
    let send = exports.trimtab(&["apply", id, "--execute", "--plan-hash", hash, "--by", "kim"]);
    assert_eq!(send.status.code(), Some(1), "{}", stderr(&send));
    assert!(stderr(&send).contains("no account stands behind it"), "{}", stderr(&send));
    assert_eq!(json(&run(&["run", "list", "-o", "json"]))["items"], serde_json::json!([]));
}

#[test]
fn a_server_whose_work_a_function_does_is_planned_to_be_stopped() {
    let exports = Exports::empty();
    let run = |arguments: &[&str]| {
        let output = exports.trimtab(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", stderr(&output));
        output
    };
    run(&["demo", "--no-serve"]);
    let project = exports.dir().join("notice");
    let dir = project.to_str().expect("UTF-8");
    run(&["serverless", "scaffold", "notice-server-1", "--name", "notice", "--out", dir]);
    let none = "saving>9999999usd";
    let plan = json(&run(&[
        "plan",
        "create",
        "--filter",
        none,
        "--migration",
        dir,
        "--by",
        "kim",
        "-o",
        "json",
    ]));
    assert_eq!(plan["changes"], 1, "{plan:#}");
    let change = &plan["stages"][0]["waves"][0]["changes"][0];
    assert_eq!(change["recommended"]["state"], "stopped", "{change:#}");
    assert_eq!(change["migration"]["name"], "notice");
    assert_eq!(change["migration"]["replaces"], change["resource_id"]);
    assert!(change["watched_seconds"].as_u64() >= Some(86_400), "{change:#}");
    let gates = change["gates"].as_array().expect("gates");
    let limit = |signal: &str| {
        let gate = gates.iter().find(|gate| gate["signal"] == signal);
        gate.map(|gate| (gate["limit"].as_f64(), gate["is_required"].as_bool()))
    };
    assert_eq!(limit("invocations"), Some((None, Some(true))), "{gates:?}");
    for signal in ["function-errors", "throttles"] {
        assert_eq!(limit(signal), Some((Some(0.0), Some(true))), "{gates:?}");
    }
    let id = plan["plan"].as_str().expect("an identifier");
    for (language, word) in
        [("en", "Last step of the migration notice"), ("ko", "notice 전환의 마지막 단계")]
    {
        let shown = stdout(&run(&["plan", "show", id, "-o", "table", "--lang", language]));
        assert!(shown.contains(word), "{shown}");
    }
    let timetable = json(&run(&["plan", "simulate", id, "-o", "json"]));
    let calls = timetable["calls"].as_array().expect("calls");
    let actions: Vec<&str> = calls.iter().filter_map(|call| call["action"].as_str()).collect();
    assert_eq!(actions.last(), Some(&"ec2:StopInstances"), "{timetable:#}");

    // With the other recommendations, that of another size is left out.
    let whole = json(&run(&["plan", "create", "--migration", dir, "--by", "kim", "-o", "json"]));
    let left = whole["left_out"].as_array().expect("what is left out");
    let of = |one: &&Value| one["resource_id"] == change["resource_id"];
    assert!(
        left.iter().filter(of).any(|one| one["reason"]["code"] == "stopped-for-good"),
        "{left:#?}"
    );

    // A server that is not recommended to be replaced is not stopped.
    let file = project.join("migration.json");
    let text = std::fs::read_to_string(&file).expect("the file");
    let server = change["resource_id"].as_str().expect("an instance");
    std::fs::write(&file, text.replace(server, "i-0123")).expect("a file of our own");
    let refused = exports.trimtab(&["plan", "create", "--migration", dir, "--by", "kim"]);
    assert_eq!(refused.status.code(), Some(1), "{}", stderr(&refused));
    assert!(stderr(&refused).contains("trimtab serverless show i-0123"), "{}", stderr(&refused));
}
