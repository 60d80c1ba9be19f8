//! An action to its end: undisturbed, with each wrong answer to each of its calls, and killed around
//! each of them.

use std::process::{Output, Stdio};
use std::time::Instant;

use serde_json::{Value, json};

use crate::at_once::{all, listed};
use crate::faults::{FAULTS, fault};
use crate::ground::{Ground, World};
use crate::support::{json, stderr, stdout};

/// Around a call: left undone, carried out once the process is dead, killed behind it.
const AROUND: &[&str] = &["before", "late", "after"];

/// What becomes of an action.
pub struct Expected {
    /// Its calls, in order.
    pub calls: &'static [&'static str],
    /// Whether it is done, out of what there is.
    pub is_done: fn(&Value) -> bool,
}

/// What goes wrong on the way.
#[derive(Debug)]
enum Trouble {
    Nothing,
    Answer(&'static str, &'static str),
    /// A kill at a call, counted from 1.
    Kill(usize, &'static str),
}

/// Carries a plan out; returns how its only change stands and why, and what was printed.
pub fn applied(world: &World) -> (Value, String) {
    let output = world.run(&[&world.apply()[..], &["-o", "json"]].concat());
    of(&output)
}

/// Takes back what a run has under way; returns the same.
pub fn rolled_back(world: &World) -> (Value, String) {
    let run = world.runs().first().cloned().expect("a run");
    of(&world.run(&["rollback", &run, "--execute", "--by", "kim", "-o", "json"]))
}

/// Takes a confirmed run back, by a plan of its own; returns the same.
pub fn taken_back(world: &mut World) -> (Value, String) {
    let run = world.runs().first().cloned().expect("a run");
    let made = json(&world.run(&["rollback", &run, "--execute", "--by", "kim", "-o", "json"]));
    let text = |of: &Value, key: &str| of[key].as_str().unwrap_or_default().to_owned();
    world.plan = text(&made, "plan");
    world.hash = text(&json(&world.run(&["plan", "show", &world.plan, "-o", "json"])), "hash");
    let words = ["plan", "approve", &world.plan, "--stage", "dev", "--plan-hash", &world.hash];
    let approved = world.run(&[&words[..], &["--by", "lee"]].concat());
    assert!(approved.status.success(), "{}{}", stdout(&approved), stderr(&approved));
    applied(world)
}

fn of(output: &Output) -> (Value, String) {
    let told = format!("{}{}", stdout(output), stderr(output));
    let change = json(output)["items"][0].clone();
    (json!([change["status"], change["reason"]["code"], change["manual"]]), told)
}

/// Carries a plan out in a process that is killed around a call.
pub fn killed(world: &World, call: usize, when: &str) {
    let mut command = world.command(&world.apply());
    let mut child =
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary runs");
    let order = json!({"pid": child.id(), "at": call, "when": when});
    world.emulator.post("/emulator/kill", &order);
    let status = child.wait().expect("a child of ours");
    world.emulator.post("/emulator/kill", &Value::Null);
    assert_eq!(status.code(), None, "it was to be killed at its call {call}");
}

/// Carries a plan out in every trouble there is with the calls behind the first few: it is confirmed,
/// and nothing is done twice. Returns how many histories there were.
pub fn confirmed_in_any_trouble(ground: &Ground, expected: &Expected, skipped: usize) -> String {
    let mut points = vec![Trouble::Nothing];
    let mut names = expected.calls.get(skipped..).unwrap_or_default().to_vec();
    names.dedup();
    for call in names {
        points.extend(FAULTS.iter().map(|what| Trouble::Answer(call, what)));
    }
    for number in skipped + 1..=expected.calls.len() {
        points.extend(AROUND.iter().map(|when| Trouble::Kill(number, when)));
    }
    let began = Instant::now();
    let ends = all(&points, |trouble| {
        let world = ground.world();
        match trouble {
            Trouble::Nothing => {}
            Trouble::Answer(call, what) => {
                world.emulator.post("/emulator/faults", &fault(call, what));
            }
            Trouble::Kill(number, when) => killed(&world, *number, when),
        }
        let (stands, told) = applied(&world);
        let (effects, look) = (world.emulator.effects(), world.emulator.look());
        let is_right =
            stands[0] == "confirmed" && effects == expected.calls && (expected.is_done)(&look);
        if is_right {
            return Ok("confirmed".to_owned());
        }
        Err(format!("{trouble:?}: {stands}, {effects:?}, {look}\n{told}"))
    });
    let (count, ends, seconds) = (points.len(), listed(&ends), began.elapsed().as_secs());
    format!("| {:?} | {count} | {ends} | {seconds} |", expected.calls)
}
