//! `trimtab iam policy --org` is enough to scan, and each of its actions is needed: without it,
//! what it reads is a hole that names the action.
//!
//! Covered: the policy of all checks, allowed and nothing else. The first action of each
//! collector is taken away, half of the collectors at a time, so that the other half shows that
//! it does without. The further actions are taken away where the emulator holds a resource for
//! them. Those of finding regions and accounts and of metrics are taken away one by one.
//!
//! Not covered, since the emulator cannot bring a collector to call them: the actions in
//! [`UNREACHED`].
#![expect(
    clippy::indexing_slicing,
    reason = "a JSON value that is not there is null, and fails its assertion"
)]

#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod emulator;
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod support;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use emulator::Emulator;
use support::{json, stderr, stdout};
use trimtab_aws::collector::Collector;

/// What is called only about what the emulator does not hold: its caches have no replication
/// group, its log groups no size and its EMR clusters no fleets, and there is neither a serverless
/// cache nor an app of SageMaker Studio.
const UNREACHED: &[(&str, &str)] = &[
    ("AWS::ElastiCache::CacheCluster", "elasticache:DescribeReplicationGroups"),
    ("AWS::ElastiCache::ServerlessCache", "elasticache:ListTagsForResource"),
    ("AWS::EMR::Cluster", "elasticmapreduce:ListInstanceFleets"),
    ("AWS::Logs::LogGroup", "logs:DescribeLogStreams"),
    ("AWS::Logs::LogGroup", "logs:DescribeSubscriptionFilters"),
    ("AWS::SageMaker::App", "sagemaker:DescribeApp"),
    ("AWS::SageMaker::App", "tag:GetResources"),
];

/// What Compute Optimizer does in the caller's name and no collector calls.
const IN_OUR_NAME: &[&str] = &["lambda:ListProvisionedConcurrencyConfigs"];

/// Further calls whose answers others of the same collector ask about: taken away by turns
/// before the rest, which they would hide.
const GATES: &[&[&str]] = &[
    &[
        "s3:GetBucketLocation",
        "dynamodb:DescribeTable",
        "ecr:GetLifecyclePolicy",
        "es:DescribeDomains",
        "elasticmapreduce:DescribeCluster",
        "lambda:ListProvisionedConcurrencyConfigs",
        "sagemaker:DescribeEndpoint",
        "pi:GetResourceMetrics",
        "elasticloadbalancing:DescribeTargetGroups",
        "ecs:DescribeClusters",
        "ecs:ListServices",
        "eks:DescribeCluster",
    ],
    &[
        "s3:ListBucketMultipartUploads",
        "ecs:ListContainerInstances",
        "ecs:DescribeServices",
        "eks:ListNodegroups",
    ],
];

type Actions = BTreeSet<String>;
/// The actions that are missing, by kind.
type Missing = BTreeMap<String, Actions>;

/// Returns the actions of the policy that the binary prints.
fn policy(emulator: &Emulator) -> Actions {
    let policy = json(&emulator.trimtab(&["iam", "policy", "--org"]));
    let statements = policy["Statement"].as_array().expect("a list").iter();
    statements
        .flat_map(|one| one["Action"].as_array().expect("a list"))
        .map(|action| action.as_str().expect("text").to_owned())
        .collect()
}

/// Allows `actions` without `removed`.
fn allow(emulator: &Emulator, actions: &Actions, removed: &Actions) {
    emulator.post("/emulator/allow", &json!(actions.difference(removed).collect::<Vec<_>>()));
}

/// Scans one region of the home account with `more` arguments.
fn scan(emulator: &Emulator, world: &Value, more: &[&str], exit: i32) -> Value {
    let home = world["home"].as_str().expect("text");
    let arguments = ["scan", "--account", home, "--region", "us-east-1", "-o", "json"];
    let scan = emulator.trimtab(&[&arguments, more].concat());
    assert_eq!(scan.status.code(), Some(exit), "{}{}", stdout(&scan), stderr(&scan));
    json(&scan)
}

/// Returns which actions each kind is said to lack; a reason of another sort is told whole.
fn missing(scan: &Value) -> Missing {
    let mut missing = Missing::new();
    for item in scan["items"].as_array().expect("a list") {
        for reason in item["reasons"].as_array().expect("a list") {
            let message = reason["message"].as_str().expect("text");
            let action = message
                .strip_prefix("The role lacks ")
                .and_then(|rest| rest.split_once(". "))
                .map_or_else(
                    || format!("another reason: {message}"),
                    |(action, _)| action.to_owned(),
                );
            let kind = item["resource_type"].as_str().expect("text").to_owned();
            missing.entry(kind).or_default().insert(action);
        }
    }
    missing
}

/// Returns the collectors that the policy grants.
fn collectors(policy: &Actions) -> Vec<&'static Collector> {
    let granted = |collector: &&&Collector| {
        collector.actions.first().is_some_and(|first| policy.contains(*first))
    };
    trimtab_aws::inventory::ALL.iter().filter(granted).copied().collect()
}

/// Returns the action without which a collector lists nothing.
fn first(collector: &Collector) -> &'static str {
    collector.actions.first().copied().expect("a collector calls something")
}

fn world() -> (Emulator, Value, Actions) {
    let emulator = Emulator::start();
    let world = emulator.seed();
    emulator.seed_more("details");
    emulator.configure("[organization]\nrole = \"trimtab-read\"\n");
    let policy = policy(&emulator);
    (emulator, world, policy)
}

#[test]
fn the_policy_is_enough_and_each_listing_names_the_action_that_it_lacks() {
    let (emulator, world, policy) = world();
    allow(&emulator, &policy, &Actions::new());
    emulator.post("/emulator/forget", &json!(null));
    let whole = scan(&emulator, &world, &[], 0);
    assert_eq!(missing(&whole), Missing::new());
    let called: Actions = emulator.calls().into_iter().map(|(_, _, action, _)| action).collect();
    let granted: Actions =
        called.difference(&Actions::from(["sts:GetCallerIdentity".to_owned()])).cloned().collect();
    let unused: Actions = policy.difference(&granted).cloned().collect();
    let unreached = UNREACHED.iter().map(|(_, action)| *action).chain(IN_OUR_NAME.iter().copied());
    // What runs left is found by `trimtab recover`, not by a scan.
    let unreached = unreached.chain(trimtab_aws::marks::READS.iter().copied());
    let unreached: Actions = unreached.map(str::to_owned).collect();
    assert!(granted.is_subset(&policy), "called and not granted: {granted:?}");
    assert!(unused.is_subset(&unreached), "granted and not called: {unused:?}");

    let collectors = collectors(&policy);
    assert_eq!(whole["items"].as_array().expect("a list").len(), collectors.len());
    for half in [0, 1] {
        let taken: Vec<&&Collector> = collectors.iter().skip(half).step_by(2).collect();
        let removed: Actions = taken.iter().map(|one| first(one).to_owned()).collect();
        let expected: Missing = collectors
            .iter()
            .filter(|one| removed.contains(first(one)))
            .map(|one| (one.kind.as_str().to_owned(), Actions::from([first(one).to_owned()])))
            .collect();
        allow(&emulator, &policy, &removed);
        let holed = scan(&emulator, &world, &["--no-metrics"], 4);
        assert_eq!(missing(&holed), expected);
    }
}

#[test]
fn each_further_call_names_the_action_that_it_lacks() {
    let (emulator, world, policy) = world();
    let collectors = collectors(&policy);
    let unreached = |kind: &str, action: &str| UNREACHED.contains(&(kind, action));
    let firsts: Actions = collectors.iter().map(|one| first(one).to_owned()).collect();
    let gates = |gates: &&[&str]| gates.iter().map(|gate| (*gate).to_owned()).collect::<Actions>();
    let mut turns: Vec<Actions> = GATES.iter().map(gates).collect();
    let earlier: Actions = turns.iter().flatten().cloned().collect();
    turns.push(
        collectors
            .iter()
            .flat_map(|one| one.actions)
            .map(|action| (*action).to_owned())
            .filter(|action| !firsts.contains(action) && !earlier.contains(action))
            .collect(),
    );
    for removed in turns {
        let mut expected = Missing::new();
        for one in &collectors {
            let kind = one.kind.as_str();
            for action in one.actions.iter().filter(|action| removed.contains(**action)) {
                if !unreached(kind, action) {
                    expected.entry(kind.to_owned()).or_default().insert((*action).to_owned());
                }
            }
        }
        allow(&emulator, &policy, &removed);
        let holed = scan(&emulator, &world, &["--no-metrics"], 4);
        assert_eq!(missing(&holed), expected);
    }
}

#[test]
fn what_finds_places_and_reads_metrics_is_named_where_it_is_lacking() {
    let (emulator, world, policy) = world();
    let without = |action: &str| {
        assert!(policy.contains(action), "{action}");
        allow(&emulator, &policy, &Actions::from([action.to_owned()]));
    };
    let ec2 = ["--services", "ec2"];
    without("ec2:DescribeRegions");
    let closed = missing(&scan(&emulator, &world, &ec2, 4));
    assert!(!closed.is_empty());
    for (kind, actions) in closed {
        assert_eq!(actions, Actions::from(["ec2:DescribeRegions".to_owned()]), "{kind}");
    }
    for action in ["cloudwatch:GetMetricData", "cloudwatch:ListMetrics"] {
        without(action);
        let holed = scan(&emulator, &world, &ec2, 4);
        assert_eq!(missing(&holed), Missing::new());
        let holes = holed["metric_holes"].as_array().expect("a list");
        assert_eq!(holes.len(), 1, "{holes:?}");
        assert!(holes[0]["message"].as_str().expect("text").contains(action), "{holes:?}");
    }
    without("organizations:ListAccounts");
    let refused = emulator.trimtab(&["scan", "--services", "ec2"]);
    assert_eq!(refused.status.code(), Some(3));
    assert!(stderr(&refused).contains("organizations:ListAccounts"), "{}", stderr(&refused));
}
