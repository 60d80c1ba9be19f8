//! A machine that nobody uses at night is stopped and started by a schedule.

use serde_json::json;

use crate::planned::{Load, Planned};
use crate::support::{json, stderr, stdout};

/// Busy from nine to seven in Seoul, which is from midnight to ten in UTC.
fn days() -> Load {
    let of = |busy: f64, idle: f64| {
        let hours: Vec<f64> = (0..24).map(|hour| if hour < 10 { busy } else { idle }).collect();
        json!(hours)
    };
    Load { cpu: of(45.0, 0.5), bytes: of(5e8, 100.0) }
}

#[test]
fn a_schedule_is_made_in_a_group_of_our_own_and_taken_back() {
    let planned = Planned::of("ec2-instance-off-hours", &days());
    let emulator = &planned.emulator;
    let run = emulator.trimtab(&[&planned.apply()[..], &["-o", "json"]].concat());
    let told = format!("{}{}", stdout(&run), stderr(&run));
    assert_eq!(run.status.code(), Some(0), "{told}");
    assert_eq!(json(&run)["items"][0]["status"], "confirmed", "{told}");
    let changes = emulator.changes();
    let made = ["scheduler:CreateScheduleGroup", "scheduler:CreateSchedule"];
    assert_eq!(changes.first().map(String::as_str), Some(made[0]), "{changes:?}");
    assert!(changes.iter().skip(1).all(|action| action == made[1]), "{changes:?}");
    assert!(changes.len() >= 3, "a start and a stop: {changes:?}");
    assert_eq!(planned.state(), "running");
    // What it made is found again by what it says of itself.
    let recovered = emulator.trimtab(&["recover", "--region", "us-east-1", "-o", "json"]);
    let told = format!("{}{}", stdout(&recovered), stderr(&recovered));
    let items = json(&recovered)["items"].as_array().cloned().unwrap_or_default();
    assert_eq!(items.len(), changes.len() - 1, "{told}");
    for item in items {
        assert_eq!((&item["kind"], &item["plan"]), (&json!("schedule"), &json!(planned.plan)));
    }
}
