//! Sizing replayed on a past that is known, from outside.

mod support;

use std::path::PathBuf;
use std::process::Output;

use serde_json::Value;
use support::{Exports, json, stderr, stdout};

/// Two machines over four weeks: one hardly does a thing, one is busy by day and doubles its
/// use in the second half.
fn two_machines() -> Exports {
    let exports = Exports::small();
    let instance = |id: &str, kind: &str| {
        format!(
            r#"{{"InstanceId": "{id}", "InstanceType": "{kind}", "State": {{"Code": 16, "Name": "running"}},
            "LaunchTime": "2026-05-01T00:00:00+00:00", "PlatformDetails": "Linux/UNIX", "Architecture": "x86_64",
            "Placement": {{"AvailabilityZone": "ap-northeast-2a", "Tenancy": "default"}}, "EnaSupport": true,
            "RootDeviceType": "ebs", "VirtualizationType": "hvm",
            "Tags": [{{"Key": "Name", "Value": "{id}-name"}}, {{"Key": "Environment", "Value": "prod"}}]}}"#
        )
    };
    exports.write(
        "inventory/111122223333/ap-northeast-2/describe-instances.json",
        format!(
            r#"{{"Reservations": [{{"OwnerId": "111122223333", "Instances": [{}, {}]}}]}}"#,
            instance("i-0idle", "m5.2xlarge"),
            instance("i-0busy", "m5.xlarge"),
        ),
    );
    let mut samples =
        String::from("resource_id,namespace,metric,statistic,period_seconds,timestamp,value\n");
    let start: jiff::Timestamp = "2026-10-01T00:00:00Z".parse().expect("a moment");
    for hour in 0..28 * 24 {
        let moment = start + jiff::SignedDuration::from_hours(hour);
        let by_day = if (9..18).contains(&(hour % 24)) { 30.0 } else { 8.0 };
        let busy = if hour < 14 * 24 { by_day } else { by_day * 2.0 };
        let idle = 3.0 + (hour % 5) as f64 / 2.0;
        for (id, cpu, memory) in [("i-0idle", idle, 20.0), ("i-0busy", busy, 45.0)] {
            samples += &format!("{id},AWS/EC2,CPUUtilization,Maximum,3600,{moment},{cpu}\n");
            samples += &format!("{id},CWAgent,mem_used_percent,Maximum,3600,{moment},{memory}\n");
        }
    }
    exports.write("metrics/ec2.csv", samples);
    exports
}

fn backtest(exports: &Exports, more: &[&str]) -> Output {
    let dir = exports.dir();
    let from = ["backtest", "--from", dir.to_str().expect("UTF-8")];
    exports.trimtab(&[from.as_slice(), more].concat())
}

fn score(document: &Value, rule: &str, figure: &str) -> f64 {
    let rules = document["rules"].as_array().expect("rules");
    let found = rules.iter().find(|one| one["rule"] == rule).expect("a rule of that name");
    found[figure].as_f64().expect("a number")
}

#[test]
fn rules_are_held_against_what_came_after() {
    let exports = two_machines();
    let document = json(&backtest(&exports, &["-o", "json"]));
    assert_eq!(document["schema"], "trimtab/v1/backtest");
    assert_eq!(document["windows"][0]["machines"], 2);
    assert_eq!(document["windows"].as_array().map(Vec::len), Some(1));
    assert_eq!(document["windows"][0]["train"]["start"], "2026-10-01T00:00:00Z");
    // Nothing is above 80 % on the types that run now.
    for figure in ["score", "share_of_now"] {
        assert!((score(&document, "keep", figure) - 1.0).abs() < 1e-9);
    }
    // The mean of the busy machine fits a half of it at 65 %, and its doubled day does not.
    assert!(score(&document, "mean-target", "cpu_above_100") > 0.1);
    for rule in document["rules"].as_array().expect("rules") {
        assert!(rule["score"].as_f64() >= Some(score(&document, "oracle", "score")), "{rule}");
    }
    // Nobody could know that the busy machine would double; the idle one is cheaper for all that.
    assert!(score(&document, "policy", "share_of_now") < 0.5);
    assert!(score(&document, "oracle", "score") < 0.5);
    let chances = document["reliability"].as_array().expect("chances");
    assert!(!chances.is_empty());
    assert!(chances.iter().all(|row| row["pairs"].as_u64() > Some(0)));
}

#[test]
fn it_reads_well_in_both_languages_and_as_csv() {
    let exports = two_machines();
    let english = stdout(&backtest(&exports, &["-o", "table", "--lang", "en"]));
    assert!(english.contains("Compute Optimizer, default"), "{english}");
    assert!(english.contains("How well the chances held"), "{english}");
    let korean = stdout(&backtest(&exports, &["-o", "table", "--lang", "ko"]));
    assert!(korean.contains("결과를 아는 최선"), "{korean}");
    let csv = stdout(&backtest(&exports, &["-o", "csv"]));
    assert!(csv.starts_with("rule,score,share_of_now,"), "{csv}");
}

#[test]
fn a_policy_may_be_named() {
    let exports = two_machines();
    let named = json(&backtest(&exports, &["-o", "json", "--policy", "default"]));
    let of = |rule| score(&named, rule, "score");
    assert!((of("policy") - of("compute-optimizer-default")).abs() < 1e-9);
}

#[test]
fn too_short_a_past_says_what_would_do() {
    let exports = two_machines();
    let output = backtest(&exports, &["--train", "20d", "--test", "14d"]);
    assert_eq!(output.status.code(), Some(2));
    let told = stderr(&output);
    assert!(told.contains("28 days") && told.contains("--train 14d --test 14d"), "{told}");
}

/// Returns a directory of real machines, where it is there.
fn sample(name: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("TRIMTAB_SHARED_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let dir = shared.join("samples").join(name);
    if dir.is_dir() {
        return Some(dir);
    }
    skip(&dir);
    None
}

#[expect(clippy::print_stdout, reason = "a skipped test says so")]
fn skip(dir: &std::path::Path) {
    println!("skipped: no sample at {}", dir.display());
}

fn on_sample(name: &str, days: &str) -> Option<Value> {
    let dir = sample(name)?;
    let exports = Exports::small();
    let from = dir.to_str().expect("UTF-8");
    let args = ["backtest", "--from", from, "--train", days, "--test", days, "-o", "json"];
    Some(json(&exports.trimtab(&args)))
}

/// Returns the least score of what can be known beforehand, our own left out.
fn best_rule(document: &Value) -> f64 {
    let rules = document["rules"].as_array().expect("rules").iter();
    rules
        .filter(|rule| rule["rule"] != "policy" && rule["rule"] != "oracle")
        .filter_map(|rule| rule["score"].as_f64())
        .fold(f64::INFINITY, f64::min)
}

#[test]
fn on_machines_of_a_data_centre_the_least_expected_cost_beats_every_rule() {
    let Some(document) = on_sample("bitbrains", "14d") else { return };
    assert_eq!(document["windows"].as_array().map(Vec::len), Some(5));
    let (own, best) = (score(&document, "policy", "score"), best_rule(&document));
    let oracle = score(&document, "oracle", "score");
    // Half of the way from the best rule to what nobody can know.
    assert!(own <= f64::midpoint(best, oracle), "{own}, {best}, {oracle}");
    assert!(own <= 0.52, "{own}");
}

#[test]
fn on_machines_of_a_test_bed_it_is_as_good_as_the_best_rule() {
    let Some(document) = on_sample("planetlab", "5d") else { return };
    let (own, best) = (score(&document, "policy", "score"), best_rule(&document));
    assert!(own <= best + 0.002, "{own}, {best}");
}
