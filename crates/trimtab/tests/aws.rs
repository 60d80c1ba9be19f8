//! An emulated organisation is scanned: what is found equals what was planted, and what could
//! not be seen is named.

#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod emulator;
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod support;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use emulator::Emulator;
use support::{json, stderr, stdout};

const ORGANISATION: &str = "[organization]\nrole = \"trimtab-read\"\n";
/// Two months after everything was planted: what is loose has been so for long.
const LATER: &str = "2027-12-31T00:00:00Z";

type Finding = (String, String, String, String);

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

fn planted(world: &Value) -> BTreeSet<Finding> {
    let list = world["truth"].as_array().expect("a list").iter();
    list.map(|one| {
        (text(one, "account"), text(one, "region"), text(one, "check"), text(one, "resource"))
    })
    .collect()
}

fn found(analysis: &Value) -> BTreeSet<Finding> {
    let list = analysis["items"].as_array().expect("a list").iter();
    list.map(|one| {
        (text(one, "account"), text(one, "region"), text(one, "check"), text(one, "resource_id"))
    })
    .collect()
}

#[test]
fn a_scan_of_an_organisation_finds_what_was_planted() {
    let emulator = Emulator::start();
    let world = emulator.seed();
    emulator.configure(ORGANISATION);
    emulator.post("/emulator/forget", &json!(null));
    let scan = emulator.trimtab(&["scan", "--region", "us-east-1,ap-northeast-2", "-o", "json"]);
    assert_eq!(scan.status.code(), Some(0), "{}{}", stdout(&scan), stderr(&scan));
    let analysis = json(&emulator.trimtab(&["analyze", "--as-of", LATER, "-o", "json"]));
    assert_eq!(found(&analysis), planted(&world));

    // It only read, and only what it says it reads.
    let declared: BTreeSet<&str> = trimtab_aws::inventory::ALL
        .iter()
        .flat_map(|collector| collector.actions.iter().copied())
        .chain(trimtab_aws::policy::BASIC_ACTIONS.iter().copied())
        .chain(
            trimtab_aws::opinions::ACTIONS.iter().flat_map(|(_, actions)| actions.iter().copied()),
        )
        .collect();
    for (account, region, action, _) in emulator.calls() {
        assert!(
            declared.contains(action.as_str()),
            "{action} in {account} {region} is not declared"
        );
    }
}

#[test]
fn f16_what_cannot_be_seen_is_named_and_the_rest_is_found() {
    let emulator = Emulator::start();
    let world = emulator.seed();
    emulator.configure(ORGANISATION);
    let member = |index: usize| {
        let others = world["accounts"].as_array().expect("a list").iter();
        let home = &world["home"];
        others
            .filter(|account| *account != home)
            .nth(index)
            .expect("two members")
            .as_str()
            .expect("text")
    };
    let (closed, open) = (member(0), member(1));
    emulator.post(
        "/emulator/faults",
        &json!([
            {"action": "sts:AssumeRole", "body": closed, "code": "AccessDenied", "status": 403},
            {"account": open, "region": "ap-northeast-2", "action": "ec2:DescribeVolumes",
             "code": "RequestLimitExceeded", "status": 503},
            {"account": open, "service": "elasticloadbalancing", "code": "InternalFailure", "status": 500},
        ]),
    );
    let scan = emulator.trimtab(&["scan", "--region", "us-east-1,ap-northeast-2", "-o", "json"]);
    assert_eq!(scan.status.code(), Some(4), "{}{}", stdout(&scan), stderr(&scan));
    let scan = json(&scan);
    let outcomes = |account: &str, region: &str, kind: &str| {
        let items = scan["items"].as_array().expect("a list").iter();
        let mut of = items.filter(|one| {
            text(one, "account") == account
                && (region.is_empty() || text(one, "region") == region)
                && text(one, "resource_type") == kind
        });
        of.next().map(|one| text(one, "outcome")).unwrap_or_default()
    };
    assert_eq!(outcomes(closed, "", "AWS::EC2::Volume"), "denied");
    assert_eq!(outcomes(open, "ap-northeast-2", "AWS::EC2::Volume"), "throttled");
    assert_eq!(outcomes(open, "us-east-1", "AWS::EC2::Volume"), "complete");
    assert_eq!(outcomes(open, "us-east-1", "AWS::ElasticLoadBalancingV2::LoadBalancer"), "failed");

    let analysis = json(&emulator.trimtab(&["analyze", "--as-of", LATER, "-o", "json"]));
    let unseen = |(account, region, check, _): &Finding| {
        account == closed
            || (account == open && region == "ap-northeast-2" && check.starts_with("ebs-volume"))
            || (account == open && check.starts_with("elb-"))
    };
    let expected: BTreeSet<Finding> =
        planted(&world).into_iter().filter(|finding| !unseen(finding)).collect();
    assert_eq!(found(&analysis), expected);

    let coverage = stdout(&emulator.trimtab(&["coverage", "-o", "table", "--wide"]));
    for named in [
        format!(
            "{closed} · us-east-1: The role of this account could not be taken on (sts:AssumeRole)"
        ),
        format!("{open} · ap-northeast-2: AWS kept throttling ec2:DescribeVolumes"),
        format!("{open} · us-east-1: elasticloadbalancing:DescribeLoadBalancers failed"),
    ] {
        assert!(coverage.contains(&named), "{named} is not in {coverage}");
    }
    let again = emulator.trimtab(&["scan", "--region", "us-east-1,ap-northeast-2", "-o", "table"]);
    assert_eq!(again.status.code(), Some(4), "{}", stderr(&again));
    let page = stdout(&again).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(page.contains("Totals are lower bounds until these are read."), "{page}");
}
