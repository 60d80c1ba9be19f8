//! A function gets another amount of memory, by way of a version and a share of an alias.

use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::functions::{VARIABLE, called, is_left_alone_where_it_moved_on, keeps_none_of};
use crate::ground::Ground;
use crate::troubled::{
    Expected, applied, confirmed_in_any_trouble, killed, rolled_back, taken_back,
};

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
        let emulator = called();
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
    keeps_none_of(&world, &[VARIABLE]);
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
    is_left_alone_where_it_moved_on(&ground().world(), "lambda:UpdateFunctionConfiguration");
}
