//! A database gets less storage by way of a copy that takes its name over.

use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::ground::{Ground, scanned};
use crate::support::json;
use crate::troubled::{Expected, applied, confirmed_in_any_trouble, killed, rolled_back};

const GIB: f64 = 1_073_741_824.0;
const EXPECTED: Expected = Expected {
    calls: &[
        "rds:CreateDBSnapshot",
        "rds:CreateBlueGreenDeployment",
        "rds:SwitchoverBlueGreenDeployment",
    ],
    is_done: |look| {
        let is_smaller = size(look, "scores").is_some_and(|gib| gib < 1000);
        is_smaller && size(look, "scores-old1") == Some(1000)
    },
};

fn size(look: &Value, name: &str) -> Option<u64> {
    look["databases"][name]["size"].as_u64()
}

/// Returns the one with a database that is nearly empty, made once.
fn ground() -> &'static Ground {
    static MADE: OnceLock<Ground> = OnceLock::new();
    MADE.get_or_init(|| {
        let series = |database: &Value| {
            let measured = [
                ("CPUUtilization", 40.0),
                ("FreeableMemory", 3.0 * GIB),
                ("FreeStorageSpace", 900.0 * GIB),
                ("DatabaseConnections", 20.0),
                ("ReadIOPS", 20.0),
                ("WriteIOPS", 20.0),
            ];
            let itself = json!({"DBInstanceIdentifier": database["id"]});
            measured.map(|(name, value)| ("AWS/RDS", name, itself.clone(), value)).to_vec()
        };
        let (emulator, _) = scanned("roomy-database", "rds", series);
        Ground::of(emulator, &["--filter", "check=rds-storage-overallocated"])
    })
}

#[test]
fn a04_a_database_is_switched_to_its_copy_whatever_becomes_of_its_calls() {
    // Its snapshot is that of every change of a database.
    println!("{}", confirmed_in_any_trouble(ground(), &EXPECTED, 1));
}

#[test]
fn what_the_database_was_is_left_to_a_person_and_found_again() {
    let world = ground().world();
    let (stands, told) = applied(&world);
    assert_eq!((&stands[0], &stands[1]), (&json!("confirmed"), &json!("old-left")), "{told}");
    let manual = stands[2].as_array().cloned().unwrap_or_default();
    let says =
        |words: &str| manual.iter().any(|one| one.as_str().is_some_and(|one| one.contains(words)));
    // The copy has the name now, and no command deletes it.
    assert!(says("delete-db-instance --db-instance-identifier scores-old1 "), "{told}");
    assert!(says("delete-blue-green-deployment") && !says("--delete-target"), "{told}");
    let look = world.emulator.look();
    assert_eq!(look["deployments"], json!(["SWITCHOVER_COMPLETED"]), "{look}");
    let recovered = json(&world.run(&["recover", "--region", "us-east-1", "-o", "json"]));
    let items = recovered["items"].as_array().cloned().unwrap_or_default();
    assert!(items.iter().any(|one| one["kind"] == "blue/green deployment"), "{recovered}");
}

#[test]
fn d42_a_switch_that_is_refused_leaves_the_database_and_says_what_the_copy_costs() {
    let world = ground().world();
    let refused = json!([{
        "action": "rds:SwitchoverBlueGreenDeployment", "status": 400,
        "code": "InvalidBlueGreenDeploymentStateFault",
    }]);
    world.emulator.post("/emulator/faults", &refused);
    let (stands, told) = applied(&world);
    assert_eq!((&stands[0], &stands[1]), (&json!("refused"), &json!("copy-left")), "{told}");
    assert_eq!(world.emulator.effects(), EXPECTED.calls[..2], "{told}");
    assert_eq!(size(&world.emulator.look(), "scores"), Some(1000), "{told}");
}

#[test]
fn a_switch_that_is_over_is_not_taken_back_and_a_person_is_told_how() {
    let world = ground().world();
    killed(&world, 3, "after");
    let (stands, told) = rolled_back(&world);
    assert_eq!(stands[0], "needs-operator", "{told}");
    assert_eq!(stands[1], "switched-for-good", "{told}");
    assert!(stands[2].as_array().is_some_and(|all| !all.is_empty()), "{told}");
    assert_eq!(world.emulator.effects(), EXPECTED.calls, "{told}");
}
