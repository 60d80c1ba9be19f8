//! A function gets another amount of memory, by way of a version and a share of an alias.

use std::process::Command;
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::ground::{Ground, scanned};
use crate::troubled::{
    Expected, applied, confirmed_in_any_trouble, killed, rolled_back, taken_back,
};

/// What `scenes.py` puts into its environment.
const SECRET: &str = "not-for-your-eyes";

/// Says of the recommendation of another architecture that it is one of less memory, which no check
/// makes: what is planned and done is the same.
const OF_MEMORY: &str = r#"
import json, sqlite3, sys
state = sqlite3.connect(sys.argv[1])
words = lambda action: json.dumps(action, separators=(",", ":"))
old = words({"UpdateFunctionArchitecture": {"from": "x86_64", "to": "arm64"}})
new = words({"UpdateFunctionMemory": {"from_mb": 1024, "to_mb": 512}})
state.execute("update analyses set body = replace(body, ?, ?)", [old, new])
state.commit()
"#;

const EXPECTED: Expected = Expected {
    calls: &[
        "lambda:UpdateFunctionConfiguration",
        "lambda:PublishVersion",
        // A share of the calls first, and all of them once all is well.
        "lambda:UpdateAlias",
        "lambda:UpdateAlias",
    ],
    is_done: |look| is_at(look, 512, "2", &json!({})),
};

fn is_at(look: &Value, memory_mb: u32, version: &str, weights: &Value) -> bool {
    let alias = json!({"version": version, "weights": weights});
    look["functions"]["resize"] == memory_mb && look["aliases"]["resize:live"] == alias
}

/// Returns the one with a function of more memory than it uses, made once.
fn ground() -> &'static Ground {
    static MADE: OnceLock<Ground> = OnceLock::new();
    MADE.get_or_init(|| {
        let series = |function: &Value| {
            let itself = json!({"FunctionName": function["id"]});
            let measured = [("Invocations", 100.0), ("Errors", 0.0), ("Duration", 200.0)];
            measured.map(|(name, value)| ("AWS/Lambda", name, itself.clone(), value)).to_vec()
        };
        let (emulator, _) = scanned("function", "lambda", series);
        let state = emulator.data_dir().join("state.sqlite");
        emulator.python(OF_MEMORY, &[&state.to_string_lossy()]);
        // How much it uses is known to nobody but its owner.
        let chosen = ["--filter", "check=lambda-function-x86"];
        Ground::vouching(emulator, &chosen, Some("lambda-2"))
    })
}

#[test]
fn a04_a_function_gets_its_memory_whatever_becomes_of_its_calls() {
    println!("{}", confirmed_in_any_trouble(ground(), &EXPECTED, 0));
}

#[test]
fn a_share_of_the_calls_is_taken_back_and_no_variable_is_kept() {
    let world = ground().world();
    killed(&world, 3, "after");
    let look = world.emulator.look();
    assert!(is_at(&look, 512, "1", &json!({"2": 0.1})), "{look}");
    let (stands, told) = rolled_back(&world);
    assert_eq!(stands[0], "original", "{told}");
    let look = world.emulator.look();
    assert!(is_at(&look, 1024, "1", &json!({})), "{look}");
    let mut grep = Command::new("grep");
    let found = grep.args(["-rqa", SECRET]).arg(world.emulator.data_dir()).status();
    assert_eq!(
        found.expect("grep runs").code(),
        Some(1),
        "the function's variables are on the disk"
    );
}

#[test]
fn a_function_gets_its_memory_back_by_a_plan_of_its_own() {
    let mut world = ground().world();
    let (stands, told) = applied(&world);
    assert_eq!(stands[0], "confirmed", "{told}");
    let (stands, told) = taken_back(&mut world);
    assert_eq!(stands[0], "confirmed", "{told}");
    assert_eq!(world.emulator.effects(), [EXPECTED.calls, EXPECTED.calls].concat(), "{told}");
    // No version is ever changed: it is a third one that has what the first one had.
    let look = world.emulator.look();
    assert!(is_at(&look, 1024, "3", &json!({})), "{look}");
}

#[test]
fn d45_a_function_that_somebody_else_changed_meanwhile_is_left_alone() {
    let world = ground().world();
    let moved_on = json!([{
        "action": "lambda:UpdateFunctionConfiguration", "code": "PreconditionFailedException",
        "status": 412, "times": 1,
    }]);
    world.emulator.post("/emulator/faults", &moved_on);
    let (stands, told) = applied(&world);
    assert_eq!(stands[0], "refused", "{told}");
    assert_eq!(stands[1], "function-changed-by-others", "{told}");
    assert_eq!(world.emulator.effects(), Vec::<String>::new(), "{told}");
}
