//! Bills as AWS delivers them: what the manifests name is read, once, and replaced as a whole.
#![expect(
    clippy::indexing_slicing,
    reason = "a JSON value that is not there is null, and fails its assertion"
)]

#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod emulator;
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod support;

use std::io::Write;
use std::process::Output;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use emulator::Emulator;
use support::{json, stderr, stdout};

/// The account of the emulator's credentials.
const ACCOUNT: &str = "123456789012";
const CUR_HEADER: &str = "lineItem/LineItemType,lineItem/UnblendedCost,lineItem/CurrencyCode,lineItem/UsageStartDate,lineItem/UsageEndDate,bill/BillingPeriodStartDate,bill/PayerAccountId,lineItem/UsageAccountId,lineItem/ProductCode";
const FOCUS_HEADER: &str = "BillingAccountId,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,BilledCost,EffectiveCost,ServiceName,SubAccountId,InvoiceId";

fn folded(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).expect("memory grows");
    encoder.finish().expect("memory grows")
}

/// Returns a part of a legacy report, one row per amount.
fn cur(month: &str, payer: &str, amounts: &[&str]) -> Vec<u8> {
    let row = |amount: &&str| {
        format!(
            "Usage,{amount},USD,{month}-02T00:00:00Z,{month}-02T01:00:00Z,{month}-01T00:00:00Z,{payer},{payer},AmazonEC2"
        )
    };
    let rows: Vec<String> = amounts.iter().map(row).collect();
    folded(&format!("{CUR_HEADER}\n{}\n", rows.join("\n")))
}

/// Returns a part of an export of FOCUS, one row per amount.
fn focus(month: &str, amounts: &[&str]) -> Vec<u8> {
    let row = |amount: &&str| {
        format!(
            "{ACCOUNT},USD,{month}-01T00:00:00Z,{month}-02T00:00:00Z,{month}-02T01:00:00Z,Usage,{amount},{amount},Amazon EC2,{ACCOUNT},1"
        )
    };
    let rows: Vec<String> = amounts.iter().map(row).collect();
    folded(&format!("{FOCUS_HEADER}\n{}\n", rows.join("\n")))
}

fn put_manifest(emulator: &Emulator, key: &str, manifest: &Value) {
    emulator.put_object("bills", key, manifest.to_string().as_bytes());
}

/// Delivers a version of a legacy report of October that keeps its earlier versions.
fn deliver_report(emulator: &Emulator, assembly: &str, parts: &[Vec<u8>]) {
    let dir = "cur/hourly/20261001-20261101";
    let mut keys = Vec::new();
    for (number, part) in parts.iter().enumerate() {
        let key = format!("{dir}/{assembly}/hourly-{number:05}.csv.gz");
        emulator.put_object("bills", &key, part);
        keys.push(key);
    }
    let manifest = json!({"assemblyId": assembly, "bucket": "bills", "reportKeys": keys});
    put_manifest(emulator, &format!("{dir}/{assembly}/hourly-Manifest.json"), &manifest);
    put_manifest(emulator, &format!("{dir}/hourly-Manifest.json"), &manifest);
}

const EXPORT: &str = "exports/focus";

/// Delivers an export of FOCUS that overwrites its earlier version.
fn deliver_export(emulator: &Emulator, month: &str, execution: &str, amounts: &[&str]) {
    let key = format!("{EXPORT}/data/BILLING_PERIOD={month}/focus-00001.csv.gz");
    emulator.put_object("bills", &key, &focus(month, amounts));
    let manifest = json!({"executionId": execution, "dataFiles": [format!("s3://bills/{key}")], "columns": []});
    let at = format!("{EXPORT}/metadata/BILLING_PERIOD={month}/focus-Manifest.json");
    put_manifest(emulator, &at, &manifest);
}

fn started() -> Emulator {
    let emulator = Emulator::start();
    emulator.make_bucket("bills");
    emulator
}

/// Lets Data Exports know of the export of FOCUS.
fn export_of_focus() -> Value {
    json!({ACCOUNT: [{
        "ExportArn": format!("arn:aws:bcm-data-exports:us-east-1:{ACCOUNT}:export/focus-1"),
        "Name": "focus",
        "DataQuery": {"QueryStatement": "SELECT * FROM FOCUS_1_2_AWS"},
        "DestinationConfigurations": {"S3Destination": {
            "S3Bucket": "bills", "S3Prefix": "exports", "S3Region": "us-east-1",
            "S3OutputConfigurations": {
                "OutputType": "CUSTOM", "Format": "TEXT_OR_CSV", "Compression": "GZIP",
                "Overwrite": "OVERWRITE_REPORT",
            },
        }},
        "RefreshCadence": {"Frequency": "SYNCHRONOUS"},
    }]})
}

fn ingest(emulator: &Emulator, from: &str, more: &[&str], exit: i32) -> Value {
    let output = run(emulator, from, more);
    assert_eq!(output.status.code(), Some(exit), "{}{}", stdout(&output), stderr(&output));
    json(&output)
}

fn run(emulator: &Emulator, from: &str, more: &[&str]) -> Output {
    emulator.post("/emulator/forget", &json!(null));
    emulator.trimtab(&[&["ingest", "--from", from, "-o", "json"], more].concat())
}

/// Returns how often an action was called since the last run began.
fn called(emulator: &Emulator, action: &str) -> u64 {
    emulator.calls().into_iter().filter(|(_, _, of, _)| of == action).map(|(.., count)| count).sum()
}

/// Returns billing period, format and billed amount of everything in the lake.
fn totals(ingested: &Value) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let totals = ingested["totals"].as_array().expect("a list").iter();
    totals
        .map(|one| {
            (text(&one["billing_period"]), text(&one["format"]), text(&one["billed"]["amount"]))
        })
        .collect()
}

fn total(period: &str, format: &str, billed: &str) -> (String, String, String) {
    (period.to_owned(), format.to_owned(), billed.to_owned())
}

fn outcomes(ingested: &Value) -> Vec<(&str, &str)> {
    let periods = ingested["periods"].as_array().expect("a list").iter();
    periods
        .map(|one| {
            let text = |key: &str| one[key].as_str().expect("text");
            (text("billing_period"), text("outcome"))
        })
        .collect()
}

fn codes(ingested: &Value) -> Vec<&str> {
    let notices = ingested["notices"].as_array().expect("a list").iter();
    notices.map(|one| one["code"].as_str().expect("text")).collect()
}

const LEGACY: &str = "CUR (legacy)";

#[test]
fn f06_a_report_is_read_once_and_a_new_version_replaces_all_of_it() {
    let emulator = started();
    deliver_report(
        &emulator,
        "aaaa",
        &[cur("2026-10", "1", &["1.1", "2.2"]), cur("2026-10", "1", &["0.0000000001"])],
    );
    let first = ingest(&emulator, "s3://bills/cur", &[], 0);
    assert_eq!(outcomes(&first), [("2026-10", "read")]);
    assert_eq!(totals(&first), [total("2026-10", LEGACY, "3.3000000001")]);
    assert_eq!(
        first["bills"][0]["file"],
        "s3://bills/cur/hourly/20261001-20261101/aaaa/hourly-00000.csv.gz"
    );

    let second = ingest(&emulator, "s3://bills/cur", &[], 0);
    assert_eq!(outcomes(&second), [("2026-10", "unchanged")]);
    assert_eq!(totals(&second), totals(&first));
    assert_eq!(called(&emulator, "s3:GetObject"), 0, "nothing is fetched again");

    // The next version has another payer: what the earlier one had is gone.
    deliver_report(&emulator, "bbbb", &[cur("2026-10", "2", &["5"])]);
    let third = ingest(&emulator, "s3://bills/cur", &[], 0);
    assert_eq!(totals(&third), [total("2026-10", LEGACY, "5")]);
    assert_eq!(called(&emulator, "s3:GetObject"), 2, "the manifest and one file");
}

#[test]
fn a_version_without_a_manifest_is_not_read() {
    let emulator = started();
    deliver_report(&emulator, "aaaa", &[cur("2026-10", "1", &["1"])]);
    let half = "cur/hourly/20261001-20261101/bbbb/hourly-00001.csv.gz";
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    emulator.put_object("bills", half, &cur("2026-10", "1", &["100"]));
    let orphan = "cur/hourly/20261101-20261201/cccc/hourly-00001.csv.gz";
    emulator.put_object("bills", orphan, &cur("2026-11", "1", &["100"]));
    let read = ingest(&emulator, "s3://bills/cur/hourly", &[], 0);
    assert_eq!(totals(&read), [total("2026-10", LEGACY, "1")]);
    assert_eq!(codes(&read), ["delivery-unfinished", "delivery-unfinished"]);
}

#[test]
fn a_part_that_is_missing_is_named_and_the_bill_stays_as_it_was() {
    let emulator = started();
    deliver_report(&emulator, "aaaa", &[cur("2026-10", "1", &["1"])]);
    ingest(&emulator, "s3://bills/cur", &[], 0);
    deliver_report(&emulator, "bbbb", &[cur("2026-10", "1", &["2"]), cur("2026-10", "1", &["3"])]);
    let lost = "cur/hourly/20261001-20261101/bbbb/hourly-00001.csv.gz";
    emulator.delete_object("bills", lost);
    let broken = ingest(&emulator, "s3://bills/cur", &[], 4);
    assert_eq!(outcomes(&broken), [("2026-10", "failed")]);
    assert_eq!(broken["errors"][0]["file"], format!("s3://bills/{lost}"));
    assert_eq!(totals(&broken), [total("2026-10", LEGACY, "1")]);

    // It is tried again, and taken once it is whole.
    emulator.put_object("bills", lost, &cur("2026-10", "1", &["3"]));
    deliver_report(&emulator, "bbbb", &[cur("2026-10", "1", &["2"]), cur("2026-10", "1", &["3"])]);
    let mended = ingest(&emulator, "s3://bills/cur", &[], 0);
    assert_eq!(totals(&mended), [total("2026-10", LEGACY, "5")]);
}

#[test]
fn an_export_is_found_and_only_the_period_that_changed_is_read() {
    let emulator = started();
    emulator.post("/emulator/costs", &json!({"exports": export_of_focus()}));
    deliver_export(&emulator, "2026-09", "run-1", &["9"]);
    deliver_export(&emulator, "2026-10", "run-2", &["10.5"]);
    let first = ingest(&emulator, "aws", &[], 0);
    assert_eq!(first["exports"][0]["table"], "FOCUS_1_2_AWS");
    assert_eq!(first["exports"][0]["url"], "s3://bills/exports/focus");
    assert_eq!(outcomes(&first), [("2026-09", "read"), ("2026-10", "read")]);
    let october = |billed| total("2026-10", "FOCUS 1.2", billed);
    assert_eq!(totals(&first), [total("2026-09", "FOCUS 1.2", "9"), october("10.5")]);

    deliver_export(&emulator, "2026-10", "run-3", &["10.5", "0.25"]);
    let second = ingest(&emulator, "aws", &[], 0);
    assert_eq!(outcomes(&second), [("2026-09", "unchanged"), ("2026-10", "read")]);
    assert_eq!(totals(&second), [total("2026-09", "FOCUS 1.2", "9"), october("10.75")]);
    assert_eq!(called(&emulator, "s3:GetObject"), 2, "the manifest and one file");

    // Data that is written over without its manifest is a version that is not complete.
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let data = format!("{EXPORT}/data/BILLING_PERIOD=2026-10/focus-00001.csv.gz");
    emulator.put_object("bills", &data, &focus("2026-10", &["99"]));
    let third = ingest(&emulator, "aws", &[], 0);
    assert_eq!(outcomes(&third), [("2026-09", "unchanged"), ("2026-10", "unchanged")]);
    assert_eq!(codes(&third), ["delivery-unfinished"]);
    assert_eq!(totals(&third), totals(&second));
}

#[test]
fn what_cannot_be_read_says_what_to_do() {
    let emulator = started();
    let nothing = run(&emulator, "aws", &[]);
    assert_eq!(nothing.status.code(), Some(1), "{}", stderr(&nothing));
    assert!(stderr(&nothing).contains("has no export of its bill"), "{}", stderr(&nothing));
    let absent = run(&emulator, "s3://absent/cur", &[]);
    assert_eq!(absent.status.code(), Some(1), "{}", stderr(&absent));
    assert!(stderr(&absent).contains("absent"), "{}", stderr(&absent));
    let empty = run(&emulator, "s3://bills/cur", &[]);
    assert!(stderr(&empty).contains("there is no delivery of a bill"), "{}", stderr(&empty));
    emulator.post(
        "/emulator/faults",
        &json!([{"action": "bcm-data-exports:ListExports", "code": "AccessDeniedException"}]),
    );
    let denied = run(&emulator, "aws", &[]);
    assert_eq!(denied.status.code(), Some(3), "{}", stderr(&denied));
    assert!(stderr(&denied).contains("bcm-data-exports:ListExports"), "{}", stderr(&denied));
}

#[test]
fn the_policy_for_bills_is_enough_and_each_action_is_needed() {
    let emulator = started();
    emulator.post("/emulator/costs", &json!({"exports": export_of_focus()}));
    deliver_export(&emulator, "2026-10", "run-1", &["1"]);
    let policy = json(&emulator.trimtab(&["iam", "policy", "--bills", "bills", "--cost-explorer"]));
    let of = |sids: &[&str]| {
        let statements = policy["Statement"].as_array().expect("a list").iter();
        let of = statements.filter(|one| sids.iter().any(|sid| one["Sid"] == *sid));
        of.flat_map(|one| one["Action"].as_array().expect("a list").clone()).collect::<Vec<_>>()
    };
    let needed = of(&["FindBills", "ListBills", "ReadBills"]);
    emulator.post("/emulator/allow", &json!(needed));
    ingest(&emulator, "aws", &[], 0);
    ingest(&emulator, "s3://bills/exports", &[], 0);
    for action in &needed {
        let rest: Vec<&Value> = needed.iter().filter(|one| *one != action).collect();
        emulator.post("/emulator/allow", &json!(rest));
        deliver_export(&emulator, "2026-10", action.as_str().expect("text"), &["1"]);
        let from = if action == "s3:GetBucketLocation" { "s3://bills/exports" } else { "aws" };
        let refused = run(&emulator, from, &[]);
        assert_ne!(refused.status.code(), Some(0), "{action}: {}", stdout(&refused));
        assert!(
            stderr(&refused).contains(action.as_str().expect("text")),
            "{action}: {}",
            stderr(&refused)
        );
    }
}

/// Returns the first day of the month `back` months before this one, and a day within it.
fn months_back(back: i64) -> (String, String) {
    use jiff::ToSpan;
    let today = jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    let first = today.first_of_month().checked_sub(back.months()).expect("a month");
    (first.strftime("%Y-%m").to_string(), first.checked_add(1.day()).expect("a day").to_string())
}

/// Two services in each of the last two whole months, and a tax.
fn costs() -> Value {
    let mut rows = Vec::new();
    for back in [1, 2] {
        let (_, day) = months_back(back);
        let row = |service: &str, unblended: &str, amortized: &str| {
            json!({"day": day, "service": service, "account": "111122223333",
                   "unblended": unblended, "amortized": amortized})
        };
        rows.push(row("Amazon Elastic Compute Cloud - Compute", "10.1234567891", "8.5"));
        rows.push(row("Amazon Simple Storage Service", "0.0000300172", "0.0000300172"));
        rows.push(row("Tax", "1", "1"));
    }
    let (this_month, _) = months_back(0);
    json!({"costs": {ACCOUNT: rows}, "final_until": format!("{this_month}-01")})
}

#[test]
fn cost_explorer_is_announced_asked_once_and_kept_within_a_budget() {
    let emulator = started();
    emulator.post("/emulator/costs", &costs());
    let months = ["--months", "3"];
    let refused = run(&emulator, "cost-explorer", &["--budget", "0.005"]);
    assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
    assert_eq!(called(&emulator, "ce:GetCostAndUsage"), 0);

    let output = run(&emulator, "cost-explorer", &months);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    assert!(
        stderr(&output).contains("at least 1 time: $0.01, at $0.01 a request"),
        "{}",
        stderr(&output)
    );
    assert_eq!(called(&emulator, "ce:GetCostAndUsage"), 1, "three months are one question");
    let first = json(&output);
    assert_eq!(first["cost_explorer"]["requests"], 1);
    assert_eq!(first["cost_explorer"]["cost"]["amount"], "0.01");
    let (last, _) = months_back(1);
    let (earlier, _) = months_back(2);
    let of = |month: &str| total(month, "Cost Explorer", "11.1234868063");
    assert_eq!(totals(&first), [of(&earlier), of(&last)]);

    let second = ingest(&emulator, "cost-explorer", &months, 0);
    assert_eq!(called(&emulator, "ce:GetCostAndUsage"), 0, "what is final is not asked again");
    assert_eq!(second["cost_explorer"]["requests"], 0);
    assert_eq!(totals(&second), totals(&first));

    let summary = emulator.trimtab(&["cost", "summary", "--by", "service", "-o", "json"]);
    assert!(stderr(&summary).contains("From Cost Explorer"), "{}", stderr(&summary));
    let analysis = emulator.trimtab(&["analyze", "-o", "json"]);
    assert!(stderr(&analysis).contains("names no resources"), "{}", stderr(&analysis));
    assert_eq!(json(&analysis)["totals"], json!({}));
}

#[test]
fn f15_pages_cost_a_request_each_and_a_month_is_read_whole_or_not() {
    let emulator = started();
    let mut seeded = costs();
    seeded["page"] = json!(2);
    emulator.post("/emulator/costs", &seeded);
    let short = ingest(&emulator, "cost-explorer", &["--budget", "0.02"], 0);
    assert_eq!(called(&emulator, "ce:GetCostAndUsage"), 2);
    assert!(codes(&short).contains(&"budget"), "{short}");
    assert_eq!(totals(&short), []);
    let whole = ingest(&emulator, "cost-explorer", &["--budget", "0.03"], 0);
    assert_eq!(called(&emulator, "ce:GetCostAndUsage"), 3);
    assert_eq!(totals(&whole).len(), 2);
}

#[test]
fn an_export_takes_the_place_of_cost_explorer_and_is_never_asked_for_beside_it() {
    let emulator = started();
    emulator.post("/emulator/costs", &costs());
    ingest(&emulator, "cost-explorer", &[], 0);
    let (last, _) = months_back(1);
    let (earlier, _) = months_back(2);
    deliver_export(&emulator, &last, "run-1", &["20"]);
    let mut seeded = costs();
    seeded["exports"] = export_of_focus();
    emulator.post("/emulator/costs", &seeded);
    let read = ingest(&emulator, "aws", &[], 0);
    let expected =
        [total(&earlier, "Cost Explorer", "11.1234868063"), total(&last, "FOCUS 1.2", "20")];
    assert_eq!(totals(&read), expected);
    let asked = ingest(&emulator, "cost-explorer", &[], 0);
    assert!(codes(&asked).contains(&"month-in-export"), "{asked}");
    assert_eq!(totals(&asked), expected);
    assert_eq!(called(&emulator, "ce:GetCostAndUsage"), 0);
}
