//! The instances of an Auto Scaling group are replaced by ones of another type.

use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::ground::{Ground, World, quiet_machine, scanned};
use crate::support::{stderr, stdout};
use crate::troubled::{
    Expected, applied, confirmed_in_any_trouble, killed, rolled_back, taken_back,
};

const OLD: &str = "m5.2xlarge";
const EXPECTED: Expected = Expected {
    calls: &["ec2:CreateLaunchTemplateVersion", "autoscaling:StartInstanceRefresh"],
    is_done: |look| is_at(look, "2") && serving(look).iter().all(|kind| kind != OLD),
};

fn serving(look: &Value) -> Vec<Value> {
    look["groups"]["web"]["serving"].as_array().cloned().unwrap_or_default()
}

/// Returns whether the group launches from a version of its template, and two serve.
fn is_at(look: &Value, version: &str) -> bool {
    look["groups"]["web"]["version"] == version && serving(look).len() == 2
}

fn is_as_it_was(world: &World) -> bool {
    let look = world.emulator.look();
    is_at(&look, "1") && serving(&look).iter().all(|kind| kind == OLD)
}

/// Returns the one with a group whose machines are far too large, made once. No check judges members
/// of a group one by one: they were given to it since they were.
fn ground() -> &'static Ground {
    static MADE: OnceLock<Ground> = OnceLock::new();
    MADE.get_or_init(|| {
        let series = |pair: &Value| {
            let ids = pair["ids"].as_array().expect("a list");
            ids.iter().flat_map(|id| quiet_machine(id, pair)).collect()
        };
        let (emulator, _) = scanned("pair", "ec2", series);
        emulator.seed_more("joined-pair");
        let scan = ["scan", "--region", "us-east-1", "--no-second-opinion"];
        let services = ["--services", "ec2,autoscaling"];
        let output = emulator.trimtab(&[&scan[..], &services[..]].concat());
        assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
        Ground::of(emulator, &["--filter", "check=ec2-instance-oversized"])
    })
}

#[test]
fn a04_the_instances_of_a_group_are_replaced_whatever_becomes_of_its_calls() {
    println!("{}", confirmed_in_any_trouble(ground(), &EXPECTED, 0));
}

#[test]
fn a_refresh_that_is_over_is_taken_back_by_another_one() {
    let mut world = ground().world();
    let (stands, told) = applied(&world);
    assert_eq!(stands[0], "confirmed", "{told}");
    let (stands, told) = taken_back(&mut world);
    assert_eq!(stands[0], "confirmed", "{told}");
    // The version of before is still there.
    let twice = [EXPECTED.calls, &["autoscaling:StartInstanceRefresh"]].concat();
    assert_eq!(world.emulator.effects(), twice, "{told}");
    assert!(is_as_it_was(&world), "{}", world.emulator.look());
}

#[test]
fn d43_a_refresh_under_way_is_taken_back_by_aws_itself() {
    let world = ground().world();
    // Half of them are replaced by the time that a run is gone on with.
    world.emulator.post("/emulator/pace", &json!({"refresh": 4}));
    killed(&world, 2, "after");
    let (stands, told) = rolled_back(&world);
    assert_eq!(stands[0], "original", "{told}");
    let rolled = [EXPECTED.calls, &["autoscaling:RollbackInstanceRefresh"]].concat();
    assert_eq!(world.emulator.effects(), rolled, "{told}");
    assert!(is_as_it_was(&world), "{}", world.emulator.look());
}

#[test]
fn d43_beside_a_refresh_of_somebody_else_there_is_never_a_second_one() {
    let world = ground().world();
    let under_way = json!([{
        "action": "autoscaling:StartInstanceRefresh", "code": "InstanceRefreshInProgress",
        "status": 400,
    }]);
    world.emulator.post("/emulator/faults", &under_way);
    let (stands, told) = applied(&world);
    assert_eq!(stands[0], "refused", "{told}");
    assert_eq!(world.emulator.effects(), ["ec2:CreateLaunchTemplateVersion"], "{told}");
    assert!(is_as_it_was(&world), "{}", world.emulator.look());
}
