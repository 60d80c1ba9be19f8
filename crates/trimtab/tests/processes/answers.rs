//! Each call of each action whose answer is lost, late, refused for speed, or a fault of AWS's: the
//! end is right, and nothing is done twice.

use std::collections::BTreeMap;
use std::time::Instant;

use serde_json::{Value, json};

use crate::at_once::{all, listed};
use crate::faults::{FAULTS, fault};
use crate::ground::{Ground, World, recommended, scanned};
use crate::support::{json, stderr, stdout};

/// Longer than a quarantine lasts, and than a change of production waits for its confirmation.
const LONG_DAYS: i64 = 15;

/// An action on something that `seed.py` plants.
struct Act {
    name: &'static str,
    check: &'static str,
    /// What `seed.py` calls that it is about.
    of: &'static str,
    /// The row of its preflight that no call answers, and somebody vouches for.
    vouched: Option<&'static str>,
    /// Its calls, in order.
    calls: &'static [&'static str],
    /// What became of it, out of what there is.
    is_done: fn(&Value) -> bool,
}

const ACTS: &[Act] = &[
    Act {
        name: "volume gp2 to gp3",
        check: "ebs-volume-gp2",
        of: "volume",
        vouched: None,
        // Too much first, so that nothing is slower, and less once all is well.
        calls: &["ec2:CreateSnapshot", "ec2:ModifyVolume", "ec2:ModifyVolume"],
        is_done: |look| {
            values(look, "volumes").any(|one| one["type"] == "gp3" && one["size"] == 200)
        },
    },
    Act {
        name: "address released",
        check: "ec2-address-unassociated",
        of: "address",
        vouched: Some("eip-2"),
        calls: &["ec2:CreateTags", "ec2:ReleaseAddress"],
        is_done: |look| look["addresses"].as_array().is_some_and(Vec::is_empty),
    },
    Act {
        name: "volume deleted",
        check: "ebs-volume-unattached",
        of: "spare",
        vouched: None,
        // In quarantine, kept, had back once, and only then gone.
        calls: &[
            "ec2:CreateTags",
            "ec2:CreateSnapshot",
            "ec2:CreateVolume",
            "ec2:DeleteVolume",
            "ec2:DeleteVolume",
        ],
        is_done: |look| values(look, "volumes").all(|one| one["size"] != 500),
    },
    Act {
        name: "log retention",
        check: "logs-group-without-retention",
        of: "log_group",
        vouched: None,
        calls: &["logs:PutRetentionPolicy"],
        is_done: |look| values(look, "log_groups").all(|one| !one.is_null()),
    },
];

fn values<'a>(look: &'a Value, kind: &str) -> impl Iterator<Item = &'a Value> {
    look[kind].as_object().expect("a listing").values()
}

/// Carries a plan out, beyond its quarantine and its confirmation if it has them.
fn carried(world: &World) -> (Value, String) {
    let words = [&world.apply()[..], &["-o", "json"]].concat();
    let mut output = world.run(&words);
    for _ in 0..3 {
        let stands = json(&output)["items"][0]["status"].clone();
        if !["waiting", "forward", "soaking", "passed"].iter().any(|one| stands == *one) {
            break;
        }
        world.control.move_clock(LONG_DAYS * 86_400);
        output = world.run(&words);
    }
    let told = format!("{}{}", stdout(&output), stderr(&output));
    (json(&output)["items"][0]["status"].clone(), told)
}

#[test]
fn a04_a05_of_each_call_the_answer_is_lost_late_or_a_refusal_and_nothing_is_done_twice() {
    let (emulator, things) = scanned("things", "ec2,logs", |_| Vec::new());
    let days = json!({"RetentionPeriodValue": 30, "RetentionPeriodUnit": "DAYS"});
    emulator.post("/emulator/rules", &json!([{"RetentionPeriod": days}]));
    let mut grounds = BTreeMap::new();
    for act in ACTS {
        let chosen = recommended(&emulator, act.check, &things[act.of]);
        grounds.insert(act.name, Ground::vouching(emulator.copy(), &[&chosen], act.vouched));
    }
    let mut points = Vec::new();
    for act in ACTS {
        points.push((act, None));
        let mut calls: Vec<&str> = act.calls.to_vec();
        calls.dedup();
        points.extend(
            calls
                .into_iter()
                .flat_map(|call| FAULTS.iter().map(move |what| (act, Some((call, *what))))),
        );
    }
    let began = Instant::now();
    let ends = all(&points, |(act, wrong)| {
        let world = grounds[act.name].world();
        if let Some((call, what)) = wrong {
            world.emulator.post("/emulator/faults", &fault(call, what));
        }
        let (status, told) = carried(&world);
        let effects = world.emulator.effects();
        let look = world.emulator.look();
        let is_right = status == "confirmed" && effects == act.calls && (act.is_done)(&look);
        if is_right {
            return Ok("confirmed".to_owned());
        }
        Err(format!("{}, {wrong:?}: {status}, {effects:?}, {look}\n{told}", act.name))
    });
    let (count, calls) = (points.len(), ACTS.iter().map(|act| act.calls.len()).sum::<usize>());
    let (ends, seconds) = (listed(&ends), began.elapsed().as_secs());
    let acts = ACTS.len();
    println!(
        "| {acts} other actions, each call with each wrong answer | 0 | {calls} | {count} | {ends} | {seconds} |"
    );
}

#[test]
fn a_plan_whose_region_does_not_know_the_machine_is_refused() {
    let world = Ground::machine().world();
    let unknown = json!([{
        "action": "ec2:DescribeInstances", "code": "InvalidInstanceID.NotFound", "status": 400,
    }]);
    world.emulator.post("/emulator/faults", &unknown);
    let output = world.run(&[&world.apply()[..], &["-o", "json"]].concat());
    let told = format!("{}{}", stdout(&output), stderr(&output));
    assert_eq!(output.status.code(), Some(20), "{told}");
    assert_eq!(json(&output)["items"][0]["status"], "refused", "{told}");
    assert_eq!(world.emulator.changes(), Vec::<String>::new(), "{told}");
}
