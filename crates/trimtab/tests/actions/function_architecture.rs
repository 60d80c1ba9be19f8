//! A function runs on another processor, by way of a version and a share of an alias: its own package
//! is given again.

use std::process::Command;
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::ground::{Ground, World, scanned};
use crate::troubled::{
    Expected, applied, confirmed_in_any_trouble, killed, rolled_back, taken_back,
};

/// What `scenes.py` puts into its environment, and what `packages.py` ends an address with.
const SECRETS: &[&str] = &["not-for-your-eyes", "X-Amz-Signature"];

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
        let series = |function: &Value| {
            let itself = json!({"FunctionName": function["id"]});
            let measured = [("Invocations", 100.0), ("Errors", 0.0), ("Duration", 200.0)];
            measured.map(|(name, value)| ("AWS/Lambda", name, itself.clone(), value)).to_vec()
        };
        let (emulator, _) = scanned("function", "lambda", series);
        // Whether its code has parts of one processor is known to nobody but its owner.
        let chosen = ["--filter", "check=lambda-function-x86"];
        Ground::vouching(emulator, &chosen, Some("lambda-3"))
    })
}

/// Asserts that no secret is on the disk.
fn keeps_no_secret(world: &World) {
    for secret in SECRETS {
        let mut grep = Command::new("grep");
        let found = grep.args(["-rqa", secret]).arg(world.emulator.data_dir()).status();
        assert_eq!(found.expect("grep runs").code(), Some(1), "{secret} is on the disk");
    }
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
    keeps_no_secret(&world);
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
    let world = ground().world();
    let moved_on = json!([{
        "action": "lambda:UpdateFunctionCode", "code": "PreconditionFailedException",
        "status": 412, "times": 1,
    }]);
    world.emulator.post("/emulator/faults", &moved_on);
    let (stands, told) = applied(&world);
    assert_eq!(stands[0], "refused", "{told}");
    assert_eq!(stands[1], "function-changed-by-others", "{told}");
    assert_eq!(world.emulator.effects(), Vec::<String>::new(), "{told}");
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
    keeps_no_secret(&world);
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
