//! A function runs on another processor, by way of a version and a share of an alias: its own package
//! is given again.

use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::functions::{VARIABLE, called, is_left_alone_where_it_moved_on, keeps_none_of};
use crate::ground::Ground;
use crate::troubled::{
    Expected, applied, confirmed_in_any_trouble, killed, rolled_back, taken_back,
};

/// What must not be kept: the second one is what `packages.py` ends an address with.
const SECRETS: &[&str] = &[VARIABLE, "X-Amz-Signature"];

const EXPECTED: Expected = Expected {
    calls: &[
        "lambda:UpdateFunctionCode",
        "lambda:PublishVersion",
        // A share of the calls first, and all of them once all is well.
        "lambda:UpdateAlias",
        "lambda:UpdateAlias",
    ],
    is_done: |look| {
        is_at(look, "arm64", "2", &json!({})) && versions(look) == json!(["x86_64", "arm64"])
    },
};

fn is_at(look: &Value, architecture: &str, version: &str, weights: &Value) -> bool {
    let alias = json!({"version": version, "weights": weights});
    look["architectures"]["resize"]["$LATEST"] == architecture
        && look["aliases"]["resize:live"] == alias
}

/// Returns what each version runs on, the oldest first.
fn versions(look: &Value) -> Value {
    look["architectures"]["resize"]["versions"].clone()
}

/// Returns the one with a function that arm64 would run for less, made once.
fn ground() -> &'static Ground {
    static MADE: OnceLock<Ground> = OnceLock::new();
    MADE.get_or_init(|| {
        let emulator = called();
        // Whether its code has parts of one processor is known to nobody but its owner.
        let chosen = ["--filter", "check=lambda-function-x86"];
        Ground::vouching(emulator, &chosen, Some("lambda-3"))
    })
}

#[test]
fn a04_a_function_runs_on_another_processor_whatever_becomes_of_its_calls() {
    println!("{}", confirmed_in_any_trouble(ground(), &EXPECTED, 0));
}

#[test]
fn a_share_of_the_calls_is_taken_back_and_no_secret_is_kept() {
    let world = ground().world();
    killed(&world, 3, "after");
    let look = world.emulator.look();
    assert!(is_at(&look, "arm64", "1", &json!({"2": 0.1})), "{look}");
    let (stands, told) = rolled_back(&world);
    assert_eq!(stands[0], "original", "{told}");
    let look = world.emulator.look();
    assert!(is_at(&look, "x86_64", "1", &json!({})), "{look}");
    // What was published stays, and nobody is led to it.
    assert_eq!(versions(&look), json!(["x86_64", "arm64"]));
    keeps_none_of(&world, SECRETS);
}

#[test]
fn a_function_gets_its_processor_back_by_a_plan_of_its_own() {
    let mut world = ground().world();
    let (stands, told) = applied(&world);
    assert_eq!(stands[0], "confirmed", "{told}");
    let (stands, told) = taken_back(&mut world);
    assert_eq!(stands[0], "confirmed", "{told}");
    assert_eq!(world.emulator.effects(), [EXPECTED.calls, EXPECTED.calls].concat(), "{told}");
    // No version is ever changed: it is a third one that runs where the first one ran.
    let look = world.emulator.look();
    assert!(is_at(&look, "x86_64", "3", &json!({})), "{look}");
    assert_eq!(versions(&look), json!(["x86_64", "arm64", "x86_64"]));
}

#[test]
fn d45_a_function_that_somebody_else_changed_meanwhile_keeps_their_package() {
    is_left_alone_where_it_moved_on(&ground().world(), "lambda:UpdateFunctionCode");
}

#[test]
fn a_package_that_is_not_what_lambda_says_is_not_given() {
    let world = ground().world();
    world.emulator.post("/emulator/packages", &json!("damaged"));
    let (stands, told) = applied(&world);
    assert_eq!(stands[0], "refused", "{told}");
    assert!(told.contains("not the package that Lambda says"), "{told}");
    assert_eq!(world.emulator.effects(), Vec::<String>::new(), "{told}");
    assert_eq!(world.emulator.look(), world.before);
    keeps_none_of(&world, SECRETS);
}

#[test]
fn a_package_that_cannot_be_had_is_asked_for_again_and_then_left_alone() {
    let world = ground().world();
    world.emulator.post("/emulator/packages", &json!("missing"));
    let (stands, told) = applied(&world);
    assert_eq!(stands[0], "refused", "{told}");
    assert!(told.contains("could not be downloaded whole"), "{told}");
    assert_eq!(world.emulator.effects(), Vec::<String>::new(), "{told}");
    let calls = world.emulator.calls();
    let read = calls.iter().find(|(_, _, action, _)| action == "lambda:GetFunction");
    assert_eq!(read.map(|(_, _, _, count)| *count), Some(3), "{told}");
}

#[test]
fn who_may_not_give_a_package_changes_nothing() {
    let world = ground().world();
    let denied = json!([{
        "action": "lambda:GetFunction", "code": "AccessDeniedException", "status": 403,
    }]);
    world.emulator.post("/emulator/faults", &denied);
    let (stands, told) = applied(&world);
    assert_eq!(stands[0], "refused", "{told}");
    assert!(told.contains("lambda:GetFunction"), "{told}");
    assert_eq!(world.emulator.effects(), Vec::<String>::new(), "{told}");
}
