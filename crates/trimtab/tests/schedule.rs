//! Hours off and exemptions, from outside.

mod support;

use support::{Exports, json, stderr, stdout};

const AS_OF: &str = "2026-10-31T00:00:00Z";

/// An instance of staging with two weeks of metrics that rest outside office hours in Seoul.
fn resting() -> Exports {
    let exports = Exports::small();
    exports.write(
        "inventory/111122223333/ap-northeast-2/describe-instances.json",
        r#"{"Reservations": [{"OwnerId": "111122223333", "Instances": [{
            "InstanceId": "i-0stg", "InstanceType": "m5.large", "State": {"Code": 16, "Name": "running"},
            "LaunchTime": "2026-05-01T00:00:00+00:00", "PlatformDetails": "Linux/UNIX",
            "Placement": {"AvailabilityZone": "ap-northeast-2a", "Tenancy": "default"},
            "RootDeviceType": "ebs", "Tags": [
                {"Key": "Name", "Value": "lobby-stg"}, {"Key": "Environment", "Value": "staging"}
            ]}]}]}"#,
    );
    let mut samples =
        String::from("resource_id,namespace,metric,statistic,period_seconds,timestamp,value\n");
    let start: jiff::Timestamp = "2026-10-17T00:00:00Z".parse().expect("a moment");
    let seoul = jiff::tz::TimeZone::get("Asia/Seoul").expect("a time zone");
    for hour in 0..14 * 24 {
        let moment = start + jiff::SignedDuration::from_hours(hour);
        let local = seoul.to_datetime(moment);
        let works = local.weekday().to_monday_zero_offset() < 5 && (10..19).contains(&local.hour());
        let (cpu, bytes) = if works { (40.0, 9_000_000) } else { (1.5, 90_000) };
        samples += &format!("i-0stg,AWS/EC2,CPUUtilization,Maximum,3600,{moment},{cpu}\n");
        for metric in ["NetworkIn", "NetworkOut"] {
            samples += &format!("i-0stg,AWS/EC2,{metric},Sum,3600,{moment},{bytes}\n");
        }
    }
    exports.write("metrics/ec2.csv", samples);
    exports
}

fn show(exports: &Exports, more: &[&str]) -> std::process::Output {
    let dir = exports.dir();
    let dir = dir.to_str().expect("UTF-8");
    let from = ["schedule", "show", "--from", dir, "--as-of", AS_OF, "--tz", "Asia/Seoul"];
    exports.trimtab(&[from.as_slice(), more].concat())
}

#[test]
fn a_week_is_shown_for_people_and_for_machines() {
    let exports = resting();
    let document = json(&show(&exports, &["-o", "json"]));
    assert_eq!(document["schema"], "trimtab/v1/schedule.show");
    let schedule = &document["items"][0]["schedule"];
    assert_eq!(schedule["time_zone"], "Asia/Seoul");
    assert_eq!(schedule["stop"], serde_json::json!([{ "days": "MON-FRI", "at": "19:00" }]));
    assert_eq!(schedule["start"], serde_json::json!([{ "days": "MON-FRI", "at": "09:00" }]));
    assert_eq!(schedule["off_hours_per_week"], 118);
    assert_eq!(schedule["hours"][0], ".........+#########.....");
    assert_eq!(document["holidays"][0]["date"], "2026-12-25");

    let table = stdout(&show(&exports, &["-o", "table"]));
    assert!(table.contains("lobby-stg") && table.contains("Mon–Fri 09–19"), "{table}");
    assert!(table.contains(". . . . . . . . . + # #"), "{table}");
    let korean = stdout(&show(&exports, &["lobby-stg", "-o", "table", "--lang", "ko"]));
    assert!(korean.contains("월–금 09–19") && korean.contains("기독탄신일"), "{korean}");
    let csv = stdout(&show(&exports, &["-o", "csv"]));
    assert!(
        csv.lines().nth(1).is_some_and(|row| row.starts_with("proposed,lobby-stg,staging")),
        "{csv}"
    );
}

#[test]
fn hours_are_those_of_the_time_zone_and_the_latest_analysis_is_shown() {
    let exports = resting();
    let dir = exports.dir();
    let analyzed = ["analyze", "--from", dir.to_str().expect("UTF-8"), "--as-of", AS_OF];
    assert!(exports.trimtab(&analyzed).status.success());
    let document = json(&exports.trimtab(&["schedule", "show", "-o", "json"]));
    let schedule = &document["items"][0]["schedule"];
    assert_eq!(schedule["time_zone"], "UTC");
    assert_eq!(schedule["start"], serde_json::json!([{ "days": "MON-FRI", "at": "00:00" }]));
    let missing = exports.trimtab(&["schedule", "show", "i-0none", "--lang", "ko"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(
        stderr(&missing).contains("운영 일정을 점검한 자원 가운데 없습니다"),
        "{}",
        stderr(&missing)
    );
}

#[test]
fn a_rule_takes_out_what_it_says_and_stays_visible() {
    let exports = resting();
    let config = exports.write(
        "trimtab.toml",
        "[[exempt]]\nresource = \"vol-*\"\nreason = \"kept for the audit\"\nuntil = 2999-12-31\n\n\
         [[exempt]]\naccount = \"9*\"\nreason = \"elsewhere\"\n\n\
         [[exempt]]\ncheck = \"ec2-address-*\"\nreason = \"was meant for September\"\nuntil = 2026-09-30\n",
    );
    let config = config.to_str().expect("UTF-8");
    let dir = exports.dir();
    let run = |arguments: &[&str]| exports.trimtab(&[arguments, &["--config", config]].concat());
    let analyzed =
        run(&["analyze", "--from", dir.to_str().expect("UTF-8"), "--as-of", AS_OF, "-o", "json"]);
    let analysis = json(&analyzed);
    let checks: Vec<&str> = analysis["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|item| item["check"].as_str())
        .collect();
    assert!(!checks.contains(&"ebs-volume-unattached"), "{checks:?}");
    assert!(checks.contains(&"ec2-address-unassociated"), "{checks:?}");
    let states: Vec<&str> = analysis["coverage"]["exemptions"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|rule| rule["status"].as_str())
        .collect();
    assert_eq!(states, ["applied", "unmatched", "expired"]);

    let listed = json(&run(&["rec", "list", "--exempt", "-o", "json"]));
    assert_eq!(listed["schema"], "trimtab/v1/rec.exempt");
    let reasons: Vec<&str> = listed["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|item| item["reason"].as_str())
        .collect();
    assert!(reasons.iter().all(|reason| reason.contains("until 2999-12-31: kept for the audit")));
    assert!(!reasons.is_empty());
    let coverage = stdout(&run(&["coverage", "-o", "table"]));
    assert!(
        coverage.contains("exempt[3]") && coverage.contains("expired on 2026-09-30"),
        "{coverage}"
    );
    let validated = stderr(&run(&["config", "validate"]));
    assert!(
        validated.contains("line 10") && validated.contains("expired on 2026-09-30"),
        "{validated}"
    );
}

#[test]
fn a_rule_about_a_check_that_does_not_exist_names_its_line() {
    let exports = Exports::empty();
    let config = exports
        .write("trimtab.toml", "[[exempt]]\nreason = \"x\"\ncheck = \"ebs-volume-unatached\"\n");
    let config = config.to_str().expect("UTF-8");
    let refused = exports.trimtab(&["coverage", "--config", config, "--lang", "ko"]);
    assert_eq!(refused.status.code(), Some(2));
    let told = stderr(&refused);
    assert!(told.contains("3번째 줄") && told.contains("ebs-volume-unattached"), "{told}");
}
