//! `kill -9` at every write of the journal and at every call: forward, on the way back, and twice
//! in a row.

use std::process::Stdio;
use std::time::Instant;

use serde_json::{Value, json};

use crate::at_once::{all, listed};
use crate::control::When;
use crate::ends::{Subject, ended, go_on};
use crate::ground::{Ground, World};
use crate::support::{json, stderr, stdout};

/// Where a process is killed.
#[derive(Debug, Clone, Copy)]
enum Point {
    /// At a write of the journal, counted from 1.
    Write(usize, When),
    /// At a call that changes something, counted from 1.
    Call(usize, &'static str),
}

/// Histories that differ in where they are killed.
struct Scenario<'a> {
    name: &'static str,
    ground: &'a Ground,
    subject: Subject,
    /// What is planted before.
    prepare: fn(&World),
    /// What is killed.
    command: Vec<String>,
    /// Where in each write, and around each call.
    at: (&'static [When], &'static [&'static str]),
}

/// Everywhere.
const EVERYWHERE: (&[When], &[&str]) =
    (&[When::Before, When::Torn, When::After], &["before", "late", "after"]);
/// What comes before a write is what comes behind the one before it, but for calls.
const TORN_OR_BEHIND: (&[When], &[&str]) =
    (&[When::Torn, When::After], &["before", "late", "after"]);
/// What is torn was tried where nothing else goes wrong.
const BEHIND: (&[When], &[&str]) = (&[When::After], &["before", "after"]);
/// Set by `bench/run kills`, which has the time for every point.
const EVERY_POINT: &str = "TRIMTAB_EVERY_POINT";

fn is_patient() -> bool {
    std::env::var_os(EVERY_POINT).is_some()
}

impl Scenario<'_> {
    fn world(&self) -> World {
        let world = self.ground.world();
        (self.prepare)(&world);
        world
    }

    fn words<'a>(&'a self, world: &'a World) -> Vec<&'a str> {
        match self.command.as_slice() {
            [] => world.apply(),
            words => words.iter().map(String::as_str).collect(),
        }
    }

    /// Returns every point of a history that nobody disturbs.
    fn points(&self) -> (usize, usize, Vec<Point>) {
        let world = self.world();
        world.control.kill_at(None);
        world.emulator.post("/emulator/forget", &json!(null));
        let output = world.run(&self.words(&world));
        let told = format!("{}: {}{}", self.name, stdout(&output), stderr(&output));
        assert!(output.status.code().is_some_and(|code| code != 1 && code != 2), "{told}");
        let (writes, calls) = (world.control.writes(), world.emulator.changes().len());
        let (in_writes, around_calls) = if is_patient() { EVERYWHERE } else { self.at };
        let of_writes = (1..=writes)
            .flat_map(|number| in_writes.iter().map(move |when| Point::Write(number, *when)));
        let of_calls = (1..=calls)
            .flat_map(|number| around_calls.iter().map(move |when| Point::Call(number, when)));
        (writes, calls, of_writes.chain(of_calls).collect())
    }

    /// Kills one history at a point and goes on with it; returns how it ended.
    fn play(&self, point: Point) -> Result<String, String> {
        let world = self.world();
        let is_killed = killed(&world, &self.words(&world), point);
        let output = go_on(&world);
        let end = ended(&world, self.subject).map_err(|wrong| {
            format!("{}, {point:?}: {wrong}\n{}{}", self.name, stdout(&output), stderr(&output))
        })?;
        Ok(if is_killed { end } else { format!("{end}, without having come to the point") })
    }

    /// Plays all histories, several at once; returns how many there were and how they ended.
    fn play_all(&self) -> String {
        let began = Instant::now();
        let (writes, calls, points) = self.points();
        let ends = all(&points, |point| self.play(*point));
        let count = points.len();
        let (ends, seconds) = (listed(&ends), began.elapsed().as_secs());
        format!("| {} | {writes} | {calls} | {count} | {ends} | {seconds} |", self.name)
    }
}

/// Runs a command that is to be killed at a point; returns whether it was.
fn killed(world: &World, words: &[&str], point: Point) -> bool {
    world.control.kill_at(match point {
        Point::Write(number, when) => Some((number, when)),
        Point::Call(..) => None,
    });
    let mut command = world.command(words);
    let mut child =
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary runs");
    if let Point::Call(at, when) = point {
        let order = json!({"pid": child.id(), "at": at, "when": when});
        world.emulator.post("/emulator/kill", &order);
    }
    let status = child.wait().expect("a child of ours");
    world.emulator.post("/emulator/kill", &Value::Null);
    status.code().is_none()
}

fn nothing(_: &World) {}

/// The new type cannot be started: the quota of its family is used up.
fn quota_reached(world: &World) {
    let quota = json!([{
        "action": "ec2:StartInstances", "code": "VcpuLimitExceeded", "status": 400, "times": 1,
    }]);
    world.emulator.post("/emulator/faults", &quota);
}

/// Returns where histories go on from that were killed right behind a call.
fn killed_behind(ground: &Ground, call: usize) -> (Ground, String) {
    let world = ground.world();
    assert!(killed(&world, &world.apply(), Point::Call(call, "after")), "it comes to its call");
    let run = world.runs().first().cloned().expect("a run");
    // A copy does not go on with what the emulator has under way.
    let is_moving = |one: &Value| one["state"] == "stopping" || one["state"] == "pending";
    for _ in 0..100 {
        let machines = world.emulator.look()["machines"].clone();
        if !machines.as_object().expect("a listing").values().any(is_moving) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    (Ground::after(world), run)
}

fn of_machine<'a>(name: &'static str, ground: &'a Ground, command: &[&str]) -> Scenario<'a> {
    let command = command.iter().map(|word| (*word).to_owned()).collect();
    let (subject, prepare, at) = (Subject::Machine, nothing as fn(&World), TORN_OR_BEHIND);
    Scenario { name, ground, subject, prepare, command, at }
}

#[test]
fn a01_killed_at_every_write_and_call_a_machine_is_never_left_behind() {
    let ground = Ground::machine();
    println!("{}", of_machine("instance, forward", ground, &[]).play_all());
    let refused = of_machine("instance, its start refused, and the way back", ground, &[]);
    println!("{}", Scenario { prepare: quota_reached, at: BEHIND, ..refused }.play_all());
    // Behind its third call the machine is stopped.
    let (stopped, run) = killed_behind(ground, 3);
    let words = ["rollback", &run, "--execute", "--by", "kim"];
    let back = of_machine("instance, rollback while stopped", &stopped, &words);
    println!("{}", Scenario { at: BEHIND, ..back }.play_all());
}

#[test]
fn a01_killed_at_every_write_and_call_a_database_is_never_left_behind() {
    let ground = Ground::database();
    let database = of_machine("database, forward", &ground, &[]);
    println!("{}", Scenario { subject: Subject::Database, at: BEHIND, ..database }.play_all());
}

#[test]
fn a_database_gets_its_class_and_every_call_is_in_the_log() {
    let ground = Ground::database();
    let world = ground.world();
    let output = go_on(&world);
    let told = format!("{}{}", stdout(&output), stderr(&output));
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert_eq!(ended(&world, Subject::Database), Ok("confirmed".to_owned()), "{told}");
    let calls = ["rds:CreateDBSnapshot", "rds:ModifyDBInstance"];
    assert_eq!(world.emulator.effects(), calls);
    let audit = json(&world.run(&["audit", "-o", "json"]));
    let lines = audit["items"].as_array().expect("a list").iter();
    let accepted: Vec<&str> = lines
        .filter(|line| line["what"] == "accepted")
        .filter_map(|line| line["action"].as_str())
        .collect();
    assert_eq!(accepted, calls);
}

#[test]
fn a02_killed_again_while_it_goes_on_it_ends_as_well() {
    let ground = Ground::machine();
    // Stopped, and of its new type but not started: the worst moments to die in.
    let worst = [
        ("instance, killed while stopped, then again", 3),
        ("instance, killed with its new type, then again", 4),
    ];
    for (name, call) in worst.into_iter().take(if is_patient() { 2 } else { 1 }) {
        let (down, _) = killed_behind(ground, call);
        println!("{}", Scenario { at: BEHIND, ..of_machine(name, &down, &[]) }.play_all());
    }
    let began = Instant::now();
    // Two processes are killed at their first write, the next two at their second, and so forth:
    // the first few writes of each only take the run over.
    let world = ground.world();
    let mut kills = 0;
    while killed(&world, &world.apply(), Point::Write(kills / 2 + 1, When::After)) {
        kills += 1;
        assert!(kills < 200, "it never comes to its end");
    }
    let end = ended(&world, Subject::Machine);
    assert!(end.is_ok() && kills > 10, "{kills} {end:?}");
    let (end, seconds) = (end.unwrap_or_default(), began.elapsed().as_secs());
    let name = "instance, one history killed at each write in turn, twice";
    println!("| {name} | {kills} | 0 | 1 | 1 {end} | {seconds} |");
}
