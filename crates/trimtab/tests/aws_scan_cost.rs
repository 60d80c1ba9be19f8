//! What a scan costs is said before and after, and a budget is kept.

#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod emulator;
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod support;

use std::collections::BTreeSet;
use std::process::Output;

use serde_json::json;

use emulator::Emulator;
use support::{json, stderr, stdout};

#[test]
fn f15_an_estimate_only_asks_who_and_where_and_a_budget_is_kept() {
    let emulator = Emulator::start();
    emulator.seed();
    let regions = ["--region", "us-east-1,ap-northeast-2"];
    let run = |arguments: &[&str]| {
        let output = emulator.trimtab(&[&["scan"], &regions[..], arguments].concat());
        (output.status.code(), output)
    };

    emulator.post("/emulator/forget", &json!(null));
    let (code, before) = run(&["--estimate", "-o", "json"]);
    assert_eq!(code, Some(0), "{}", stderr(&before));
    let before = json(&before);
    assert_eq!(before["unknown_places"], 2);
    assert_eq!(before["items"][0]["metrics"], json!(null));
    let called: BTreeSet<String> =
        emulator.calls().into_iter().map(|(_, _, action, _)| action).collect();
    let may = ["ec2:DescribeRegions", "sts:GetCallerIdentity"].map(str::to_owned);
    assert_eq!(called, BTreeSet::from(may));

    // Listed only, every place is known: the estimate is what the scan then asks for.
    let (code, listed) = run(&["--no-metrics"]);
    assert_eq!(code, Some(0), "{}", stderr(&listed));
    let known = json(&run(&["--estimate", "-o", "json"]).1);
    assert_eq!(known["unknown_places"], 0);
    let metrics = known["metrics"].as_u64().expect("a number");
    assert!(metrics > 10, "{known}");

    // Ten metrics cost 0.0001 dollars.
    let (code, short) = run(&["--budget", "0.0001", "-o", "json"]);
    assert_eq!(code, Some(4), "{}", stderr(&short));
    let short = json(&short);
    assert_eq!(short["metrics_requested"], 10);
    assert_eq!(short["metric_holes"][0]["code"], "budget");

    // What was left out is what the next estimate expects.
    let rest = json(&run(&["--estimate", "-o", "json"]).1);
    assert_eq!(rest["metrics"].as_u64(), Some(metrics - 10), "{rest}");
    let (_, page) = run(&["--estimate", "-o", "table"]);
    assert!(unwrapped(&page).contains("$0.01 per 1,000"), "{}", stdout(&page));

    let (code, page) = run(&["-o", "table", "--budget", "0.0002"]);
    assert_eq!(code, Some(4), "{}", stderr(&page));
    let page = unwrapped(&page);
    for part in ["20 metrics were requested", "$0.0002,", "$0.01 per 1,000", "Missing: metrics"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("none is charged"), "{page}");

    let (code, page) = run(&["-o", "table", "--no-metrics"]);
    assert_eq!(code, Some(0), "{}", stderr(&page));
    assert!(unwrapped(&page).contains("none is charged"), "{}", stdout(&page));
}

/// Returns what was printed as one line: where it was wrapped does not matter.
fn unwrapped(output: &Output) -> String {
    stdout(output).split_whitespace().collect::<Vec<_>>().join(" ")
}
