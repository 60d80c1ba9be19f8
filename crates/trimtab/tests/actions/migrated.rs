//! A machine whose work a function does is stopped by the plan of a migration, and the function is
//! watched after that.

use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::emulator::Emulator;
use crate::ground::{Ground, World, quiet_machine, scanned};
use crate::support::{json, stderr, stdout};
use crate::troubled::applied;

/// What is changed, and what has it back.
const STOP: &str = "ec2:StopInstances";
const START: &str = "ec2:StartInstances";
/// The longest that a call is waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// The name of the function that `scenes.py` plants, and of its project.
const FUNCTION: &str = "resize";
/// Nobody sees who sends work to a machine without a load balancer.
const SENDERS: (&str, &str) = ("migration-3", "senders-unknown");
/// Nothing else of the analysis is planned.
const CHOSEN: &[&str] = &["--migration", FUNCTION, "--filter", "check=ec2-instance-oversized"];

/// Says of the recommendation of a smaller machine that it is one of a function in its place: what a
/// server does between two runs is measured for weeks before that is recommended.
const OF_A_FUNCTION: &str = r#"
import json, sqlite3, sys
state = sqlite3.connect(sys.argv[1])
conversion = {"server": "m5.2xlarge", "memory_mb": 1024, "architecture": "x86_64", "trigger": "event"}

def visit(value):
    if isinstance(value, dict):
        if value.get("check") == "ec2-instance-oversized" and "action" in value:
            value["action"] = {"ConvertServerless": conversion}
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        visit(one)

for number, body in state.execute("select id, body from analyses").fetchall():
    analysis = json.loads(body)
    visit(analysis)
    state.execute("update analyses set body = ? where id = ?", [json.dumps(analysis), number])
state.commit()
"#;

/// What the project of the function says, as `trimtab serverless scaffold` writes it.
fn project(machine: &Value) -> Value {
    let check = |id: &str, metric: &str, statistic: &str, fails_above: u32| {
        json!({
            "id": id, "namespace": "AWS/Lambda", "metric": metric, "statistic": statistic,
            "dimension": "FunctionName", "of": FUNCTION, "fails_above": fails_above,
        })
    };
    json!({
        "version": 1,
        "name": FUNCTION,
        "region": machine["region"],
        "replaces": {"kind": "AWS::EC2::Instance", "id": machine["id"]},
        "soak_days": 14,
        "gate": {"checks": [
            check("errors", "Errors", "Sum", 0),
            check("throttles", "Throttles", "Sum", 0),
            check("duration", "Duration", "p95", 8_000),
            {
                "id": "dead_letters", "namespace": "AWS/SQS",
                "metric": "ApproximateNumberOfMessagesVisible", "statistic": "Maximum",
                "dimension": "QueueName", "of": "resize-dead-letter", "fails_above": 0,
            },
        ]},
        "phases": [{"id": "stop", "commands": ["aws ec2 stop-instances"], "lasts_days": 1}],
    })
}

/// Plants a machine, what is measured of it and of a function that runs without an error, and the
/// project of that function; scans and analyses. The function itself is not there. Returns what was
/// planted, too.
fn without_function() -> (Emulator, Value) {
    let series = |machine: &Value| {
        let itself = json!({"FunctionName": FUNCTION});
        let measured =
            [("Invocations", 100.0), ("Errors", 0.0), ("Throttles", 0.0), ("Duration", 200.0)];
        let of_function = measured.map(|(name, value)| ("AWS/Lambda", name, itself.clone(), value));
        [quiet_machine(&machine["id"], machine), of_function.to_vec()].concat()
    };
    let (emulator, machine) = scanned("machine", "ec2", series);
    let state = emulator.data_dir().join("state.sqlite");
    emulator.python(OF_A_FUNCTION, &[&state.to_string_lossy()]);
    emulator.write(&format!("{FUNCTION}/migration.json"), &project(&machine).to_string());
    (emulator, machine)
}

/// Returns the one whose function is there, made once, and its machine.
fn ground() -> &'static (Ground, Value) {
    static MADE: OnceLock<(Ground, Value)> = OnceLock::new();
    MADE.get_or_init(|| {
        let (emulator, machine) = without_function();
        emulator.seed_more("function");
        (Ground::of(emulator, CHOSEN), machine)
    })
}

/// Says what the alarm of the dead-letter queue is, each state from a second on.
fn alarm(world: &World, machine: &Value, states: &[(i64, &str)]) {
    let states: Vec<Value> = states.iter().map(|(since, state)| json!([since, state])).collect();
    let alarm = json!([{
        "account": machine["account"], "region": machine["region"],
        "name": format!("{FUNCTION}-dead-letters"), "namespace": "AWS/SQS",
        "metric": "ApproximateNumberOfMessagesVisible",
        "dimensions": {"QueueName": "resize-dead-letter"}, "states": states,
    }]);
    world.emulator.post("/emulator/alarms", &alarm);
}

/// Asks what stands in the way; returns the exit code and the page.
fn preflight(world: &World) -> (Option<i32>, Value) {
    let output = world.run(&["plan", "preflight", &world.plan, "-o", "json"]);
    (output.status.code(), json(&output))
}

/// Returns the rows of a preflight that are not well.
fn unwell(page: &Value) -> Vec<(&str, &str)> {
    let rows = page["items"].as_array().expect("a list").iter();
    rows.filter(|row| row["verdict"] != "pass")
        .filter_map(|row| Some((row["row"].as_str()?, row["reasons"][0]["code"].as_str()?)))
        .collect()
}

/// Carries the plan out until the machine is stopped and the function is watched, which lasts a day,
/// and ends the process there.
fn stopped(world: &World) {
    let mut child = world.start(&[&world.apply()[..], &["-o", "json"]].concat());
    let began = Instant::now();
    let mut is_there = || child.try_wait().expect("a child of ours").is_none();
    while is_there() && !world.emulator.effects().iter().any(|one| one == STOP) {
        assert!(began.elapsed() < PATIENCE, "{STOP} never comes");
        std::thread::sleep(Duration::from_millis(20));
    }
    if is_there() {
        let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        assert!(sent.expect("kill runs").success());
    }
    let output = child.wait_with_output().expect("a child of ours");
    let told = format!("{}{}", stdout(&output), stderr(&output));
    assert_eq!(output.status.code(), Some(130), "{told}");
    assert_eq!(json(&output)["items"][0]["status"], "soaking", "{told}");
    assert_eq!(state(world), "stopped", "{told}");
}

/// Lets some hours pass, here and in AWS.
fn pass(world: &World, hours: i64) {
    world.control.move_clock(hours * 3_600);
    let (_, ahead) = world.control.begun();
    world.emulator.post("/emulator/clock", &json!(ahead));
}

/// Returns the state of the only machine.
fn state(world: &World) -> Value {
    let look = world.emulator.look();
    let mut machines = look["machines"].as_object().expect("a listing").values();
    machines.next().map_or(Value::Null, |one| one["state"].clone())
}

/// Returns what there is, but for the machine.
fn rest(look: &Value) -> Value {
    let mut rest = look.clone();
    rest["machines"] = Value::Null;
    rest
}

/// Returns the events of the only run.
fn journal(world: &World) -> Vec<Value> {
    let runs = world.runs();
    assert_eq!(runs.len(), 1, "{runs:?}");
    let lines = stdout(&world.run(&["run", "watch", &runs[0], "-o", "jsonl"]));
    let event = |line: &str| serde_json::from_str(line).map(|entry: Value| entry["event"].clone());
    lines.lines().map(|line| event(line).expect("one object a line")).collect()
}

/// Returns the calls that a journal intends, each with its direction.
fn intents(journal: &[Value]) -> Vec<(String, Value)> {
    let intents = journal.iter().filter_map(|event| event["Intent"].as_object());
    let call = |call: &Value| call.as_object().and_then(|call| call.keys().next().cloned());
    intents.filter_map(|one| Some((call(&one["call"])?, one["direction"].clone()))).collect()
}

#[test]
fn a_machine_is_stopped_whose_function_ran_and_is_confirmed_after_a_day_without_an_error() {
    let (ground, machine) = ground();
    let world = ground.world();
    alarm(&world, machine, &[(0, "OK")]);
    let (code, page) = preflight(&world);
    // Out of production that is said, and no more.
    assert_eq!((code, unwell(&page)), (Some(0), vec![SENDERS]), "{page}");
    assert_eq!(page["items"].as_array().map(Vec::len), Some(18), "{page}");
    stopped(&world);
    pass(&world, 25);
    let (stands, told) = applied(&world);
    assert_eq!(stands[0], "confirmed", "{told}");
    assert_eq!(world.emulator.changes(), [STOP], "{told}");
    assert_eq!(state(&world), "stopped", "{told}");
    assert_eq!(rest(&world.emulator.look()), rest(&world.before), "{told}");
    let journal = journal(&world);
    assert_eq!(intents(&journal), [("StopInstance".to_owned(), json!("forward"))], "{journal:?}");
    // What was read of the function is named, and nothing of the machine.
    let judged = journal.iter().find_map(|event| event["GateJudged"].as_object());
    let judged = judged.expect("a verdict");
    assert_eq!(judged["verdict"]["state"], "pass", "{judged:?}");
    let text = json!(judged["sources"]).to_string();
    assert!(text.contains("Invocations") && text.contains("Errors"), "{text}");
    assert!(!text.contains("CPUUtilization"), "{text}");
}

#[test]
fn one_error_of_the_function_starts_the_machine_again() {
    let (ground, machine) = ground();
    let world = ground.world();
    alarm(&world, machine, &[(0, "OK")]);
    stopped(&world);
    // Within the first minutes, which count too; a point of five minutes is the sum of as many.
    let shown = world.control.shown() / 1_000_000_000;
    let failed = (shown + 300) / 300 * 300;
    let steps = json!({"steps": [[0, 0.0], [failed, 0.2], [failed + 300, 0.0]]});
    let errors = json!([{
        "account": machine["account"], "region": machine["region"], "namespace": "AWS/Lambda",
        "metric": "Errors", "dimensions": {"FunctionName": FUNCTION}, "value": steps,
    }]);
    world.emulator.post("/emulator/series", &errors);
    pass(&world, 1);
    let (stands, told) = applied(&world);
    assert_eq!(stands[0], "original", "{told}");
    assert_eq!(stands[1], "function-errors-limit", "{told}");
    assert_eq!(world.emulator.changes(), [STOP, START], "{told}");
    assert_eq!(state(&world), "running", "{told}");
    let journal = journal(&world);
    let called = [("StopInstance", "forward"), ("StartInstance", "back")];
    let called = called.map(|(call, direction)| (call.to_owned(), json!(direction)));
    assert_eq!(intents(&journal), called, "{journal:?}");
    let begun = journal.iter().find_map(|event| event["RollbackStarted"].as_object());
    assert_eq!(begun.expect("a way back")["reason"]["code"], "function-errors-limit");
    let closed = journal.iter().find_map(|event| event["ChangeClosed"].as_object());
    assert_eq!(closed.expect("an end")["outcome"], "original", "{journal:?}");
}

#[test]
fn a_machine_whose_function_is_not_there_is_left_alone() {
    let (emulator, _) = without_function();
    let ground = Ground::of(emulator, CHOSEN);
    let world = ground.world();
    let (code, page) = preflight(&world);
    assert_eq!(code, Some(1), "{page}");
    let no_alarm = ("migration-5", "no-alarm");
    assert_eq!(unwell(&page), [("migration-1", "no-function"), SENDERS, no_alarm], "{page}");
    let (stands, told) = applied(&world);
    assert_eq!((&stands[0], &stands[1]), (&json!("refused"), &json!("no-function")), "{told}");
    assert_eq!(world.emulator.changes(), Vec::<String>::new(), "{told}");
    assert_eq!(state(&world), "running", "{told}");
}

#[test]
fn a_machine_stays_on_while_an_alarm_of_the_project_rings_and_is_started_where_one_rings_later() {
    let (ground, machine) = ground();
    let world = ground.world();
    alarm(&world, machine, &[(0, "ALARM")]);
    let (code, page) = preflight(&world);
    assert_eq!((code, unwell(&page)), (Some(1), vec![SENDERS, ("migration-5", "alarm-rings")]));
    let (stands, told) = applied(&world);
    assert_eq!((&stands[0], &stands[1]), (&json!("refused"), &json!("alarm-rings")), "{told}");
    assert_eq!(world.emulator.changes(), Vec::<String>::new(), "{told}");

    let world = ground.world();
    alarm(&world, machine, &[(0, "OK")]);
    stopped(&world);
    let shown = world.control.shown() / 1_000_000_000;
    alarm(&world, machine, &[(0, "OK"), (shown + 600, "ALARM"), (shown + 660, "OK")]);
    pass(&world, 1);
    let (stands, told) = applied(&world);
    assert_eq!((&stands[0], &stands[1]), (&json!("original"), &json!("alarm")), "{told}");
    assert_eq!(world.emulator.changes(), [STOP, START], "{told}");
}
