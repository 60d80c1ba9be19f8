//! Reports, as whoever sends them to their boss makes them.

#[path = "support/company.rs"]
mod company;
#[path = "browser/server.rs"]
mod server;
mod support;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;

use rust_decimal::Decimal;
use serde_json::Value;

use company::company;
use server::{Server, home};
use support::{Exports, stderr, stdout};

/// The reports that there are.
const PERIODS: [&str; 3] = ["weekly", "monthly", "quarterly"];

/// The exports of the small company, read and analysed.
fn read() -> Exports {
    let exports = Exports::small();
    let from = exports.dir();
    for arguments in [&["ingest", "--from", from.to_str().expect("UTF-8")][..], &["analyze"]] {
        let output = exports.trimtab(arguments);
        assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    }
    exports
}

#[test]
fn every_report_is_written_in_every_format_and_both_languages() {
    let exports = read();
    let home = home(&exports);
    for kind in PERIODS {
        for language in ["ko", "en"] {
            for format in ["text", "md", "json", "html", "pdf", "xlsx"] {
                let file = home.join(format!("{kind}-{language}.{format}"));
                let out = file.to_str().expect("UTF-8");
                let arguments =
                    ["report", kind, "--format", format, "--out", out, "--lang", language];
                let output = exports.trimtab(&arguments);
                assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
                let bytes = std::fs::read(&file).expect("it is there");
                let begins: &[u8] = match format {
                    "json" => b"{",
                    "html" => b"<!DOCTYPE html>",
                    "pdf" => b"%PDF-",
                    "xlsx" => b"PK\x03\x04",
                    _ => b"",
                };
                assert!(bytes.len() > 200 && bytes.starts_with(begins), "{arguments:?}");
                if !matches!(format, "pdf" | "xlsx") {
                    let text = String::from_utf8(bytes).expect("UTF-8");
                    assert!(!text.contains("[report-"), "a text is missing: {text}");
                }
            }
        }
    }
}

#[test]
fn two_formats_that_contradict_each_other_are_refused() {
    let exports = read();
    for (output, format) in [("json", "html"), ("md", "json"), ("table", "pdf"), ("json", "text")] {
        let output = exports
            .trimtab(&["report", "weekly", "-o", output, "--format", format, "--lang", "en"]);
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(stderr(&output).contains("leave out one of the two"), "{}", stderr(&output));
        assert!(stdout(&output).is_empty());
    }
    for arguments in
        [&["-o", "json", "--format", "json"][..], &["-o", "json"], &["--format", "json"]]
    {
        let all = [&["report", "weekly"], arguments].concat();
        assert!(stdout(&exports.trimtab(&all)).starts_with('{'), "{arguments:?}");
    }
}

#[test]
fn the_same_data_gives_the_same_report() {
    let exports = read();
    for kind in PERIODS {
        // It says of which moment it is: that of the reading, where none is given.
        let moment = ["--as-of", "2026-11-20T00:00:00Z"];
        let command = [&["report", kind, "-o", "json"][..], &moment].concat();
        let written = || stdout(&exports.trimtab(&command));
        let first = written();
        assert!(first.contains("\"schema\": \"trimtab/v1/report\""), "{first}");
        assert_eq!(first, written());
    }
}

#[test]
fn a_report_of_nothing_is_refused() {
    let exports = Exports::empty();
    for kind in PERIODS {
        let output = exports.trimtab(&["report", kind, "--lang", "en"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains("trimtab ingest"), "{}", stderr(&output));
    }
}

#[test]
fn users_that_were_read_are_not_called_unknown() {
    let told = stdout(&company("").trimtab(&["report", "weekly", "--lang", "en"]));
    assert!(told.contains("Cost per daily user"), "{told}");
    assert!(!told.contains("users of each of these days are not known"), "{told}");
}

/// Returns a figure of a report by its name.
fn figure<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Object(fields) if fields.get("name").and_then(Value::as_str) == Some(name) => {
            Some(value)
        }
        Value::Object(fields) => fields.values().find_map(|one| figure(one, name)),
        Value::Array(items) => items.iter().find_map(|one| figure(one, name)),
        _ => None,
    }
}

#[test]
fn the_dashboard_expects_of_the_month_what_the_report_expects() {
    let exports = company("");
    let report = support::json(&exports.trimtab(&["report", "weekly", "-o", "json"]));
    let expected = figure(&report, "month_end").expect("the figure");
    let server = Server::start(&exports);
    let (host, token) = server
        .address
        .strip_prefix("http://")
        .and_then(|rest| rest.split_once("/login?token="))
        .expect("an address");
    let mut stream = TcpStream::connect(host).expect("it listens");
    let request = format!(
        "GET /api/v1/overview HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    let overview: Value = serde_json::from_str(body).expect("one JSON document");
    let shown = overview.pointer("/spending/month_forecast/amount");
    assert!(shown.is_some_and(Value::is_string), "{overview}");
    assert_eq!(shown, expected.pointer("/value/likely"));
}

/// Runs a report and returns it as values.
fn told(exports: &Exports, arguments: &[&str]) -> Value {
    let all: Vec<&str> =
        ["report"].iter().chain(arguments).chain(&["-o", "json"]).copied().collect();
    support::json(&exports.trimtab(&all))
}

/// Returns an amount of a value, as it is written.
fn amount(value: &Value) -> Decimal {
    let nested = value.pointer("/amount/amount").or_else(|| value.get("amount"));
    let text = nested.and_then(Value::as_str).expect("an amount");
    text.parse().expect("a decimal")
}

/// Returns what `trimtab cost` says of each billing month.
fn by_month(exports: &Exports) -> BTreeMap<String, Decimal> {
    let answer =
        support::json(&exports.trimtab(&["cost", "summary", "--by", "month", "-o", "json"]));
    let items = answer.get("items").and_then(Value::as_array).expect("items");
    items
        .iter()
        .map(|item| {
            let key = item.get("key").and_then(Value::as_str).expect("a month");
            let effective = item.pointer("/effective/amount").or_else(|| item.get("effective"));
            let text = effective.and_then(Value::as_str).expect("an amount");
            (key.to_owned(), text.parse().expect("a decimal"))
        })
        .collect()
}

/// Returns the first column of amounts of a table: all rows but the last, and the last.
fn parts(document: &Value, name: &str, column: usize) -> (Decimal, Decimal) {
    let table = figure(document, name).expect(name);
    let rows = table.get("rows").and_then(Value::as_array).expect("rows");
    let cell = |row: &Value| amount(row.pointer(&format!("/cells/{column}")).expect("a cell"));
    let (last, others) = rows.split_last().expect("a row");
    (others.iter().map(cell).sum(), cell(last))
}

#[test]
fn a_month_and_its_parts_are_what_the_bill_says() {
    let exports = company("");
    let months = by_month(&exports);
    let document = told(&exports, &["monthly"]);
    assert_eq!(document["period"]["first"], "2026-09-01");
    let month = figure(&document, "month").expect("the figure");
    assert_eq!(amount(&month["value"]), months["2026-09"]);
    let bridge = &figure(&document, "bridge").expect("the section")["blocks"][0]["data"];
    let (from, to) = (amount(&bridge["from"]), amount(&bridge["to"]));
    assert_eq!((from, to), (months["2026-08"], months["2026-09"]));
    let steps = bridge["steps"].as_array().expect("steps");
    let sum = from + steps.iter().map(amount).sum::<Decimal>();
    assert_eq!(sum.round_dp(9), to.round_dp(9));
    assert!(steps.iter().all(|step| step["name"] != "unexplained"), "{steps:?}");
    for (table, column) in [("services", 2), ("allocation_1", 1), ("allocation_2", 1)] {
        let (sum, whole) = parts(&document, table, column);
        assert_eq!((sum, whole), (to, to), "{table}");
    }
    let text = stdout(&exports.trimtab(&["report", "monthly", "--lang", "en"]));
    assert!(text.contains("not verified"), "{text}");
}

#[test]
fn a_quarter_is_the_sum_of_the_months_that_the_bill_has() {
    let exports = company("");
    let months = by_month(&exports);
    let document = told(&exports, &["quarterly"]);
    assert_eq!(document["period"]["first"], "2026-07-01");
    let known = months["2026-07"] + months["2026-08"] + months["2026-09"];
    let quarter = figure(&document, "quarter").expect("the figure");
    assert_eq!(amount(&quarter["value"]), known);
    let rows = figure(&document, "months").expect("the section")["blocks"][0]["rows"].clone();
    assert_eq!(amount(&rows[0]["cells"][1]), months["2026-07"]);
    assert_eq!(amount(&rows[3]["cells"][1]), known);
    let workloads = figure(&document, "workloads").expect("the section")["blocks"][0].clone();
    let rows = workloads["rows"].as_array().expect("rows");
    let (last, others) = rows.split_last().expect("a row");
    let sum: Decimal = others.iter().map(|row| amount(&row["cells"][1])).sum();
    assert_eq!((sum, amount(&last["cells"][1])), (known, known));
    let environments = figure(&document, "environments").expect("a figure");
    assert!(environments.get("value").is_some(), "{environments}");
    // From the metrics of its machines, however many have none.
    let measured = &figure(&document, "workloads").expect("the section")["blocks"][0]["columns"];
    assert!(measured.to_string().contains("elasticity"), "{measured}");
    assert!(figure(&document, "findings").is_some() && figure(&document, "realised").is_some());
}

#[test]
fn a_month_stands_beside_the_budgets_of_teams_and_beside_the_months_before() {
    let exports = company("[[budget]]\nteam = \"플랫폼팀\"\nmonthly = \"1000 USD\"\n");
    let document = told(&exports, &["monthly"]);
    let budgets = &figure(&document, "budgets").expect("the section")["blocks"][0]["rows"];
    assert_eq!(amount(&budgets[0]["cells"][1]), Decimal::from(1000));
    let cost = amount(&budgets[0]["cells"][2]);
    assert_eq!(amount(&budgets[0]["cells"][3]), cost - Decimal::from(1000));
    let trend = &figure(&document, "unit_trend").expect("the section")["blocks"][0]["rows"];
    let months = by_month(&exports);
    let rows = trend.as_array().expect("rows");
    assert_eq!(rows.len(), 3, "{trend}");
    assert_eq!(amount(&rows[2]["cells"][1]), months["2026-09"]);
    // Users are known from the end of July on.
    assert_eq!(rows[0]["cells"][2]["type"], "missing");
    assert!(amount(&rows[2]["cells"][2]) > Decimal::ZERO, "{trend}");
}

#[test]
fn a_month_that_is_not_whole_is_not_added_up() {
    let exports = company("");
    // The bill of October ends a day early.
    let document = told(&exports, &["monthly", "--as-of", "2026-11-02"]);
    assert_eq!(document["period"]["first"], "2026-10-01");
    assert_eq!(figure(&document, "month").expect("the figure")["value"]["type"], "missing");
    for name in ["bridge", "allocation", "top"] {
        let section = figure(&document, name).expect("the section");
        assert_eq!(section["blocks"][0]["level"], "missing", "{name}: {section}");
        assert_eq!(section["blocks"].as_array().map(Vec::len), Some(1), "{name}");
    }
}

#[test]
fn an_earlier_moment_gives_the_report_of_then() {
    let exports = company("");
    let then = told(&exports, &["monthly", "--as-of", "2026-10-08"]);
    let now = told(&exports, &["monthly"]);
    let section = |document: &Value, name: &str| figure(document, name).cloned();
    for name in ["bridge", "allocation", "top"] {
        assert_eq!(section(&then, name), section(&now, name), "{name}");
    }
    // The analysis came later.
    assert_eq!(figure(&then, "found").expect("the figure")["value"]["type"], "missing");
    let august = told(&exports, &["monthly", "--as-of", "2026-09-02"]);
    assert_eq!(august["period"]["first"], "2026-08-01");
    assert_eq!(
        amount(&figure(&august, "month").expect("it")["value"]),
        by_month(&exports)["2026-08"]
    );
}

#[test]
fn without_a_bill_a_month_and_a_quarter_say_what_they_need() {
    let exports = Exports::empty();
    let output = exports.trimtab(&["demo", "--no-serve"]);
    assert!(matches!(output.status.code(), Some(0 | 4)), "{}", stderr(&output));
    for kind in ["monthly", "quarterly"] {
        let text = stdout(&exports.trimtab(&["report", kind, "--lang", "en"]));
        assert!(text.contains("trimtab ingest"), "{text}");
    }
}

#[test]
fn amounts_of_two_currencies_are_never_added() {
    let exports = Exports::empty();
    let mut rows = vec![
        "BillingAccountId,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,BilledCost,EffectiveCost,ServiceName,SubAccountId,Tags".to_owned(),
    ];
    for (month, days) in [(8, 31), (9, 30)] {
        for day in 1..=days {
            let (next, of) = if day == days { (1, month + 1) } else { (day + 1, month) };
            for (currency, cost) in [("USD", "2.5"), ("KRW", "1000")] {
                rows.push(format!(
                    "1,{currency},2026-{month:02}-01T00:00:00Z,2026-{month:02}-{day:02}T00:00:00Z,2026-{of:02}-{next:02}T00:00:00Z,Usage,{cost},{cost},Compute,2,\"{{\"\"Team\"\":\"\"a\"\"}}\""
                ));
            }
        }
    }
    let bill = format!("{}\n", rows.join("\n"));
    exports.write("billing/bill.csv", bill);
    let from = exports.dir();
    let ingested = exports.trimtab(&["ingest", "--from", from.to_str().expect("UTF-8")]);
    assert!(ingested.status.success(), "{}", stderr(&ingested));
    let document = told(&exports, &["monthly", "--as-of", "2026-10-08"]);
    let shown = figure(&document, "month").expect("the figure")["value"].clone();
    let (currency, cost) = (shown["currency"].as_str().expect("one"), amount(&shown));
    let expected = if currency == "USD" { "75.0" } else { "30000" };
    assert_eq!(cost, expected.parse::<Decimal>().expect("a decimal"));
    let (sum, whole) = parts(&document, "allocation_1", 1);
    assert_eq!((sum, whole), (cost, cost));
    let other = if currency == "USD" { "KRW" } else { "USD" };
    let text =
        stdout(&exports.trimtab(&["report", "monthly", "--as-of", "2026-10-08", "--lang", "en"]));
    assert!(text.contains(&format!("Charges in {other} are not in this report")), "{text}");
}
