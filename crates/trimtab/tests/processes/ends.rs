//! What must hold at the end of a history, whatever happened on the way.

use std::process::Output;

use serde_json::Value;

use crate::ground::World;
use crate::support::{json, stderr, stdout};

/// What a history is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// An instance that gets another type.
    Machine,
    /// A database that gets another class.
    Database,
}

impl Subject {
    /// Returns its kind and what of it is changed, as `looks.py` calls them.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Machine => ("machines", "type"),
            Self::Database => ("databases", "class"),
        }
    }

    /// Lists what is made at most once.
    fn once(self) -> &'static [&'static str] {
        match self {
            Self::Machine => &["ec2:CreateSnapshots", "ec2:CreateCapacityReservation"],
            Self::Database => &["rds:CreateDBSnapshot"],
        }
    }
}

/// Goes on with the plan until its run ends; returns what was printed last.
pub fn go_on(world: &World) -> Output {
    world.control.kill_at(None);
    world.run(&[&world.apply()[..], &["-o", "json"]].concat())
}

/// Looks whether a history ended well; returns how, or what is wrong.
pub fn ended(world: &World, subject: Subject) -> Result<String, String> {
    let shown = world.shown();
    let change = &shown["items"][0];
    let status = change["status"].as_str().unwrap_or("none").to_owned();
    let (kind, setting) = subject.words();
    let look = world.emulator.look();
    let only = |of: &Value| {
        let all = of[kind].as_object().expect("a listing").values().cloned();
        all.collect::<Vec<_>>().first().cloned().expect("one of them")
    };
    let (was, is) = (only(&world.before), only(&look));
    let is_serving = is["state"] == "running" || is["state"] == "available";
    let has_command =
        change["manual"].as_array().is_some_and(|all| all.iter().any(|one| one.is_string()));
    let is_well = match status.as_str() {
        "confirmed" => is_serving && is[setting] != was[setting],
        "original" | "refused" => is_serving && is[setting] == was[setting],
        "needs-operator" => has_command,
        _ => false,
    };
    if !is_well {
        return Err(format!("{status}: {was} became {is}: {shown}"));
    }
    let effects = world.emulator.effects();
    let twice = subject
        .once()
        .iter()
        .find(|once| effects.iter().filter(|effect| effect == once).count() > 1);
    if let Some(twice) = twice {
        return Err(format!("{twice} was carried out twice: {effects:?}"));
    }
    let reservations = look["reservations"].as_object().expect("a listing");
    if status != "needs-operator" && reservations.values().any(|state| state == "active") {
        return Err(format!("{status}, and a reservation is left: {reservations:?}"));
    }
    let verify = world.run(&["audit", "verify"]);
    if !verify.status.success() {
        return Err(format!("the log: {}{}", stdout(&verify), stderr(&verify)));
    }
    Ok(status)
}

/// Returns how the one change of a run stands, as `apply -o json` printed it.
pub fn outcome(output: &Output) -> Value {
    json(output)["items"][0]["status"].clone()
}
