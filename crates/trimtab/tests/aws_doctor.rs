//! The doctor names what is missing, for what, and what grants it; and it asks for nothing that
//! the policy of a scan does not grant.

#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod emulator;
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod support;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use emulator::Emulator;
use support::{json, stderr, stdout};

type Actions = BTreeSet<String>;

const ORGANISATION: &str = "[organization]\nrole = \"trimtab-read\"\n";
/// What a caller needs that no statement of the read role holds.
const OWN: &[&str] = &["sts:GetCallerIdentity", "sts:AssumeRole"];

fn actions_of(policy: &Value) -> Actions {
    let statements = policy["Statement"].as_array().expect("a list").iter();
    statements
        .flat_map(|one| one["Action"].as_array().expect("a list"))
        .map(|action| action.as_str().expect("text").to_owned())
        .collect()
}

fn allow(emulator: &Emulator, actions: &Actions) {
    emulator.post("/emulator/allow", &json!(actions));
}

/// Runs the doctor in the home account with `more` arguments.
fn doctor(emulator: &Emulator, world: &Value, more: &[&str], exit: i32) -> Value {
    let home = world["home"].as_str().expect("text");
    let arguments = ["doctor", "--account", home, "--region", "us-east-1", "-o", "json"];
    let doctor = emulator.trimtab(&[&arguments, more].concat());
    assert_eq!(doctor.status.code(), Some(exit), "{}{}", stdout(&doctor), stderr(&doctor));
    json(&doctor)
}

fn world() -> (Emulator, Value, Value) {
    let emulator = Emulator::start();
    let world = emulator.seed();
    emulator.seed_more("details");
    emulator.configure(ORGANISATION);
    let policy = json(&emulator.trimtab(&["iam", "policy", "--org"]));
    (emulator, world, policy)
}

fn list<'a>(value: &'a Value, key: &str) -> &'a Vec<Value> {
    value[key].as_array().expect("a list")
}

/// Returns the statuses of the steps of an area.
fn statuses(diagnosis: &Value, area: &str) -> Vec<String> {
    let steps = list(diagnosis, "items").iter().filter(|step| step["area"] == area);
    steps.map(|step| step["status"].as_str().expect("text").to_owned()).collect()
}

#[test]
fn what_is_allowed_is_asked_and_nothing_else() {
    let (emulator, world, policy) = world();
    let granted = actions_of(&policy);
    allow(&emulator, &granted);
    emulator.post("/emulator/forget", &json!(null));
    let diagnosis = doctor(&emulator, &world, &["--budget", "0.01"], 0);
    assert_eq!(list(&diagnosis, "missing"), &Vec::<Value>::new());
    assert_eq!(statuses(&diagnosis, "accounts"), ["ok"]);
    let called: Actions = emulator.calls().into_iter().map(|(_, _, action, _)| action).collect();
    let allowed = |action: &&String| granted.contains(*action) || OWN.contains(&action.as_str());
    let beyond: Vec<&String> = called.iter().filter(|action| !allowed(action)).collect();
    assert!(beyond.is_empty(), "called beyond the policy: {beyond:?}");

    // Each action that the emulator was called for was told to be allowed, and no other.
    let told: Actions = list(&diagnosis, "permissions")
        .iter()
        .filter(|one| one["status"] == "ok")
        .map(|one| one["action"].as_str().expect("text").to_owned())
        .collect();
    let found: Actions = called
        .into_iter()
        .filter(|action| !OWN.contains(&action.as_str()))
        .filter(|action| {
            !["ec2:DescribeRegions", "organizations:ListAccounts"].contains(&action.as_str())
        })
        .collect();
    assert_eq!(told, found);
}

#[test]
fn each_question_is_asked_once_and_metrics_only_for_money() {
    let (emulator, world, _) = world();
    emulator.post("/emulator/forget", &json!(null));
    let diagnosis = doctor(&emulator, &world, &["--services", "ec2"], 0);
    for (_, _, action, count) in emulator.calls() {
        // Regions are asked for by the account, and so is who we are.
        let once = action != "ec2:DescribeInstances" && action != "ec2:DescribeImages";
        assert!(!once || count <= 2, "{action} was called {count} times");
        assert!(!action.starts_with("cloudwatch:GetMetricData"), "{action} is charged");
    }
    let cost = list(&diagnosis, "items").iter().find(|step| step["code"] == "metrics-cost");
    let cost = cost.expect("metrics were not asked for, and that is told");
    assert_eq!(cost["status"], "not-asked");
    assert!(cost["hint"].as_str().is_some_and(|hint| hint.contains("--budget 0.00002")), "{cost}");
}

#[test]
fn a_missing_action_is_named_with_its_kinds_its_checks_and_the_statement_that_grants_it() {
    let (emulator, world, policy) = world();
    let granted = actions_of(&policy);
    for (action, kind, check) in [
        ("ec2:DescribeVolumes", "AWS::EC2::Volume", "ebs-volume-unattached"),
        ("s3:GetLifecycleConfiguration", "AWS::S3::Bucket", "s3-"),
    ] {
        assert!(granted.contains(action), "{action}");
        let mut without = granted.clone();
        without.remove(action);
        allow(&emulator, &without);
        let diagnosis = doctor(&emulator, &world, &[], 3);
        let missing = list(&diagnosis, "missing");
        assert_eq!(missing.len(), 1, "{missing:?}");
        let lack = &missing[0];
        assert_eq!(lack["actions"], json!([action]));
        assert_eq!(lack["resource_types"], json!([kind]));
        let named = |one: &Value| one.as_str().is_some_and(|name| name.starts_with(check));
        assert!(list(lack, "checks").iter().any(named), "{lack}");

        // It is what `iam policy` prints for that action, and it is enough.
        let of_policy =
            list(&policy, "Statement").iter().find(|one| one["Sid"] == lack["statement"]["Sid"]);
        let mut of_policy = of_policy.expect("a statement of that name").clone();
        of_policy["Action"] = json!([action]);
        assert_eq!(lack["statement"], of_policy);
        let policies = list(&diagnosis, "policies");
        let added = actions_of(&policies[0]["policy"]);
        allow(&emulator, &without.union(&added).cloned().collect());
        doctor(&emulator, &world, &[], 0);
    }
}

#[test]
fn an_opinion_that_is_refused_is_told_and_an_account_that_is_not_enrolled_lacks_nothing() {
    let (emulator, world, policy) = world();
    let granted = actions_of(&policy);
    let sources = [
        ("compute-optimizer", "compute-optimizer:GetECSServiceRecommendations"),
        ("cost-optimization-hub", "cost-optimization-hub:ListRecommendations"),
    ];
    let without: Actions = granted
        .iter()
        .filter(|action| !sources.iter().any(|(_, refused)| refused == action))
        .cloned()
        .collect();
    allow(&emulator, &without);
    let diagnosis = doctor(&emulator, &world, &["--services", "ec2"], 3);
    let missing = list(&diagnosis, "missing");
    assert_eq!(missing.len(), 2, "{missing:?}");
    for ((source, action), lack) in sources.into_iter().zip(missing) {
        assert_eq!(lack["second_opinions"], json!([source]));
        assert_eq!(lack["actions"], json!([action]));
        assert_eq!((&lack["resource_types"], &lack["metrics"]), (&json!([]), &json!(false)));
        let granting = list(&lack["statement"], "Action");
        assert!(granting.contains(&json!(action)), "{lack}");
        assert!(granting.iter().all(|one| one.as_str().is_some_and(|one| granted.contains(one))));
    }
    let page = ["--services", "ec2", "-o", "table", "--lang", "ko"];
    let home = world["home"].as_str().expect("text");
    let page = [&["doctor", "--account", home, "--region", "us-east-1"], page.as_slice()].concat();
    let page = stdout(&emulator.trimtab(&page));
    assert!(page.contains("Compute Optimizer의 의견"), "{page}");
    let added = actions_of(&list(&diagnosis, "policies")[0]["policy"]);
    allow(&emulator, &without.union(&added).cloned().collect());
    let diagnosis = doctor(&emulator, &world, &["--services", "ec2"], 0);
    let codes = |diagnosis: &Value, wanted: &str| {
        let steps = list(diagnosis, "items").iter().filter(|step| step["code"] == wanted);
        steps.map(|step| step["status"].as_str().expect("text").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(codes(&diagnosis, "opinion-open"), ["ok", "ok"]);

    emulator.post("/emulator/costs", &json!({"enrolled": {home: "Inactive"}}));
    let diagnosis = doctor(&emulator, &world, &["--services", "ec2"], 0);
    assert_eq!(list(&diagnosis, "missing"), &Vec::<Value>::new());
    assert_eq!(codes(&diagnosis, "opinion-not-enrolled"), ["note", "note"]);
    for (source, action) in sources {
        let told = list(&diagnosis, "permissions").iter().find(|one| one["action"] == action);
        let told = told.expect("each action is told");
        assert_eq!(
            (&told["second_opinion"], &told["status"]),
            (&json!(source), &json!("not-asked"))
        );
    }
}

#[test]
fn every_listing_that_is_refused_is_told_and_no_other() {
    let (emulator, world, policy) = world();
    let granted = actions_of(&policy);
    let collectors: Vec<_> = trimtab_aws::inventory::ALL
        .iter()
        .filter(|one| one.actions.first().is_some_and(|first| granted.contains(*first)))
        .collect();
    let removed: Actions = collectors
        .iter()
        .step_by(2)
        .filter_map(|one| one.actions.first())
        .map(|action| (*action).to_owned())
        .collect();
    allow(&emulator, &granted.difference(&removed).cloned().collect());
    let diagnosis = doctor(&emulator, &world, &[], 3);
    let mut told: Vec<(String, Value)> = list(&diagnosis, "missing")
        .iter()
        .map(|lack| {
            (lack["resource_types"][0].as_str().expect("text").to_owned(), lack["actions"].clone())
        })
        .collect();
    told.sort_by(|left, right| left.0.cmp(&right.0));
    let mut expected: Vec<(String, Value)> = collectors
        .iter()
        .filter_map(|one| Some((one.kind.as_str().to_owned(), *one.actions.first()?)))
        .filter(|(_, first)| removed.contains(*first))
        .map(|(kind, first)| (kind, json!([first])))
        .collect();
    expected.sort_by(|left, right| left.0.cmp(&right.0));
    assert_eq!(told, expected);
}

#[test]
fn an_account_that_refuses_is_told_with_who_needs_what() {
    let (emulator, world, _) = world();
    let closed = list(&world, "accounts").iter().find(|one| **one != world["home"]);
    let closed = closed.and_then(Value::as_str).expect("a member").to_owned();
    emulator.post(
        "/emulator/faults",
        &json!([{"action": "sts:AssumeRole", "body": closed, "code": "AccessDenied", "status": 403}]),
    );
    let doctor = emulator.trimtab(&["doctor", "--services", "ec2", "-o", "json"]);
    assert_eq!(doctor.status.code(), Some(3), "{}{}", stdout(&doctor), stderr(&doctor));
    let diagnosis = json(&doctor);
    let mut statuses = statuses(&diagnosis, "accounts");
    statuses.sort();
    assert_eq!(statuses, ["missing", "ok", "ok"]);
    // Each account that is open has a line for the region that is tried whole, and one for the rest.
    let codes = list(&diagnosis, "items").iter().filter_map(|step| step["code"].as_str());
    let codes: Vec<&str> =
        codes.filter(|code| ["readable", "open-regions"].contains(code)).collect();
    assert_eq!(codes, ["readable", "open-regions", "readable", "open-regions"]);
    let missing = list(&diagnosis, "missing");
    assert_eq!(missing.len(), 1, "{missing:?}");
    let role = format!("arn:aws:iam::{closed}:role/trimtab-read");
    assert_eq!(missing[0]["account"], json!(closed));
    assert_eq!(missing[0]["statement"]["Action"], json!(["sts:AssumeRole"]));
    assert_eq!(missing[0]["statement"]["Resource"], json!(role));
    assert_ne!(missing[0]["principal"], json!(role), "the caller needs it");

    let page =
        stdout(&emulator.trimtab(&["doctor", "--services", "ec2", "-o", "table", "--lang", "ko"]));
    for part in [closed.as_str(), "sts:AssumeRole", "\"Sid\"", "없는 권한과 그 영향"] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    let csv = stdout(&emulator.trimtab(&["doctor", "--services", "ec2", "-o", "csv"]));
    assert!(csv.starts_with("area,status,account,region,resource_type,action,message"), "{csv}");
}

#[test]
fn a_clock_that_is_wrong_is_told() {
    let (emulator, world, _) = world();
    emulator.post("/emulator/clock", &json!(200));
    let diagnosis = doctor(&emulator, &world, &["--services", "efs"], 0);
    let clock = list(&diagnosis, "items").iter().find(|step| step["code"] == "clock-off");
    let clock = clock.expect("the clock is named");
    assert_eq!(clock["status"], "note");
    assert!(clock["hint"].as_str().is_some_and(|hint| hint.contains("behind")), "{clock}");
}

#[test]
fn without_credentials_the_machine_is_looked_at_and_the_next_step_is_named() {
    let emulator = Emulator::start();
    let run = |arguments: &[&str]| emulator.bare(arguments).output().expect("the binary runs");
    let doctor = run(&["doctor", "-o", "json"]);
    assert_eq!(doctor.status.code(), Some(3), "{}{}", stdout(&doctor), stderr(&doctor));
    let diagnosis = json(&doctor);
    assert_eq!(statuses(&diagnosis, "credentials"), ["missing", "not-asked"]);
    assert_eq!(statuses(&diagnosis, "accounts"), ["not-asked"]);
    assert!(statuses(&diagnosis, "environment").iter().any(|status| status == "ok"));
    assert_eq!(list(&diagnosis, "calls"), &Vec::<Value>::new());

    let page = stdout(&run(&["doctor", "-o", "table", "--lang", "ko"]));
    assert!(page.contains("AWS 자격 증명을 찾지 못했습니다"), "{page}");
    assert!(page.contains("aws configure sso"), "{page}");
}
