//! How many recommendations are in a sum is said alike by pages, the API and the reports.

use serde_json::Value;

use crate::client::get;
use crate::company::company;
use crate::server::Server;
use crate::support::{stderr, stdout};

/// The texts of a report, one after the other.
fn report(exports: &crate::support::Exports, kind: &str) -> String {
    let output = exports.trimtab(&["report", kind, "--lang", "en", "--format", "md"]);
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output)
}

#[test]
fn a_count_beside_a_sum_is_of_what_is_in_it_on_every_page_and_in_every_report() {
    let exports = company("");
    let server = Server::start(&exports);
    let listed = get(&server, "/api/v1/recommendations?limit=500").json();
    let items = listed["items"].as_array().expect("a list");
    let apart = items.iter().filter(|item| item["conditional"] == Value::Bool(true)).count();
    let counted = items.len() - apart;
    assert!(apart > 0 && counted > apart, "the company has repairs: {apart} of {}", items.len());

    let total = &listed["totals"]["USD"];
    let overview = &get(&server, "/api/v1/overview").json()["savings"];
    for of in [total, overview] {
        assert_eq!(of["recommendations"], counted, "{of}");
        assert_eq!(of["conditional_recommendations"], apart, "{of}");
    }
    assert_eq!(get(&server, "/api/v1/savings").json()["found"]["count"], counted);

    let words = format!("{counted} recommendations · {apart} more after work on programs");
    for path in ["/?lang=en", "/recommendations?lang=en"] {
        let page = get(&server, path).body;
        assert!(page.contains(&words), "{path} does not say: {words}");
    }
    let savings = get(&server, "/savings?lang=en").body;
    assert!(savings.contains(&format!("{counted} recommendations")), "{savings}");

    let weekly = report(&exports, "weekly");
    for words in [
        format!("Decisions that wait: {counted}"),
        format!("All {counted} recommendations together save"),
        format!("of {apart} more depends on repairs"),
    ] {
        assert!(weekly.contains(&words), "{words}: {weekly}");
    }
    let quarterly = report(&exports, "quarterly");
    for words in [
        format!("20 of {} recommendations are in the table", items.len()),
        format!("{counted} together:"),
        format!("{apart} more need a repair"),
    ] {
        assert!(quarterly.contains(&words), "{words}: {quarterly}");
    }
}

#[test]
fn what_stood_out_in_the_company_is_found_and_named() {
    let exports = company("");
    let server = Server::start(&exports);
    let found = get(&server, "/api/v1/anomalies").json();
    let items = found["items"].as_array().expect("a list");
    let has = |service: &str, from: &str, until: &str, usage_type: &str| {
        items.iter().any(|item| {
            item["service"] == service
                && item["from"] == from
                && item["until"] == until
                && item["usage_types"][0]["key"] == usage_type
        })
    };
    let (logs, bytes) = ("APN2-DataProcessing-Bytes", "APN2-NatGateway-Bytes");
    assert!(has("AmazonCloudWatch", "2026-10-20", "2026-10-23", logs), "{found}");
    assert!(has("Amazon Elastic Compute Cloud", "2026-10-22", "2026-10-22", bytes), "{found}");
    let weekly = report(&exports, "weekly");
    assert!(weekly.contains(bytes) && weekly.contains(logs), "{weekly}");
    assert!(weekly.contains("nothing was applied yet"), "{weekly}");
}
