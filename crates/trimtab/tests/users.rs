//! Users and demand, as their users see it.

mod support;

use rust_decimal::Decimal;
use support::{Exports, json, stderr, stdout};

/// The story of the demo: a game company with its players.
fn story() -> (Exports, String) {
    let exports = Exports::empty();
    let dir = exports.dir().join("story");
    let dir = dir.to_str().expect("UTF-8").to_owned();
    let output = exports.trimtab(&["demo", "--no-serve", "--dir", &dir]);
    assert!(output.status.success(), "{}", stderr(&output));
    (exports, dir)
}

#[test]
fn as_many_users_as_today_change_nothing_and_more_of_them_do() {
    let (exports, dir) = story();
    let same = exports.trimtab(&["simulate", "--users", "x1.0", "--from", &dir, "-o", "json"]);
    assert!(same.status.success(), "{}", stderr(&same));
    let same = json(&same);
    assert_eq!(same["schema"], "trimtab/v1/simulation");
    assert_eq!(same["moved"], serde_json::json!([]));
    assert_eq!(same["too_small"], serde_json::json!([]));
    assert_eq!(same["savings"][0]["now"], same["savings"][0]["then"]);
    let more = exports.trimtab(&[
        "simulate",
        "--users",
        "x4",
        "--event",
        "2031-12-24:x2",
        "--from",
        &dir,
        "-o",
        "json",
    ]);
    let more = json(&more);
    assert!(more["scaled"].as_u64().is_some_and(|scaled| scaled > 0), "{more}");
    assert_eq!(more["events"][0]["within_horizon"], false);
    let moves = |document: &serde_json::Value| document["moved"].as_array().map(Vec::len);
    assert!(moves(&more) > Some(0), "{more}");
    for language in ["en", "ko"] {
        let page = exports.trimtab(&[
            "simulate", "--users", "x4", "--from", &dir, "-o", "table", "--lang", language,
        ]);
        let page = stdout(&page);
        assert!(!page.contains('['), "a text is missing: {page}");
    }
}

#[test]
fn demand_names_what_it_follows() {
    let (exports, dir) = story();
    let output = exports.trimtab(&["traffic", "drivers", "--from", &dir, "-o", "json"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let document = json(&output);
    let items = document["items"].as_array().expect("a list");
    let explained: Vec<_> = items.iter().filter(|item| item["verdict"] == "explained").collect();
    assert!(!explained.is_empty(), "{document}");
    assert!(explained.iter().all(|item| item["fit"]["per_thousand"].as_f64() > Some(0.0)));
    for format in ["table", "csv", "md", "jsonl"] {
        let output = exports.trimtab(&["traffic", "drivers", "--from", &dir, "-o", format]);
        assert!(output.status.success(), "{format}: {}", stderr(&output));
    }
}

#[test]
fn a_forecast_says_how_far_off_it_was() {
    let (exports, dir) = story();
    let output =
        exports.trimtab(&["traffic", "forecast", "--from", &dir, "--ahead", "14d", "-o", "json"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let document = json(&output);
    let first = &document["items"][0];
    assert_eq!(first["points"].as_array().map(Vec::len), Some(14));
    let error = &first["error"];
    assert!(error["chosen"].as_f64() <= error["seasonal_naive"].as_f64(), "{first}");
    let page = exports.trimtab(&["traffic", "forecast", "--from", &dir, "-o", "table"]);
    assert!(page.status.success(), "{}", stderr(&page));
}

#[test]
fn unit_cost_times_users_is_the_cost_to_the_last_digit() {
    let (exports, dir) = story();
    let output =
        exports.trimtab(&["cost", "unit", "--by", "service", "--from", &dir, "-o", "json"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let document = json(&output);
    assert_eq!((&document["per"], &document["counted_in"]), (&"dau".into(), &"users.csv".into()));
    let mut compared = 0;
    for item in document["items"].as_array().expect("a list") {
        let amount = |field: &str| -> Option<Decimal> {
            item[field]["amount"].as_str().map(|amount| amount.parse().expect("a decimal"))
        };
        let (Some(cost), Some(per_unit)) = (amount("cost"), amount("per_unit")) else { continue };
        let users = Decimal::from(item["units"].as_u64().expect("users"));
        assert_eq!((per_unit * users).round_dp(cost.scale()), cost, "{item}");
        compared += 1;
    }
    assert!(compared > 0, "no day has both: {document}");
}

#[test]
fn without_users_the_way_to_them_is_shown() {
    let exports = Exports::small();
    let dir = exports.dir();
    let dir = dir.to_str().expect("UTF-8");
    for arguments in [
        vec!["traffic", "drivers", "--from", dir],
        vec!["simulate", "--users", "x2", "--from", dir],
        vec!["cost", "unit", "--from", dir],
    ] {
        let output = exports.trimtab(&arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(stderr(&output).contains("traffic/"), "{}", stderr(&output));
    }
    let wrong = exports.trimtab(&["simulate", "--users", "1.5", "--from", dir]);
    assert_eq!(wrong.status.code(), Some(2));
    let per_month = exports.write("traffic/users.csv", "date,dau\n2026-10-01,100\n");
    assert!(per_month.exists());
    let output = exports.trimtab(&["cost", "unit", "--per", "mau", "--from", dir]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("30 days"), "{}", stderr(&output));
}

#[test]
fn a_bad_row_of_events_is_named() {
    let exports = Exports::empty();
    let mut users = String::from("date,dau\n");
    for day in 1..=28 {
        users.push_str(&format!("2026-10-{day:02},{}\n", 1_000 + day));
    }
    exports.write("traffic/users.csv", users);
    exports.write("traffic/events.csv", "date,name,factor\n2026-10-30,Patch,2\n");
    let dir = exports.dir();
    let dir = dir.to_str().expect("UTF-8");
    let output = exports.trimtab(&["traffic", "forecast", "--from", dir, "-o", "json"]);
    let document = json(&output);
    assert_eq!(document["items"][0]["events"][0]["basis"], "given", "{document}");
    exports.write("traffic/events.csv", "date,name,factor\n2026-10-30,Patch,many\n");
    let output = exports.trimtab(&["traffic", "forecast", "--from", dir, "-o", "json"]);
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    assert!(stderr(&output).contains("events.csv"), "{}", stderr(&output));
}
