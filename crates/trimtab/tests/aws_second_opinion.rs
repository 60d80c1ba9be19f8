//! What Compute Optimizer and Cost Optimization Hub say is held against what trimtab says.
#![expect(
    clippy::indexing_slicing,
    reason = "a JSON value that is not there is null, and fails its assertion"
)]

#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod emulator;
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod support;

use serde_json::{Value, json};

use emulator::Emulator;
use support::{json, stderr, stdout};

/// Two months after everything was planted: what is loose has been so for long.
const LATER: &str = "2027-12-31T00:00:00Z";
const REGION: &str = "us-east-1";

/// Returns what was planted in the home account's first region for a check.
fn planted(world: &Value, check: &str) -> String {
    let home = &world["home"];
    let truth = world["truth"].as_array().expect("a list").iter();
    let mut of = truth
        .filter(|one| one["account"] == *home && one["region"] == REGION && one["check"] == check);
    of.next().and_then(|one| one["resource"].as_str()).expect("planted").to_owned()
}

fn money(value: f64) -> Value {
    json!({"savingsOpportunityPercentage": 100.0,
           "estimatedMonthlySavings": {"currency": "USD", "value": value}})
}

/// Compute Optimizer agrees about the loose volume, would make the old one an st1, and finds
/// the instance idle; the hub says the same of the loose volume.
fn opinions(world: &Value) -> Value {
    let home = world["home"].as_str().expect("text");
    let arn = |kind: &str, id: &str| format!("arn:aws:ec2:{REGION}:{home}:{kind}/{id}");
    let loose = planted(world, "ebs-volume-unattached");
    let old = planted(world, "ebs-volume-gp2");
    let instances = world["instances"].as_array().expect("a list").iter();
    let mut here = instances.filter(|one| one["account"] == home && one["region"] == REGION);
    let instance = here.next().and_then(|one| one["id"].as_str()).expect("an instance");
    json!({
        "opinions": {home: {REGION: {
            "GetIdleRecommendations": [
                {"resourceArn": arn("volume", &loose), "resourceId": loose, "resourceType": "EBSVolume",
                 "accountId": home, "finding": "Unattached", "lookBackPeriodInDays": 32.0,
                 "savingsOpportunity": money(8.0)},
                {"resourceArn": arn("instance", instance), "resourceId": instance,
                 "resourceType": "EC2Instance", "accountId": home, "finding": "Idle",
                 "lookBackPeriodInDays": 14.0, "savingsOpportunity": money(56.21)},
                {"resourceArn": format!("arn:aws:ecs:{REGION}:{home}:service/arena/match"),
                 "resourceId": "match", "resourceType": "ECSService", "accountId": home,
                 "finding": "Idle", "lookBackPeriodInDays": 14.0},
                {"resourceArn": format!("arn:aws:sagemaker:{REGION}:{home}:endpoint/ranker"),
                 "resourceId": "ranker", "resourceType": "SageMakerEndpoint", "accountId": home,
                 "finding": "Idle", "lookBackPeriodInDays": 14.0},
                {"resourceArn": format!("arn:aws:workspaces:{REGION}:{home}:workspace/ws-1"),
                 "resourceId": "ws-1", "resourceType": "WorkSpaces", "accountId": home,
                 "finding": "Unused", "lookBackPeriodInDays": 32.0},
            ],
            "GetECSServiceRecommendations": [
                {"serviceArn": format!("arn:aws:ecs:{REGION}:{home}:service/arena/lobby"),
                 "accountId": home, "finding": "Overprovisioned", "launchType": "Fargate",
                 "findingReasonCodes": ["CPUOverprovisioned"], "lookbackPeriodInDays": 14.0,
                 "serviceRecommendationOptions": [
                    {"cpu": 256, "memory": 512, "savingsOpportunity": money(18.02)},
                 ]},
                {"serviceArn": format!("arn:aws:ecs:{REGION}:{home}:service/arena/login"),
                 "accountId": home, "finding": "Optimized", "launchType": "Fargate",
                 "lookbackPeriodInDays": 14.0},
            ],
            "GetEBSVolumeRecommendations": [
                {"volumeArn": arn("volume", &old), "accountId": home, "finding": "NotOptimized",
                 "currentConfiguration": {"volumeType": "gp2", "volumeSize": 200},
                 "lookBackPeriodInDays": 14.0,
                 "volumeRecommendationOptions": [
                    {"rank": 2, "configuration": {"volumeType": "gp3", "volumeSize": 200}},
                    {"rank": 1, "configuration": {"volumeType": "st1", "volumeSize": 200},
                     "savingsOpportunity": money(11.0)},
                 ]},
            ],
        }}},
        "hub": {home: [
            {"recommendationId": "r1", "accountId": home, "region": REGION, "resourceId": loose,
             "resourceArn": arn("volume", &loose), "currentResourceType": "EbsVolume",
             "actionType": "Delete", "estimatedMonthlySavings": 8.0, "currencyCode": "USD",
             "recommendationLookbackPeriodInDays": 32},
            {"recommendationId": "r2", "accountId": home, "region": REGION,
             "currentResourceType": "ComputeSavingsPlans", "actionType": "PurchaseSavingsPlans",
             "estimatedMonthlySavings": 100.0, "currencyCode": "USD"},
            {"recommendationId": "r3", "accountId": home, "region": REGION, "resourceId": "lobby",
             "resourceArn": format!("arn:aws:ecs:{REGION}:{home}:service/arena/lobby"),
             "currentResourceType": "EcsService", "actionType": "Rightsize",
             "estimatedMonthlySavings": 18.02, "currencyCode": "USD"},
        ]},
    })
}

fn scan(emulator: &Emulator, more: &[&str], exit: i32) -> Value {
    let arguments = ["scan", "--region", REGION, "--no-metrics", "-o", "json"];
    let scan = emulator.trimtab(&[&arguments, more].concat());
    assert_eq!(scan.status.code(), Some(exit), "{}{}", stdout(&scan), stderr(&scan));
    json(&scan)
}

fn analyze(emulator: &Emulator) -> Value {
    json(&emulator.trimtab(&["analyze", "--as-of", LATER, "-o", "json"]))
}

/// Returns how AWS stands to the finding of a check, and why.
fn stance(analysis: &Value, check: &str) -> (String, String) {
    let items = analysis["items"].as_array().expect("a list").iter();
    let second = items
        .filter(|one| one["check"] == check)
        .map(|one| &one["second_opinion"])
        .next()
        .expect("found");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (text(&second["stance"]), text(&second["reason"]["code"]))
}

fn source(analysis: &Value, name: &str) -> Option<(String, String)> {
    let sources = analysis["coverage"]["sources"].as_array().expect("a list").iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    sources
        .filter(|one| one["source"] == name)
        .map(|one| (text(&one["status"]), text(&one["message"])))
        .next()
}

#[test]
fn aws_agrees_differs_is_silent_and_knows_more() {
    let emulator = Emulator::start();
    let world = emulator.seed();
    emulator.post("/emulator/costs", &opinions(&world));
    let scanned = scan(&emulator, &[], 0);
    let asked = scanned["second_opinions"].as_array().expect("a list");
    assert_eq!(asked.len(), 2, "one region, and the account: {asked:?}");
    assert!(asked.iter().all(|one| one["outcome"] == "complete"), "{asked:?}");
    let left_out = asked.iter().map(|one| one["left_out"].as_u64()).collect::<Vec<_>>();
    assert_eq!(left_out, [Some(1), Some(1)], "the desktop, and the purchase: {asked:?}");

    let analysis = analyze(&emulator);
    let text = |stance: &str, code: &str| (stance.to_owned(), code.to_owned());
    assert_eq!(stance(&analysis, "ebs-volume-unattached"), text("agree", "same-change"));
    assert_eq!(stance(&analysis, "ebs-volume-gp2"), text("differ", "other-target"));
    assert_eq!(stance(&analysis, "ec2-address-unassociated"), text("absent", "not-judged-by-aws"));
    let loose = analysis["items"]
        .as_array()
        .and_then(|items| items.iter().find(|one| one["check"] == "ebs-volume-unattached"))
        .expect("found");
    let heard = loose["second_opinion"]["opinions"].as_array().expect("a list");
    let sources: Vec<&Value> = heard.iter().map(|one| &one["source"]).collect();
    assert_eq!(sources, ["compute-optimizer", "cost-optimization-hub"]);
    assert_eq!(heard[0]["monthly_saving"], json!({"currency": "USD", "amount": "8"}));

    let more = analysis["only_aws"].as_array().expect("a list");
    let mut told: Vec<(&str, &str)> = more
        .iter()
        .map(|one| (&one["resource_type"], &one["opinion"]["finding"]))
        .map(|(kind, finding)| (kind.as_str().expect("text"), finding.as_str().expect("text")))
        .collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            ("AWS::EC2::Instance", "Idle"),
            ("AWS::ECS::Service", "Idle"),
            ("AWS::ECS::Service", "Overprovisioned"),
            ("AWS::ECS::Service", "Rightsize"),
            ("AWS::SageMaker::Endpoint", "Idle"),
        ]
    );
    let sized = more.iter().find(|one| one["opinion"]["finding"] == "Overprovisioned");
    let sized = sized.expect("the service of ECS");
    assert_eq!(sized["resource_id"], "arena/lobby");
    let size = json!({"cpu_units": "256", "memory_mib": "512"});
    assert_eq!(sized["opinion"]["recommended"], size);
    assert_eq!(
        source(&analysis, "second-opinion:compute-optimizer").expect("listed").0,
        "complete"
    );

    let list = json(&emulator.trimtab(&["rec", "aws", "-o", "json"]));
    let listed = list["items"].as_array().expect("a list").iter();
    assert_eq!(listed.filter(|one| one["finding"] == "Idle").count(), 3, "{list}");
    let listed = emulator.trimtab(&["rec", "list", "-o", "csv"]);
    assert!(stdout(&listed).lines().next().expect("a header").contains("second_opinion"));
    let id = loose["id"].as_str().expect("text");
    let shown = stdout(&emulator.trimtab(&["rec", "show", id, "--lang", "ko"]));
    assert!(shown.contains("AWS의 의견") && shown.contains("일치"), "{shown}");
}

#[test]
fn an_account_that_is_not_enrolled_is_told_and_is_no_fault() {
    let emulator = Emulator::start();
    let world = emulator.seed();
    let mut seeded = opinions(&world);
    seeded["enrolled"] = json!({world["home"].as_str().expect("text"): "Inactive"});
    emulator.post("/emulator/costs", &seeded);
    let scanned = scan(&emulator, &[], 0);
    let asked = scanned["second_opinions"].as_array().expect("a list");
    assert!(asked.iter().all(|one| one["outcome"] == "opted-out"), "{asked:?}");
    let analysis = analyze(&emulator);
    assert_eq!(analysis["items"][0]["second_opinion"], json!(null));
    let (status, message) =
        source(&analysis, "second-opinion:cost-optimization-hub").expect("listed");
    assert_eq!(status, "absent");
    assert!(message.contains("not enrolled"), "{message}");
}

#[test]
fn each_action_of_a_second_opinion_is_named_where_it_is_lacking_and_none_is_asked_if_unwanted() {
    let emulator = Emulator::start();
    emulator.seed();
    let actions = trimtab_aws::opinions::ACTIONS.iter().flat_map(|(_, actions)| *actions);
    for action in actions {
        let denied = json!([{"action": action, "code": "AccessDeniedException", "status": 403}]);
        emulator.post("/emulator/faults", &denied);
        let scanned = scan(&emulator, &["--services", "ec2"], 4);
        let asked = scanned["second_opinions"].as_array().expect("a list").iter();
        let lacking: Vec<&Value> = asked
            .flat_map(|one| one["reasons"].as_array().expect("a list"))
            .map(|reason| &reason["message"])
            .collect();
        assert_eq!(lacking.len(), 1, "{action}: {lacking:?}");
        assert!(lacking[0].as_str().expect("text").contains(action), "{action}: {lacking:?}");
    }
    emulator.post("/emulator/faults", &json!([]));
    emulator.post("/emulator/forget", &json!(null));
    let scanned = scan(&emulator, &["--no-second-opinion"], 0);
    assert_eq!(scanned["second_opinions"], json!([]));
    let asked = emulator.calls().into_iter().filter(|(_, _, action, _)| {
        action.starts_with("compute-optimizer:") || action.starts_with("cost-optimization-hub:")
    });
    assert_eq!(asked.count(), 0);
}
