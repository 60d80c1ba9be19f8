//! What the tests of functions share: an emulated one that is called, and what must not be kept of it.

use std::process::Command;

use serde_json::{Value, json};

use crate::emulator::Emulator;
use crate::ground::{World, scanned};
use crate::troubled::applied;

/// What `scenes.py` puts into its environment.
pub const VARIABLE: &str = "not-for-your-eyes";

/// Plants a function that is called now and then, scans and analyses.
pub fn called() -> Emulator {
    let series = |function: &Value| {
        let itself = json!({"FunctionName": function["id"]});
        let measured = [("Invocations", 100.0), ("Errors", 0.0), ("Duration", 200.0)];
        measured.map(|(name, value)| ("AWS/Lambda", name, itself.clone(), value)).to_vec()
    };
    scanned("function", "lambda", series).0
}

/// Asserts that none of some secrets is on the disk.
pub fn keeps_none_of(world: &World, secrets: &[&str]) {
    for secret in secrets {
        let mut grep = Command::new("grep");
        let found = grep.args(["-rqa", secret]).arg(world.emulator.data_dir()).status();
        assert_eq!(found.expect("grep runs").code(), Some(1), "{secret} is on the disk");
    }
}

/// Asserts that a function whose update is refused, for somebody else was quicker, is left alone.
pub fn is_left_alone_where_it_moved_on(world: &World, update: &str) {
    let moved_on = json!([{
        "action": update, "code": "PreconditionFailedException", "status": 412, "times": 1,
    }]);
    world.emulator.post("/emulator/faults", &moved_on);
    let (stands, told) = applied(world);
    assert_eq!(stands[0], "refused", "{told}");
    assert_eq!(stands[1], "function-changed-by-others", "{told}");
    assert_eq!(world.emulator.effects(), Vec::<String>::new(), "{told}");
}
