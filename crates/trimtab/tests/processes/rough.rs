//! A disk that fails, a clock that goes wrong, and being told to end.

use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Output};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::ends::{Subject, ended, go_on, outcome};
use crate::ground::{Ground, World};
use crate::support::{stderr, stdout};

/// The longest that a history is waited for in which something must happen first.
const PATIENCE: Duration = Duration::from_secs(60);
/// What takes the machine out of service.
const STOP: &str = "ec2:StopInstances";

/// Starts to carry a plan out, and returns once a call was carried out.
fn under_way(world: &World, call: &str) -> Child {
    let child = world.start(&[&world.apply()[..], &["-o", "json"]].concat());
    let began = Instant::now();
    while !world.emulator.effects().iter().any(|one| one == call) {
        assert!(began.elapsed() < PATIENCE, "{call} never comes");
        std::thread::sleep(Duration::from_millis(20));
    }
    child
}

fn end_of(child: Child) -> Output {
    child.wait_with_output().expect("a child of ours")
}

fn told(output: &Output) -> String {
    format!("{:?}: {}{}", output.status, stdout(output), stderr(output))
}

fn send(child: &Child, signal: &str) {
    let mut kill = std::process::Command::new("kill");
    let status = kill.args([signal, &child.id().to_string()]).status().expect("kill runs");
    assert!(status.success(), "{signal}");
}

#[test]
fn a10_a_disk_that_is_full_behind_the_stop_takes_the_rest_from_the_reserve() {
    let world = Ground::machine().world();
    let child = under_way(&world, STOP);
    world.control.fill();
    let output = end_of(child);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert_eq!(outcome(&output), "confirmed");
    assert!(world.control.refused() > 0, "the disk was full for somebody");
    assert!(!world.emulator.data_dir().join("reserve").exists(), "it was given up");
    world.control.heal();
    assert_eq!(ended(&world, Subject::Machine), Ok("confirmed".to_owned()));
}

#[test]
fn a11_behind_a_write_that_is_not_durable_nothing_is_called_and_a_person_is_told_what_to_do() {
    let world = Ground::machine().world();
    let child = under_way(&world, STOP);
    world.control.sicken();
    let output = end_of(child);
    assert_eq!(output.status.code(), Some(22), "{}", told(&output));
    let words = stderr(&output);
    assert!(words.contains("aws ec2 start-instances --instance-ids i-"), "{words}");
    let done = world.emulator.effects();
    assert!(!done.iter().any(|one| one == "ec2:StartInstances"), "{done:?}");
    // A disk that is well again lets the run go on.
    world.control.heal();
    let output = go_on(&world);
    assert_eq!(ended(&world, Subject::Machine), Ok("confirmed".to_owned()), "{}", told(&output));
}

#[test]
fn a14_after_a_restart_with_the_clock_an_hour_back_it_goes_on_to_its_end() {
    let world = Ground::machine().world();
    let mut child = under_way(&world, STOP);
    child.kill().expect("a child of ours");
    drop(child.wait());
    world.control.move_clock(-3600);
    let boot = world.emulator.home().join("boot_id");
    std::fs::write(&boot, "00000000-0000-4000-8000-000000000000\n").expect("a file of our own");
    let mut command = world.command(&[&world.apply()[..], &["-o", "json"]].concat());
    let output = command.env("PRELOAD_BOOT_ID", &boot).output().expect("the binary runs");
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert_eq!(ended(&world, Subject::Machine), Ok("confirmed".to_owned()), "{}", told(&output));
}

#[test]
fn a16_told_to_end_in_the_middle_it_reaches_a_safe_point_and_says_which() {
    let ground = Ground::machine();
    for signal in ["-INT", "-TERM"] {
        for call in ["ec2:CreateSnapshots", STOP, "ec2:ModifyInstanceAttribute"] {
            let world = ground.world();
            let child = under_way(&world, call);
            send(&child, signal);
            let output = end_of(child);
            let code = output.status.code();
            assert!(matches!(code, Some(0 | 130)), "{signal} at {call}: {}", told(&output));
            let look = world.emulator.look();
            let mut machines = look["machines"].as_object().expect("a listing").values();
            assert!(machines.all(|one| one["state"] == "running"), "{signal} at {call}: {look}");
            let output = go_on(&world);
            let end = ended(&world, Subject::Machine);
            assert_eq!(end, Ok("confirmed".to_owned()), "{signal} at {call}: {}", told(&output));
        }
    }
}

#[test]
fn a18_a_disk_that_is_read_only_is_refused_with_what_to_do() {
    let world = Ground::machine().world();
    let mut child = under_way(&world, STOP);
    child.kill().expect("a child of ours");
    drop(child.wait());
    let before = world.emulator.effects();
    world.control.write_protect();
    let output = go_on(&world);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert!(stderr(&output).contains("make this directory writable"), "{}", told(&output));
    assert_eq!(world.emulator.effects(), before);
    world.control.heal();
    let output = go_on(&world);
    assert_eq!(ended(&world, Subject::Machine), Ok("confirmed".to_owned()), "{}", told(&output));
}

#[test]
fn g19_a_data_directory_that_anybody_may_write_is_refused() {
    let world = Ground::machine().world();
    let data = world.emulator.data_dir();
    let allow = |mode| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(&data, permissions).expect("a directory of our own");
    };
    allow(0o777);
    let output = go_on(&world);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert!(stderr(&output).contains("chmod o-w"), "{}", told(&output));
    assert_eq!(world.emulator.changes(), Vec::<String>::new());
    allow(0o700);
    let moved = data.with_file_name("moved");
    std::fs::rename(&data, &moved).expect("a directory of our own");
    std::os::unix::fs::symlink(&moved, &data).expect("a link of our own");
    let output = go_on(&world);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert_eq!(world.emulator.changes(), Vec::<String>::new());
    std::fs::remove_file(&data).expect("a link of our own");
    std::fs::rename(&moved, &data).expect("a directory of our own");
    let output = go_on(&world);
    assert_eq!(outcome(&output), json!("confirmed"), "{}", told(&output));
}
